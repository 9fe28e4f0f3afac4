/** `hexad run`, beside the foreman of Debian where foreman has the same. */
import { assertEquals, assertMatch } from "@std/assert";
import { run, type RunOptions, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { processesOf } from "../../fixture/processes.ts";
import { openTerminal } from "../../fixture/tmux.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree, type TreeSpec } from "../../fixture/tree.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");
const STAYS = "exec sleep 1000000";

/** Its scan directory is made in `run/`, so that the test sees whether it is removed. */
function optionsOf(tree: Tree, more: RunOptions = {}): RunOptions {
  return { cwd: tree.root, ...more, env: { XDG_RUNTIME_DIR: tree.path("run"), ...more.env } };
}

function makeApp(spec: TreeSpec): Tree {
  return makeTree({ "run/": "", ...spec });
}

/** What a process says that tells what it was given, in any order. */
const TELLS = 'echo "$PS $PORT $COLOUR in $(pwd)"';

interface Life {
  readonly code: number;
  /** What the processes said, without times: which of two ends first is not the same each time. */
  readonly lines: readonly string[];
}

async function lifeUnder(
  command: readonly [string, ...string[]],
  tree: Tree,
  ...args: readonly string[]
): Promise<Life> {
  const [program, ...words] = command;
  const { code, stdout } = await run(program, [...words, ...args], optionsOf(tree));
  const lines = (stdout.match(/(?<=^\d\d:\d\d:\d\d )[^\n]*/gm) ?? [])
    .filter((line) => !/^system|started with pid|terminated by|exited with/.test(line))
    .map((line) => line.replace(/ +\|/, " |"));
  return { code, lines: lines.sort() };
}

for (
  const [args, what] of [
    [[], "one of each"],
    [["-m", "web=2,last=1"], "a formation"],
    [["-m", "all=2"], "two of each"],
    [["-p", "7000"], "a port"],
    [["last"], "one process"],
  ] as const
) {
  Deno.test(`hexad run: names, ports, variables, directory and exit code are foreman's: ${what}`, async () => {
    using tree = makeApp({
      Procfile: `web: ${TELLS}; ${STAYS}\nother: ${TELLS}; ${STAYS}\n` +
        // the others have said what they have to say before it ends
        `last: ${TELLS}; sleep 1; exit 7\n`,
      ".env": 'COLOUR="dark blue"\nPORT=6000\n',
    });
    const theirs = await lifeUnder(["foreman", "start"], tree, ...args);
    assertEquals(await lifeUnder([HEXAD, "run"], tree, ...args), theirs);
    assertEquals(theirs.code, 7);
    assertEquals([...Deno.readDirSync(tree.path("run"))], []);
  });
}

Deno.test("hexad run: SIGTERM ends all, and nothing is left", async () => {
  using tree = makeApp({ Procfile: `web: ${STAYS}\ndb: ${STAYS}\n` });
  await using running = start(HEXAD, ["run"], optionsOf(tree));
  await running.stdout.until(/web\.1 {2}\| started with pid \d+\n/);
  await running.stdout.until(/db\.1 {3}\| started with pid \d+\n/);
  running.kill("SIGTERM");
  assertEquals(await running.ended(), 0);
  assertMatch(running.stdout.text, /system \| SIGTERM: ending all\n/);
  assertEquals(running.stdout.text.match(/\| terminated by SIGTERM$/gm)?.length, 2);
  assertEquals([...Deno.readDirSync(tree.path("run"))], []);
});

Deno.test("hexad run: what does not end gets SIGKILL: after --timeout, or at the second signal", async () => {
  using tree = makeApp({
    Procfile: "web: trap : TERM; echo deaf; while :; do sleep 1000000 & wait; done\n",
  });
  for (const [timeout, again] of [["0", false], ["1000", true]] as const) {
    await using running = start(HEXAD, ["run", "-t", timeout], optionsOf(tree));
    await running.stdout.until("deaf\n");
    running.kill("SIGINT");
    if (again) {
      await running.stdout.until("SIGINT: ending all\n");
      running.kill("SIGINT");
    }
    assertEquals(await running.ended(), 0);
    assertMatch(running.stdout.text, /\| terminated by SIGKILL$/m);
  }
  assertEquals(processesOf(tree.root), []);
});

Deno.test("hexad run --keep: ends when all have ended, with the code of the first", async () => {
  using tree = makeApp({
    Procfile: "first: exit 3\nsecond: while [ ! -e go ]; do sleep 0.05; done; exit 4\n",
  });
  await using running = start(HEXAD, ["run", "--keep"], optionsOf(tree));
  await running.stdout.until(/first\.1 {2}\| exited with code 3\n/);
  tree.add({ go: "" });
  assertEquals(await running.ended(), 3);
  assertMatch(running.stdout.text, /second\.1 \| exited with code 4\n/);
});

Deno.test("hexad run: a first process that is killed: 128 and the signal", async () => {
  using tree = makeApp({ Procfile: `web: kill -9 $$\nother: ${STAYS}\n` });
  const { code, stdout } = await run(HEXAD, ["run"], optionsOf(tree));
  assertEquals(code, 137);
  assertMatch(stdout, /web\.1 {3}\| terminated by SIGKILL\n/);
});

Deno.test("hexad run --watch: a file that changes starts again what it belongs to", async () => {
  using tree = makeApp({
    "src/a.js": "",
    "node_modules/x/a.js": "",
    Procfile: `web: echo begins; ${STAYS}\ndb: echo begins; ${STAYS}\nshort: echo over\n`,
  });
  const args = ["run", "--keep", "--watch", "web=src/**/*.js", "-w", "*.sql"];
  await using running = start(HEXAD, args, optionsOf(tree));
  const begun = (name: string): number =>
    running.stdout.text.match(new RegExp(`${name}\\.1 +\\| (?:begins|over)$`, "gm"))?.length ?? 0;
  const until = (web: number, db: number, short: number) =>
    eventually(
      `starts of web, db and short: ${web}, ${db}, ${short}`,
      () => begun("web") === web && begun("db") === db && begun("short") === short,
    );
  await until(1, 1, 1);
  // whether it watches already can't be seen; a change that came too early has no effect
  await eventually("web to start again", () => {
    tree.add({ "src/a.js": `${Math.random()}` });
    return begun("web") > 1;
  });
  assertEquals([begun("db"), begun("short")], [1, 1]);
  tree.add({ "node_modules/x/a.js": "ignored", "deep/q.sql": "" });
  await eventually(
    "db and what has ended to start again",
    () => begun("db") > 1 && begun("short") > 1,
  );
  running.kill("SIGTERM");
  assertEquals(await running.ended(), 0);
});

Deno.test("hexad run: hexad's other commands find the tree while it runs", async () => {
  using tree = makeApp({ Procfile: `web: ${STAYS}\n` });
  await using running = start(HEXAD, ["run"], optionsOf(tree));
  const [, scandir = ""] = (await running.stderr.until(/hexad status -S (\S+)/)).match(
    /-S (\S+)/,
  )!;
  await running.stdout.until("started with pid");
  assertEquals((await run(HEXAD, ["restart", "--wait", "-S", scandir, "web.1"])).code, 0);
  await running.stdout.until(/terminated by SIGTERM\n[^]*started with pid/);
  running.kill("SIGHUP");
  assertEquals(await running.ended(), 0);
});

Deno.test("hexad run: on a terminal names have colours, and Ctrl-C ends it", async () => {
  using tree = makeApp({ Procfile: `web: ${STAYS}\n` });
  await using terminal = await openTerminal(
    [HEXAD, "run", "-f", tree.path("Procfile")],
    { columns: 100, env: { XDG_RUNTIME_DIR: tree.path("run") } },
  );
  await terminal.until(/web\.1 {2}\| started with pid/);
  const coloured = (await terminal.screen({ colours: true })).join("\n");
  // deno-lint-ignore no-control-regex
  assertMatch(coloured, /\x1b\[[0-9;]+m\d\d:\d\d:\d\d web\.1 {2}\|/);
  await terminal.type("C-c");
  await terminal.until(/\[exit 0\]/);
});

Deno.test("hexad run: one line and exit 100 for what can't be run, 111 for its variables", async () => {
  using tree = makeApp({ Procfile: `web: ${STAYS}\n`, empty: "# nothing\n", odd: "nonsense\n" });
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["-f", "missing"], /fatal: unable to read missing: No such file or directory\n$/],
    [["-f", "."], /fatal: unable to read \.: Is a directory\n$/],
    [["-f", "empty"], /fatal: empty: there is no process to run\n$/],
    [["-f", "odd"], /odd:1: not NAME: COMMAND: nonsense\n.*there is no process to run\n$/],
    [["wbe"], /fatal: Procfile: there is no wbe \(there are web\)\n$/],
    [["-m", "web=x"], /formation: web=x is not NAME=NUMBER\n/],
    [["-m", "web=1", "web"], /a formation and names are too much/],
    [["-p", "99999"], /PORT is a number up to 65535, not 99999\n/],
    [["-t", "soon"], /timeout is a number up to 86400, not soon\n/],
    [["-e", "missing.env"], /unable to read missing\.env: No such file or directory\n$/],
  ];
  for (const [args, said] of cases) {
    const { code, stderr } = await run(HEXAD, ["run", ...args], optionsOf(tree));
    assertEquals(code, args[0] === "-e" ? 111 : 100, args.join(" "));
    assertMatch(stderr, said);
  }
  assertEquals([...Deno.readDirSync(tree.path("run"))], []);
});

Deno.test("hexad run: the file may be the first operand, and names follow it", async () => {
  using tree = makeApp({ "Procfile.dev": "a: echo A\nb: echo B\n" });
  const { stdout, stderr } = await run(HEXAD, ["run", "Procfile.dev", "b"], optionsOf(tree));
  assertEquals(stdout.match(/(?<= \| )[AB]$/gm), ["B"], stderr);
});
