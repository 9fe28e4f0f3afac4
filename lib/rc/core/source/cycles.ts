/**
 * Finds cycles in a numbered graph, in the order in which C's checker meets them, one for each
 * knot. Source: s6-rc, s6rc_db_check_depcycles.c. Pure.
 */

/** A cycle, and the number from which the search reached it. */
export interface Cycle {
  readonly from: number;
  /** Each leads to the next, and the last to the first. The first is the one that was met twice. */
  readonly path: readonly number[];
}

interface Frame {
  readonly node: number;
  readonly next: readonly number[];
  /** How many of `next` have not been looked at yet. C begins with the last one. */
  left: number;
}

/**
 * One cycle of every knot: a set of nodes that all lead to each other.
 *
 * @param edges The numbers that each number leads to, ascending.
 */
export function cycles(edges: readonly (readonly number[])[]): Cycle[] {
  const found: Cycle[] = [];
  const done = new Uint8Array(edges.length);
  const depth = new Int32Array(edges.length).fill(-1);
  /** Numbers that are on a cycle that has been found, or lead back to it. */
  const inKnot = new Set<number>();
  for (let from = edges.length - 1; from >= 0; from--) {
    if (done[from]) continue;
    const stack: Frame[] = [];
    const enter = (node: number): void => {
      depth[node] = stack.length;
      stack.push({ node, next: edges[node]!, left: edges[node]!.length });
    };
    enter(from);
    while (stack.length > 0) {
      const frame = stack.at(-1)!;
      if (frame.left === 0) {
        done[frame.node] = 1;
        depth[frame.node] = -1;
        stack.pop();
        continue;
      }
      const next = frame.next[--frame.left]!;
      if (done[next]) continue;
      if (depth[next]! < 0) {
        enter(next);
        continue;
      }
      const path = stack.slice(depth[next]!).map(({ node }) => node);
      if (!path.some((node) => inKnot.has(node))) found.push({ from, path });
      for (const node of path) inKnot.add(node);
    }
  }
  return found;
}
