/**
 * hexad graph as a program, and what hexad check --fix makes of an up that has been written for a
 * shell.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Result, run } from "../../fixture/command.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree, type TreeSpec } from "../../fixture/tree.ts";
import { checkedDocument } from "./document.ts";

requireToolset(OURS);

const IMAGE = "image/etc/s6-overlay/s6-rc.d";
const SPEC: TreeSpec = {
  [`${IMAGE}/init/type`]: "oneshot\n",
  [`${IMAGE}/init/up`]: "mkdir -p /tmp/x && echo $PATH > /tmp/x/path\n",
  [`${IMAGE}/init/dependencies.d/base`]: "",
  [`${IMAGE}/web/type`]: "longrun\n",
  [`${IMAGE}/web/run`]: "#!/bin/sh\nexec sleep 1000\n",
  [`${IMAGE}/web/dependencies.d/init`]: "",
  [`${IMAGE}/user/contents.d/web`]: "",
};

function hexad(tree: Tree, ...args: string[]): Promise<Result> {
  return run(OURS.bin("hexad"), args, { cwd: tree.root });
}

interface GraphDocument {
  readonly services: readonly {
    readonly name: string;
    readonly dependencies: readonly { readonly name: string }[];
  }[];
  readonly leftOut: readonly { readonly name: string; readonly becauseOf: string }[];
}

Deno.test("graph: an image, a source, a compiled database; each form", async () => {
  using tree = makeTree(SPEC);
  const lines = [
    "legacy-services (oneshot)",
    "`- web (longrun)",
    "   `- init (oneshot)",
    "      `- legacy-cont-init (oneshot)",
    "         `- fix-attrs (oneshot)",
    "",
  ];
  assertEquals(await hexad(tree, "graph", "image"), {
    code: 0,
    stdout: lines.join("\n"),
    stderr: "",
  });
  assertEquals((await hexad(tree, "graph", IMAGE)).stdout, lines.join("\n"));
  assertStringIncludes(
    (await hexad(tree, "graph", "--dot", "image")).stdout,
    '"web" -> "init" [style=solid];',
  );
  assertStringIncludes(
    (await hexad(tree, "graph", "--why", "init", "image")).stdout,
    "it is started because web needs init; web is in user\n",
  );
  const document = checkedDocument(
    (await hexad(tree, "graph", "--json", "image")).stdout,
    "graph.schema.json",
  ) as GraphDocument;
  assertEquals(
    document.services.find(({ name }) => name === "web")!.dependencies.map(({ name }) => name),
    ["init"],
  );
  tree.add({
    "src/a/type": "oneshot",
    "src/a/up": "",
    "src/b/type": "oneshot",
    "src/b/up": "",
    "src/b/dependencies": "a\n",
  });
  assertEquals((await run(OURS.bin("s6-rc-compile"), ["db", "src"], { cwd: tree.root })).code, 0);
  assertEquals((await hexad(tree, "graph", "db")).stdout, "b (oneshot)\n`- a (oneshot)\n");
});

Deno.test("graph: what is broken is told and left out with what needs it", async () => {
  using tree = makeTree({ ...SPEC, [`${IMAGE}/init/timeout-up`]: "soon" });
  const { code, stdout, stderr } = await hexad(tree, "graph", "image");
  assertEquals([code, stdout], [1, "legacy-cont-init (oneshot)\n`- fix-attrs (oneshot)\n"]);
  assertStringIncludes(
    stderr,
    `hexad graph: warning: ${IMAGE}/init/timeout-up:1: it holds no number of milliseconds; write decimal digits`,
  );
  assertStringIncludes(stderr, "hexad graph: warning: web is left out because of init\n");
  const document = checkedDocument(
    (await hexad(tree, "graph", "--json", "image")).stdout,
    "graph.schema.json",
  ) as GraphDocument;
  assertEquals(document.leftOut.find(({ name }) => name === "web"), {
    name: "web",
    becauseOf: "init",
  });
  assertEquals(
    (await hexad(tree, "graph", "--why", "web", "image")).stdout,
    "web is left out: it needs init\n",
  );
});

Deno.test("graph: no such service is 3, two forms are 100, a database of C's is 4", async () => {
  using tree = makeTree({ ...SPEC, "c/lock": "", "c/resolve.cdb": "", "c/db": "" });
  const unknown = await hexad(tree, "graph", "--why", "wbe", "image");
  assertEquals([unknown.code, unknown.stderr], [
    3,
    "hexad graph: fatal: there is no service or bundle wbe; did you mean web?\n",
  ]);
  assertEquals((await hexad(tree, "graph", "-d", "-j", "image")).code, 100);
  assertEquals((await hexad(tree, "graph", "c")).code, 4);
});

Deno.test("check --fix: the text of an up for a shell becomes a script that up names; it runs as it was meant", async () => {
  using tree = makeTree({
    ...SPEC,
    "src/a/type": "oneshot\n",
    "src/a/up": "echo one\necho two > made\n",
    "src/b/type": "oneshot\n",
    "src/b/up": "true",
  });
  const fixed = await hexad(tree, "check", "--fix", "image");
  assertStringIncludes(
    fixed.stdout,
    `${IMAGE}/init/up: fixed: its text is in run now, and it names that\n`,
  );
  assertEquals(tree.text(`${IMAGE}/init/up`), "/etc/s6-overlay/s6-rc.d/init/run\n");
  assertEquals(
    tree.text(`${IMAGE}/init/run`),
    "#!/bin/sh\nmkdir -p /tmp/x && echo $PATH > /tmp/x/path\n",
  );
  assertEquals(Deno.statSync(tree.path(`${IMAGE}/init/run`)).mode! & 0o777, 0o755);
  // nobody knows where a plain source will be, so the text stays in up
  assertStringIncludes(
    (await hexad(tree, "check", "--fix", "src")).stdout,
    "src/a/up: fixed: /bin/sh -c runs its text\n",
  );
  assertEquals((await run(OURS.bin("s6-rc-compile"), ["db", "src"], { cwd: tree.root })).code, 0);
  const words = (await run(OURS.bin("s6-rc-db"), ["-c", "db", "script", "a"], { cwd: tree.root }))
    .stdout.split("\0").slice(0, -1);
  assertEquals((await run(words[0]!, words.slice(1), { cwd: tree.root })).stdout, "one\n");
  assertEquals(tree.text("made"), "two\n");
});
