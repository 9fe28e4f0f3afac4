/** Every row of the table of services.yaml, read by its reader. */
import { assert, assertEquals } from "@std/assert";
import { fileFindingLine, FileFindings } from "../../../lib/onefile/core/file_findings.ts";
import {
  FOREIGN_DEPLOY_KEYS,
  FOREIGN_LOG_OPTIONS,
  FOREIGN_SERVICE_KEYS,
  FOREIGN_TOP_KEYS,
} from "../../../lib/onefile/core/foreign_keys.ts";
import { readValue } from "../../../lib/onefile/core/read_value.ts";
import { DOCUMENT, SERVICE_KEYS } from "../../../lib/onefile/core/service_keys.ts";
import type { Keys, ValueType } from "../../../lib/onefile/core/value_types.ts";
import { readDocument } from "../../../lib/onefile/read_document.ts";

function findingsOf(text: string): string[] {
  const findings = new FileFindings();
  const node = readDocument("f", text, findings);
  if (node !== undefined) readValue(DOCUMENT, node, findings);
  return findings.all.map(fileFindingLine);
}

interface Row {
  readonly path: readonly string[];
  readonly type: ValueType;
  readonly example: string;
}

/** Rows below a map of keys, with names where the user chooses them. */
function rowsOf(keys: Keys, path: readonly string[]): Row[] {
  return Object.entries(keys).flatMap(([key, { type, example }]) => [
    { path: [...path, key], type, example },
    ...below(type, [...path, key]),
  ]);
}

function below(type: ValueType, path: readonly string[]): Row[] {
  switch (type.kind) {
    case "object":
      return rowsOf(type.keys, path);
    case "entries":
      return below(type.of, [...path, "some"]);
    case "either":
      return type.of.flatMap((each) => below(each, path));
    default:
      return [];
  }
}

const ROWS = rowsOf(SERVICE_KEYS, ["services", "web"]);

/** A document in lines: `services:`, `  web:` and so on, and the value behind the last key. */
function documentWith(path: readonly string[], value: string): string {
  return path.map((key, depth) => `${" ".repeat(2 * depth)}${key}:`).join("\n") + ` ${value}\n`;
}

for (const { path, type, example } of ROWS) {
  const name = path.slice(2).join(".");

  Deno.test(`services.yaml: ${name}: the example is read`, () =>
    assertEquals(findingsOf(documentWith(path, example)), []));

  Deno.test(`services.yaml: ${name}: a value of the wrong kind is an error at its place`, () => {
    const wrong = type.kind === "object" || type.kind === "entries" ? "[[a]]" : "{a: {b: {c: }}}";
    const lines = findingsOf(documentWith(path, wrong));
    assert(lines.length > 0);
    for (const line of lines) assert(line.startsWith(`f:${path.length}:`), line);
  });
}

Deno.test("services.yaml: a misspelt key is an error with the nearest one, wherever it stands", () => {
  const parents = new Set(ROWS.map(({ path }) => path.slice(0, -1).join("/")));
  for (const parent of parents) {
    const path = parent.split("/");
    const known = ROWS.find((row) => row.path.slice(0, -1).join("/") === parent)!.path.at(-1)!;
    const lines = findingsOf(documentWith([...path, `${known}z`], "x"));
    const column = 2 * path.length + 1;
    assertEquals(lines, [
      `f:${path.length + 1}:${column}: error: no such key: ${known}z; did you mean ${known}?`,
    ]);
  }
});

for (
  const [rows, path] of [
    [FOREIGN_TOP_KEYS, []],
    [FOREIGN_SERVICE_KEYS, ["services", "web"]],
    [FOREIGN_DEPLOY_KEYS, ["services", "web", "deploy"]],
    [FOREIGN_LOG_OPTIONS, ["services", "web", "logging", "options"]],
  ] as const
) {
  for (const [key, row] of Object.entries(rows)) {
    const isNoted = "noted" in row;
    Deno.test(`services.yaml: Compose's ${[...path, key].join(".")} is ${isNoted ? "noted" : "refused"}, once`, () => {
      const text = documentWith([...path, key], "[x]");
      const twin = path.length === 0
        ? ""
        : text.split("\n").slice(1).join("\n").replace("web", "b");
      const place = `f:${path.length + 1}:${2 * path.length + 1}`;
      const lines = findingsOf(`${text}${twin}`).filter((line) =>
        isNoted || line.startsWith(place)
      );
      assertEquals(lines, [
        isNoted
          ? `${place}: note: ${key} has no effect: ${row.noted}`
          : `${place}: error: ${key}: ${row.refused}`,
      ]);
    });
  }
}

Deno.test("services.yaml: keys that begin with x- are anybody's, everywhere", () => {
  const text = "x-a: 1\nservices:\n  web:\n    x-b: [1]\n    healthcheck: {x-c: {}}\n";
  assertEquals(findingsOf(text), []);
});
