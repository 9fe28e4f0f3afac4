/**
 * The utilities that make links and copy trees: s6-ln, s6-hiercopy, s6-update-symlinks. They are
 * run as root, since owners are changed.
 */
import { assert, assertEquals } from "@std/assert";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import type { Tree, TreeSpec } from "../../fixture/tree.ts";
import { testUtility } from "./utility_case.ts";

requireToolset(OURS);
if (Deno.uid() !== 0) throw new Error("the tests of s6-hiercopy need root");

const LINKS: TreeSpec = {
  "f": "text",
  "g": "other",
  "d/x": "x",
  "lf=": "f",
  "ld=": "d",
  "dangling=": "nowhere",
};

function targetOf(tree: Tree, path: string): string {
  return Deno.readLinkSync(tree.path(path));
}

/** Is it another name of the same file? */
function isSame(tree: Tree, one: string, other: string): boolean {
  return Deno.lstatSync(tree.path(one)).ino === Deno.lstatSync(tree.path(other)).ino;
}

function namesIn(tree: Tree, path: string): string[] {
  return Array.from(Deno.readDirSync(tree.path(path)), ({ name }) => name).sort();
}

/** Nothing temporary is left. */
function assertTidy(tree: Tree, path = "."): void {
  assertEquals(namesIn(tree, path).filter((name) => name.includes(":")), []);
}

testUtility("s6-ln", [
  { args: ["f", "new"], tree: LINKS, after: (tree) => assert(isSame(tree, "f", "new")) },
  { args: ["f", "d"], tree: LINKS, after: (tree) => assert(isSame(tree, "f", "d/f")) },
  {
    args: ["-s", "any/where", "new"],
    after: (tree) => assertEquals(targetOf(tree, "new"), "any/where"),
  },
  {
    args: ["-s", "../f", "d"],
    tree: LINKS,
    after: (tree) => assertEquals(targetOf(tree, "d/f"), "../f"),
  },
  {
    args: ["-s", "a/b", "c", "d"],
    tree: LINKS,
    after: (tree) => assertEquals([targetOf(tree, "d/b"), targetOf(tree, "d/c")], ["a/b", "c"]),
  },
  { args: ["lf", "new"], tree: LINKS, after: (tree) => assertEquals(targetOf(tree, "new"), "f") },
  { args: ["-PL", "lf", "new"], tree: LINKS, after: (tree) => assert(isSame(tree, "f", "new")) },
  { args: ["-LP", "lf", "new"], tree: LINKS, after: (tree) => assert(isSame(tree, "lf", "new")) },
  {
    args: ["-sL", "lf", "new"],
    tree: LINKS,
    after: (tree) => assertEquals(targetOf(tree, "new"), "lf"),
  },
  {
    args: ["-f", "f", "g"],
    tree: LINKS,
    after: (tree) => (assert(isSame(tree, "f", "g")), assertTidy(tree)),
  },
  {
    args: ["-sf", "x", "lf"],
    tree: LINKS,
    after: (tree) => (assertEquals(targetOf(tree, "lf"), "x"), assertTidy(tree)),
  },
  {
    args: ["-sf", "y", "ld"],
    tree: LINKS,
    after: (tree) => assertEquals(targetOf(tree, "d/y"), "y"),
  },
  {
    args: ["-nsf", "y", "ld"],
    tree: LINKS,
    after: (tree) => assertEquals(targetOf(tree, "ld"), "y"),
  },
  { args: ["-nf", "f", "d"], tree: LINKS, after: (tree) => assert(isSame(tree, "f", "d/f")) },
  // both names are of one file already: rename leaves the temporary one
  { shell: `ln f h; "$0" -f f h`, tree: LINKS, after: assertTidy },
  {
    args: ["f", "g"],
    tree: LINKS,
    code: 1,
    stderr: /^s6-ln: warning: unable to make a link from g to f: File exists$/m,
  },
  { args: ["-sn", "y", "ld"], tree: LINKS, code: 1, stderr: /from ld to y: File exists/ },
  {
    args: ["f", "x", "y", "d"],
    tree: LINKS,
    code: 2,
    stderr: /d\/x to x: No such file/,
    after: (tree) => assert(isSame(tree, "f", "d/f")),
  },
  {
    args: ["f", "g", "none", "lost"],
    tree: LINKS,
    code: 3,
    stderr: /(.*: No such file or directory\n){3}/,
  },
  {
    args: ["-f", "lost", "g"],
    tree: LINKS,
    code: 1,
    stderr: /lost/,
    after: (tree) => assertEquals(tree.text("g"), "other"),
  },
  { args: ["f"], tree: LINKS, code: 100, stderr: /a source and a target are needed/ },
  { args: ["f", "g/x"], tree: LINKS, code: 111, stderr: /unable to stat g\/x: Not a directory/ },
]);

