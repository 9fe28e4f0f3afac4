/**
 * Reads YAML, and JSON, which is YAML too, into a document with places. The package `yaml` parses;
 * it keeps the place of every value, which `@std/yaml` does not. Aliases and merge keys (`<<`) are
 * resolved here, within limits: a small file may stand for a gigantic one. Numbers keep the text
 * that they are written in.
 */
import { isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, parseDocument } from "yaml";
import type { Node, Pair, YAMLMap } from "yaml";
import { suggestion } from "../core/text/edit_distance.ts";
import { LexerLimits } from "./core/lexer_limits.ts";
import type { FileFindings } from "./core/file_findings.ts";
import type { LocatedEntry, LocatedMap, LocatedNode, MergeTag, Place } from "./core/located.ts";

/** The largest file. */
export const MAX_FILE_BYTES = 1 << 20;
/** How deep values may lie in each other, and how many there may be after aliases were followed. */
const MAX_DEPTH = 64;
const MAX_NODES = 200_000;
const TAGS: Readonly<Record<string, MergeTag>> = { "!reset": "reset", "!override": "override" };
/** `!!str` and the like. */
const YAML_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq|merge)$/;
/** What the parser says in words of its grammar. */
const PLAINER: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "a tab can't indent; use blanks",
  MULTIPLE_DOCS: "another document begins here; a file holds one",
  BLOCK_AS_IMPLICIT_KEY: "a text with a colon and a blank in it is a map; put it in quotes",
  MULTILINE_IMPLICIT_KEY:
    "a colon is missing, or this line is less or more indented than its peers",
};
const MERGE_KEY = "<<";

class DocumentFault extends Error {
  override readonly name = "DocumentFault";
  readonly place: Place;

  constructor(place: Place, text: string) {
    super(text);
    this.place = place;
  }
}

/** Undefined if it is no document; what is wrong has been reported then. */
export function readDocument(
  file: string,
  text: string,
  findings: FileFindings,
): LocatedNode | undefined {
  const start: Place = { file, line: 1, column: 1 };
  const limits = new LexerLimits(MAX_DEPTH);
  for (const token of new Lexer().lex(text)) {
    const fault = limits.take(token);
    if (fault !== undefined) {
      return findings.error({ file, line: fault.line, column: fault.column }, fault.text);
    }
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false, // is looked at below, faster
    logLevel: "error", // "silent" would pass over a second document
    version: "1.2",
  });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const [first] = document.errors;
  if (first !== undefined) {
    const text = PLAINER[first.code] ?? first.message.replaceAll("\n", " ");
    return findings.error(placeAt(first.pos[0]), text);
  }
  if (document.contents === null) {
    return { kind: "scalar", place: start, text: "", type: "null" };
  }
  try {
    return new Reading(placeAt).node(document.contents, 0);
  } catch (error) {
    if (!(error instanceof DocumentFault)) throw error;
    return findings.error(error.place, error.message);
  }
}

/** One pass through a document, in its order, so that an alias means what stands before it. */
class Reading {
  readonly #placeAt: (offset: number) => Place;
  readonly #anchors = new Map<string, LocatedNode>();
  /** How many values each anchor stands for. */
  readonly #sizes = new Map<string, number>();
  #nodes = 0;

  constructor(placeAt: (offset: number) => Place) {
    this.#placeAt = placeAt;
  }

  node(node: Node | null, depth: number, fallback?: Place): LocatedNode {
    const start = node?.range?.[0];
    const place = start === undefined ? fallback ?? this.#placeAt(0) : this.#placeAt(start);
    this.#count(1, place);
    if (depth > MAX_DEPTH) throw new DocumentFault(place, `more than ${MAX_DEPTH} levels`);
    if (node === null) return { kind: "scalar", place, text: "", type: "null" };
    if (isAlias(node)) return this.#alias(node.source, place);
    const before = this.#nodes;
    const made = this.#made(node, place, depth);
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined) {
      this.#anchors.set(anchor, made);
      this.#sizes.set(anchor, this.#nodes - before + 1);
    }
    return made;
  }

  #count(nodes: number, place: Place): void {
    this.#nodes += nodes;
    if (this.#nodes > MAX_NODES) {
      throw new DocumentFault(place, `more than ${MAX_NODES} values, with those of aliases`);
    }
  }

  #alias(name: string, place: Place): LocatedNode {
    const known = this.#anchors.get(name);
    if (known === undefined) throw new DocumentFault(place, `no anchor before this: ${name}`);
    this.#count(this.#sizes.get(name)!, place);
    return known;
  }

  #made(node: Node, place: Place, depth: number): LocatedNode {
    const written = (node as { tag?: string }).tag;
    const tag = written === undefined ? undefined : TAGS[written];
    if (written !== undefined && tag === undefined && !YAML_TAG.test(written)) {
      throw new DocumentFault(
        place,
        `no tag that is known: ${written}${suggestion(written, Object.keys(TAGS))}`,
      );
    }
    const tagged = tag === undefined ? {} : { tag };
    if (isMap(node)) return { ...this.#map(node, place, depth), ...tagged };
    if (isSeq(node)) {
      const items = node.items.map((item) => this.node(item as Node | null, depth + 1, place));
      return { kind: "list", place, items, ...tagged };
    }
    if (!isScalar(node)) throw new DocumentFault(place, "no value");
    const { value, source } = node;
    const isText = typeof value === "string";
    const text = isText ? value : value === null ? "" : source ?? String(value);
    const type = isText
      ? "text"
      : value === null || value === undefined
      ? "null"
      : typeof value === "boolean"
      ? "boolean"
      : "number";
    return { kind: "scalar", place, text, type, ...tagged };
  }

  #map(node: YAMLMap, place: Place, depth: number): LocatedMap {
    const entries = new Map<string, LocatedEntry>();
    const merged: LocatedMap[] = [];
    for (const { key, value } of node.items as Pair<Node | null, Node | null>[]) {
      const named = this.node(key, depth + 1, place);
      if (named.kind !== "scalar") throw new DocumentFault(named.place, "a key is a single word");
      const inner = this.node(value, depth + 1, named.place);
      if (named.text === MERGE_KEY) {
        merged.push(...mapsOf(inner));
        continue;
      }
      const twin = entries.get(named.text);
      if (twin !== undefined) {
        throw new DocumentFault(
          named.place,
          `the key ${named.text} is there already, in line ${twin.place.line}`,
        );
      }
      entries.set(named.text, { key: named.text, place: named.place, value: inner });
    }
    for (const map of merged) {
      this.#count(map.entries.length, place);
      for (const entry of map.entries) {
        if (!entries.has(entry.key)) entries.set(entry.key, entry);
      }
    }
    return { kind: "map", place, entries: [...entries.values()] };
  }
}

function mapsOf(node: LocatedNode): LocatedMap[] {
  if (node.kind === "map") return [node];
  if (node.kind === "list" && node.items.every((item) => item.kind === "map")) {
    return [...node.items];
  }
  throw new DocumentFault(node.place, "<< takes a map, or a list of maps");
}
