/**
 * Directories laid over each other as a tree of symbolic links: what s6-update-symlinks makes.
 *
 * A link stands for a whole directory as long as one source alone has something there. Of two
 * sources that have the same name the later wins, unless the earlier has a directory and the later
 * a file: that is a conflict. A directory that a later source replaces in every entry becomes one
 * link to that source; one to which it adds nothing stays what it was. Source: s6-portable-utils,
 * doc/s6-update-symlinks.html, s6-update-symlinks.c. Pure: the file system is an argument.
 */

export type UnionNode =
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "directory"; readonly entries: ReadonlyMap<string, UnionNode> };

/**
 * The names in a directory, or undefined for what is none. May throw for what can't be looked at.
 */
export type ListDirectory = (path: string) => readonly string[] | undefined;

/** A file of a source stands where an earlier source has a directory. */
export class UnionConflict extends Error {
  override readonly name = "UnionConflict";
  /** Where, in the union. */
  readonly path: string;
  readonly source: string;

  constructor(path: string, source: string) {
    super(`${path} is a directory, and ${source} is none`);
    this.path = path;
    this.source = source;
  }
}

/**
 * The union of `sources`, of which there is at least one, as it will stand at `path`.
 *
 * @throws {UnionConflict} If there is none.
 */
export function symlinkUnion(
  path: string,
  sources: readonly string[],
  list: ListDirectory,
): UnionNode {
  let union: UnionNode | undefined;
  for (const source of sources) union = laidOver(union, { path, source, list }).node;
  if (union === undefined) throw new RangeError("a union of nothing");
  return union;
}

interface Layer {
  readonly path: string;
  readonly source: string;
  readonly list: ListDirectory;
}

interface LaidOver {
  readonly node: UnionNode;
  /**
   * What the layer has done to what was there: nothing, put something beside it, or taken its
   * place.
   */
  readonly change: "none" | "some" | "all";
}

function laidOver(below: UnionNode | undefined, { path, source, list }: Layer): LaidOver {
  const link: UnionNode = { kind: "link", target: source };
  if (below === undefined) return { node: link, change: "some" };
  const entries = entriesOf(below, list);
  if (entries === undefined) return { node: link, change: "all" };
  const names = list(source);
  if (names === undefined) throw new UnionConflict(path, source);
  const merged = new Map(entries);
  let changed = 0;
  let replaced = 0; // of what was there
  for (const name of names) {
    const { node, change } = laidOver(entries.get(name), {
      path: `${path}/${name}`,
      source: `${source}/${name}`,
      list,
    });
    merged.set(name, node);
    if (change !== "none") changed++;
    if (change === "all") replaced++;
  }
  if (replaced === entries.size) return { node: link, change: "all" };
  if (changed === 0) return { node: below, change: "none" };
  return { node: { kind: "directory", entries: merged }, change: "some" };
}

/** What stands in a node that is a directory, or a link to one. */
function entriesOf(
  node: UnionNode,
  list: ListDirectory,
): ReadonlyMap<string, UnionNode> | undefined {
  if (node.kind === "directory") return node.entries;
  const names = list(node.target);
  return names &&
    new Map(names.map((name) => [name, { kind: "link", target: `${node.target}/${name}` }]));
}
