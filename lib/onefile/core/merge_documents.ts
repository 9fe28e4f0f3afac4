/**
 * Merges documents as Compose does: maps key by key, lists joined, single values and commands
 * replaced; `!reset` removes and `!override` replaces. Source: Compose specification, 13-merge.md.
 * Pure.
 */
import { entryOf, isNull } from "./located.ts";
import type { LocatedEntry, LocatedMap, LocatedNode } from "./located.ts";
import type { KeyRow, ValueType } from "./value_types.ts";

/** @param row Undefined for what has no row: values of foreign keys and extensions */
export function mergeNodes(
  one: LocatedNode,
  other: LocatedNode,
  type: ValueType | undefined,
  isReplaced = false,
): LocatedNode {
  if (other.tag === "override" || isReplaced || type?.kind === "words") return other;
  if (isNull(other)) return one;
  const [first, second] = isByName(type)
    ? [namedEntries(one), namedEntries(other)]
    : isOneOrMore(type)
    ? [asList(one), asList(other)]
    : [one, other];
  if (first.kind === "map" && second.kind === "map") {
    return isOtherKind(first, second, type) ? second : mergeMaps(first, second, type);
  }
  if (first.kind === "list" && second.kind === "list") {
    return {
      ...second,
      items: [...first.items, ...second.items.filter((item) => !holds(first.items, item))],
    };
  }
  return second;
}

function holds(items: readonly LocatedNode[], item: LocatedNode): boolean {
  return item.kind === "scalar" &&
    items.some((each) => each.kind === "scalar" && each.text === item.text);
}

function mergeMaps(one: LocatedMap, other: LocatedMap, type: ValueType | undefined): LocatedMap {
  const entries = new Map(one.entries.map((entry) => [entry.key, entry]));
  for (const entry of other.entries) {
    const known = entries.get(entry.key);
    if (entry.value.tag === "reset") entries.delete(entry.key);
    else if (known === undefined) entries.set(entry.key, entry);
    else {
      const row = rowOf(type, entry.key);
      const value = mergeNodes(known.value, entry.value, row?.type, row?.isReplaced);
      entries.set(entry.key, { ...entry, value });
    }
  }
  return { ...other, entries: [...entries.values()] };
}

function rowOf(
  type: ValueType | undefined,
  key: string,
): Pick<KeyRow, "type" | "isReplaced"> | undefined {
  switch (type?.kind) {
    case "object":
      return Object.hasOwn(type.keys, key) ? type.keys[key] : undefined;
    case "entries":
      return { type: type.of };
    case "either":
      return type.of.map((each) => rowOf(each, key)).find((row) => row !== undefined);
    default:
      return undefined;
  }
}

/** Lists that are another way to write a map. */
function isByName(type: ValueType | undefined): boolean {
  return type?.kind === "pairs" ||
    (type?.kind === "either" && type.of.some(({ kind }) => kind === "entries") &&
      type.of.some(({ kind }) => kind === "list"));
}

/** A text, or a list of texts: lists are joined, and a text is one of one. */
function isOneOrMore(type: ValueType | undefined): boolean {
  return type?.kind === "either" && type.of.some(({ kind }) => kind === "text") &&
    type.of.some(({ kind }) => kind === "list");
}

function asList(node: LocatedNode): LocatedNode {
  return node.kind === "scalar" ? { kind: "list", place: node.place, items: [node] } : node;
}

/** Options of one log driver are none of another. */
function isOtherKind(one: LocatedMap, other: LocatedMap, type: ValueType | undefined): boolean {
  if (type?.kind !== "object" || type.keys.driver === undefined) return false;
  const [before, after] = [one, other].map((map) => entryOf(map, "driver")?.value);
  return before?.kind === "scalar" && after?.kind === "scalar" && before.text !== after.text;
}

/** Takes out what `!reset` removes, where there was nothing to remove it from. */
export function withoutResets<T extends LocatedNode>(node: T): T {
  if (node.kind === "scalar") return node;
  if (node.kind === "list") return { ...node, items: node.items.map(withoutResets) };
  return {
    ...node,
    entries: node.entries.filter(({ value }) => value.tag !== "reset")
      .map((entry) => ({ ...entry, value: withoutResets(entry.value) })),
  };
}

/** `[A=1, B]` as `{A: 1, B: null}`. */
function namedEntries(node: LocatedNode): LocatedNode {
  if (node.kind !== "list" || !node.items.every((item) => item.kind === "scalar")) return node;
  const entries = node.items.map((item): LocatedEntry => {
    const equals = item.text.indexOf("=");
    const { place } = item;
    return equals < 0
      ? { key: item.text, place, value: { kind: "scalar", place, text: "", type: "null" } }
      : {
        key: item.text.slice(0, equals),
        place,
        value: { kind: "scalar", place, text: item.text.slice(equals + 1), type: "text" },
      };
  });
  const { tag, place } = node;
  return { kind: "map", place, entries, ...(tag === undefined ? {} : { tag }) };
}
