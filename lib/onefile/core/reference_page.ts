/** The tables of docs/services-yaml.md, out of the table of keys. Pure. */
import { DOCUMENT } from "./service_keys.ts";
import { TEXT_FORMS } from "./text_forms.ts";
import type { ForeignKeys, Keys, ValueType } from "./value_types.ts";

/** A table of the reference, and the heading that it stands under. */
export interface ReferenceTable {
  readonly heading: string;
  readonly rows: readonly (readonly string[])[];
}

const HEAD = ["key", "holds", "becomes", "means", "for example"] as const;

/** A table for each map of keys, the outer ones first. */
export function referenceTables(): ReferenceTable[] {
  return tablesOf("The file", DOCUMENT);
}

const HEADINGS: Readonly<Record<string, string>> = {
  services: "A service",
  "depends_on": "A dependency",
  "x-hexad": "x-hexad",
};

function tablesOf(heading: string, type: ValueType): ReferenceTable[] {
  switch (type.kind) {
    case "object":
      return [
        { heading, rows: [HEAD, ...rowsOf(type.keys)] },
        ...Object.entries(type.keys).flatMap(([key, row]) =>
          tablesOf(
            key === "services" || heading === "A service"
              ? HEADINGS[key] ?? key
              : `${heading}: ${key}`,
            row.type,
          )
        ),
      ];
    case "entries":
    case "list":
      return tablesOf(heading, type.of);
    case "either":
      return type.of.flatMap((each) => tablesOf(heading, each));
    default:
      return [];
  }
}

function rowsOf(keys: Keys): string[][] {
  return Object.entries(keys).map(([key, { type, becomes, text, example }]) => [
    `\`${key}\``,
    holds(type),
    becomes,
    text,
    `\`${example}\``,
  ]);
}

function holds(type: ValueType): string {
  switch (type.kind) {
    case "text":
      return type.form === undefined ? "a text" : TEXT_FORMS[type.form].what.replace(/[;,].*$/, "");
    case "boolean":
      return "true or false";
    case "integer":
      return type.most === Number.MAX_SAFE_INTEGER
        ? `a number from ${type.least}`
        : `a number from ${type.least} to ${type.most}`;
    case "duration":
      return "a duration";
    case "choice":
      return type.of.map((word) => `\`${word}\``).join(", ");
    case "words":
      return "a line, or a list of words";
    case "pairs":
      return "a map, or a list of NAME=VALUE";
    case "list":
      return `a list: ${holds(type.of)}`;
    case "object":
      return "a map of keys";
    case "entries":
      return `a map of names: ${holds(type.of)}`;
    case "either":
      return type.of.map(holds).join("; or ");
    default:
      return type satisfies never;
  }
}

/** The table of keys that have no effect, or are refused: reason, and keys. */
export function foreignTable(): string[][] {
  const rows = new Map<string, string[]>();
  const add = (keys: ForeignKeys | undefined, prefix: string): void => {
    for (const [key, row] of Object.entries(keys ?? {})) {
      const reason = "noted" in row ? `no effect: ${row.noted}` : `an error: ${row.refused}`;
      rows.set(reason, [...rows.get(reason) ?? [], `\`${prefix}${key}\``]);
    }
  };
  const { foreign, keys } = DOCUMENT;
  const service = keys.services.type.of;
  add(service.foreign, "");
  add(service.keys.deploy.type.foreign, "deploy.");
  add(service.keys.logging.type.keys.options.type.foreign, "logging.options.");
  add(foreign, "beside services: ");
  return [
    ["what happens", "keys"],
    ...[...rows].map(([reason, names]) => [reason, names.join(", ")]),
  ];
}
