/** `hexad up` and `hexad down`: services of one file, in the foreground and in the background. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Result, run, type RunOptions, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { openTerminal, type Terminal } from "../../fixture/tmux.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree, type TreeSpec } from "../../fixture/tree.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");

function optionsOf(tree: Tree): RunOptions {
  return { cwd: tree.root, env: { XDG_RUNTIME_DIR: tree.path("run") } };
}

function makeProject(file: string, more: TreeSpec = {}): Tree {
  return makeTree({ "run/": "", "services.yaml": file, ...more });
}

function hexad(tree: Tree, ...args: readonly string[]): Promise<Result> {
  return run(HEXAD, args, optionsOf(tree));
}

const ORDERED = `
services:
  web:
    command: sh -c 'echo hello $$NAME; exec sleep 1000000'
    environment: { NAME: "\${WHO:-world}" }
    depends_on:
      prepare: { condition: service_completed_successfully }
    scale: 2
  prepare:
    command: sh -c 'echo prepared >>order'
    working_dir: WORK
    depends_on: [db]
    x-hexad: { oneshot: true }
  db:
    command: sh -c 'echo db >>order; echo >&3; exec sleep 1000000'
    working_dir: WORK
    x-hexad: { notification_fd: 3 }
`;

function ordered(): Tree {
  const tree = makeProject("");
  tree.add({ "services.yaml": ORDERED.replaceAll("WORK", tree.root) });
  return tree;
}

Deno.test("hexad up: services start in their order, with names before their lines; a signal ends all, and nothing is left", async () => {
  using tree = ordered();
  await using running = start(HEXAD, ["up"], optionsOf(tree));
  await running.stdout.until(/^\d\d:\d\d:\d\d web-2 +\| hello world$/m);
  await running.stdout.until(/ web-1 +\| hello world$/m);
  assertEquals(tree.text("order"), "db\nprepared\n");
  running.kill("SIGINT");
  assertEquals(await running.ended(), 0);
  assertMatch(running.stdout.text, /system +\| SIGINT: ending all\n/);
  assertEquals(running.stdout.text.match(/\| terminated by SIGTERM$/gm)?.length, 3);
  assertEquals(running.stderr.text.match(/warning|fatal/g), null);
  assertEquals([...Deno.readDirSync(tree.path("run"))], []);
});

/** Leaves a process behind, whose number is the file `left`. */
const LEAVER = `
services:
  prepare:
    command: sh -c 'echo making; sleep 1000000 & echo $$! >left; echo made >&2'
    working_dir: WORK
    x-hexad: { oneshot: true, down: sh -c 'printf cleared' }
  web: { command: sh -c 'echo here; exec sleep 1000000', depends_on: [prepare] }
`;

Deno.test("hexad up: lines of oneshots have their names, also the last ones; hexad logs has them once; what one leaves behind holds up nothing", async () => {
  using tree = makeProject("");
  tree.add({ "services.yaml": LEAVER.replaceAll("WORK", tree.root) });
  await using running = start(HEXAD, ["up"], optionsOf(tree));
  await running.stdout.until(/^\d\d:\d\d:\d\d web +\| here$/m);
  await running.stdout.until(/^\d\d:\d\d:\d\d prepare +\| making\n[^]*? prepare +\| made$/m);
  const scandir =
    /hexad status -S (\S+)/.exec(await running.stderr.until(/hexad status -S \S+ /))![1];
  const logs = async (): Promise<string> =>
    (await hexad(tree, "logs", "-S", scandir!, "prepare")).stdout;
  await eventually("what it wrote", async () => (await logs()).includes("made"));
  assertEquals((await logs()).match(/making|made/g), ["making", "made"]);
  running.kill("SIGINT");
  assertEquals(await running.ended(), 0);
  assertMatch(running.stdout.text, / prepare +\| cleared\n/);
  assertEquals(running.stdout.text.match(/^.*(?:making|made|cleared)$/gm)?.length, 3);
  Deno.kill(Number(tree.text("left")), "SIGKILL");
});

