/**
 * The utilities that change files: s6-chmod to s6-touch. They are run as root, since owners are
 * changed.
 */
import { assert, assertEquals } from "@std/assert";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import type { Tree, TreeSpec } from "../../fixture/tree.ts";
import { testUtility } from "./utility_case.ts";

requireToolset(OURS);
if (Deno.uid() !== 0) throw new Error("the tests of s6-chown and s6-hiercopy need root");

const WORLD: TreeSpec = {
  "f": "text",
  "d/x": "x",
  "d/sub/.y": "y",
  "d/link=": "../f",
  "d/dangling=": "nowhere",
  "d/fifo|": "",
  "empty/": "",
  "lf=": "f",
  "ld=": "d",
};

function infoOf(tree: Tree, path: string): Deno.FileInfo {
  return Deno.lstatSync(tree.path(path));
}

/** Permissions, in octal. */
function modeOf(tree: Tree, path: string): string {
  return (infoOf(tree, path).mode! & 0o7777).toString(8);
}

function namesIn(tree: Tree, path: string): string[] {
  return Array.from(Deno.readDirSync(tree.path(path)), ({ name }) => name).sort();
}

testUtility("s6-chmod", [
  { args: ["4711", "f"], tree: WORLD, after: (tree) => assertEquals(modeOf(tree, "f"), "4711") },
  { args: ["100600", "lf"], tree: WORLD, after: (tree) => assertEquals(modeOf(tree, "f"), "600") },
  {
    args: ["1777", "empty"],
    tree: WORLD,
    after: (tree) => assertEquals(modeOf(tree, "empty"), "1777"),
  },
  {
    args: ["0", "f", "empty"],
    tree: WORLD,
    after: (tree) => assertEquals([modeOf(tree, "f"), modeOf(tree, "empty")], ["0", "755"]),
  },
  {
    args: ["u+x", "f"],
    tree: WORLD,
    code: 100,
    stderr: /invalid mode: u\+x; an octal number is wanted/,
  },
  { args: ["888", "f"], tree: WORLD, code: 100, stderr: /invalid mode: 888/ },
  { args: ["644"], code: 100, stderr: /a mode and a file are needed/ },
  {
    args: ["644", "lost"],
    code: 111,
    stderr: /^s6-chmod: fatal: unable to change mode of lost: No such file or directory$/m,
  },
]);

function owners(tree: Tree, path: string): (number | null)[] {
  const { uid, gid } = infoOf(tree, path);
  return [uid, gid];
}

const UID_GID = { UID: "1000", GID: "1001" };

testUtility("s6-chown", [
  { args: ["-u", "5", "f"], tree: WORLD, after: (tree) => assertEquals(owners(tree, "f"), [5, 0]) },
  { args: ["-g", "6", "f"], tree: WORLD, after: (tree) => assertEquals(owners(tree, "f"), [0, 6]) },
  {
    args: ["-u5", "-g6", "lf"],
    tree: WORLD,
    after: (tree) => assertEquals([owners(tree, "f"), owners(tree, "lf")], [[5, 6], [0, 0]]),
  },
  {
    args: ["-U", "f"],
    env: UID_GID,
    tree: WORLD,
    after: (tree) => assertEquals(owners(tree, "f"), [1000, 1001]),
  },
  {
    args: ["-U", "-u", "7", "f"],
    env: UID_GID,
    tree: WORLD,
    after: (tree) => assertEquals(owners(tree, "f"), [7, 1001]),
  },
  {
    args: ["-u", "4294967295", "f"],
    tree: WORLD,
    after: (tree) => assertEquals(owners(tree, "f"), [0, 0]),
  },
  { args: ["-U", "f"], tree: WORLD, code: 100, stderr: /UID is not set; s6-envuidgid sets it/ },
  {
    args: ["-U", "f"],
    env: { UID: "1", GID: "x" },
    tree: WORLD,
    code: 100,
    stderr: /GID is no number: x/,
  },
  {
    args: ["-u", "root", "f"],
    tree: WORLD,
    code: 100,
    stderr: /invalid uid: root; a number is wanted/,
  },
  { args: ["-u", "1"], code: 100, stderr: /no file given/ },
  { args: ["-u", "1", "lost"], code: 111, stderr: /unable to chown lost: No such file/ },
]);