const SOURCE: TreeSpec = {
  "s/f": "text",
  "s/sub/.hidden": "",
  "s/sub/deep/": "",
  "s/link=": "../nowhere",
  "s/fifo|": "",
  "s/big": "0123456789".repeat(30_000),
  "old/f": "a longer text than before",
  "old/mine": "mine",
};

const PREPARE =
  `umask 027; chmod 4755 s/f; chmod 2711 s/sub; chmod 602 s/fifo; chown 1000:1001 s/sub/.hidden s/f; chown -h 5:6 s/link;
chmod 4755 s/f; chmod 600 s/sub/.hidden; mknod s/null c 1 3; >"$(printf 's/\\377')";`;
/** What there is to see of a tree, apart from times and the numbers of files. */
const SHOW =
  `show() { (cd "$1" && find . -printf '%p %y %m %U:%G %l\\n' | LC_ALL=C sort; find . -type f -exec cat {} + | cksum); };`;

testUtility("s6-hiercopy", [
  {
    shell: `${PREPARE}${SHOW} "$0" s new && show s >1 && show new >2 && cmp 1 2 && umask`,
    tree: SOURCE,
    stdout: "0027\n",
  },
  {
    shell:
      `${PREPARE}${SHOW} rm -r old; mkdir old; "$0" s old && show s >1 && show old >2 && cmp 1 2`,
    tree: SOURCE,
  },
  { args: ["s/f", "new"], tree: SOURCE, after: (tree) => assertEquals(tree.text("new"), "text") },
  {
    args: ["s/f", "old/f"],
    tree: SOURCE,
    after: (tree) => assertEquals(tree.text("old/f"), "text"),
  },
  {
    args: ["s/link", "new"],
    tree: SOURCE,
    after: (tree) => assertEquals(targetOf(tree, "new"), "../nowhere"),
  },
  {
    args: ["s/sub", "old"],
    tree: SOURCE,
    after: (tree) => assertEquals(namesIn(tree, "old"), [".hidden", "deep", "f", "mine"]),
  },
  {
    args: ["s/sub", "lo"],
    tree: { ...SOURCE, "lo=": "old" },
    after: (tree) => assert(tree.exists("old/deep")),
  },
  {
    shell: `"$0" s old; echo $?; "$0" s old`,
    tree: SOURCE,
    code: 111,
    stdout: "0\n",
    stderr:
      /^s6-hiercopy: warning: unable to create old\/(fifo|link): File exists\n[^]*fatal: unable to copy all of s to old: 2 failed\n$/,
    after: (tree) => assertEquals(tree.text("old/f"), "text"),
  },
  {
    args: ["s/f", "s/f"],
    tree: SOURCE,
    code: 111,
    stderr: /s\/f is the same file/,
    after: (tree) => assertEquals(tree.text("s/f"), "text"),
  },
  { args: ["s/f", "s/fifo"], tree: SOURCE, code: 111, stderr: /unable to (write|open) s\/fifo/ },
  { args: ["s", "old/f"], tree: SOURCE, code: 111, stderr: /old\/f: Not a directory/ },
  {
    args: ["lost", "new"],
    code: 111,
    stderr: /unable to look at lost: No such file/,
    after: (tree) => assert(!tree.exists("new")),
  },
  { args: ["s"], tree: SOURCE, code: 100, stderr: /a source and a destination are needed/ },
  // what would run as its owner must not run as whoever copies it
  {
    shell:
      `chmod 777 .; cp /bin/true t; chmod 4755 t; setpriv --reuid=65534 --regid=65534 --clear-groups "$0" t new; stat -c '%a %u' new`,
    stdout: "755 65534\n",
  },
]);

