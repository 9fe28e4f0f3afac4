/**
 * POSIX extended regular expressions as JavaScript ones, where both say the same of every line, and
 * JavaScript's takes no longer.
 *
 * Calling the C library costs a few hundred nanoseconds for each line; a JavaScript expression runs
 * over a block of thousands of lines at once. Only whether a line matches is kept: not where, nor
 * how much. What is refused, and why, stands in ere_syntax.ts and ere_cost.ts. Nothing is left to
 * JavaScript's dialect: every set of bytes is written out, and neither `.` nor `^` nor `$` of it is
 * used, since they take a carriage return for the end of a line. Pure.
 */
import { ANY_IN_LINE, byteSetSource } from "./byte_set.ts";
import { ERE_MATCHED, type EreCost, ereCost, isAffordable } from "./ere_cost.ts";
import { simplifyEre } from "./ere_simplify.ts";
import { type EreNode, parseEre } from "./ere_syntax.ts";
import { encodePath } from "../text/path_bytes.ts";

const AFTER_NEWLINE = "(?<![^\\n])";
const BEFORE_NEWLINE = "(?![^\\n])";
const MAX_PATTERN_BYTES = 2000;

/** A row of parts between two `.*`. */
type Segment = readonly EreNode[];

/**
 * An expression to be run on a block of lines without NUL: it matches within a line exactly when
 * the C library (REG_EXTENDED, REG_NEWLINE, the C locale) matches that line. After a last newline
 * it sees one more line, which is empty. In the block's text each byte is one character: an ASCII
 * byte that of the same number, any other byte whichever is not ASCII.
 *
 * Where it can match nowhere but at the beginning of a line, it is sticky: it is to be tried at
 * each of them.
 *
 * Returns undefined if that can't be promised; ask the C library then.
 *
 * @param pattern its bytes as `decodePath` reads them
 */
export function translateEre(pattern: string): RegExp | undefined {
  const bytes = encodePath(pattern);
  const tree = bytes.length > MAX_PATTERN_BYTES
    ? undefined
    : parseEre(String.fromCharCode(...bytes));
  if (tree === undefined) return undefined;
  const captures = { count: 0 };
  const branches = simplifyEre(tree);
  const sources = branches.map((parts) => branchSource(parts, captures));
  if (sources.includes(undefined)) return undefined;
  const isAnchored = branches.every(([first]) => first?.kind === "start");
  return new RegExp(sources.includes("") ? "(?:)" : sources.join("|"), isAnchored ? "my" : "gm");
}

function branchSource(parts: readonly EreNode[], captures: { count: number }): string | undefined {
  if (isAffordable(ereCost(parts, ERE_MATCHED))) return rowSource(parts);
  return gappedSource(segmentsOf(parts), captures);
}

/** Cut at each `.*`; what `.+` needs stays in the segment before it. */
function segmentsOf(parts: readonly EreNode[]): readonly Segment[] {
  const segments: EreNode[][] = [[]];
  for (const part of parts) {
    const last = segments.at(-1)!;
    if (
      part.kind === "repeat" && part.max === Infinity && part.body.kind === "set" &&
      part.body.set === ANY_IN_LINE
    ) {
      for (let i = 0; i < part.min; i++) last.push(part.body);
      segments.push([]);
    } else last.push(part);
  }
  return segments;
}

/**
 * `a.*b.*c`: after an `a` the first `b` is as good as any other, and nothing has to be tried again
 * if no `c` follows it. This holds because all matches of an inner segment are of one length. A
 * lookahead is never entered again; its capture takes the matcher past it.
 */
function gappedSource(
  segments: readonly Segment[],
  captures: { count: number },
): string | undefined {
  const head = segments[0]!;
  const tail = segments.at(-1)!;
  const inner = segments.slice(1, -1);
  if (inner.length === 0 || inner.some((segment) => lengthOfRow(segment) === undefined)) {
    return undefined;
  }
  const costs = [...inner, tail].map((segment) => ereCost(segment, ERE_MATCHED));
  const rest: EreCost = {
    degree: 1 + Math.max(...costs.map((cost) => cost.degree)),
    paths: Math.max(...costs.map((cost) => cost.paths)),
    first: ANY_IN_LINE,
    nullable: true,
    anchored: false,
    always: false,
  };
  if (!isAffordable(ereCost(head, rest))) return undefined;
  const steps = inner.map((segment) => `(?=([^\\n]*?${rowSource(segment)}))\\${++captures.count}`);
  return `${rowSource(head)}${steps.join("")}[^\\n]*?${rowSource(tail)}`;
}

function lengthOfRow(parts: readonly EreNode[]): number | undefined {
  let sum = 0;
  for (const part of parts) {
    const length = lengthOf(part);
    if (length === undefined) return undefined;
    sum += length;
  }
  return sum;
}

/**
 * The number of bytes that every match has; undefined if it is not always the same, or if the place
 * matters.
 */
function lengthOf(node: EreNode): number | undefined {
  switch (node.kind) {
    case "set":
      return 1;
    case "start":
    case "end":
      return undefined;
    case "sequence":
      return lengthOfRow(node.parts);
    case "choice": {
      const lengths = new Set(node.branches.map(lengthOf));
      return lengths.size === 1 ? lengths.values().next().value : undefined;
    }
    case "repeat": {
      const length = node.min === node.max ? lengthOf(node.body) : undefined;
      return length === undefined ? undefined : length * node.min;
    }
    default:
      return node satisfies never;
  }
}

function rowSource(parts: readonly EreNode[]): string {
  return parts.map(source).join("");
}

function source(node: EreNode): string {
  switch (node.kind) {
    case "set":
      return byteSetSource(node.set);
    case "start":
      return AFTER_NEWLINE;
    case "end":
      return BEFORE_NEWLINE;
    case "sequence":
      return rowSource(node.parts);
    case "choice":
      return `(?:${node.branches.map(source).join("|")})`;
    case "repeat":
      return `${node.body.kind === "set" ? source(node.body) : `(?:${source(node.body)})`}${
        quantifier(node.min, node.max)
      }`;
    default:
      return node satisfies never;
  }
}

function quantifier(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  if (min === 0 && max === 1) return "?";
  return min === max ? `{${min}}` : `{${min},${max}}`;
}
