/**
 * The utilities about the environment and about names: s6-dumpenv, s6-env, s6-printenv,
 * s6-uniquename, s6-clock.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { formatTai64n, tainFromUnix } from "../../../lib/core/time/tain.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import { runBytes, testUtility } from "./utility_case.ts";

requireToolset(OURS);

const ENV = { A: "1", B: "two words", C: "", PATH: "/usr/bin:/bin" };
/** For what a shell has to set: strings that are no UTF-8. */
const WITH_BYTES = `export X="$(printf '\\377\\n\\302')"; unset PWD OLDPWD SHLVL _;`;

function contents(tree: Tree, dir: string): Record<string, string> {
  return Object.fromEntries(
    Array.from(Deno.readDirSync(tree.path(dir)), ({ name }) => [name, tree.text(`${dir}/${name}`)]),
  );
}

testUtility("s6-printenv", [
  {
    env: ENV,
    stdout: "A=1\nB=two words\nC=\nPATH=/usr/bin:/bin\n",
    like: ["env", "-i", "A=1", "B=two words", "C=", "PATH=/usr/bin:/bin"],
  },
  { env: { A: "1", B: "2" }, args: ["-n"], stdout: "A=1\nB=2" },
  { env: { A: "1", B: "2" }, args: ["-0"], stdout: "A=1\0B=2\0" },
  { env: { A: "1", B: "2" }, args: ["-d", ", "], stdout: "A=1,B=2," },
  { env: { A: "é", B: "" }, args: ["-d", ""], stdout: "4:A=\xc3\xa9,2:B=," },
  { env: {}, stdout: "" },
  { env: { A: "1" }, shell: `${WITH_BYTES} exec "$0" -0`, stdout: "A=1\0X=\xff\n\xc2\0" },
  { env: {}, args: ["-x"], code: 100, stderr: /unknown option: -x/ },
]);

testUtility("s6-env", [
  { env: { A: "1", B: "2" }, args: ["C=3", "A=0", "/usr/bin/env"], stdout: "C=3\nB=2\nA=0\n" },
  { env: ENV, args: ["-i", "A=b=c", "D=", "/usr/bin/env"], stdout: "A=b=c\nD=\n" },
  { env: { A: "1" }, args: ["B=2"], stdout: "A=1\nB=2\n" },
  { env: ENV, args: ["-i"], stdout: "" },
  { env: ENV, args: ["-i", "A=1", "A=2", "s6-printenv"], stdout: "A=2\n" },
  { env: ENV, args: ["-i", "A=1", "s6-env", "B=2"], stdout: "A=1\nB=2\n" },
  // it is looked for in the PATH that was, as C does
  { env: ENV, args: ["PATH=/nowhere", "env"], stdout: "A=1\nB=two words\nC=\nPATH=/nowhere\n" },
  { env: ENV, args: ["A=x", "false"], code: 1 },
  {
    env: ENV,
    args: ["A=x", "nobody-has-this"],
    code: 127,
    stderr: /^s6-env: fatal: unable to exec nobody-has-this: No such file or directory$/m,
  },
  {
    env: ENV,
    args: ["/etc/passwd"],
    code: 126,
    stderr: /unable to exec \/etc\/passwd: Permission denied/,
  },
  { env: ENV, args: ["-x"], code: 100, stderr: /unknown option: -x/ },
]);

