/**
 * A document of YAML or JSON as data whose every part knows its place. lib/onefile/read_document.ts
 * makes it; aliases and merge keys are resolved in it. Pure.
 */

/** Line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** reset: removes what another file has set. override: takes its place, where lists are joined. */
export type MergeTag = "reset" | "override";

interface Located {
  readonly place: Place;
  readonly tag?: MergeTag;
}

export interface LocatedScalar extends Located {
  readonly kind: "scalar";
  /** As it is written, without quotes; empty for null. */
  readonly text: string;
  readonly type: "text" | "number" | "boolean" | "null";
}

export interface LocatedList extends Located {
  readonly kind: "list";
  readonly items: readonly LocatedNode[];
}

export interface LocatedEntry {
  readonly key: string;
  readonly place: Place;
  readonly value: LocatedNode;
}

export interface LocatedMap extends Located {
  readonly kind: "map";
  readonly entries: readonly LocatedEntry[];
}

export type LocatedNode = LocatedScalar | LocatedList | LocatedMap;

/** The value of a key; undefined if the map does not have it. */
export function entryOf(map: LocatedMap, key: string): LocatedEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

export function isNull(node: LocatedNode): boolean {
  return node.kind === "scalar" && node.type === "null";
}