testUtility("s6-mkdir", [
  { args: ["a", "b"], after: (tree) => assertEquals(namesIn(tree, "."), ["a", "b"]) },
  { shell: `umask 027; exec "$0" a`, after: (tree) => assertEquals(modeOf(tree, "a"), "750") },
  {
    shell: `umask 027; exec "$0" -m 777 a`,
    after: (tree) => assertEquals(modeOf(tree, "a"), "777"),
  },
  {
    args: ["-pm", "711", "a/b/"],
    after: (tree) => assertEquals([modeOf(tree, "a"), modeOf(tree, "a/b")], ["711", "711"]),
  },
  {
    args: ["-p", "d/sub", "./a//b"],
    tree: WORLD,
    after: (tree) => assert(infoOf(tree, "a/b").isDirectory),
  },
  { args: ["-p", "ld/n"], tree: WORLD, after: (tree) => assert(infoOf(tree, "d/n").isDirectory) },
  {
    args: ["-vp", "a/b"],
    stderr: /^s6-mkdir: info: created directory a\ns6-mkdir: info: created directory a\/b\n$/,
  },
  { args: [] },
  {
    args: ["d", "new"],
    tree: WORLD,
    code: 111,
    stderr: /unable to create directory d: File exists/,
    after: (tree) => assert(tree.exists("new")),
  },
  {
    args: ["-p", "f"],
    tree: WORLD,
    code: 111,
    stderr: /unable to create directory f: File exists/,
  },
  {
    args: ["-p", "f/x"],
    tree: WORLD,
    code: 111,
    stderr: /unable to create directory f: File exists/,
  },
  { args: ["lost/x"], code: 111, stderr: /unable to create directory lost\/x: No such file/ },
  { args: ["-m", "u=rwx", "a"], code: 100, stderr: /invalid mode/ },
]);

testUtility("s6-mkfifo", [
  {
    shell: `umask 077; exec "$0" a b`,
    after: (tree) => assertEquals([modeOf(tree, "a"), modeOf(tree, "b")], ["666", "666"]),
  },
  {
    args: ["-m", "600", "a"],
    after: (tree) => assert(infoOf(tree, "a").isFifo && modeOf(tree, "a") === "600"),
  },
  { args: ["-m", "777", "a"], after: (tree) => assertEquals(modeOf(tree, "a"), "666") },
  { args: ["f"], tree: WORLD, code: 111, stderr: /unable to create FIFO f: File exists/ },
  {
    args: ["a", "f", "b"],
    tree: WORLD,
    code: 111,
    stderr: /FIFO f/,
    after: (tree) => assertEquals([tree.exists("a"), tree.exists("b")], [true, false]),
  },
  { args: ["-m", "x", "a"], code: 100, stderr: /invalid mode: x/ },
  { args: [], code: 100, stderr: /no FIFO given/ },
]);

testUtility("s6-touch", [
  { args: ["a", "b"], after: (tree) => assertEquals(namesIn(tree, "."), ["a", "b"]) },
  {
    shell: `touch -d @1000000000 f; "$0" f; find f -newermt @1500000000`,
    tree: WORLD,
    stdout: "f\n",
  },
  { args: ["f"], tree: WORLD, after: (tree) => assertEquals(tree.text("f"), "text") },
  { args: ["d/dangling"], tree: WORLD, after: (tree) => assert(tree.exists("d/nowhere")) },
  { args: ["--", "-x"], after: (tree) => assertEquals(namesIn(tree, "."), ["--", "-x"]) },
  {
    args: ["d/fifo"],
    tree: WORLD,
    code: 111,
    stderr: /unable to touch d\/fifo: No such device or address/,
  },
  {
    args: ["lost/x", "y"],
    code: 111,
    stderr: /touch lost\/x: No such file/,
    after: (tree) => assertEquals(namesIn(tree, "."), []),
  },
  { args: [], code: 100, stderr: /no file given/ },
]);

