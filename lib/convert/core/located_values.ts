/** A document's values as they stand in drafts. Pure. */
import { entryOf, isNull, type LocatedMap, type LocatedNode } from "../../onefile/core/located.ts";
import type { DraftValue } from "./draft.ts";

/** Undefined for what is there without a value. */
export function draftValue(node: LocatedNode): DraftValue | undefined {
  switch (node.kind) {
    case "list":
      return node.items.map((item) => draftValue(item) ?? "");
    case "map":
      return Object.fromEntries(
        node.entries.map(({ key, value }) => [key, draftValue(value) ?? ""]),
      );
    case "scalar":
      if (node.type === "boolean") return node.text.toLowerCase() === "true";
      return node.type === "number" && /^-?(?:0|[1-9]\d{0,14})$/.test(node.text)
        ? Number(node.text)
        : node.type === "null"
        ? undefined
        : node.text;
    default:
      return node satisfies never;
  }
}

/** The map at a key; undefined if there is none. */
export function mapAt(map: LocatedMap | undefined, key: string): LocatedMap | undefined {
  const value = map === undefined ? undefined : entryOf(map, key)?.value;
  return value?.kind === "map" ? value : undefined;
}

/** The single value at a key; undefined if there is none. */
export function textAt(map: LocatedMap | undefined, key: string): string | undefined {
  const value = map === undefined ? undefined : entryOf(map, key)?.value;
  return value?.kind === "scalar" && !isNull(value) ? value.text : undefined;
}

/** The values of a list, or a single value. */
export function textsAt(map: LocatedMap | undefined, key: string): readonly string[] {
  const value = map === undefined ? undefined : entryOf(map, key)?.value;
  if (value?.kind === "list") {
    return value.items.flatMap((item) => item.kind === "scalar" ? [item.text] : []);
  }
  const text = textAt(map, key);
  return text === undefined ? [] : [text];
}

/** `NAME: VALUE`, or a list of `NAME=VALUE`: as that list. */
export function pairsAt(map: LocatedMap | undefined, key: string): readonly string[] {
  const entries = mapAt(map, key)?.entries;
  if (entries === undefined) return textsAt(map, key);
  return entries.map(({ key: name, value }) =>
    value.kind === "scalar" && !isNull(value) ? `${name}=${value.text}` : name
  );
}
