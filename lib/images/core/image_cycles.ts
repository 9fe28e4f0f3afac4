/** Images that are built on each other, so that none can be the first. Pure. */

interface Node {
  readonly bases: readonly string[];
}

/**
 * The cycles that a walk from base to base meets, at least one for each knot of images: each is
 * built on the next, and the last on the first. Without recursion: a chain of bases may be long.
 */
export function cyclesIn(nodes: ReadonlyMap<string, Node>): string[][] {
  const done = new Set<string>();
  const cycles: string[][] = [];
  for (const start of nodes.keys()) {
    const path: string[] = [];
    const places = new Map<string, number>();
    const nextBase: number[] = [];
    const enter = (name: string): void => {
      places.set(name, path.push(name) - 1);
      nextBase.push(0);
    };
    if (!done.has(start)) enter(start);
    while (path.length > 0) {
      const name = path.at(-1)!;
      const base = nodes.get(name)?.bases[nextBase[nextBase.length - 1]!++];
      if (base === undefined) {
        done.add(name);
        places.delete(name);
        path.pop();
        nextBase.pop();
      } else if (places.has(base)) cycles.push(path.slice(places.get(base)));
      else if (!done.has(base)) enter(base);
    }
  }
  return cycles;
}