Deno.test("hexad up: a command runs after each end, in the service's surroundings, and knows how it ended", async () => {
  using tree = makeProject("");
  tree.add({
    "services.yaml": `services:
  once:
    command: sh -c 'exit 3'
    restart: "no"
    working_dir: ${tree.root}
    environment: { NAME: "$$1" }
    x-hexad: { finish: [sh, -c, 'echo "$$NAME $$@" >ended', "$$0"] }
`,
  });
  assertEquals((await hexad(tree, "up")).code, 3);
  assertMatch(tree.text("ended"), /^\$1 3 0 once \d+\n$/);
});

Deno.test("hexad up: what a file makes needs no programs but ours", async () => {
  using tree = makeProject("", { "app.env": "ONE=1\n" });
  tree.add({
    "services.yaml": `services:
  app:
    command: s6-printenv
    restart: "no"
    env_file: app.env
    working_dir: ${tree.root}
    environment: { TWO: "2" }
    ulimits: { nofile: 64 }
    logging: { driver: prefix }
    x-hexad: { nice: 1, umask: 077 }
`,
  });
  const { env = {}, ...options } = optionsOf(tree);
  const up = await run(HEXAD, ["up"], { ...options, env: { ...env, PATH: "/nowhere" } });
  assertEquals(
    [up.code, up.stdout.match(/ONE=1|TWO=2/g)?.sort()],
    [0, ["ONE=1", "TWO=2"]],
    up.stderr,
  );
});

Deno.test("hexad up: services run beside their file, and it ends when only their loggers are left", async () => {
  using tree = makeProject("", { "script!": "#!/bin/sh\necho I am in ${PWD##*/}\n", "sub/": "" });
  tree.add({
    "sub/script!": tree.text("script"),
    "services.yaml": `services:
  here: { command: ./script, restart: "no" }
  below: { command: ./script, restart: "no", working_dir: sub }
  logged:
    command: ./script
    restart: "no"
    logging: { driver: file, options: { dir: ${tree.path("log")} } }
`,
  });
  const { code, stdout, stderr } = await hexad(tree, "up");
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /here +\| I am in hexad-test-/);
  assertMatch(stdout, /below +\| I am in sub\n/);
  assertMatch(tree.text("log/current"), /I am in hexad-test-/);
});

Deno.test("hexad up: x-hexad: serve is a service that answers for this tree", async () => {
  using tree = makeProject("");
  const socket = tree.path("serve.sock");
  tree.add({
    "services.yaml":
      `services:\n  web: { command: sleep 1000000 }\nx-hexad: { serve: "unix:${socket}" }\n`,
  });
  const up = await hexad(tree, "up", "--detach");
  assertEquals([up.code, up.stderr], [0, ""]);
  try {
    const answer = await hexad(tree, "status", "--url", `unix:${socket}`, "--json");
    const { services } = JSON.parse(answer.stdout) as {
      services: { name: string; state: string }[];
    };
    assertEquals(services.map(({ name }) => name).sort(), ["hexad-serve", "web"], answer.stderr);
  } finally {
    assertEquals((await hexad(tree, "down")).code, 0);
  }
});

Deno.test("hexad up: a hundred services all start, though their supervisors begin in portions", async () => {
  const services = Array.from({ length: 100 }, (_, at) => `  s${at}: { command: sleep 1000000 }\n`);
  using tree = makeProject(`services:\n${services.join("")}`);
  const up = await hexad(tree, "up", "--detach");
  assertEquals([up.code, up.stderr], [0, ""]);
  assertEquals((await hexad(tree, "health", "-S", up.stdout.trimEnd())).code, 0);
  assertEquals((await hexad(tree, "down")).code, 0);
});

Deno.test("hexad up: ends when all have ended, with the code of the first that failed", async () => {
  using tree = makeProject(
    "services:\n  good: { command: 'true', restart: 'no' }\n" +
      "  bad: { command: sh -c 'sleep 0.2; exit 7', restart: 'no' }\n",
  );
  const { code, stdout } = await hexad(tree, "up");
  assertEquals(code, 7);
  assertMatch(stdout, /good +\| exited with code 0\n/);
  assertMatch(stdout, /system +\| all have ended\n/);
});

