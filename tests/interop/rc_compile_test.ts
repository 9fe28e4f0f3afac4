/** s6-rc-compile and s6-rc-db on real files: what is written, what is removed, what is refused. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Result, run } from "../fixture/command.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";

requireToolset(OURS);

function compile(tree: Tree, ...args: string[]): Promise<Result> {
  return run(OURS.bin("s6-rc-compile"), args, { cwd: tree.root });
}

async function ask(tree: Tree, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(OURS.bin("s6-rc-db"), ["-c", "db", ...args], {
    cwd: tree.root,
  });
  assertEquals({ code, stderr }, { code: 0, stderr: "" }, args.join(" "));
  return stdout;
}

const LONGRUN = {
  "src/web/type": "longrun",
  "src/web/run": "#!/bin/sh\nexec sleep 1\n",
  "src/web/finish!": "#!/bin/sh\n",
  "src/web/notification-fd": "0003\nmore",
  "src/web/timeout-kill": "5000",
  "src/web/down-signal": "SIGQUIT",
  "src/web/flag-newpidns": "x",
  "src/web/data/check!": "#!/bin/sh\n",
  "src/web/data/link=": "check",
  "src/web/template/run": "",
  "src/web/README": "not copied",
  "src/web/log/run!": "not copied",
};

Deno.test("s6-rc-compile: a service directory has what C copies, with C's modes", async () => {
  using tree = makeTree(LONGRUN);
  assertEquals(await compile(tree, "db", "src"), { code: 0, stdout: "", stderr: "" });
  const listed = await run("/usr/bin/find", [".", "-printf", "%P %y %m %l\n"], {
    cwd: tree.path("db/servicedirs/web"),
  });
  assertEquals(listed.stdout.split("\n").filter((line) => /^\S/.test(line)).sort(), [
    "data d 755 ",
    "data/check f 755 ",
    "data/link l 777 check",
    "down-signal f 644 ",
    "finish f 755 ",
    "flag-newpidns f 644 ",
    "instance d 755 ",
    "instances d 755 ",
    "notification-fd f 644 ",
    "run f 755 ",
    "template d 755 ",
    "template/run f 644 ",
    "timeout-kill f 644 ",
  ]);
  assertEquals([
    tree.text("db/servicedirs/web/notification-fd"),
    tree.text("db/servicedirs/web/flag-newpidns"),
  ], ["3\n", ""]);
  assertEquals([...Deno.readDirSync(tree.path("db"))].map(({ name }) => name).sort(), [
    "hexad-rc",
    "lock",
    "servicedirs",
  ]);
});

Deno.test("s6-rc-compile: what is found out while it writes leaves nothing behind; what was there stays", async () => {
  using tree = makeTree({ ...LONGRUN, "src/web/lock-fd": "3\n", "there/x": "" });
  const late = await compile(tree, "-v3", "db", "src");
  assertEquals([late.code, tree.exists("db")], [1, false]);
  assertStringIncludes(
    late.stderr,
    "info: writing db/servicedirs\ns6-rc-compile: fatal: longrun web has the same value for notification-fd and lock-fd\n",
  );
  const taken = await compile(tree, "there", "src");
  assertEquals(taken, {
    code: 111,
    stdout: "",
    stderr: "s6-rc-compile: fatal: unable to mkdir there: File exists\n",
  });
  assert(tree.exists("there/x"));
});

Deno.test("s6-rc-compile: all mistakes, the exit code of the first, cures with -v2", async () => {
  using tree = makeTree({
    "src/a/type": "oneshot",
    "src/b/type": "longrun ",
    "src/c/type": "oneshot",
    "src/c/up": "x",
    "src/c/dependencies": "aa\n",
  });
  const { code, stderr } = await compile(tree, "db", "src");
  assertEquals(code, 111);
  assertEquals(stderr.split("\n"), [
    "s6-rc-compile: fatal: unable to open src/a/up: No such file or directory",
    "s6-rc-compile: fatal: invalid src/b/type: must be oneshot, longrun, or bundle",
    "s6-rc-compile: fatal: during dependency resolution for service c: undefined service name aa",
    "",
  ]);
  const told = (await compile(tree, "-v2", "db", "src")).stderr;
  assertStringIncludes(
    told,
    "s6-rc-compile: info: src/c/dependencies:1: no source defines aa; did you mean a?; define it, or remove this entry",
  );
});

Deno.test("s6-rc-db: what C has compiled is refused with one line", async () => {
  using tree = makeTree({
    "db/n": "x",
    "db/db": "s6rc-db: start\n",
    "db/resolve.cdb": "x",
    "db/lock": "",
  });
  const { code, stderr } = await run(OURS.bin("s6-rc-db"), ["-c", "db", "list", "all"], {
    cwd: tree.root,
  });
  assertEquals([code, stderr.trimEnd().split("\n").length], [4, 1]);
  assertStringIncludes(stderr, "C's s6-rc has compiled it");
  tree.add({ "db/hexad-rc": '{"format":99}\n' });
  const newer = await run(OURS.bin("s6-rc-db"), ["-c", "db", "check"], { cwd: tree.root });
  assertEquals([newer.code, newer.stderr], [
    4,
    "s6-rc-db: fatal: invalid service database in db/hexad-rc: it has format 99, and this is hexad's format 1: compile it again\n",
  ]);
});

Deno.test("s6-rc's programs: --help alone is answered, beside other words it is an option that nobody knows", async () => {
  for (const program of ["s6-rc-compile", "s6-rc-db", "s6-rc-format-upgrade"]) {
    const help = await run(OURS.bin(program), ["--help"]);
    assertEquals([help.code, help.stdout.startsWith(`usage: ${program} `)], [0, true]);
    const { code, stderr } = await run(OURS.bin(program), ["--help", "x", "y"]);
    assertEquals([code, stderr], [100, `${program}: fatal: unrecognized boolean option: --help\n`]);
  }
  const dryrun = await run(OURS.bin("s6-rc-dryrun"), ["-t", "0", "--", "a", "-b"]);
  assertEquals([dryrun.code, dryrun.stdout], [0, "s6-rc-dryrun: a -b\n"]);
  assertEquals((await run(OURS.bin("s6-rc-dryrun"), ["-v0", "-t", "0", "a"])).stdout, "");
  assertEquals(
    (await run(OURS.bin("s6-rc-dryrun"), ["-t", "soon", "a"])).stderr,
    "s6-rc-dryrun: usage: s6-rc-dryrun [ -v verbosity ] [ -t timeout ] args...\n",
  );
});

Deno.test("names of all bytes, and 2000 definitions in a chain", async () => {
  using tree = makeTree({});
  const odd = [..."\t !\"#$%&'()*+,-:;<=>?@[\\]^`{|}~\u007f\u00e9\u{1f600}"].map((character) =>
    `x${character}y`
  );
  for (const name of odd) {
    tree.add({ [`src/${name}/type`]: "oneshot", [`src/${name}/up`]: `echo ${name.length}` });
  }
  // a byte that is not UTF-8
  const made = await run("/bin/bash", [
    "-c",
    "mkdir src/$'z\\377' && echo oneshot >src/$'z\\377'/type && echo true >src/$'z\\377'/up",
  ], {
    cwd: tree.root,
  });
  assertEquals(made.code, 0, made.stderr);
  for (let i = 0; i < 2000; i++) {
    const name = `s${String(i).padStart(4, "0")}`;
    const before = `s${String(i - 1).padStart(4, "0")}`;
    tree.add({
      [`src/${name}/type`]: "oneshot",
      [`src/${name}/up`]: "",
      [`src/${name}/dependencies`]: i === 0 ? "" : before,
    });
  }
  assertEquals(await compile(tree, "db", "src"), { code: 0, stdout: "", stderr: "" });
  const { stdout } = await run("/bin/bash", [
    "-c",
    `'${
      OURS.bin("s6-rc-db")
    }' -c db list oneshots | LC_ALL=C sort | md5sum; cd src; LC_ALL=C ls -1 --quoting-style=literal | LC_ALL=C sort | md5sum`,
  ], { cwd: tree.root });
  const [listed, there] = stdout.trimEnd().split("\n");
  assertEquals(listed, there);
  assertEquals((await ask(tree, "all-dependencies", "s1999")).trimEnd().split("\n").length, 2001);
});

Deno.test("s6-rc, s6-rc-update and s6-rc-init name a folder that is missing as C does", async () => {
  using tree = makeTree({ "live/lock": "", "live/compiled=": "gone", "scan/": "" });
  const [none, live] = [tree.path("none"), tree.path("live")];
  const missing = ": No such file or directory\n";
  const both = (folder: string) => `unable to take lock on ${folder} and ${folder}/compiled`;
  const cases = [
    { program: "s6-rc-update", args: ["-l", none, none], text: both(none) },
    { program: "s6-rc-update", args: ["-n", "-l", none, none], text: both(none) },
    { program: "s6-rc-update", args: ["-l", live, none], text: both(live) },
    { program: "s6-rc", args: ["-l", live, "list"], text: "unable to take locks" },
    {
      program: "s6-rc-init",
      args: ["-d", "-c", "none", "-l", none, tree.path("scan")],
      text: "unable to realpath none",
    },
  ];
  for (const { program, args, text } of cases) {
    const stderr = `${program}: fatal: ${text}${missing}`;
    const result = await run(OURS.bin(program), args, { cwd: tree.root });
    assertEquals(result, { code: 111, stdout: "", stderr });
  }
});
