/** Daemons that put themselves into the background: s6-background-watch and s6-fghack. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";

/** Starts `daemon` behind it and ends; the daemon says that it runs, and what signal it gets. */
function daemonTree(daemon: string): Tree {
  return makeTree({
    "daemon!":
      `#!/bin/sh\ntrap 'echo usr1; exit 7' USR1\ntrap 'echo term; exit 0' TERM\n${daemon}\n`,
    "starter!": "#!/bin/sh\n./daemon &\necho $! >pid\nexit 0\n",
  });
}

const WATCH = OURS.bin("s6-background-watch");
const UNTIL_SIGNAL = "echo running; while :; do sleep 0.05; done";

function testOurs(behaviour: string, body: () => Promise<void>): void {
  Deno.test(behaviour, async () => {
    requireToolset(OURS);
    await body();
  });
}

/**
 * s6-background-watch with standard output as the descriptor on which it tells that the daemon
 * runs.
 */
const READY_ON_STDOUT = ["-c", `exec ${WATCH} -d 3 pid ./starter 3>&1`];

testOurs("s6-background-watch ends as the daemon does, and hands signals on to it", async () => {
  for (
    const [signal, code, said] of [["SIGUSR1", 7, "usr1"], ["SIGTERM", 0, "term"], [
      "SIGHUP",
      129,
      "",
    ]] as const
  ) {
    using tree = daemonTree(UNTIL_SIGNAL);
    await using watch = start("/bin/sh", READY_ON_STDOUT, { cwd: tree.root });
    await watch.stdout.until("running\n");
    await watch.stdout.until(/^\n|\n\n/);
    watch.kill(signal);
    assertEquals(await watch.ended(), code, signal);
    assertStringIncludes(watch.stdout.text, said);
  }
});

testOurs(
  "s6-background-watch: a daemon that is dead and gone before the starter ends is told of",
  async () => {
    using tree = makeTree({
      "starter!": "#!/bin/sh\nsh -c 'exit 9' &\necho $! >pid\nwait\nexit 0\n",
    });
    const { code, stderr } = await run(WATCH, ["pid", "./starter"], { cwd: tree.root });
    // its parent has reaped it, so of what it died nobody knows
    assertEquals(code, 111);
    assertStringIncludes(stderr, "unable to check daemon with a null signal: No such process");
  },
);

testOurs("s6-background-watch -d tells when the starter has ended", async () => {
  using tree = daemonTree(UNTIL_SIGNAL);
  const script =
    `${WATCH} -d 3 pid ./starter 3>ready & w=$!; while ! [ -s ready ]; do sleep 0.02; done; kill -USR1 $(cat pid); wait $w; echo "$?"; wc -c <ready`;
  const { stdout } = await run("/bin/sh", ["-c", script], { cwd: tree.root });
  assertMatch(stdout, /7\n1\n$/);
});

testOurs("s6-background-watch: a starter that fails, hangs or leaves no pid", async () => {
  const cases: readonly (readonly [
    starter: string,
    options: readonly string[],
    code: number,
    message: RegExp,
  ])[] = [
    ["exit 5", [], 5, /\.\/starter \(parent\) exited 5/],
    ["kill -SEGV $$", [], 139, /crashed with signal 11/],
    ["exec sleep 1000", ["-t", "50"], 137, /did not exit before timeout-ready, killing it/],
    ["exit 0", [], 104, /pidfile pid does not exist/],
    ["echo none >pid", [], 104, /does not contain a valid pid/],
    [
      "echo 1 >pid",
      [],
      111,
      /unable to watch process 1: .*; it is not a process that the program has started/,
    ],
  ];
  for (const [starter, options, code, message] of cases) {
    using tree = makeTree({ "starter!": `#!/bin/sh\n${starter}\n` });
    const result = await run(WATCH, [...options, "pid", "./starter"], { cwd: tree.root });
    assertEquals(result.code, code, starter);
    assertMatch(result.stderr, message);
  }
});

testOurs(
  "s6-background-watch: wrong usage is 100, a program that is not there 127, one that can't be executed 126",
  async () => {
    using tree = makeTree({ "file": "" });
    const codeOf = async (...args: string[]): Promise<number> =>
      (await run(WATCH, args, { cwd: tree.root })).code;
    assertEquals(await codeOf(), 100);
    assertEquals(await codeOf("pid"), 100);
    assertEquals(await codeOf("-t", "soon", "pid", "true"), 100);
    assertEquals(await codeOf("-d", "2", "pid", "true"), 100);
    assertEquals(await codeOf("-d", "77", "pid", "true"), 111);
    assertEquals(await codeOf("pid", "./missing"), 127);
    assertEquals(await codeOf("pid", "./file"), 126);
  },
);

testOurs(
  "s6-background-watch between other links: variables, a descriptor that was moved, ids, and the exit code in a block",
  async () => {
    const daemon =
      'echo "running $A $(id -u)"; test -e /proc/self/fd/8 || echo closed; read line <go; exit 7';
    const script =
      "foreground { s6-envdir env fdmove 8 3 s6-background-watch -d 8 pid s6-setuidgid nobody ./starter } " +
      "importas CODE ? echo code $CODE";
    using tree = makeTree({
      "run": script,
      "env/A": "a",
      "pid": "",
      "go|": "",
      "starter!": `#!/bin/sh\n(${daemon}) &\necho $! >pid\n`,
    });
    Deno.chmodSync(tree.path("pid"), 0o666);
    Deno.chmodSync(tree.path("go"), 0o666);
    await using chain = start("/bin/sh", [
      "-c",
      'PATH="${0%/*}:$PATH" exec "$0" -P run 3>ready',
      OURS.bin("execlineb"),
    ], { cwd: tree.root });
    await chain.stdout.until("running a 65534\nclosed\n");
    await eventually("the newline", () => tree.text("ready") === "\n");
    await tree.feed("go", "end\n");
    assertEquals(await chain.ended(), 0);
    assertStringIncludes(chain.stdout.text, "code 7\n");
  },
);

testOurs("s6-background-watch: exit codes above 128 are 128", async () => {
  using tree = makeTree({ "starter!": "#!/bin/sh\nexit 200\n" });
  assertEquals((await run(WATCH, ["pid", "./starter"], { cwd: tree.root })).code, 128);
});

function fghackCases(tools: Toolset): void {
  const test = (behaviour: string, body: (fghack: string) => Promise<void>): void => {
    Deno.test(`${tools.name}: ${behaviour}`, async () => {
      requireToolset(tools);
      await body(tools.bin("s6-fghack"));
    });
  };
  test("s6-fghack ends when the daemon in the background has, with the exit code of the program", async (fghack) => {
    using tree = makeTree({
      "starter!": "#!/bin/sh\n(sleep 0.2; echo over >end) >/dev/null 2>&1 &\nexit 3\n",
    });
    const { code } = await run(fghack, ["./starter"], { cwd: tree.root });
    assertEquals(code, 3);
    assertEquals(Deno.readTextFileSync(tree.path("end")), "over\n");
  });
  test("s6-fghack: a program that writes where it should not is 102", async (fghack) => {
    const { code, stderr } = await run(fghack, ["sh", "-c", "echo x >&9"]);
    assertEquals(code, 102);
    assertStringIncludes(stderr, "wrote on hackpipe");
  });
  test("s6-fghack: no program is 100, one that is not there 111", async (fghack) => {
    assertEquals((await run(fghack, [])).code, 100);
    assertEquals((await run(fghack, ["./no-such-program"])).code, 111);
  });
}

fghackCases(OURS);
fghackCases(THEIRS);