Deno.test("hexad up: an essential service ends all, with its exit code", async () => {
  using tree = makeProject(
    "services:\n  stays: { command: sleep 1000000 }\n" +
      "  app: { command: sh -c 'sleep 0.2; exit 5', restart: 'no', x-hexad: { essential: true } }\n",
  );
  const { code, stdout } = await hexad(tree, "up");
  assertEquals(code, 5);
  assertMatch(stdout, /stays +\| terminated by SIGTERM\n/);
});

Deno.test("hexad up: a oneshot that fails: what needs it does not start, and the exit code tells", async () => {
  using tree = makeProject(
    "services:\n  prepare: { command: 'false', x-hexad: { oneshot: true } }\n" +
      "  web: { command: sleep 1000000, depends_on: [prepare] }\n",
  );
  const { code, stdout, stderr } = await hexad(tree, "up");
  assertEquals(code, 1);
  assertMatch(stderr, /unable to start service prepare: command exited 1/);
  assertEquals(stdout.includes("web"), false);
});

Deno.test("hexad up: a service that takes long to start is told with what it wrote last", async () => {
  using tree = makeProject(
    "services:\n  web: { command: sh -c 'echo no such table; exit 3', x-hexad: { notification_fd: 3 } }\n",
  );
  await using running = start(HEXAD, ["up"], optionsOf(tree));
  await running.stderr.until(
    /web: still starting after \d+ s: run has died \d+ times, last exit 3; it last wrote: no such table\n/,
  );
  running.kill("SIGINT");
  await running.ended();
});

Deno.test("hexad up --detach, apply, down: in the background, and other commands find it", async () => {
  using tree = ordered();
  const up = await hexad(tree, "up", "--detach");
  assertEquals([up.code, up.stderr], [0, ""]);
  const scandir = up.stdout.trimEnd();
  assertEquals((await hexad(tree, "health", "-S", scandir)).code, 0);
  assertMatch((await hexad(tree, "logs", "-S", scandir, "web-1")).stdout, /hello world/);

  const again = await hexad(tree, "up");
  assertEquals(again.code, 100);
  assertMatch(again.stderr, /services\.yaml is up already: hexad apply -l (\S+) takes/);
  const live = /apply -l (\S+)/.exec(again.stderr)![1]!;

  tree.add({ "services.yaml": tree.text("services.yaml").replace("scale: 2", "scale: 1") });
  const shown = await hexad(tree, "apply", "-n", "-l", live);
  assertMatch(shown.stdout, /web-2/);
  assertEquals((await hexad(tree, "apply", "-l", live)).code, 0);
  assertEquals((await hexad(tree, "status", "-S", scandir)).stdout.includes("web-2"), false);

  tree.add({ "services.yaml": "services:\n  web: {comand: x}\n" });
  assertEquals((await hexad(tree, "apply", "-l", live)).code, 1);
  assertEquals((await hexad(tree, "health", "-S", scandir)).code, 0);

  assertEquals((await hexad(tree, "down")).code, 0);
  const notUp = async (): Promise<void> => {
    const down = await hexad(tree, "down");
    assertMatch(down.stderr, /services\.yaml is not up; hexad up starts it\n$/);
    assertEquals(down.code, 102);
  };
  await notUp();
  Deno.mkdirSync(scandir, { recursive: true }); // one that was killed has left it
  await notUp();
});

Deno.test("hexad up --detach: what can't start is told, with its exit code", async () => {
  using tree = makeProject(
    "services:\n  prepare: { command: 'false', x-hexad: { oneshot: true } }\n",
  );
  const { code, stderr } = await hexad(tree, "up", "-d");
  assertEquals(code, 1);
  assertMatch(stderr, /unable to start service prepare/);
  assertEquals((await hexad(tree, "down")).code, 0);
});