const UNION: TreeSpec = {
  "one/a": "",
  "one/b": "",
  "one/sub/x": "",
  "two/a": "",
  "two/sub/z": "",
  "none/": "",
  "file": "",
  "bad/sub": "",
};
const SHOW_LINKS = `show() { find dst -printf '%p %y %l\\n' | sed "s#$PWD#.#" | LC_ALL=C sort; };`;
const MERGED =
  "dst d \ndst/a l ./two/a\ndst/b l ./one/b\ndst/sub d \ndst/sub/x l ./one/sub/x\ndst/sub/z l ./two/sub/z\n";

testUtility("s6-update-symlinks", [
  { shell: `${SHOW_LINKS} "$0" $PWD/dst $PWD/one && show`, tree: UNION, stdout: "dst l ./one\n" },
  {
    shell: `${SHOW_LINKS} "$0" $PWD/dst $PWD/one $PWD/two && show`,
    tree: UNION,
    stdout: MERGED,
    after: assertTidy,
  },
  {
    shell: `${SHOW_LINKS} mkdir dst; >dst/old; "$0" $PWD/dst/ $PWD/one $PWD/two && show`,
    tree: UNION,
    stdout: MERGED,
    after: assertTidy,
  },
  {
    shell: `${SHOW_LINKS} ln -s one dst; "$0" $PWD/dst $PWD/one $PWD/two && show`,
    tree: UNION,
    stdout: MERGED,
    after: assertTidy,
  },
  {
    shell: `${SHOW_LINKS} mkdir dst; >dst/old; "$0" $PWD/dst $PWD/two && show`,
    tree: UNION,
    stdout: "dst l ./two\n",
    after: assertTidy,
  },
  {
    shell: `${SHOW_LINKS} >dst; "$0" $PWD/dst $PWD/two && show`,
    tree: UNION,
    stdout: "dst l ./two\n",
    after: assertTidy,
  },
  {
    shell: `${SHOW_LINKS} "$0" $PWD/dst $PWD/one $PWD/none && show`,
    tree: UNION,
    stdout: "dst l ./one\n",
  },
  {
    shell: `${SHOW_LINKS} "$0" $PWD/dst $PWD/none $PWD/one && show`,
    tree: UNION,
    stdout: "dst l ./one\n",
  },
  {
    shell: `${SHOW_LINKS} mkdir dst; >dst/old; "$0" $PWD/dst $PWD/one $PWD/bad; echo $?; show`,
    tree: UNION,
    stdout: "100\ndst d \ndst/old f \n",
    stderr:
      /^s6-update-symlinks: fatal: the sources conflict: \S+\/dst\/sub is a directory, and \S+\/bad\/sub is none$/m,
    after: assertTidy,
  },
  {
    shell: `mkdir dst; "$0" $PWD/dst $PWD/lost $PWD/one`,
    tree: UNION,
    code: 111,
    stderr: /lost: No such file/,
    after: assertTidy,
  },
  { shell: `"$0" $PWD/lost/dst $PWD/one`, tree: UNION, code: 111, stderr: /No such file/ },
  { shell: `"$0" dst $PWD/one`, tree: UNION, code: 100, stderr: /dst is no absolute path/ },
  { shell: `"$0" $PWD/dst one`, tree: UNION, code: 100, stderr: /one is no absolute path/ },
  { args: ["//", "/bin"], code: 100, stderr: /unable to replace the root directory/ },
  { args: ["/tmp/x"], code: 100, stderr: /a destination and a source are needed/ },
]);
