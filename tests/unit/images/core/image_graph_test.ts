import { assertEquals } from "@std/assert";
import {
  affectedImages,
  changedContexts,
  withBases,
} from "../../../../lib/images/core/affected_images.ts";
import {
  type AskedNamespace,
  type ImageGraph,
  imageGraph,
} from "../../../../lib/images/core/image_graph.ts";
import { prefixOf } from "../../../../lib/images/core/image_reference.ts";
import { causeText, findingText, imagesPlan } from "../../../../lib/images/core/images_plan.ts";
import { imageTreeLines } from "../../../../lib/images/core/images_tree.ts";

const NOTHING_ASKED: AskedNamespace = { registry: undefined, organization: undefined };

function graphOf(
  files: Readonly<Record<string, string>>,
  asked: Partial<AskedNamespace> = {},
): ImageGraph {
  return imageGraph(
    new Map(Object.entries(files)),
    { buildArgs: new Map(), platform: undefined, buildPlatform: "linux/amd64" },
    { ...NOTHING_ASKED, ...asked },
  );
}

/** `CONTEXT <- BASE BASE` of each that has bases. */
function bases({ images }: ImageGraph): string[] {
  return [...images.values()].filter(({ bases }) => bases.length > 0).map(({ context, bases }) =>
    `${context} <- ${bases.join(" ")}`
  );
}

function findings({ findings }: ImageGraph): string[] {
  return findings.map((finding) => `${finding.severity}: ${findingText(finding)}`);
}

const CHAIN = {
  "base/1": "FROM debian:stretch\n",
  "lang/3": "# TAGS 3 3.1\nFROM org/base:1\n",
  "app/web": "FROM org/lang:3.1 AS build\nFROM scratch\nCOPY --from=build / /\n",
  "app/cli": "FROM alpine\nCOPY --from=org/lang:3 / /\nRUN --mount=from=org/base:1 true\n",
};

Deno.test("imageGraph(): bases are found by any of their tags, wherever a Dockerfile names them", () => {
  const graph = graphOf(CHAIN);
  assertEquals(bases(graph), [
    "app/cli <- lang/3 base/1",
    "app/web <- lang/3",
    "lang/3 <- base/1",
  ]);
  assertEquals([findings(graph), prefixOf(graph.home)], [[], "org/"]);
});

const NAMES: readonly (readonly [
  name: string,
  from: readonly string[],
  asked: Partial<AskedNamespace>,
  prefix: string,
  isFound: boolean,
])[] = [
  ["an organization that FROM lines tell", ["org/base:1"], {}, "org/", true],
  ["the same with Docker Hub's name", ["docker.io/org/base:1"], {}, "org/", true],
  ["a registry with a port", ["reg:5000/org/base:1"], {}, "reg:5000/org/", true],
  ["a registry alone", ["localhost/base:1"], {}, "localhost/", true],
  ["none, and none is asked for", ["debian:1"], {}, "", false],
  ["names without an organization, which are these images'", ["base:1"], {}, "", true],
  ["another registry to push to", ["org/base:1"], { registry: "reg:5000" }, "reg:5000/org/", true],
  ["another organization", ["org/base:1"], { organization: "new" }, "new/", true],
  ["the same organization", ["reg.io/org/base:1"], { organization: "org" }, "reg.io/org/", true],
  ["one of several", ["org/base:1", "other/base:1"], { organization: "other" }, "other/", true],
];

for (const [name, from, asked, prefix, isFound] of NAMES) {
  Deno.test(`imageGraph(): what images are called: ${name}`, () => {
    const text = from.map((each) => `FROM ${each}\n`).join("");
    const graph = graphOf({ "base/1": "FROM scratch\n", "app/x": text }, asked);
    assertEquals(prefixOf(graph.home), prefix);
    assertEquals(bases(graph), isFound ? ["app/x <- base/1"] : []);
  });
}

Deno.test("imageGraph(): without a word, two organizations of FROM lines are one too many", () => {
  const graph = graphOf({
    "base/1": "FROM scratch\n",
    "app/x": "FROM a/base:1\nFROM b/base:1\n",
  });
  assertEquals(findings(graph), [
    "error: FROM lines look for these images in a and b: --registry and --organization say which it is",
  ]);
});

Deno.test("imageGraph(): an official image is not the one that is made of it, if that has an organization", () => {
  const files = { "debian/stretch": "FROM debian:stretch\n", "app/x": "FROM org/debian:stretch\n" };
  assertEquals(bases(graphOf(files)), ["app/x <- debian/stretch"]);
  assertEquals(findings(graphOf({ "debian/stretch": "FROM debian:stretch\n" })), [
    "error: debian/stretch: these are built on each other: debian/stretch -> debian/stretch",
  ]);
});

Deno.test("imageGraph(): a digest is no image of the repository", () => {
  const from = `FROM org/base:1@sha256:${"a".repeat(64)}\n`;
  assertEquals(
    bases(graphOf({ "base/1": "FROM scratch\n", "a/b": from }, { organization: "org" })),
    [],
  );
});

const UNDECLARED: readonly (readonly [from: string, text: string | undefined])[] = [
  ["org/base:1.9", "no image here has this tag; did you mean base:1.9.4?"],
  ["org/base:1.94", "no image here has this tag; did you mean base:1.9.4?"],
  ["org/base:zzz", "no image here has this tag; did you mean base:1.9.4?"],
  ["org/base", "no image here has this tag; did you mean base:1.9.4?"],
  ["org/bsae:1.9.4", "no image here is called bsae; did you mean base?"],
  ["org/other:1", "no image here is called other"],
  ["base:1.9", undefined],
  ["debian:1", undefined],
];

