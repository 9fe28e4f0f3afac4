/**
 * Scripts that begin with links of ours: the supervising process runs these itself, and what that
 * comes to must be what they come to in a process of their own. That one is had by an interpreter
 * that is another copy of the program, which the supervising process takes for somebody else's.
 */
import { assert, assertEquals } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { startSvscan, type Svscan } from "../../fixture/scan.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import { FEW_FAULTS, PROBE, seenBy } from "./probe.ts";

requireToolset(OURS);

const PATH = `${OURS.bin("")}:/usr/bin:/bin`;

/** Scripts behind `#!DIRECTORY/`; PROBE is the probe with its first argument. */
const SHORT: Readonly<Record<string, string>> = {
  contenv: 'with-contenv sh\nexec PROBE contenv "$0" "$@" "a b" ""',
  contenvOption: 'with-contenv sh -e\nexec PROBE contenvOption "$-" "$0"',
  contenvSpaces: "with-contenv   perl  \nexec split(/ /, 'PROBE contenvSpaces')",
  legacy: "with-contenv-legacy sh\nexec PROBE legacy",
  usual: "execlineb -P\nwith-contenv\nfdmove -c 2 1\nexec PROBE usual",
  arguments: 'execlineb -S1\nPROBE arguments $0 $1 $# $@ "x $1"',
  shifted: "execlineb -s1\nPROBE shifted $@",
  pushed: "execlineb\nshift PROBE pushed",
  redirected:
    "execlineb -P\nredirfd -r 0 /dev/null redirfd -a 1 ROOT/out fdmove 5 2 fdswap 1 5 PROBE redirected",
  written: "execlineb -P\nredirfd -w 7 ROOT/written fdclose 0 PROBE written",
  notification: "execlineb -P\nfdmove -c 4 3 fdclose 3 PROBE notification",
  places: "execlineb -P\ncd / umask 027 export A 1 export B 2 unexport A PROBE places",
  values:
    'execlineb -P\nimportas -D none x X define -s w "a b c" multisubstitute { importas -S MARK define y 2 } PROBE values $x ${w} $y$w $MARK',
  emptied: "execlineb -P\nemptyenv -p s6-env C=3 exec -a other PROBE emptied",
  envdir: "execlineb -P\ns6-envdir ROOT/env envfile ROOT/envfile PROBE envdir",
  script: "execlineb -P\nROOT/inner more",
};

/**
 * What the supervising process has to leave to a process: the same shape of script, but for
 * something that waits or is about the process.
 */
const LONG: Readonly<Record<string, string>> = {
  block: "execlineb -P\nforeground { export A 1 true } PROBE block",
  backtick: "execlineb -P\nbacktick X { echo hello } PROBE backtick",
  user: "execlineb -P\ns6-setuidgid nobody PROBE user",
  nice: "execlineb -P\ns6-nice -n 5 PROBE nice",
  limit: "execlineb -P\ns6-softlimit -c 0 PROBE limit",
};

function script(
  text: string,
  { bin, root, mode }: { bin: string; root: string; mode: string },
): string {
  return `#!${bin}/${text.replaceAll("PROBE", `${root}/probe ${mode}`).replaceAll("ROOT", root)}\n`;
}

/** A second copy of the program, under its names. */
function copyProgram(directory: string): void {
  Deno.mkdirSync(directory);
  Deno.copyFileSync(Deno.realPathSync(OURS.bin("execlineb")), `${directory}/hexad`);
  for (const name of ["execlineb", "with-contenv", "with-contenv-legacy"]) {
    Deno.symlinkSync("hexad", `${directory}/${name}`);
  }
}

function scripts(
  texts: Readonly<Record<string, string>>,
  mode: "long" | "short",
  isCopy: boolean,
): Tree {
  const tree = makeTree({
    "probe!": PROBE,
    "seen/": "",
    "runs/": "",
    "rundir/s6/container_environment/FROM": "the container\nwith two lines\n",
    "rundir/s6/container_environment/EMPTY": "",
    "env/D": "4",
    "env/PATH": `${PATH}:/sbin`,
    "env/HOME": "",
    "envfile": "E = 5\n",
    "written": "old",
  });
  for (const directory of ["seen", "runs"]) Deno.chmodSync(tree.path(directory), 0o777);
  const bin = isCopy ? tree.path("copy") : OURS.bin("").replace(/\/$/, "");
  if (isCopy) copyProgram(bin);
  const where = { bin, root: tree.root, mode };
  tree.add({ "inner!": script('with-contenv sh -e\nexec PROBE script "$@"', where) });
  for (const [name, text] of Object.entries(texts)) {
    tree.add({
      [`scan/${name}/run!`]: script(text, where),
      [`scan/${name}/notification-fd`]: "3\n",
    });
  }
  tree.add({
    "scan/ends/run!": "#!/bin/sh\nexit 3\n",
    "scan/ends/finish!": script("execlineb -S3\nwith-contenv PROBE finish $0 $1 $2 $3", where),
  });
  return tree;
}

function boot(tree: Tree): Promise<Svscan> {
  const env = {
    PATH,
    S6_RUNDIR: tree.path("rundir"),
    MARK: "outside",
    HOME: "/root",
    HEXAD_TEST_TREE: tree.root,
  };
  return startSvscan(OURS, tree, { scandir: "scan", env });
}

async function compare(texts: Readonly<Record<string, string>>, isShort: boolean): Promise<void> {
  using short = scripts(texts, isShort ? "short" : "long", false);
  using long = scripts(texts, "long", true);
  await using _here = await boot(short);
  await using _there = await boot(long);
  for (const name of [...Object.keys(texts), ...(isShort ? ["finish"] : [])]) {
    const [here, there] = [await seenBy(short, name), await seenBy(long, name)];
    assertEquals(here.text.replaceAll("probe|short", "probe|long"), there.text, name);
    assert(
      there.faults > FEW_FAULTS,
      `${name}: ${there.faults} page faults with a process before it`,
    );
    assertEquals(here.faults < FEW_FAULTS, isShort, `${name}: ${here.faults} page faults`);
  }
}

Deno.test("a script of links that depend on the state only is the same program, with everything that it is given, and no process before it", () =>
  compare(SHORT, true));

Deno.test("a script with a link that waits, or is about its process, gets one as ever", () =>
  compare(LONG, false));

Deno.test("a check of s6-notifyoncheck that begins with with-contenv costs no process of ours, but for the first", async () => {
  using tree = scripts({}, "short", false);
  tree.add({
    "scan/daemon/notification-fd": "3\n",
    "scan/daemon/run!": `#!/bin/sh\nexec ${
      OURS.bin("s6-notifyoncheck")
    } -s 1 -w 50 -n 0 sleep 100000\n`,
    // it succeeds where no runtime has been before it
    "scan/daemon/data/check!": `#!${
      OURS.bin("with-contenv")
    } sh\nread -r line </proc/$$/stat\nset -- $FROM \${line##*)}\n[ "$1" = the ] && shift 5 && [ "$8" -lt ${FEW_FAULTS} ]\n`,
  });
  await using _ = await boot(tree);
  const waited = await run(OURS.bin("s6-svwait"), ["-U", "-t", "60000", tree.path("scan/daemon")]);
  assertEquals(waited, { code: 0, stdout: "", stderr: "" });
});