testUtility("s6-rename", [
  {
    args: ["f", "g"],
    tree: WORLD,
    after: (tree) => assertEquals([tree.exists("f"), tree.text("g")], [false, "text"]),
  },
  { args: ["f", "d/x"], tree: WORLD, after: (tree) => assertEquals(tree.text("d/x"), "text") },
  {
    args: ["d", "empty"],
    tree: WORLD,
    after: (tree) => assertEquals([tree.exists("d"), tree.text("empty/x")], [false, "x"]),
  },
  {
    args: ["lf", "g"],
    tree: WORLD,
    after: (tree) => assertEquals(Deno.readLinkSync(tree.path("g")), "f"),
  },
  { args: ["f", "d"], tree: WORLD, code: 111, stderr: /unable to rename f to d: Is a directory/ },
  { args: ["lost", "g"], code: 111, stderr: /unable to rename lost to g: No such file/ },
  { args: ["f"], tree: WORLD, code: 100, stderr: /an old and a new name are needed/ },
]);

const OTHERS = ["empty", "f", "ld", "lf"];

testUtility("s6-rmrf", [
  {
    args: ["d"],
    tree: WORLD,
    after: (tree) => assertEquals([namesIn(tree, "."), tree.text("f")], [OTHERS, "text"]),
  },
  {
    args: ["ld", "lf", "lost"],
    tree: WORLD,
    after: (tree) => assertEquals(namesIn(tree, "."), ["d", "empty", "f"]),
  },
  {
    args: ["d/", "f", "empty"],
    tree: WORLD,
    after: (tree) => assertEquals(namesIn(tree, "."), ["ld", "lf"]),
  },
  {
    shell: `mkdir "$(printf 'd/\\377\\376')"; "$0" d; ls`,
    tree: WORLD,
    stdout: `${OTHERS.join("\n")}\n`,
  },
  {
    args: ["-x", "--"],
    tree: { "-x/y": "", "--": "" },
    after: (tree) => assertEquals(namesIn(tree, "."), []),
  },
  {
    args: ["ld/"],
    tree: WORLD,
    code: 111,
    stderr: /unable to remove ld\/: Not a directory/,
    after: (tree) => assert(tree.exists("d/x")),
  },
  {
    args: ["f/x", "d"],
    tree: WORLD,
    code: 111,
    stderr: /unable to remove f\/x: Not a directory/,
    after: (tree) => assert(tree.exists("d/x")),
  },
  {
    args: ["/"],
    code: 111,
    stderr:
      /^s6-rmrf: fatal: unable to remove \/: Operation not permitted; it is the root directory$/m,
  },
  { args: ["//."], code: 111, stderr: /it is the root directory/ },
  { args: [], code: 100, stderr: /no file given/ },
]);

testUtility("s6-linkname", [
  { args: ["lf"], tree: WORLD, stdout: "f\n" },
  { args: ["-n", "d/dangling"], tree: WORLD, stdout: "nowhere" },
  { shell: `"$0" -f ld/../ld/link | sed "s#$(pwd -P)#.#"`, tree: WORLD, stdout: "./f\n" },
  { args: ["-fn", "/proc/self/exe/.."], code: 111, stderr: /unable to resolve/ },
  { args: ["f"], tree: WORLD, code: 111, stderr: /unable to resolve f: Invalid argument/ },
  { args: ["lost"], code: 111, stderr: /unable to resolve lost: No such file/ },
  {
    args: ["-f", "d/dangling"],
    tree: WORLD,
    code: 111,
    stderr: /unable to resolve d\/dangling: No such file/,
  },
  { args: ["-f"], code: 100, stderr: /no path given/ },
]);

testUtility("s6-ls", [
  { shell: `"$0" d | sort`, tree: WORLD, stdout: "dangling\nfifo\nlink\nsub\nx\n" },
  { args: ["d/sub"], tree: WORLD },
  { args: ["-a", "d/sub"], tree: WORLD, stdout: ".y\n" },
  { shell: `"$0" -A empty | sort`, tree: WORLD, stdout: ".\n..\n" },
  { shell: `"$0" -0 -x x d | sort -z`, tree: WORLD, stdout: "dangling\0fifo\0link\0sub\0" },
  { shell: `>"$(printf '\\377\\n\\302')"; "$0" -0 .`, stdout: "\xff\n\xc2\0" },
  {
    shell: `seq 5000 | xargs touch; "$0" . | sort -n`,
    stdout: Array.from({ length: 5000 }, (_, i) => `${i + 1}\n`).join(""),
  },
  { args: ["lost"], code: 111, stderr: /unable to open directory lost: No such file/ },
  { args: ["f"], tree: WORLD, code: 111, stderr: /unable to open directory f: Not a directory/ },
  { args: ["-l", "d"], code: 100, stderr: /unknown option: -l/ },
]);
