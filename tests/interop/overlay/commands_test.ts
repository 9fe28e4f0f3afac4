/**
 * The overlay's commands for scripts, outside a container: their runtime directory is one of the
 * test's.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Result, run } from "../../fixture/command.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree, type TreeSpec } from "../../fixture/tree.ts";

requireToolset(OURS);

const PATH = `${OURS.bin("")}:/usr/bin:/bin`;

/** A runtime directory whose container had these variables, beside other files. */
function rundir(variables: Readonly<Record<string, string>>, files: TreeSpec = {}): Tree {
  const spec = Object.entries(variables).map((
    [name, value],
  ) => [`s6/container_environment/${name}`, value]);
  return makeTree({ "s6/container_environment/": "", ...Object.fromEntries(spec), ...files });
}

/** Runs one of our commands with nothing in its environment but what is given. */
function command(
  tree: Tree,
  name: string,
  args: readonly string[],
  options: { env?: Record<string, string>; stdin?: string } = {},
): Promise<Result> {
  const variables = Object.entries({ PATH, S6_RUNDIR: tree.root, ...options.env }).map((
    [key, value],
  ) => `${key}=${value}`);
  const stdin = options.stdin ?? "";
  return run("/usr/bin/env", ["-i", ...variables, OURS.bin(name), ...args], {
    cwd: tree.root,
    stdin,
  });
}

const PRINT_ENVIRONMENT = ["/usr/bin/env", "-0"];

/** The environment that a program printed with `env -0`. */
function environment({ code, stdout, stderr }: Result): Record<string, string> {
  assertEquals([code, stderr], [0, ""]);
  return Object.fromEntries(
    stdout.split("\0").filter((line) => line !== "").map((line) => {
      const equals = line.indexOf("=");
      return [line.slice(0, equals), line.slice(equals + 1)];
    }),
  );
}

for (const name of ["with-contenv", "with-contenv-legacy"]) {
  Deno.test(`${name} gives a program the container's variables and no other, and PATH if the container has none`, async () => {
    using tree = rundir({ A: "one", LINES: "1\n2\n", UNSET: "" });
    const seen = environment(
      await command(tree, name, PRINT_ENVIRONMENT, { env: { A: "old", B: "gone" } }),
    );
    assertEquals(seen, { PATH, A: "one", LINES: "1\n2" });
  });
}

Deno.test("with-contenv looks for the program in the container's PATH", async () => {
  using tree = rundir({}, { "bin/tool!": "#!/bin/sh\necho tool: $PATH\n" });
  tree.add({ "s6/container_environment/PATH": `${tree.root}/bin:/usr/bin` });
  assertEquals(
    (await command(tree, "with-contenv", ["tool"])).stdout,
    `tool: ${tree.root}/bin:/usr/bin\n`,
  );
});

Deno.test("with-contenv does nothing where everybody keeps the environment", async () => {
  using tree = rundir({ A: "from the file" });
  const seen = environment(
    await command(tree, "with-contenv", PRINT_ENVIRONMENT, {
      env: { S6_KEEP_ENV: "1", A: "kept" },
    }),
  );
  assertEquals([seen["A"], seen["S6_KEEP_ENV"]], ["kept", "1"]);
});

Deno.test("with-contenv stands in the first line of scripts, with an option for their interpreter too", async () => {
  using tree = rundir({ A: "from the container" });
  tree.add({
    "plain!": `#!${OURS.bin("with-contenv")} sh\necho "$A, $1 $2"\n`,
    "option!": `#!${OURS.bin("with-contenv")} sh -e\nfalse\necho not reached\n`,
  });
  const env = { PATH, S6_RUNDIR: tree.root };
  assertEquals(await run(tree.path("plain"), ["a b", "c"], { env }), {
    code: 0,
    stdout: "from the container, a b c\n",
    stderr: "",
  });
  assertEquals(await run(tree.path("option"), [], { env }), { code: 1, stdout: "", stderr: "" });
});