Deno.test("hexad up: a mistake has its place, and nothing starts; a missing file is one line", async () => {
  using tree = makeProject("services:\n  web: {comand: sleep 1}\n");
  const wrong = await hexad(tree, "up");
  assertEquals([wrong.code, wrong.stdout], [1, ""]);
  assertMatch(wrong.stderr, /services\.yaml:2:\d+: .*comand.*command/);
  tree.remove("services.yaml");
  const missing = await hexad(tree, "up");
  assertEquals([missing.code, missing.stdout], [100, ""]);
  assertMatch(missing.stderr, /there is no services\.yaml here; name a file with --file\n/);
  assertEquals([...Deno.readDirSync(tree.path("run"))], []);
});

Deno.test("hexad up: a directory that somebody else has made is not taken", async () => {
  using tree = makeProject("services:\n  web: { command: sleep 1000000 }\n");
  const { stdout } = await hexad(tree, "up", "-d");
  const directory = stdout.replace(/\/service\n$/, "");
  assertEquals((await hexad(tree, "down")).code, 0);
  Deno.mkdirSync(directory, { mode: 0o777 });
  Deno.chmodSync(directory, 0o777);
  const planted = await hexad(tree, "up");
  assertEquals(planted.code, 100);
  assert(planted.stderr.endsWith("is another user's, or open to others; remove it\n"));
});

function openUp(tree: Tree): Promise<Terminal> {
  return openTerminal(
    [HEXAD, "up", "-f", tree.path("services.yaml")],
    { columns: 120, env: { XDG_RUNTIME_DIR: tree.path("run") } },
  );
}

/** Ends when it is asked to, and says so in a file: lines on the screen have the order of pipes. */
const POLITE = "#!/bin/sh\ntrap 'echo $1 >>order; exit 0' TERM\n" +
  "exec 3<>$2; while :; do read -r line <&3 && echo $line; done\n";

Deno.test("hexad up: on a terminal each name has a colour of its own, also after a resize, and Ctrl-C ends all in their order", async () => {
  using tree = makeProject("", { "polite!": POLITE, "db.in|": "", "web.in|": "" });
  const service = (name: string): string =>
    `  ${name}: { command: ./polite ${name} ${name}.in, working_dir: ${tree.root}`;
  tree.add({
    "services.yaml": `services:\n${service("db")} }\n${service("web")}, depends_on: [db] }\n`,
  });
  await using terminal = await openUp(tree);
  await tree.feed("db.in", "db is here\n");
  await tree.feed("web.in", "web is here\n");
  await terminal.until(/^(?=[^]*db +\| db is here)(?=[^]*web +\| web is here)/);
  const coloured = (await terminal.screen({ colours: true })).join("\n");
  const colours = ["db", "web"].map((name) =>
    new RegExp(`\x1b\\[([0-9;]+)m[\\d:]+ ${name} +\\|`).exec(coloured)?.[1]
  );
  assert(colours.every((colour) => colour !== undefined), coloured);
  assertEquals(new Set(colours).size, 2);
  await terminal.resize(60, 20);
  await tree.feed("web.in", "web is still here\n");
  await terminal.until(/web +\| web is still here/);
  await terminal.type("C-c");
  await terminal.until(/SIGINT: ending all[^]*\[exit 0\]/);
  assertEquals(tree.text("order"), "web\ndb\n");
  assertEquals([...Deno.readDirSync(tree.path("run"))], []);
});

Deno.test("hexad up: a second Ctrl-C kills what does not end", async () => {
  using tree = makeProject(
    `services:\n  deaf: { command: sh -c 'trap "" TERM; echo deaf; while :; do sleep 1; done' }\n`,
  );
  await using terminal = await openUp(tree);
  await terminal.until(/deaf +\| deaf/);
  await terminal.type("C-c");
  await terminal.until(/SIGINT: ending all/);
  await terminal.type("C-c");
  const screen = await terminal.until(/\[exit 0\]/);
  assertMatch(screen.join("\n"), /killing what is left\n[^]*deaf +\| terminated by SIGKILL/);
  assertEquals([...Deno.readDirSync(tree.path("run"))], []);
});
