/**
 * Files of services, and what is made of them: each beside it in NAME.golden. A change that is meant
 * is written there by `UPDATE_GOLDEN=1 deno test -A tests/unit/onefile`.
 */
import { isMap, isSeq, parseDocument } from "yaml";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { makeTree } from "../../fixture/tree.ts";
import { filesIn } from "../../../lib/onefile/load_services.ts";
import { DOCUMENT } from "../../../lib/onefile/core/service_keys.ts";
import type { Keys, ValueType } from "../../../lib/onefile/core/value_types.ts";
import { FILES, rendering, renderingText } from "./rendering.ts";

const PLACE = [FILES, "FILES"] as const;

function filesOf(kind: string): string[] {
  return [...Deno.readDirSync(`${FILES}/${kind}`)].map(({ name }) => name)
    .filter((name) => !name.endsWith(".golden")).sort();
}

function assertGolden(path: string, text: string): void {
  const golden = `${path}.golden`;
  if (Deno.env.get("UPDATE_GOLDEN") === "1") Deno.writeTextFileSync(golden, text);
  assertEquals(text, Deno.readTextFileSync(golden));
}

for (const kind of ["good", "directories"] as const) {
  for (const name of filesOf(kind)) {
    Deno.test(`render ${kind}/${name}: as its golden file says`, () => {
      const path = `${FILES}/${kind}/${name}`;
      const form = kind === "good" ? "definitions" : "directories";
      const made = rendering([path], PLACE, form);
      assertEquals(made.hasErrors, name.startsWith("refused"), made.findings.join("\n"));
      assertGolden(path, renderingText(made));
    });
  }
}

for (const name of filesOf("bad")) {
  Deno.test(`render bad/${name}: every mistake has its place, and nothing is made`, () => {
    const path = `${FILES}/bad/${name}`;
    const made = rendering([path], PLACE);
    assert(made.hasErrors);
    for (const line of made.findings) {
      assertMatch(line, /^FILES\/bad\/\S+:\d+:\d+: (error|note): ./);
    }
    assertGolden(path, renderingText(made));
  });
}

for (const name of filesOf("merged")) {
  Deno.test(`render merged/${name}: files are merged in their order`, () => {
    const directory = `${FILES}/merged/${name}`;
    const files = filesOf(`merged/${name}`).filter((file) => !file.startsWith("."));
    const made = rendering(files.map((file) => `${directory}/${file}`), PLACE);
    assert(!made.hasErrors, made.findings.join("\n"));
    assertGolden(directory, renderingText(made));
  });
}

/** Every key of the table, as `services/*\/healthcheck/interval`. */
function keyPaths(type: ValueType, path: readonly string[]): string[] {
  switch (type.kind) {
    case "object":
      return Object.entries(type.keys as Keys).flatMap(([key, row]) => [
        [...path, key].join("/"),
        ...keyPaths(row.type, [...path, key]),
      ]);
    case "entries":
      return keyPaths(type.of, [...path, "*"]);
    case "list":
      return keyPaths(type.of, path);
    case "either":
      return type.of.flatMap((each) => keyPaths(each, path));
    default:
      return [];
  }
}

/** Everything is text, so that numbers are written again as they stand there. */
const PLAIN = { schema: "failsafe" } as const;

/** Where each key of a document stands; items of lists have numbers. */
function pathsIn(node: unknown, path: readonly (string | number)[]): (string | number)[][] {
  if (isSeq(node)) return node.items.flatMap((item, at) => pathsIn(item, [...path, at]));
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => {
    const below = [...path, String(key)];
    return [below, ...pathsIn(value, below)];
  });
}

/** The row of the table for a place: names of the user's choice are `*`. */
function keyOf(path: readonly (string | number)[]): string {
  const named = path.filter((part) => typeof part === "string");
  const isChosen = (at: number): boolean =>
    named[0] === "services" && at === 1 ||
    (at === 3 && ["depends_on", "ulimits"].includes(named[2]!));
  return named.map((part, at) => isChosen(at) ? "*" : part).join("/");
}