Deno.test("with-contenv is a link of a chain", async () => {
  using tree = rundir({ A: "from the container" });
  const line =
    'export A mine with-contenv foreground { sh -c "echo $A" } export A last sh -c "echo $A"';
  assertEquals(
    (await command(tree, "execlineb", ["-Pc", line])).stdout,
    "from the container\nlast\n",
  );
});

Deno.test("with-contenv says what is missing: the program, its name, the container's environment", async () => {
  using tree = rundir({});
  assertMatch(
    (await command(tree, "with-contenv", [])).stderr,
    /^with-contenv: fatal: no program given\n/,
  );
  assertEquals((await command(tree, "with-contenv", [])).code, 100);
  assertEquals((await command(tree, "with-contenv", ["no-such-program"])).code, 127);
  assertEquals((await command(tree, "with-contenv", ["no such program"])).code, 127);
  tree.remove("s6");
  const { code, stderr } = await command(tree, "with-contenv", ["true"]);
  assertEquals(code, 111);
  assertStringIncludes(
    stderr,
    "container_environment: No such file or directory; it is there where PID 1 is /init",
  );
});

Deno.test("printcontenv prints a variable, and exits 1 if there is none", async () => {
  using tree = rundir({ A: "one\n", EMPTY: "" });
  assertEquals(await command(tree, "printcontenv", ["A"]), {
    code: 0,
    stdout: "one\n",
    stderr: "",
  });
  assertEquals(await command(tree, "printcontenv", ["EMPTY"]), {
    code: 0,
    stdout: "\n",
    stderr: "",
  });
  assertEquals(await command(tree, "printcontenv", ["NONE"]), { code: 1, stdout: "", stderr: "" });
  assertEquals((await command(tree, "printcontenv", [])).code, 100);
  const keep = { S6_KEEP_ENV: "1", B: "kept" };
  assertEquals((await command(tree, "printcontenv", ["B"], { env: keep })).stdout, "kept\n");
  assertEquals((await command(tree, "printcontenv", ["A"], { env: keep })).code, 1);
});

Deno.test("with-retries runs a program until it succeeds, and three times at most", async () => {
  using tree = rundir({}, {
    "third!": '#!/bin/sh\necho x >>tries\ntest "$(grep -c x tries)" -ge 3\n',
  });
  assertEquals(await command(tree, "with-retries", [tree.path("third")]), {
    code: 0,
    stdout: "",
    stderr: "",
  });
  assertEquals(tree.text("tries"), "x\nx\nx\n");
  tree.remove("tries");
  assertEquals((await command(tree, "with-retries", ["-n", "2", tree.path("third")])).code, 1);
  assertEquals(tree.text("tries"), "x\nx\n");
  assertEquals((await command(tree, "with-retries", ["-n", "two", "true"])).code, 100);
});

Deno.test("with-retries ends a try that takes too long, one that ignores SIGTERM too, before the next one", async () => {
  using tree = rundir({}, {
    "slow!":
      "#!/bin/sh\ntrap '' TERM\necho $$ >>pids\nwhile :; do sleep 1000 >/dev/null 2>&1 & wait; done\n",
  });
  const { code, stderr } = await command(tree, "with-retries", [
    "-n",
    "2",
    "-t",
    "100",
    tree.path("slow"),
  ]);
  assertEquals(code, 1);
  assertEquals(stderr.match(/took more than 100 ms/g)?.length, 2);
  const pids = tree.text("pids").trim().split("\n");
  assertEquals(pids.length, 2);
  for (const pid of pids) {
    assertEquals((await run("/bin/sh", ["-c", `kill -0 ${pid} 2>/dev/null`])).code, 1);
  }
});