testUtility("s6-dumpenv", [
  {
    env: { A: "1", B: "two\nlines", C: "" },
    args: ["e"],
    after: (tree) => assertEquals(contents(tree, "e"), { A: "1", B: "two\nlines", C: "" }),
  },
  {
    env: { A: "1", C: "" },
    args: ["-N", "e"],
    after: (tree) => assertEquals(contents(tree, "e"), { A: "1\n", C: "\n" }),
  },
  {
    env: { A: "1" },
    args: ["-Nn", "e"],
    after: (tree) => assertEquals(contents(tree, "e"), { A: "1" }),
  },
  {
    env: { A: "new" },
    args: ["e"],
    tree: { "e/A": "old", "e/B": "b" },
    after: (tree) => assertEquals(contents(tree, "e"), { A: "new", B: "b" }),
  },
  { env: {}, args: ["e"], after: (tree) => assertEquals(contents(tree, "e"), {}) },
  {
    env: { A: "1" },
    args: ["-m", "700", "e"],
    after: (tree) => assertEquals(Deno.statSync(tree.path("e")).mode! & 0o777, 0o700),
  },
  { env: {}, shell: `${WITH_BYTES} "$0" e && /bin/cat e/X`, stdout: "\xff\n\xc2" },
  // a link that somebody has put there is replaced, not followed
  {
    env: { A: "1" },
    args: ["e"],
    tree: { "e/A=": "../f", f: "mine" },
    after: (tree) => assertEquals(tree.text("f"), "mine"),
  },
  {
    env: { A: "1" },
    args: ["e"],
    tree: { e: "" },
    code: 111,
    stderr: /unable to create directory e: Not a directory/,
  },
  {
    env: { A: "1", "../f": "x" },
    args: ["e"],
    code: 111,
    stderr: /the variable \.\.\/f into e: .*no file can be called like that/,
  },
  {
    env: {},
    args: ["lost/e"],
    code: 111,
    stderr: /unable to create directory lost\/e: No such file/,
  },
  { env: {}, args: ["-m", "x", "e"], code: 100, stderr: /invalid mode/ },
  { env: {}, args: ["-N"], code: 100, stderr: /no directory given/ },
]);

testUtility("s6-uniquename", [
  { args: ["-n", "x", "p"], code: 100, stderr: /invalid number: x/ },
  { args: ["-n", "5"], code: 100, stderr: /no prefix given/ },
  { args: [], code: 100, stderr: /no prefix given/ },
]);

async function uniqueName(...args: string[]): Promise<string> {
  const { code, stdout } = await runBytes(OURS.bin("s6-uniquename"), { args });
  assertEquals(code, 0);
  return stdout;
}

const HOST = Deno.hostname().replaceAll(".", "\\.");

Deno.test("s6-uniquename: prefix, time, pid, host and random letters, as many as wanted, and never twice the same", async () => {
  const first = await uniqueName("/tmp/x y");
  assertMatch(first, new RegExp(`^/tmp/x y:@[0-9a-f]{24}:[0-9]+:${HOST}:[\\w-]{8}\n$`));
  assert(first !== await uniqueName("/tmp/x y"));
  assertMatch(await uniqueName("-n", "0", "p"), new RegExp(`^p:@[0-9a-f]{24}:[0-9]+:${HOST}\n$`));
  assertMatch(
    await uniqueName("-n", "70000", "p"),
    new RegExp(`^p:@[0-9a-f]{24}:[0-9]+:${HOST}:[\\w-]{70000}\n$`),
  );
});

testUtility("s6-clock", [
  { args: ["yesterday"], code: 100, stderr: /no TAI64N stamp: yesterday/ },
  { args: ["@400000006b0245"], code: 100, stderr: /no TAI64N stamp/ },
  // only root may set it, and this is not root
  {
    shell:
      `exec setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all "$0" @400000006b02450522bb639c`,
    code: 111,
    stderr: /^s6-clock: fatal: unable to set the system's clock: Operation not permitted$/m,
  },
]);

Deno.test("s6-clock: tells the time", async () => {
  const before = formatTai64n(tainFromUnix(Math.floor(Date.now() / 1000), 0));
  const { stdout } = await runBytes(OURS.bin("s6-clock"), { args: [] });
  const after = formatTai64n(tainFromUnix(Math.floor(Date.now() / 1000) + 1, 0));
  assertMatch(stdout, /^@[0-9a-f]{24}\n$/);
  assert(before <= stdout && stdout <= after, `${before} ${stdout} ${after}`);
});

Deno.test("s6-dumpenv: what it was told to keep, s6-env gives a program, byte for byte", async () => {
  using tree = makeTree();
  const value = Array.from({ length: 127 }, (_, i) => String.fromCharCode(i + 1)).join("");
  const { code } = await runBytes(OURS.bin("s6-env"), {
    args: ["-i", `V=${value}`, OURS.bin("s6-dumpenv"), "e"],
    cwd: tree.root,
  });
  assertEquals([code, tree.text("e/V")], [0, value]);
});
