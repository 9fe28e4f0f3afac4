/**
 * hexad new --rc: what it writes passes hexad check, is compiled by s6-rc-compile and starts; and
 * hexad import of definitions.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Result, run } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { startSvscan } from "../../fixture/scan.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree, type TreeSpec } from "../../fixture/tree.ts";

requireToolset(OURS);

function hexad(tree: Tree, ...args: readonly string[]): Promise<Result> {
  return run(OURS.bin("hexad"), args, { cwd: tree.root });
}

async function ok(tree: Tree, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await hexad(tree, ...args);
  assertEquals([code, stderr], [0, ""], args.join(" "));
  return stdout;
}

for (const language of ["sh", "execline"]) {
  Deno.test(`new --rc, in ${language}: a longrun with readiness and a logger, a oneshot and a bundle; compiled, they start in order`, async () => {
    using tree = makeTree({ "src/": "", "scan/": "" });
    const rc = (...args: readonly string[]): Promise<string> =>
      ok(tree, "new", "--rc", "-C", "src", ...(language === "sh" ? [] : ["-x"]), ...args);
    assertEquals(
      await rc(
        "--oneshot",
        "--bundle",
        "all",
        "prepare",
        "--cmd",
        `echo 'it runs' >${tree.path("its")}`,
      ),
      "src/prepare\nsrc/all: prepare is in it\n",
    );
    assertEquals(
      await rc(
        ...[
          "--depends-on",
          "prepare",
          "--bundle",
          "all",
          "--check",
          `test -e ${tree.path("ready")}`,
        ],
        ...["--env", "GREETING=hello", "--log-dir", tree.path("logs"), "web"],
        ...["--cmd", "echo $GREETING; exec sleep 1000"],
      ),
      "src/web\nsrc/web-log\nsrc/all: web-pipeline is in it\n",
    );
    const checked = await hexad(tree, "check", "src");
    assertEquals([checked.code, checked.stdout], [0, ""], checked.stderr);
    const compiled = await run(OURS.bin("s6-rc-compile"), [tree.path("db"), tree.path("src")]);
    assertEquals([compiled.code, compiled.stderr], [0, ""]);
    await using _svscan = await startSvscan(OURS, tree, { scandir: "scan" });
    const live = tree.path("live");
    const init = await run(
      OURS.bin("s6-rc-init"),
      ["-c", tree.path("db"), "-l", live, tree.path("scan")],
    );
    assertEquals(init.code, 0, init.stderr);
    const change = run(OURS.bin("s6-rc"), ["-l", live, "change", "all"]);
    await eventually(
      "the log",
      () => tree.exists("logs/current") && tree.text("logs/current") !== "",
    );
    assertMatch(tree.text("logs/current"), /hello\n$/);
    assertEquals(tree.text("its"), "it runs\n");
    tree.add({ "ready": "" });
    const { code, stderr } = await change;
    assertEquals(code, 0, stderr);
  });
}

const RC = "rootfs/etc/s6-overlay/s6-rc.d";

Deno.test("new --rc in an image of the overlay: base, the bundle user and the container's environment come by themselves", async () => {
  using tree = makeTree();
  assertEquals(
    await ok(tree, "new", "--rc", "-C", RC, "--oneshot", "prepare", "--cmd", "mkdir -p /data"),
    `${RC}/prepare\n${RC}/../user-bundles.d/user: prepare is in it\n`,
  );
  assertEquals(
    await ok(tree, "new", "--rc", "-C", RC, "-x", "--depends-on", "prepare", "-n", "3", "web"),
    `${RC}/web\n${RC}/../user-bundles.d/user: web is in it\n`,
  );
  const text = (name: string): string => tree.text(`${RC}/${name}`);
  assertEquals(text("prepare/up"), "/etc/s6-overlay/s6-rc.d/prepare/run\n");
  assertEquals(text("prepare/run"), "#!/command/with-contenv sh\nset -e\nexec mkdir -p /data\n");
  assertStringIncludes(text("web/run"), "execlineb -P\nwith-contenv\n");
  assertEquals(text("web/notification-fd"), "3\n");
  assertEquals(
    [
      "web/dependencies.d/base",
      "web/dependencies.d/prepare",
      "../user-bundles.d/user/contents.d/web",
    ]
      .map((name) => tree.exists(`${RC}/${name}`)),
    [true, true, true],
  );
  const graph = await hexad(tree, "graph", "--why", "prepare", "rootfs");
  assertStringIncludes(graph.stdout, "it is started with the bundles user, top");
});

Deno.test("new --rc refuses what a definition has no place for, and writes nothing then", async () => {
  using tree = makeTree({ "src/plain/type": "longrun\n", "src/plain/run!": "#!/bin/sh\n" });
  const cases: readonly (readonly [readonly string[], string])[] = [
    [["--oneshot", "x"], "--oneshot needs --rc"],
    [["--bundle", "all", "x"], "--bundle needs --rc"],
    [["--rc", "--down", "x"], "--down is for scan directories"],
    [["--rc", "--oneshot", "--log", "x"], "--log is for longruns"],
    [["--rc", "--oneshot", "--env", "A=1", "x"], "--env is for longruns"],
    [["--rc", "--bundle", "plain", "x"], "src/plain is there, and is no bundle"],
    [["--rc", "--depends-on", "a/b", "x"], "no name for a service: a/b"],
    [["--rc", "plain"], "src/plain is there already"],
  ];
  for (const [args, complaint] of cases) {
    const { code, stderr } = await hexad(tree, "new", "-C", "src", ...args);
    assertEquals(code, 100, stderr);
    assertStringIncludes(stderr, complaint);
  }
  assertEquals([...Deno.readDirSync(tree.path("src"))].map(({ name }) => name), ["plain"]);
});

const SOURCE: TreeSpec = {
  "s6-rc.d/init/type": "oneshot\n",
  "s6-rc.d/init/up": "true\n",
  "s6-rc.d/web/type": "longrun\n",
  "s6-rc.d/web/run": "#!/bin/sh\necho line\nexec sleep 1000\n",
  "s6-rc.d/web/notification-fd": "3\n",
  "s6-rc.d/web/env/SIZE": "3",
  "s6-rc.d/web/timeout-up": "1000",
  "s6-rc.d/web/dependencies.d/init": "",
  "s6-rc.d/web/dependencies.d/base": "",
  "s6-rc.d/web/producer-for": "web-log\n",
  "s6-rc.d/web-log/type": "longrun\n",
  "s6-rc.d/web-log/run": "#!/bin/sh\nexec s6-log -b -- n20 ./main\n",
  "s6-rc.d/web-log/consumer-for": "web\n",
  "s6-rc.d/web-log/pipeline-name": "web-pipeline\n",
  "s6-rc.d/aside/type": "longrun\n",
  "s6-rc.d/aside/run": "#!/bin/sh\nexec sleep 1000\n",
  "user-bundles.d/user/contents.d/web-pipeline": "",
};

Deno.test("import of definitions: there is nothing to do; with --to-services, what is lost is told, and the services are sound", async () => {
  using tree = makeTree(SOURCE);
  const nothing = await ok(tree, "import", "s6-rc.d");
  assertStringIncludes(nothing, "there is nothing to import, since /init boots them as they are");
  const told = await ok(tree, "import", "--to-services", "-v", "-t", "services.d", "s6-rc.d");
  for (
    const line of [
      "oneshot init: services.d has no oneshots",
      "web needs init: services.d has no order",
      "web: timeout-up: services.d has nothing of the kind",
      "aside: no bundle of the user has it, so it gets a file down",
    ]
  ) assertStringIncludes(told, line);
  assertEquals(told.includes("needs base"), false, told);
  assertEquals(
    ["web/run", "web/log/run"].map((name) =>
      Deno.statSync(tree.path("services.d", name)).mode! & 0o777
    ),
    [0o755, 0o755],
  );
  assertEquals(tree.text("services.d/web/env/SIZE"), "3");
  assertEquals(
    [...Deno.readDirSync(tree.path("services.d"))].map(({ name }) => name).sort(),
    ["aside", "web"],
  );
  assertEquals(tree.exists("services.d/aside/down"), true);
  await using _svscan = await startSvscan(OURS, tree, { scandir: "services.d" });
  await eventually(
    "a line in the log",
    () =>
      tree.exists("services.d/web/log/main/current") &&
      tree.text("services.d/web/log/main/current").includes("line\n"),
  );
});

Deno.test("import --to-services: a definition with a mistake is refused with its place, and nothing is made", async () => {
  using tree = makeTree({ ...SOURCE, "s6-rc.d/web/dependencies.d/nobody": "" });
  const { code, stderr } = await hexad(tree, "import", "--to-services", "-t", "out", "s6-rc.d");
  assertEquals([code, tree.exists("out")], [100, false]);
  assertStringIncludes(stderr, "s6-rc.d/web/dependencies.d/nobody:1: ");
});