Deno.test("fix-attrs applies the list on its standard input", async () => {
  using tree = rundir({ S6_FIX_ATTRS_HIDDEN: "1" }, { "d/.hidden": "", "d/seen": "" });
  const us = `${Deno.uid()}:${Deno.gid()}`;
  const stdin = `${tree.root}/d true ${us} 0600 0700\n`;
  assertEquals(await command(tree, "fix-attrs", [], { stdin }), {
    code: 0,
    stdout: "",
    stderr: "",
  });
  assertEquals(
    ["d", "d/.hidden", "d/seen"].map((name) =>
      (Deno.statSync(tree.path(name)).mode! & 0o777).toString(8)
    ),
    [
      "700",
      "600",
      "600",
    ],
  );
  const failed = await command(tree, "fix-attrs", [], {
    stdin: `${tree.root}/none true ${us} 0600 0700\n`,
  });
  assertEquals(failed.code, 1);
  assertEquals(
    failed.stderr,
    `fix-attrs: warning: standard input: unable to open ${tree.root}/none: No such file or directory\n`,
  );
});

Deno.test("fix-attrs gives a file to somebody else with the set-user-ID bit that it had, which a change of the owner drops", async () => {
  using tree = rundir({}, { "tool": "" });
  Deno.chmodSync(tree.path("tool"), 0o4750);
  const stdin = `${tree.path("tool")} false 1234:1235 4750 -\n`;
  assertEquals(await command(tree, "fix-attrs", [], { stdin }), {
    code: 0,
    stdout: "",
    stderr: "",
  });
  const { mode, uid, gid } = Deno.statSync(tree.path("tool"));
  assertEquals([(mode! & 0o7777).toString(8), uid, gid], ["4750", 1234, 1235]);
});

Deno.test("logutil-newfifo makes a FIFO in place of what was there, and says that it is deprecated", async () => {
  using tree = rundir({}, { "fifo": "a file" });
  const { code, stderr } = await command(tree, "logutil-newfifo", [
    "-m",
    "0622",
    "-o",
    "root",
    tree.path("fifo"),
  ]);
  assertEquals([code, stderr], [
    0,
    "logutil-newfifo: warning: deprecated: use s6-mkfifo and s6-chown\n",
  ]);
  const { isFifo, mode, uid } = Deno.statSync(tree.path("fifo"));
  assertEquals([isFifo, (mode! & 0o777).toString(8), uid], [true, "622", 0]);
  assertEquals(
    (await command(tree, "logutil-newfifo", ["-o", "no-such-user", tree.path("fifo")])).code,
    1,
  );
});

Deno.test("logutil-service logs as nobody, with the directives of the container, and keeps no environment", async () => {
  using tree = rundir({ S6_LOGGING_SCRIPT: "n3 \t s268435455" });
  tree.add({ "log/": "" });
  Deno.chownSync(tree.path("log"), 65534, 65534);
  const { code, stderr } = await command(tree, "logutil-service", [`${tree.root}/log/web`], {
    stdin: "a line\n",
  });
  assertEquals([code, stderr], [0, ""]);
  assertEquals(tree.text("log/web/current"), "a line\n");
  assertEquals([Deno.statSync(tree.path("log/web")).uid, Deno.statSync(tree.path("log/web")).gid], [
    65534,
    65534,
  ]);
});

Deno.test("logutil-service stamps lines by default, and reads a FIFO if it is told to", async () => {
  using tree = rundir({}, { "log/": "", "fifo|": "" });
  Deno.chownSync(tree.path("log"), 65534, 65534);
  const logger = command(tree, "logutil-service", [
    "-f",
    tree.path("fifo"),
    `${tree.root}/log/web`,
  ]);
  await tree.feed("fifo", "a line\n");
  const { code, stderr } = await logger;
  assertEquals([code, stderr], [0, ""]);
  assertMatch(tree.text("log/web/current"), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} {2}a line\n$/);
});

Deno.test("logutil-service says what is wrong with its arguments", async () => {
  using tree = rundir({});
  for (const args of [[], ["a", "b"], ["-x", "a"]]) {
    assertEquals((await command(tree, "logutil-service", args)).code, 100);
  }
});

Deno.test("init-stage3 tells whoever runs it that nothing does", async () => {
  using tree = rundir({});
  const { code, stderr } = await command(tree, "hexad", ["init-stage3"]);
  assertEquals(code, 100);
  assertStringIncludes(stderr, "begin with /init");
});
