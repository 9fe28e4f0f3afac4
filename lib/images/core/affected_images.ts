/** Which images a change affects: those whose files have changed, and what is built on them. Pure. */
import type { ContextImage } from "./image_graph.ts";

/** Why an image is there. */
export type Cause =
  | { readonly kind: "asked" | "changed" }
  /** It is built on this context, which is affected. */
  | { readonly kind: "base"; readonly base: string };

export interface ChangedContexts {
  /** Those that are there. */
  readonly changed: readonly string[];
  /** Those that had files and have no Dockerfile any more. */
  readonly gone: readonly string[];
}

/**
 * The contexts that paths belong to: `A/B` for `A/B/rootfs/file`, and for a link or a submodule that
 * is `A/B` itself. Names that begin with a dot are none.
 *
 * @param paths From the top of the repository
 * @param isContext Has it a Dockerfile?
 */
export function changedContexts(
  paths: Iterable<string>,
  isContext: (context: string) => boolean,
): ChangedContexts {
  const changed = new Set<string>();
  const gone = new Set<string>();
  for (const path of paths) {
    const context = contextOf(path);
    if (context === undefined) continue;
    if (isContext(context)) changed.add(context);
    else if (path === `${context}/Dockerfile`) gone.add(context);
  }
  return { changed: [...changed].sort(), gone: [...gone].sort() };
}

/** Undefined for a path that is in none. */
export function contextOf(path: string): string | undefined {
  const [image = "", variant = ""] = path.split("/");
  if (image === "" || variant === "" || image.startsWith(".") || variant.startsWith(".")) {
    return undefined;
  }
  return `${image}/${variant}`;
}

/** These and all that is built on them, bases first, each with the reason. */
export function affectedImages(
  images: ReadonlyMap<string, ContextImage>,
  roots: readonly string[],
  cause: Cause = { kind: "changed" },
): ReadonlyMap<string, Cause> {
  const users = usersOf(images);
  const causes = new Map<string, Cause>(roots.map((context) => [context, cause]));
  // a map's iterator meets what is added on the way
  for (const context of causes.keys()) {
    for (const user of users.get(context) ?? []) {
      if (!causes.has(user)) causes.set(user, { kind: "base", base: context });
    }
  }
  const ordered = basesFirst(images, [...causes.keys()].sort());
  return new Map(ordered.map((context) => [context, causes.get(context)!]));
}

/** Which contexts are built on it directly, by context. */
export function usersOf(images: ReadonlyMap<string, ContextImage>): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { context, bases } of images.values()) {
    for (const base of bases) users.set(base, [...users.get(base) ?? [], context]);
  }
  return users;
}

/** These and all that they are built on, bases first. */
export function withBases(
  images: ReadonlyMap<string, ContextImage>,
  some: readonly ContextImage[],
): readonly ContextImage[] {
  const contexts = new Set(some.map(({ context }) => context));
  // a set's iterator meets what is added on the way
  for (const context of contexts) {
    for (const base of images.get(context)!.bases) contexts.add(base);
  }
  return basesFirst(images, [...contexts].sort()).map((context) => images.get(context)!);
}

/** The same contexts, each after those of them that it is built on. A cycle is cut somewhere. */
function basesFirst(
  images: ReadonlyMap<string, ContextImage>,
  contexts: readonly string[],
): string[] {
  const wanted = new Set(contexts);
  const ordered = new Set<string>();
  const entered = new Set<string>();
  for (const start of contexts) {
    const stack = [start];
    while (stack.length > 0) {
      const context = stack.at(-1)!;
      const isNew = !entered.has(context);
      entered.add(context);
      const open = isNew
        ? images.get(context)!.bases.filter((base) => wanted.has(base) && !entered.has(base))
        : [];
      if (open.length > 0) stack.push(...open.toReversed());
      else {
        ordered.add(context);
        stack.pop();
      }
    }
  }
  return [...ordered];
}
