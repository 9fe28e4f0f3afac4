/**
 * hexad render and hexad check of services.yaml as programs: exit codes, what is written and what is
 * not; and what is written is run.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Result, run } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { startSvscan } from "../../fixture/scan.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";

requireToolset(OURS);

const PATH = `${OURS.bin("").slice(0, -1)}:${Deno.env.get("PATH")}`;

function hexad(tree: Tree, ...args: readonly string[]): Promise<Result> {
  return run(OURS.bin("hexad"), args, { cwd: tree.root, env: { PATH } });
}

/** Every file below a directory, with its content and its inode. */
function filesBelow(tree: Tree, path: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(tree.path(path))) {
    const below = `${path}/${name}`;
    if (isDirectory) Object.assign(found, filesBelow(tree, below));
    else found[below] = `${Deno.statSync(tree.path(below)).ino} ${tree.text(below)}`;
  }
  return found;
}

const TWO = "services:\n  web: {command: x, image: y}\n  db: {command: z}\n";

Deno.test("render: writes definitions, again only what differs, and removes what is gone", async () => {
  using tree = makeTree({ "services.yaml": TWO });
  const first = await hexad(tree, "render", "services.yaml", "--to", "src");
  assertEquals(first, {
    code: 0,
    stdout: "src/web\nsrc/db\nsrc/services.yaml\n",
    stderr:
      `hexad render: ${tree.root}/services.yaml:2:21: note: image has no effect: the services run in the image that they are in\n`,
  });
  const before = filesBelow(tree, "src");
  assertEquals((await hexad(tree, "render", "services.yaml", "--to", "src")).code, 0);
  assertEquals(filesBelow(tree, "src"), before);
  tree.add({ "services.yaml": "services: {web: {command: x2}, db: {command: z}}\n" });
  assertEquals((await hexad(tree, "render", "services.yaml", "-t", "src")).code, 0);
  const after = filesBelow(tree, "src");
  assertEquals(after["src/db/run"], before["src/db/run"]);
  assertMatch(after["src/web/run"]!, /\nx2\n$/);
  tree.add({ "services.yaml": "services: {web: {command: x2}}\n" });
  assertEquals((await hexad(tree, "render", "services.yaml", "-t", "src")).code, 0);
  assertEquals([tree.exists("src/db"), tree.exists("src/web")], [false, true]);
});

Deno.test("render: what is printed is the same each time; several files are merged", async () => {
  using tree = makeTree({
    "a.yaml": TWO,
    "b.yml": "services: {web: {command: other}}\n",
    ".env": "X=from dotenv\n",
    "c.json": '{"services": {"web": {"environment": {"X": "${X}"}}}}',
  });
  const files = ["a.yaml", "b.yml", "c.json"];
  const { code, stdout } = await hexad(tree, "render", ...files);
  assertEquals(code, 0);
  assertStringIncludes(stdout, 'export X "from dotenv"\nother\n');
  assertEquals((await hexad(tree, "render", ...files)).stdout, stdout);
});

Deno.test("render: a mistake is told with its place, and nothing is written or changed", async () => {
  using tree = makeTree({ "bad.yaml": "services: {web: {comand: x}}\n", "good.yaml": TWO });
  assertEquals((await hexad(tree, "render", "good.yaml", "-t", "src")).code, 0);
  const before = filesBelow(tree, "src");
  assertEquals(await hexad(tree, "render", "bad.yaml", "-t", "src"), {
    code: 1,
    stdout: "",
    stderr:
      `hexad render: ${tree.root}/bad.yaml:1:18: error: no such key: comand; did you mean command?\n`,
  });
  assertEquals(filesBelow(tree, "src"), before);
  assertEquals((await hexad(tree, "render", "bad.yaml", "-t", "new")).code, 1);
  assertEquals(tree.exists("new"), false);
});