for (const [from, text] of UNDECLARED) {
  Deno.test(`imageGraph(): a tag that nobody declares: ${from}`, () => {
    const graph = graphOf({
      "base/1": "# TAGS 1.9.4\nFROM scratch\n",
      "a/b": "FROM org/base:1.9.4\n",
      "c/d": `FROM ${from}\n`,
    });
    assertEquals(
      findings(graph),
      text === undefined ? [] : [`warning: c/d/Dockerfile:1: FROM ${from}: ${text}`],
    );
  });
}

const MISTAKES: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  [
    "two contexts with one tag",
    { "a/b": "# TAGS 1\nFROM scratch\n", "a/c": "# TAGS 2 1\nFROM scratch\n" },
    "a/b and a/c both declare a:1",
  ],
  ["a line of tags without any", { "a/b": "# TAGS\nFROM x\n" }, "a/b: the line # TAGS has no tags"],
  ["no tag", { "a/b": "# TAGS 1:2\nFROM x\n" }, "a/b: 1:2 can't be a tag"],
  [
    "a directory that can't be a tag",
    { "a/ü": "FROM x\n" },
    "a/ü: ü can't be a tag; a first line # TAGS names others",
  ],
  [
    "a directory that can't be a name",
    { "A/b": "FROM x\n" },
    "A/b: A can't be the name of an image: it has other letters than a-z",
  ],
  [
    "a Dockerfile with a mistake",
    { "a/b": "FROM x\nCOPY --from=4 / /\n" },
    "a/b/Dockerfile:2: COPY --from=4: there is no stage 4 before this line",
  ],
  [
    "a cycle",
    { "a/1": "FROM o/b:1\n", "b/1": "FROM o/c:1\n", "c/1": "FROM o/a:1\n" },
    "these are built on each other: a/1 -> b/1 -> c/1 -> a/1",
  ],
  [
    "an image of itself",
    { "a/1": "FROM o/a:1\n" },
    "a/1: these are built on each other: a/1 -> a/1",
  ],
];

for (const [name, files, text] of MISTAKES) {
  Deno.test(`imageGraph(): a mistake: ${name}`, () => {
    assertEquals(findings(graphOf(files)), [`error: ${text}`]);
  });
}

Deno.test("imageGraph(): a_b/c and a/b_c are two images", () => {
  const graph = graphOf({ "a_b/c": "FROM scratch\n", "a/b_c": "FROM o/a_b:c\n" });
  assertEquals([bases(graph), findings(graph)], [["a/b_c <- a_b/c"], []]);
});

const PATHS: readonly (readonly [path: string, changed: string, gone: string])[] = [
  ["a/b/Dockerfile", "a/b", ""],
  ["a/b/rootfs/etc/x", "a/b", ""],
  ["a/b", "a/b", ""],
  ["a/ü ö/x\ny", "a/ü ö", ""],
  ["README.md", "", ""],
  ["a/README.md", "", ""],
  [".github/b/x", "", ""],
  ["a/.b/x", "", ""],
  ["x/gone/Dockerfile", "", "x/gone"],
  ["x/gone/file", "", ""],
];

for (const [path, changed, gone] of PATHS) {
  Deno.test(`changedContexts(): ${JSON.stringify(path)}`, () => {
    const found = changedContexts([path], (context) => context === "a/b" || context === "a/ü ö");
    assertEquals([found.changed.join(), found.gone.join()], [changed, gone]);
  });
}

Deno.test("affectedImages(): bases come first, and each has its reason", () => {
  const affected = affectedImages(graphOf(CHAIN).images, ["base/1"]);
  assertEquals([...affected].map(([context, cause]) => `${context}: ${causeText(cause)}`), [
    "base/1: changed",
    "lang/3: built on base/1",
    "app/cli: built on base/1",
    "app/web: built on lang/3",
  ]);
  assertEquals([...affectedImages(graphOf(CHAIN).images, ["app/web"]).keys()], ["app/web"]);
});

Deno.test("withBases(): all that an image is built on, bases first", () => {
  const { images } = graphOf(CHAIN);
  assertEquals(withBases(images, [images.get("app/web")!]).map(({ context }) => context), [
    "base/1",
    "lang/3",
    "app/web",
  ]);
});

Deno.test("affectedImages(): a cycle and a chain of ten thousand come to an end", () => {
  const cycle = { "a/1": "FROM o/b:1\n", "b/1": "FROM o/a:1\n" };
  assertEquals([...affectedImages(graphOf(cycle).images, ["a/1"]).keys()].sort(), ["a/1", "b/1"]);
  const chain = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, i) => [`a/${i}`, `FROM o/a:${i + 1}\n`]),
  );
  const order = [...affectedImages(graphOf(chain).images, ["a/9999"]).keys()];
  assertEquals([order.length, order[0], order.at(-1)], [10_000, "a/9999", "a/0"]);
});

Deno.test("imagesPlan(): mistakes of images that are not meant are warnings", () => {
  const graph = graphOf({ ...CHAIN, "z/1": "# TAGS :\nFROM org/base:2\n" });
  const plan = imagesPlan(graph, { kind: "named", contexts: ["lang/3"] });
  assertEquals(plan.images.map(({ context }) => context), ["lang/3", "app/cli", "app/web"]);
  assertEquals([plan.errors.length, plan.warnings.length], [0, 2]);
  assertEquals(imagesPlan(graph, { kind: "all" }).errors.length, 1);
});

Deno.test("imageTreeLines(): what is built on it stands below it, once", () => {
  const plan = imagesPlan(graphOf(CHAIN), { kind: "all" });
  assertEquals(imageTreeLines(plan.images), [
    "base/1: 1",
    "  app/cli: cli, on lang/3 and base/1",
    "  lang/3: 3 3.1",
    "    app/cli (see above)",
    "    app/web: web",
  ]);
});
