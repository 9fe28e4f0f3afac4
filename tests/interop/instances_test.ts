/**
 * Services with instances and users' trees: what the makers write beside what Debian's write, and
 * instances of a running service, handled by the programs of both sides.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { type Result, run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";

requireToolset(OURS);
requireToolset(THEIRS);

const TEMPLATE = {
  "template/run!": "#!/bin/sh\nexec sleep 1000\n",
  "template/data/file": "content",
};

/** Paths, modes and contents below a directory; programs of C's project without their paths. */
async function contents(tree: Tree, directory: string): Promise<string> {
  const { stdout } = await run("/bin/sh", [
    "-c",
    `cd ${directory} && find . -printf '%p %y %m\\n' | sort && find . -type f | sort | xargs head -n 99`,
  ], { cwd: tree.root });
  return stdout
    .replaceAll(/^#!\S+execlineb/gm, "#!execlineb")
    .replaceAll(
      /(?:\/usr\/lib\/execline\/bin|\/usr\/bin|\/bin)\/(?=[a-z0-9-]+ |multisubstitute$)/gm,
      "",
    )
    .replaceAll(/ -[cC](\d+) -- instance/g, " -C$1 -- instance");
}

const MADE: readonly (readonly string[])[] = [
  ["s6-instance-maker", "template", "DIR"],
  ["s6-instance-maker", "-u", 'no"body', "-c", "7", "template", "DIR"],
  ["s6-instance-maker", "-r", "svc/log/pipe", "-L", "/var/log/x", "-c", "3", "template", "DIR"],
  ["s6-instance-maker", "-r", "svc", "template", "DIR"],
  ["s6-usertree-maker", "nobody", "/var/log/y", "DIR"],
  [
    ...["s6-usertree-maker", "-E", "env", "-e", "V1", "-e", "V 2", "-l", "logger", "-t", "3"],
    ...["-n", "5", "-s", "99999999999", "-S", "7", "-P", "x", "-p", "/bin", "-d", "/srv/${USER}"],
    ...["no body", "/var/log/y z", "DIR"],
  ],
  ["s6-usertree-maker", "-r", "tree/log", "nobody", "/var/log/y", "DIR"],
];

for (const [command, ...args] of MADE) {
  Deno.test(`${command} ${args.join(" ")}: as Debian's`, async () => {
    using tree = makeTree(TEMPLATE);
    const make = (tools: Toolset): Promise<Result> =>
      run(tools.bin(command!), args.map((arg) => arg === "DIR" ? tools.name : arg), {
        cwd: tree.root,
      });
    assertEquals(await make(THEIRS), { code: 0, stdout: "", stderr: "" });
    assertEquals(await make(OURS), { code: 0, stdout: "", stderr: "" });
    assertEquals(await contents(tree, "ours"), await contents(tree, "theirs"));
    assertEquals((await make(OURS)).code, 111);
  });
}

Deno.test("the makers refuse what they can't write, and write nothing then", async () => {
  using tree = makeTree(TEMPLATE);
  const code = async (command: string, ...args: string[]): Promise<number> =>
    (await run(OURS.bin(command), args, { cwd: tree.root })).code;
  assertEquals(await code("s6-instance-maker", "template"), 100);
  assertEquals(await code("s6-instance-maker", "-L", "log", "template", "a"), 100);
  assertEquals(await code("s6-instance-maker", "-t", "4", "-L", "/log", "template", "a"), 100);
  assertEquals(await code("s6-instance-maker", "-u", "a b", "template", "a"), 100);
  assertEquals(await code("s6-instance-maker", "-r", "a/b", "template", "a"), 100);
  assertEquals(await code("s6-instance-maker", "none", "a"), 111);
  assertEquals(await code("s6-usertree-maker", "u", "log", "a"), 100);
  assertEquals(await code("s6-usertree-maker", "-d", "rel", "u", "/log", "a"), 100);
  assertEquals(await code("s6-usertree-maker", "-e", "A=B", "u", "/log", "a"), 100);
  assertEquals(tree.exists("a"), false);
});

Deno.test("s6-instance-maker -L counts an instance with its logger twice", async () => {
  using tree = makeTree(TEMPLATE);
  const args = ["-c", "7", "-L", "/log", "template", "a"];
  assertEquals((await run(OURS.bin("s6-instance-maker"), args, { cwd: tree.root })).code, 0);
  assertMatch(tree.text("a/run"), /\ns6-svscan -d3 -C14 -- instance\n$/);
});

for (const tools of [OURS, THEIRS]) {
  for (const client of [OURS, THEIRS]) {
    Deno.test(`instances under s6-svscan of ${tools.name}, by programs of ${client.name}`, async () => {
      using tree = makeTree(TEMPLATE);
      const env = { PATH: `${tools.bin("")}:/usr/bin:/bin` };
      const ask = (command: string, ...args: string[]): Promise<Result> =>
        run(client.bin(`s6-instance-${command}`), args, { cwd: tree.root, env });
      assertEquals((await ask("maker", "template", "db")).code, 0);
      assertEquals((await ask("list", "db")).code, client === OURS ? 1 : 111);
      await using _svscan = start(tools.bin("s6-svscan"), ["db/instance"], {
        cwd: tree.root,
        env,
      });
      await eventually("the scan directory", async () => (await ask("list", "db")).code === 0);
      assertEquals((await ask("create", "-t", "30000", "db", "one")).code, 0);
      assertEquals((await ask("create", "-D", "db", "two")).code, 0);
      assertEquals((await ask("create", "db", "one")).code, 100);
      assertEquals((await ask("create", "db", ".x")).code, 100);
      assertEquals(tree.text("db/instances/one/data/file"), "content");
      assertEquals((await ask("list", "db")).stdout.split("\n").sort(), ["", "one", "two"]);
      await eventually(
        "the first",
        async () => (await ask("status", "-o", "up", "db", "one")).stdout === "true\n",
      );
      assertEquals((await ask("status", "-u", "db", "two")).stdout, "false\n");
      assertEquals((await ask("control", "-wd", "-T", "30000", "-d", "db", "one")).code, 0);
      assertEquals((await ask("status", "-u", "db", "one")).stdout, "false\n");
      assertEquals((await ask("delete", "db", "one")).code, 0);
      assertEquals((await ask("list", "db")).stdout, "two\n");
      assertEquals(tree.exists("db/instances/one"), false);
      assertEquals((await ask("status", "db", "one")).code, 1);
      assertEquals((await ask("control", "-u", "db")).code, 100);
      tree.killProcesses();
    });
  }
}