Deno.test("render: a directory with anything of somebody else's in it stays as it is; wrong usage is 100", async () => {
  using tree = makeTree({
    "services.yaml": TWO,
    "mine/web/run!": "#!/bin/sh\n",
    "empty/": "",
    "file": "",
  });
  const refused = await hexad(tree, "render", "services.yaml", "-t", "mine");
  assertEquals([refused.code, refused.stderr.split("\n").at(-2)], [
    100,
    "hexad render: fatal: mine/web is of no earlier rendering; name a directory of its own",
  ]);
  assertEquals(tree.text("mine/web/run"), "#!/bin/sh\n");
  assertEquals((await hexad(tree, "render", "services.yaml", "-t", "empty")).code, 0);
  tree.add({ "empty/own/type": "oneshot\n" });
  assertEquals((await hexad(tree, "render", "services.yaml", "-t", "empty")).code, 100);
  assertEquals(tree.text("empty/own/type"), "oneshot\n");
  assertEquals((await hexad(tree, "render", "services.yaml", "-t", "file")).code, 111);
  for (const args of [[], ["-f", "other", "services.yaml"], ["--nothing"]]) {
    assertEquals((await hexad(tree, "render", ...args)).code, 100, args.join(" "));
  }
});

Deno.test("check services.yaml: exit codes, lines and JSON", async () => {
  using tree = makeTree({
    "good.yaml": "services: {web: {command: x}, debug: {command: y, profiles: [debug]}}\n",
    "noted.yaml": TWO,
    "bad.yaml": "services:\n  web: {command: x, depends_on: [bd]}\n  db: {command: y}\n",
  });
  assertEquals(await hexad(tree, "check", "good.yaml"), {
    code: 0,
    stdout: "",
    stderr: "hexad check: info: 2 services: sound\n",
  });
  const bad = await hexad(tree, "check", "bad.yaml");
  assertEquals([bad.code, bad.stdout], [
    1,
    "bad.yaml:2:34: error: no such service: bd; did you mean db?\n",
  ]);
  const noted = await hexad(tree, "check", "noted.yaml");
  assertEquals([noted.code, noted.stdout], [
    1,
    "noted.yaml:2:21: warning: image has no effect: the services run in the image that they are in\n",
  ]);
  assertEquals((await hexad(tree, "check", "-e", "noted.yaml")).code, 0);
  const { findings } = JSON.parse((await hexad(tree, "check", "-j", "bad.yaml")).stdout);
  assertEquals([findings[0].line, findings[0].column], [2, 34]);
});

Deno.test("render --form directories: s6-svscan runs them", async () => {
  using tree = makeTree({ "scan/": "", "app.env": "FROM=a file\n" });
  tree.add({
    "services.yaml": [
      "services:",
      `  web: {command: [sh, -c, 'echo "$$FROM and $$HERE in $$PWD" >${tree.root}/said; exec sleep 1000'], env_file: app.env, environment: {HERE: yaml}, working_dir: /etc, stop_signal: SIGKILL}`,
      "  copies: {command: sleep 1000, scale: 2}",
      "  debug: {command: sleep 1000, profiles: [debug]}",
      "",
    ].join("\n"),
  });
  const made = await hexad(tree, "render", "-f", "directories", "services.yaml", "-t", "scan");
  assertEquals([made.code, made.stderr], [0, ""]);
  const checked = await hexad(tree, "check", "scan");
  assertEquals([checked.code, checked.stdout], [0, ""], checked.stderr);
  await using _svscan = await startSvscan(OURS, tree, { scandir: "scan", env: { PATH } });
  await eventually("what it says", () => tree.exists("said") && tree.text("said") !== "");
  assertEquals(tree.text("said"), "a file and yaml in /etc\n");
  const isUp = async (name: string): Promise<boolean> =>
    (await run(OURS.bin("s6-svstat"), ["-o", "up", tree.path(`scan/${name}`)])).stdout === "true\n";
  await eventually("the copies", async () => await isUp("copies-1") && await isUp("copies-2"));
  assertEquals(await isUp("debug"), false);
  // a scan directory in use is not rendered into
  assertEquals(
    (await hexad(tree, "render", "-f", "directories", "services.yaml", "-t", "scan")).code,
    100,
  );
});

