/**
 * Reads a value by its kind. Everything that is wrong is reported with its place, and the rest is
 * read all the same. Pure.
 */
import { suggestion } from "../../core/text/edit_distance.ts";
import { composeDurationMs } from "./compose_units.ts";
import type { FileFindings } from "./file_findings.ts";
import {
  isNull,
  type LocatedList,
  type LocatedMap,
  type LocatedNode,
  type LocatedScalar,
} from "./located.ts";
import { splitCommand } from "./split_command.ts";
import { TEXT_FORMS } from "./text_forms.ts";
import type { Decoded, NamedPair, Valued, ValueType } from "./value_types.ts";

const SHAPES: Readonly<Record<LocatedNode["kind"], string>> = {
  scalar: "a single value",
  list: "a list",
  map: "a map",
};

/** The shapes in which each kind may be written. */
export const SHAPES_OF: Readonly<
  Record<Exclude<ValueType["kind"], "either">, readonly LocatedNode["kind"][]>
> = {
  text: ["scalar"],
  boolean: ["scalar"],
  integer: ["scalar"],
  duration: ["scalar"],
  choice: ["scalar"],
  words: ["scalar", "list"],
  pairs: ["map", "list"],
  list: ["list"],
  object: ["map"],
  entries: ["map"],
};

function shapesOf(type: ValueType): readonly LocatedNode["kind"][] {
  return type.kind === "either" ? type.of.flatMap(shapesOf) : SHAPES_OF[type.kind];
}

/** Undefined if it is wrong, which has been reported then. */
export function readValue<T extends ValueType>(
  type: T,
  node: LocatedNode,
  findings: FileFindings,
): Decoded<T> | undefined {
  return read(type, node, findings) as Decoded<T> | undefined;
}

function read(type: ValueType, node: LocatedNode, findings: FileFindings): unknown {
  if (type.kind === "object" && isNull(node)) return {}; // `db:` with nothing after it
  const shapes = shapesOf(type);
  if (!shapes.includes(node.kind)) {
    const wanted = [...new Set(shapes)].map((shape) => SHAPES[shape]).join(" or ");
    return findings.error(node.place, `${wanted} is needed here, not ${SHAPES[node.kind]}`);
  }
  switch (type.kind) {
    case "either":
      return read(type.of.find((each) => shapesOf(each).includes(node.kind))!, node, findings);
    case "words":
      return node.kind === "list"
        ? texts(node, findings)
        : splitLine(node as LocatedScalar, findings);
    case "pairs":
      return node.kind === "map"
        ? pairsOfMap(node, findings)
        : pairsOfList(node as LocatedList, findings);
    case "list":
      return (node as LocatedList).items.flatMap((item) => {
        const value = read(type.of, item, findings);
        return value === undefined ? [] : [{ value, place: item.place }];
      });
    case "object":
      return readObject(type, node as LocatedMap, findings);
    case "entries":
      return (node as LocatedMap).entries.flatMap(({ key, place, value: inner }) => {
        const before = findings.errorCount;
        // others may speak of it by its name
        const value = read(type.of, inner, findings) ??
          (type.of.kind === "object" ? {} : undefined);
        const isSound = findings.errorCount === before;
        return value === undefined ? [] : [{ name: key, place, value, isSound }];
      });
    default:
      return readScalar(type, node as LocatedScalar, findings);
  }
}

type ScalarType = Extract<
  ValueType,
  { readonly kind: "text" | "boolean" | "integer" | "duration" | "choice" }
>;

function readScalar(
  type: ScalarType,
  { place, text, type: written }: LocatedScalar,
  findings: FileFindings,
): string | number | boolean | undefined {
  if (written === "null") return findings.error(place, "there is no value");
  if (text.includes("\0")) return findings.error(place, "a value can't hold the byte 0");
  switch (type.kind) {
    case "text": {
      if (type.form === undefined || TEXT_FORMS[type.form].isSound(text)) return text;
      return findings.error(place, `${shown(text)}: no ${TEXT_FORMS[type.form].what}`);
    }
    case "boolean": {
      const value = BOOLEANS.get(text.toLowerCase());
      return value ?? findings.error(place, `${shown(text)}: neither true nor false`);
    }
    case "integer": {
      const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= type.least && value <= type.most) return value;
      return findings.error(
        place,
        `${shown(text)}: no whole number from ${type.least} to ${type.most}`,
      );
    }
    case "duration": {
      const value = composeDurationMs(text);
      return value ??
        findings.error(
          place,
          `${shown(text)}: no duration up to 24 days; write 500ms, 10s or 1m30s`,
        );
    }
    case "choice": {
      if (type.of.includes(text)) return text;
      return findings.error(
        place,
        `${shown(text)}: this can only be ${type.of.join(", ")}${suggestion(text, type.of)}`,
      );
    }
    default:
      return type satisfies never;
  }
}

function shown(text: string): string {
  return text === "" ? "an empty text" : text;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
  ["yes", true],
  ["no", false],
  ["on", true],
  ["off", false],
]);

function texts({ items }: LocatedList, findings: FileFindings): string[] | undefined {
  const found = items.map((item) => read({ kind: "text" }, item, findings) as string | undefined);
  return found.every((each) => each !== undefined) ? found : undefined;
}

function splitLine(
  { place, text, type }: LocatedScalar,
  findings: FileFindings,
): readonly string[] | undefined {
  if (type === "null") return [];
  if (text.includes("\0")) return findings.error(place, "a value can't hold the byte 0");
  const split = splitCommand(text);
  return split.kind === "words" ? split.words : findings.error(place, split.text);
}

function pairsOfMap({ entries }: LocatedMap, findings: FileFindings): NamedPair[] {
  return entries.flatMap(({ key: name, place, value: node }): NamedPair[] => {
    if (isNull(node)) return [{ name, value: undefined, place }];
    const value = read({ kind: "text" }, node, findings) as string | undefined;
    return value === undefined ? [] : [{ name, value, place }];
  });
}

function pairsOfList({ items }: LocatedList, findings: FileFindings): NamedPair[] {
  return items.flatMap((item): NamedPair[] => {
    const text = read({ kind: "text" }, item, findings) as string | undefined;
    if (text === undefined) return [];
    const equals = text.indexOf("=");
    const name = equals < 0 ? text : text.slice(0, equals);
    return [{ name, value: equals < 0 ? undefined : text.slice(equals + 1), place: item.place }];
  });
}

/** `x-*` is everybody's own. */
export function isExtension(key: string): boolean {
  return key.startsWith("x-") && key !== "x-hexad";
}

type ObjectType = Extract<ValueType, { readonly kind: "object" }>;

function readObject(
  { keys, foreign = {}, hint = "" }: ObjectType,
  { entries }: LocatedMap,
  findings: FileFindings,
): Readonly<Record<string, Valued<unknown>>> {
  const found: Record<string, Valued<unknown>> = {};
  for (const { key, place, value: node } of entries) {
    const row = Object.hasOwn(keys, key) ? keys[key] : undefined;
    const other = Object.hasOwn(foreign, key) ? foreign[key] : undefined;
    if (row !== undefined) {
      if (isNull(node)) continue;
      const value = read(row.type, node, findings);
      if (value !== undefined) found[key] = { value, place };
    } else if (other !== undefined) {
      if ("noted" in other) findings.note(place, `${key} has no effect: ${other.noted}`);
      else findings.error(place, `${key}: ${other.refused}`);
    } else if (!isExtension(key)) {
      findings.error(place, `no such key: ${key}${suggestion(key, Object.keys(keys)) || hint}`);
    }
  }
  return found;
}
