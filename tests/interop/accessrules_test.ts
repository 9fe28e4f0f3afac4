/**
 * Rules about who may use a service: databases of both sides are the same bytes and say the same,
 * and s6-ipcserver-access of both sides lets the same clients in.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Result, run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";

requireToolset(OURS);
requireToolset(THEIRS);

const TOOLSETS = [OURS, THEIRS];
const DONE: Result = { code: 0, stdout: "", stderr: "" };
const IN = { PROTO: "IPC", IPCREMOTEEUID: "0", IPCREMOTEEGID: "0", IPCREMOTEPATH: "r" };

const RULES = {
  "rules/uid/0/allow": "",
  "rules/uid/0/env/GREETING": "hello  \nsecond line",
  "rules/uid/0/env/GONE": "",
  "rules/uid/0/env/EMPTY": "\n",
  "rules/uid/0/env/LINES": "a\0b\n",
  "rules/uid/7/deny": "",
  "rules/uid/8/nothing": "",
  "rules/uid/9/allow": "",
  "rules/uid/9/deny": "",
  "rules/uid/9/exec": "/bin/echo diverted",
  "rules/gid/5/allow": "",
  "rules/ip4/10.0.0.0_8/allow": "",
};

function compile(tools: Toolset, tree: Tree, file: string, directory = "rules"): Promise<Result> {
  return run(tools.bin("s6-accessrules-cdb-from-fs"), [file, directory], { cwd: tree.root });
}

function decompile(tools: Toolset, tree: Tree, directory: string, file: string): Promise<Result> {
  return run(tools.bin("s6-accessrules-fs-from-cdb"), [directory, file], { cwd: tree.root });
}

Deno.test("a directory of rules becomes the same bytes as with Debian's, and the same directory again", async () => {
  using tree = makeTree(RULES);
  assertEquals(await compile(OURS, tree, "ours.cdb"), DONE);
  assertEquals(await compile(THEIRS, tree, "theirs.cdb"), DONE);
  assertEquals(tree.bytes("ours.cdb"), tree.bytes("theirs.cdb"));
  assertEquals(Deno.statSync(tree.path("ours.cdb")).mode! & 0o777, 0o600);
  assertEquals(await decompile(OURS, tree, "ours", "theirs.cdb"), DONE);
  assertEquals(await decompile(THEIRS, tree, "theirs", "ours.cdb"), DONE);
  const differs = await run("/usr/bin/diff", ["-r", "ours", "theirs"], { cwd: tree.root });
  assertMatch(
    differs.stdout,
    /^(Binary files .*LINES.* differ|diff -r ours\/uid\/0\/env\/LINES theirs\/uid\/0\/env\/LINES[^]*)\n$/,
  );
  const modes = await run("/bin/sh", [
    "-c",
    "cd ours && find . -printf '%p %m\\n' | sort >../a; cd ../theirs && find . -printf '%p %m\\n' | sort | diff ../a -",
  ], { cwd: tree.root });
  assertEquals(modes, DONE);
  assertEquals(await compile(OURS, tree, "again.cdb", "ours"), DONE);
  assertEquals(await decompile(OURS, tree, "again", "again.cdb"), DONE);
  assertEquals(await run("/usr/bin/diff", ["-r", "ours", "again"], { cwd: tree.root }), DONE);
});

Deno.test("what can't be compiled or decompiled is told, and leaves nothing behind", async () => {
  using tree = makeTree(RULES);
  tree.add({ "rules/uid/0/env/LARGE": `${"x".repeat(4090)}\n` });
  const large = await compile(OURS, tree, "x.cdb");
  assertEquals([large.code, tree.exists("x.cdb")], [100, false]);
  assertMatch(large.stderr, /fatal: rules\/uid\/0\/env is larger than 4096 bytes\n$/);
  tree.add({ none: "no database at all", file: "" });
  assertEquals((await compile(OURS, tree, "x.cdb", "none")).code, 111);
  const broken = await decompile(OURS, tree, "new", "none");
  assertEquals([broken.code, tree.exists("new")], [111, false]);
  assertEquals((await decompile(OURS, tree, "rules", "none")).code, 111);
  assertEquals((await decompile(OURS, tree, "new", "missing")).code, 111);
  assert(tree.exists("rules/uid/0/allow"));
});

Deno.test("a database with a key that leads elsewhere is refused", async () => {
  using tree = makeTree({ "rules/uid/XXXXXXX/allow": "" });
  assertEquals(await compile(OURS, tree, "x.cdb"), DONE);
  const bytes = tree.bytes("x.cdb");
  const at = new TextDecoder("latin1").decode(bytes).indexOf("uid/XXXXXXX");
  bytes.set(new TextEncoder().encode("../../planted".slice(0, 11)), at);
  Deno.writeFileSync(tree.path("x.cdb"), bytes);
  const { code, stderr } = await decompile(OURS, tree, "inner/new", "x.cdb");
  assertEquals(code, 111);
  assertEquals((await decompile(OURS, tree, "new", "x.cdb")).code, 111);
  assertEquals([tree.exists("new"), tree.exists("../plant"), stderr.split("\n").length], [
    false,
    false,
    2,
  ]);
});

for (const tools of TOOLSETS) {
  for (const place of [["-i", "rules"], ["-x", "rules.cdb"]]) {
    Deno.test(`s6-ipcserver-access ${place[0]} of ${tools.name}`, async () => {
      using tree = makeTree(RULES);
      assertEquals(await compile(THEIRS, tree, "rules.cdb"), DONE);
      const ask = (uid: string, gid: string, ...options: string[]): Promise<Result> =>
        run(tools.bin("s6-ipcserver-access"), [
          ...options,
          "-l",
          "local",
          ...place,
          "sh",
          "-c",
          'echo "$PROTO $IPCLOCALPATH $IPCREMOTEEUID $GREETING ${GONE-unset} ${EMPTY-unset} $LINES"',
        ], {
          cwd: tree.root,
          env: {
            ...IN,
            GONE: "still there",
            IPCREMOTEEUID: uid,
            IPCREMOTEEGID: gid,
            PATH: `${tools.bin("")}:/usr/bin:/bin`,
          },
        });
      const said = (text: string): string => text.replaceAll(/pid \d+/g, "pid N");
      const allowed = await ask("0", "99");
      assertEquals([allowed.code, allowed.stdout], [0, "IPC local 0 hello unset  a\nb\n"]);
      assertEquals(said(allowed.stderr), "s6-ipcserver-access: info: allow pid N uid 0 gid 99\n");
      assertEquals((await ask("0", "0", "-E", "-v0")).stdout, "   hello unset  a\nb\n");
      const denied = await ask("7", "0", "-v2");
      assertEquals([denied.code, said(denied.stderr)], [
        1,
        "s6-ipcserver-access: info: deny pid N uid 7 gid 0: Permission denied\n",
      ]);
      assertEquals(await ask("8", "6"), { code: 1, stdout: "", stderr: "" });
      assertEquals((await ask("8", "5")).code, 0);
      assertEquals((await ask("9", "6")).stdout, "diverted\n");
      assertEquals((await ask("x", "6")).code, 100);
    });
  }

  Deno.test(`s6-ipcserver-access of ${tools.name} behind s6-ipcserver tells the name of the socket`, async () => {
    using tree = makeTree(RULES);
    await using server = start(tools.bin("s6-ipcserver"), [
      "-1",
      "s",
      tools.bin("s6-ipcserver-access"),
      "-i",
      "rules",
      "sh",
      "-c",
      "echo $IPCLOCALPATH",
    ], { cwd: tree.root, env: { PATH: `${tools.bin("")}:/usr/bin:/bin` } });
    await eventually("the server", () => server.stdout.text === "\n");
    for (const client of TOOLSETS) {
      const asked = await run(client.bin("s6-ipcclient"), ["s", client.bin("s6-ioconnect")], {
        cwd: tree.root,
      });
      assertEquals([asked.code, asked.stdout], [0, "s\n"]);
    }
  });

  Deno.test(`s6-ioconnect of ${tools.name}: both ways, much, and an end that is told`, async () => {
    using tree = makeTree();
    await using server = start(OURS.bin("s6-ipcserver"), ["-1", "s", "sh", "-c", "cat; echo end"], {
      cwd: tree.root,
      env: { PATH: `${OURS.bin("")}:/usr/bin:/bin` },
    });
    await eventually("the server", () => server.stdout.text === "\n");
    const much = "0123456789abcdef".repeat(40_000);
    const echo = await run(OURS.bin("s6-ipcclient"), ["s", tools.bin("s6-ioconnect")], {
      cwd: tree.root,
      stdin: much,
    });
    assertEquals([echo.code, echo.stdout === `${much}end\n`, echo.stderr], [0, true, ""]);
    tree.add({ file: "from a file\n" });
    const fromFile = await run("/bin/sh", [
      "-c",
      `${OURS.bin("s6-ipcclient")} s ${tools.bin("s6-ioconnect")} <file >copy`,
    ], { cwd: tree.root });
    assertEquals([fromFile.code, tree.text("copy")], [0, "from a file\nend\n"]);
  });

  Deno.test(`s6-ioconnect of ${tools.name}: a time without data, and what can't be`, async () => {
    const connect = tools.bin("s6-ioconnect");
    const shell = async (text: string): Promise<number> =>
      (await run("/bin/sh", ["-c", text])).code;
    await using idle = start("/bin/sh", ["-c", `exec ${connect} -t 50 6<&0 7>/dev/null`]);
    assertEquals(await idle.ended(), 1);
    assertEquals(await shell(`${connect} -r 1`), 100);
    assertEquals(await shell(`${connect} -t x`), 100);
    assertEquals(await shell(`${connect} 6<&- 7>&-`), 111);
  });
}
