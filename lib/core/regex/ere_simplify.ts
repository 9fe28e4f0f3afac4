/**
 * A smaller tree for the question whether an expression matches somewhere: the answer is the same,
 * where and how much it matches is not.
 *
 * What may match nothing is dropped from both ends of the expression (`.*x[0-9]?` finds the lines
 * that `x` finds), and what repeats there is kept as often as it must. Choices of single bytes
 * become sets, groups without need are opened. Pure.
 */
import { NO_BYTE } from "./byte_set.ts";
import type { EreNode } from "./ere_syntax.ts";

/** The branches of which one has to match, each a row of parts; an empty row matches every line. */
export function simplifyEre(tree: EreNode): readonly (readonly EreNode[])[] {
  const flat = flatten(tree);
  const branches = flat.kind === "choice" ? flat.branches : [flat];
  return branches.map((branch) => trimEnd(trimStart(partsOf(branch))));
}

function partsOf(node: EreNode): readonly EreNode[] {
  return node.kind === "sequence" ? node.parts : [node];
}

function flatten(node: EreNode): EreNode {
  switch (node.kind) {
    case "set":
    case "start":
    case "end":
      return node;
    case "sequence":
      return { kind: "sequence", parts: node.parts.flatMap((part) => partsOf(flatten(part))) };
    case "choice":
      return flattenChoice(node.branches.map(flatten));
    case "repeat":
      return node.min === 1 && node.max === 1
        ? flatten(node.body)
        : { ...node, body: flatten(node.body) };
    default:
      return node satisfies never;
  }
}

/** Sets first, as one: the order of branches does not change whether one of them matches. */
function flattenChoice(nodes: readonly EreNode[]): EreNode {
  const branches = nodes.flatMap((node) => node.kind === "choice" ? node.branches : [node]);
  const set = branches.reduce(
    (all, branch) => branch.kind === "set" ? all | branch.set : all,
    NO_BYTE,
  );
  const rest = branches.filter((branch) => branch.kind !== "set");
  const merged: EreNode[] = rest.length < branches.length ? [{ kind: "set", set }, ...rest] : rest;
  return merged.length === 1 ? merged[0]! : { kind: "choice", branches: merged };
}

function trimStart(parts: readonly EreNode[]): readonly EreNode[] {
  const first = parts[0];
  if (first?.kind !== "repeat" || first.min === first.max) return parts;
  const rest = parts.slice(1);
  return first.min === 0 ? trimStart(rest) : [...needed(first.body, first.min), ...rest];
}

function trimEnd(parts: readonly EreNode[]): readonly EreNode[] {
  const last = parts.at(-1);
  if (last?.kind !== "repeat" || last.min === last.max) return parts;
  const rest = parts.slice(0, -1);
  return last.min === 0 ? trimEnd(rest) : [...rest, ...needed(last.body, last.min)];
}

function needed(body: EreNode, times: number): readonly EreNode[] {
  return times === 1 ? partsOf(body) : [{ kind: "repeat", body, min: times, max: times }];
}