/** Without this key; undefined if an alias needs what is in it. */
function textWithout(text: string, path: readonly (string | number)[]): string | undefined {
  const document = parseDocument(text, PLAIN);
  document.deleteIn(path);
  try {
    return document.toString();
  } catch {
    return undefined;
  }
}

Deno.test("render: every key of the table is in a golden file, and changes what is made", () => {
  using tree = makeTree();
  const shown = (text: string): string => {
    tree.add({ "one.yaml": text });
    return renderingText(rendering([tree.path("one.yaml")], [tree.root, "."]));
  };
  const left = new Set(keyPaths(DOCUMENT, []).filter((key) => !/^(name|version)$/.test(key)));
  for (const name of filesOf("good").filter((each) => /^(?!empty).*\.yaml$/.test(each))) {
    const text = parseDocument(Deno.readTextFileSync(`${FILES}/good/${name}`), PLAIN).toString();
    const whole = shown(text);
    for (const path of pathsIn(parseDocument(text, PLAIN).contents, [])) {
      if (!left.has(keyOf(path))) continue;
      const without = textWithout(text, path);
      if (without !== undefined && shown(without) !== whole) left.delete(keyOf(path));
    }
  }
  assertEquals([...left], []);
});

Deno.test("render: a file of more than 1 MiB, and what is no file, is an error", () => {
  using tree = makeTree({
    "big.yaml": `# ${"x".repeat(1 << 20)}\n`,
    "tokens.yaml": `x-a: [${"a,".repeat(250_000)}]\n`,
    "directory.yaml/": "",
    "other.toml": "",
  });
  const said = (name: string): readonly string[] =>
    rendering([tree.path(name)], [tree.root, "."]).findings;
  assertEquals(said("big.yaml"), ["./big.yaml:1:1: error: it has more than 1048576 bytes"]);
  assertEquals(said("tokens.yaml"), [
    "./tokens.yaml:1:266669: error: more than 400000 signs and words",
  ]);
  assertEquals(said("directory.yaml"), [
    "./directory.yaml:1:1: error: unable to open it: Is a directory",
  ]);
  assertEquals(said("none.yaml"), [
    "./none.yaml:1:1: error: unable to open it: No such file or directory",
  ]);
  assertEquals(said("other.toml"), [
    "./other.toml:1:1: error: only .yaml, .yml and .json are read",
  ]);
});

Deno.test("render: .env and names are those of the directory around services.d; a .env that can't be read is told", () => {
  using tree = makeTree({
    "services.d/b.yaml": "services: {web: {command: x $A, env_file: web.env}}\n",
    "services.d/.hidden.yaml": "no",
    ".env": "A=1\n",
    "services.d/.env": "A=2\n",
  });
  const made = (): string => renderingText(rendering(filesIn(tree.root), [tree.root, "."]));
  assertMatch(made(), /^hexad env --format compose --file \.\/web\.env --\nx 1$/m);
  Deno.writeFileSync(tree.path(".env"), Uint8Array.of(0x41, 0x3d, 0xff));
  assertMatch(made(), /^\.\/\.env:1:1: note: this line is not UTF-8$/m);
});

Deno.test("render: a thousand services are one file, and the same file gives the same bytes", () => {
  const services = Array.from(
    { length: 1000 },
    (_, at) => `  s${at}: {command: x, image: y${at === 0 ? "" : `, depends_on: [s${at - 1}]`}}\n`,
  );
  using tree = makeTree({ "many.yaml": `services:\n${services.join("")}` });
  const made = rendering([tree.path("many.yaml")], [tree.root, "."]);
  assertEquals(made.findings.length, 1);
  assertEquals(made.shown.match(/^longrun$/gm)?.length, 1000);
  assertEquals(rendering([tree.path("many.yaml")], [tree.root, "."]).shown, made.shown);
});