Deno.test("render: s6-rc-compile takes the definitions, and s6-rc starts them in their order", async () => {
  using tree = makeTree({ "scan/": "" });
  tree.add({
    "services.yaml": [
      "services:",
      `  prepare: {command: [sh, -c, "echo prepared >${tree.root}/its"], x-hexad: {oneshot: true}}`,
      `  migrate: {command: [sh, -c, "cat ${tree.root}/its >${tree.root}/migrated"], depends_on: {prepare: {condition: service_completed_successfully}}}`,
      "  web:",
      `    command: [sh, -c, "cat ${tree.root}/migrated; exec sleep 1000"]`,
      "    depends_on: {migrate: {condition: service_completed_successfully}}",
      `    logging: {driver: file, options: {dir: ${tree.root}/logs}}`,
      `    healthcheck: {test: [CMD, test, -d, /etc], interval: 1s, start_interval: 100ms}`,
      "  worker:",
      "    command: sleep 1000",
      "    depends_on: {web: {condition: service_healthy}}",
      "    scale: 2",
      "  last: {command: sleep 1000, depends_on: [worker]}",
      "",
    ].join("\n"),
  });
  const made = await hexad(tree, "render", "services.yaml", "-t", "src");
  assertEquals([made.code, made.stderr], [0, ""]);
  const compiled = await run(OURS.bin("s6-rc-compile"), [tree.path("db"), tree.path("src")]);
  assertEquals([compiled.code, compiled.stderr], [0, ""]);
  const checked = await hexad(tree, "check", "--errors", "src");
  assertEquals([checked.code, checked.stdout], [0, ""], checked.stderr);
  await using _svscan = await startSvscan(OURS, tree, { scandir: "scan", env: { PATH } });
  const live = tree.path("live");
  const init = await run(
    OURS.bin("s6-rc-init"),
    ["-c", tree.path("db"), "-l", live, tree.path("scan")],
  );
  assertEquals(init.code, 0, init.stderr);
  const change = await run(OURS.bin("s6-rc"), ["-l", live, "change", "services.yaml"], {
    env: { PATH },
  });
  assertEquals(change.code, 0, change.stderr);
  await eventually(
    "the log",
    () => tree.exists("logs/current") && tree.text("logs/current") !== "",
  );
  assertMatch(tree.text("logs/current"), /prepared\n$/);
  const { stdout } = await run(OURS.bin("s6-rc"), ["-l", live, "-a", "list"]);
  assertEquals(stdout.split("\n").filter((name) => !/^(s6rc-.*)?$/.test(name)).sort(), [
    "last",
    "migrate",
    "prepare",
    "web",
    "web-log",
    "worker-1",
    "worker-2",
  ]);
});

Deno.test("hexad check of an image's root looks at its files of services, merged as /init merges them", async () => {
  using tree = makeTree({
    "rootfs/etc/hexad/services.yaml": "services: {web: {command: x}}\n",
    "rootfs/etc/hexad/services.d/more.yaml":
      "services: {web: {comand: y}, db: {command: z, depends_on: [web]}, top: {command: a}}\n",
  });
  const { code, stdout, stderr } = await hexad(tree, "check", "rootfs");
  assertEquals(
    stdout,
    "rootfs/etc/hexad/services.d/more.yaml:1:18: error: no such key: comand; did you mean command?\n" +
      "rootfs/etc/hexad/services.d/more.yaml:1:67: error: no name for a service: top (this name is reserved)\n",
  );
  assertEquals(code, 1);
  assertStringIncludes(stderr, "2 services: 2 errors, 0 warnings\n");
});
