/**
 * Cycles that contain a soft edge, that is a want or a mere order. Each is cut at its softest edge,
 * an order before a want. Here, hard edges alone form no cycle. Pure.
 */

export type EdgeKind = "needs" | "wants" | "after";

export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly kind: EdgeKind;
}

export interface CutEdge {
  readonly edge: Edge;
  /** The cycle; each leads to the next, and the last to the first. */
  readonly path: readonly number[];
}

const SOFTNESS: Readonly<Record<EdgeKind, number>> = { needs: 0, wants: 1, after: 2 };

/** The edges to remove so that no cycle is left. */
export function cutSoftCycles(count: number, edges: readonly Edge[]): CutEdge[] {
  const kept = new Set(edges.filter(({ kind }) => kind === "needs"));
  const soft = edges.filter(({ kind }) => kind !== "needs").sort((a, b) =>
    SOFTNESS[a.kind] - SOFTNESS[b.kind]
  );
  const leadsTo: Edge[][] = Array.from({ length: count }, () => []);
  for (const edge of kept) leadsTo[edge.from]!.push(edge);
  const cut: CutEdge[] = [];
  // the hardest first: an edge that closes a cycle of harder or equal ones is its softest
  for (const edge of soft) {
    const back = wayBetween(edge.to, edge.from, leadsTo);
    if (back === undefined) leadsTo[edge.from]!.push(edge);
    else cut.push({ edge, path: [edge.from, ...back.slice(0, -1)] });
  }
  return cut;
}

/** The nodes on a path from `start` to `goal`, both included; undefined if there is none. */
function wayBetween(
  start: number,
  goal: number,
  leadsTo: readonly (readonly Edge[])[],
): number[] | undefined {
  const cameFrom = new Map<number, number>([[start, start]]);
  const queue = [start];
  for (let at = 0; at < queue.length; at++) {
    const node = queue[at]!;
    if (node === goal) {
      const way = [goal];
      for (let step = goal; step !== start; way.unshift(step)) step = cameFrom.get(step)!;
      return way;
    }
    for (const { to } of leadsTo[node]!) {
      if (cameFrom.has(to)) continue;
      cameFrom.set(to, node);
      queue.push(to);
    }
  }
  return undefined;
}
