import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { getegid, geteuid } from "../../../lib/libc/process.ts";
import { applyFixAttrs, runFixAttrs } from "../../../lib/overlay/fix_attrs.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";

/** Us, so that no privilege is needed. */
const US = `${geteuid()}:${getegid()}`;

function modeOf(tree: Tree, path: string): string {
  return (Deno.lstatSync(tree.path(path)).mode! & 0o7777).toString(8);
}

/** Applies one line for a path of the tree. Returns the warnings. */
function apply(tree: Tree, path: string, rest: string, hidden = false): string[] {
  const warnings: string[] = [];
  const done = applyFixAttrs(`${tree.root}/${path} ${rest}\n`, "list", {
    hidden,
    warn: (text) => warnings.push(text),
  });
  assertEquals(done, warnings.length === 0);
  return warnings;
}

Deno.test("applyFixAttrs() gives files one mode and directories another, below a directory too if told so", () => {
  using tree = makeTree({ "d/sub/file": "", "d/top": "" });
  assertEquals(apply(tree, "d", `false ${US} 0640 0750`), []);
  assertEquals([modeOf(tree, "d"), modeOf(tree, "d/top"), modeOf(tree, "d/sub")], [
    "750",
    "644",
    "755",
  ]);
  assertEquals(apply(tree, "d", `true ${US} 0640 2750`), []);
  assertEquals(["d", "d/top", "d/sub", "d/sub/file"].map((path) => modeOf(tree, path)), [
    "2750",
    "640",
    "2750",
    "640",
  ]);
});

Deno.test("applyFixAttrs() leaves modes alone where the list has a dash", () => {
  using tree = makeTree({ "d/file": "" });
  assertEquals(apply(tree, "d", `true ${US} 0600 -`), []);
  assertEquals([modeOf(tree, "d"), modeOf(tree, "d/file")], ["755", "600"]);
});

Deno.test("applyFixAttrs() takes patterns, and no name that begins with a dot unless it is asked for", () => {
  using tree = makeTree({
    "a.log": "",
    "b.log": "",
    ".c.log": "",
    "d/.hidden": "",
    "d/seen": "",
    "other": "",
  });
  assertEquals(apply(tree, "*.log", `false ${US} 0600 -`), []);
  assertEquals(apply(tree, "d", `true ${US} 0600 -`), []);
  const files = ["a.log", "b.log", ".c.log", "d/.hidden", "d/seen", "other"];
  assertEquals(files.map((path) => modeOf(tree, path)), ["600", "600", "644", "644", "600", "644"]);
  assertEquals(apply(tree, "d", `true ${US} 0600 -`, true), []);
  assertEquals(modeOf(tree, "d/.hidden"), "600");
});

Deno.test("applyFixAttrs() takes names with blanks and stars in them", () => {
  using tree = makeTree({ "a b": "", "c*d": "", "cXd": "" });
  assertEquals(apply(tree, "a\\ b", `false ${US} 0600 -`), []);
  assertEquals(apply(tree, "c\\*d", `false ${US} 0600 -`), []);
  assertEquals(["a b", "c*d", "cXd"].map((path) => modeOf(tree, path)), ["600", "600", "644"]);
});

Deno.test("applyFixAttrs() follows no link that it meets below a directory", () => {
  using tree = makeTree({
    "d/link=": "../outside",
    "d/loop=": ".",
    "d/file": "",
    "outside/file": "",
  });
  assertEquals(apply(tree, "d", `true ${US} 0600 0700`), []);
  assertEquals([modeOf(tree, "outside"), modeOf(tree, "outside/file"), modeOf(tree, "d/file")], [
    "755",
    "644",
    "600",
  ]);
});

Deno.test("applyFixAttrs() follows a link of our own that a path names", () => {
  using tree = makeTree({ "link=": "real", "real/file": "" });
  assertEquals(apply(tree, "link", `true ${US} 0600 0700`), []);
  assertEquals([modeOf(tree, "real"), modeOf(tree, "real/file")], ["700", "600"]);
});

Deno.test("applyFixAttrs() says what is missing, and nothing about a pattern without a match", () => {
  using tree = makeTree();
  assertEquals(apply(tree, "none", `true ${US} 0600 0700`), [
    `list: unable to open ${tree.root}/none: No such file or directory`,
  ]);
  assertEquals(apply(tree, "none*", `true ${US} 0600 0700`), []);
});

Deno.test("applyFixAttrs() goes on after a line with an unknown account or nonsense", () => {
  using tree = makeTree({ "file": "" });
  const warnings: string[] = [];
  const text = `/x true no-such-user 0644 0755\nnonsense\n${tree.root}/file false ${US} 0600 -\n`;
  assertEquals(
    applyFixAttrs(text, "list", { hidden: false, warn: (line) => warnings.push(line) }),
    false,
  );
  const expected = [
    "list: line 2: not five words: path, recurse, account, file mode, directory mode",
    "list: unknown user: no-such-user",
  ];
  assertEquals(warnings, expected);
  assertEquals(modeOf(tree, "file"), "600");
});

Deno.test("runFixAttrs() applies the files of a directory in the order of their names, and no directory is no list", () => {
  using tree = makeTree({ "file": "" });
  tree.add({
    "list/10-last": `${tree.root}/file false ${US} 0604 -`,
    "list/02-first": `${tree.root}/file false ${US} 0600 -`,
    "list/05/": "",
  });
  const said: string[] = [];
  const options = {
    hidden: false,
    warn: (text: string) => said.push(text),
    info: (text: string) => said.push(text),
  };
  assertEquals(runFixAttrs(tree.path("list"), options), false);
  assertEquals(modeOf(tree, "file"), "604");
  const applying = said.filter((text) => text.startsWith("applying "));
  assertEquals(
    applying,
    ["02-first", "05", "10-last"].map((name) => `applying ${tree.root}/list/${name}`),
  );
  assertStringIncludes(said.join("\n"), `unable to open ${tree.root}/list/05: Is a directory`);
  assert(runFixAttrs(tree.path("none"), options));
});
