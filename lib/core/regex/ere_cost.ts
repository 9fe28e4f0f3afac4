/**
 * How long a backtracking matcher may take over an expression, as a bound that holds for every
 * line.
 *
 * From one place of a line the matcher makes at most about `paths` * n^`degree` steps, n being the
 * bytes of the line. A repetition costs a degree, unless what follows it can't begin with what it
 * repeats: giving bytes back is then in vain, and found so at once. The C library starts anew at
 * each place too, so a search of degree 1 is no worse than its own. Pure.
 */
import { type ByteSet, isDisjoint, NO_BYTE } from "./byte_set.ts";
import type { EreNode, EreRepeat } from "./ere_syntax.ts";

/**
 * What matching from one place on costs, and what tells whether something before it has to try more
 * than once.
 */
export interface EreCost {
  readonly degree: number;
  readonly paths: number;
  /** The bytes that it can begin with. */
  readonly first: ByteSet;
  /** It may match without a byte. */
  readonly nullable: boolean;
  /** It begins with an anchor: it gets past its beginning at one place of a line. */
  readonly anchored: boolean;
  /** It never fails. */
  readonly always: boolean;
}

/** The cost of having matched. */
export const ERE_MATCHED: EreCost = {
  degree: 0,
  paths: 1,
  first: NO_BYTE,
  nullable: true,
  anchored: false,
  always: true,
};

/** More nodes than this, repetitions unrolled, are not looked into. */
const MAX_SIZE = 2000;

/** The cost of a row of parts and then `rest`. */
export function ereCost(parts: readonly EreNode[], rest: EreCost): EreCost {
  const size = parts.reduce((sum, part) => sum + sizeOf(part), 0);
  if (size > MAX_SIZE) return { ...rest, degree: Infinity };
  return sequenceCost(parts, rest);
}

/**
 * Can the costs be borne, where the expression is tried at every place of a line or, with an
 * anchor, at one?
 */
export function isAffordable(cost: EreCost): boolean {
  return cost.degree === 0 ? cost.paths <= 512 : cost.degree === 1 && cost.paths <= 8;
}

function sizeOf(node: EreNode): number {
  switch (node.kind) {
    case "set":
    case "start":
    case "end":
      return 1;
    case "sequence":
      return node.parts.reduce((sum, part) => sum + sizeOf(part), 0);
    case "choice":
      return node.branches.reduce((sum, branch) => sum + sizeOf(branch), 0);
    case "repeat":
      return sizeOf(node.body) * (node.max === Infinity ? node.min + 1 : node.max);
    default:
      return node satisfies never;
  }
}

function sequenceCost(parts: readonly EreNode[], rest: EreCost): EreCost {
  return parts.reduceRight((after, part) => cost(part, after), rest);
}

function cost(node: EreNode, rest: EreCost): EreCost {
  switch (node.kind) {
    case "set":
      return {
        degree: rest.degree,
        paths: rest.paths,
        first: node.set,
        nullable: false,
        anchored: false,
        always: false,
      };
    case "start":
    case "end":
      return { ...rest, anchored: true, always: false };
    case "sequence":
      return sequenceCost(node.parts, rest);
    case "choice":
      return eitherOf(node.branches.map((branch) => cost(branch, rest)));
    case "repeat":
      if (node.body.kind === "set") return setRepeatCost(node, node.body.set, rest);
      return node.max === Infinity
        ? groupRepeatCost(node, rest)
        : unrolledCost(node, node.max, rest);
    default:
      return node satisfies never;
  }
}

/** If two alternatives can begin alike, both may be tried to their ends. */
function eitherOf(alternatives: readonly EreCost[]): EreCost {
  let first = NO_BYTE;
  let exclusive = true;
  for (const one of alternatives) {
    exclusive &&= !one.nullable && isDisjoint(first, one.first);
    first |= one.first;
  }
  const paths = alternatives.map((one) => one.paths);
  return {
    degree: Math.max(...alternatives.map((one) => one.degree)),
    paths: exclusive ? Math.max(...paths) : paths.reduce((sum, each) => sum + each, 0),
    first,
    nullable: alternatives.some((one) => one.nullable),
    anchored: alternatives.every((one) => one.anchored),
    always: alternatives.some((one) => one.always),
  };
}

/** After a run of `set`, can `rest` get past its beginning at more than one of the run's places? */
function hasOneWay(set: ByteSet, rest: EreCost): boolean {
  return rest.always || rest.anchored || (!rest.nullable && isDisjoint(set, rest.first));
}

function setRepeatCost(node: EreRepeat, set: ByteSet, rest: EreCost): EreCost {
  const oneWay = hasOneWay(set, rest);
  const result = afterRepeat(node, set, rest);
  if (node.max === Infinity) {
    return { ...result, degree: oneWay ? Math.max(1, rest.degree) : rest.degree + 1 };
  }
  return { ...result, paths: oneWay ? rest.paths : rest.paths * (node.max - node.min + 1) };
}

/**
 * A group that repeats without bound has to be a plain row of bytes; anything else could be run
 * through in too many ways.
 */
function groupRepeatCost(node: EreRepeat, rest: EreCost): EreCost {
  const parts = node.body.kind === "sequence" ? node.body.parts : [node.body];
  const start = parts[0];
  if (start?.kind !== "set" || parts.some((part) => part.kind !== "set")) {
    return { ...rest, degree: Infinity };
  }
  return setRepeatCost(node, start.set, rest);
}

function afterRepeat(node: EreRepeat, first: ByteSet, rest: EreCost): EreCost {
  if (node.min > 0) return { ...rest, first, nullable: false, anchored: false, always: false };
  return { ...rest, first: first | rest.first, anchored: false };
}

/** `times` copies of the body, of which those beyond the least number may be missing. */
function unrolledCost(node: EreRepeat, times: number, rest: EreCost): EreCost {
  let after = rest;
  for (let copy = times; copy > 0; copy--) {
    const taken = cost(node.body, after);
    after = copy > node.min ? eitherOf([taken, rest]) : taken;
  }
  return after;
}
