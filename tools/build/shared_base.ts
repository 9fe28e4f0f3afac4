/**
 * The sources in the form in which they are bundled: what main.ts needs itself is one chunk.
 *
 * The bundler makes a chunk of those modules that the same set of lazily loaded modules needs. With
 * a hundred of these, what main.ts needs would fall into some twenty chunks, and each costs every
 * command a tenth of a millisecond. If every lazily loaded module needs all that main.ts needs,
 * which is loaded anyway, it is one set, and one chunk. Pure.
 */

/** Text by path in the repository. */
export type Sources = ReadonlyMap<string, string>;

export const LAZY_IMPORT = /\bimport\("(\.[^"]+)"\)/g;
export const STATIC_IMPORT = /^(?:import|export) (?!type\b)(?:[^;"]*? from )?"(\.[^"]+)"/gm;

/** A module that imports what the entry imports. */
const BASE_NAME = "shared_base.ts";

/** Where that module is. */
export function sharedBase(entry: string): string {
  return resolve(entry, `./${BASE_NAME}`);
}

function resolve(importer: string, specifier: string): string {
  return new URL(specifier, `file:///${importer}`).pathname.slice(1);
}

/** The modules of the repository that `path` names in this way. */
export function importsOf(path: string, text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), (match) => resolve(path, match[1]!));
}

/** Everything that is loaded with `entry`, itself among it. */
export function loadedWith(sources: Sources, entry: string): ReadonlySet<string> {
  const loaded = new Set([entry]);
  for (const path of loaded) {
    for (const imported of importsOf(path, sources.get(path) ?? "", STATIC_IMPORT)) {
      loaded.add(imported);
    }
  }
  return loaded;
}

/**
 * The sources, with one more that stands for what `entry` needs, and an import of it in every
 * lazily loaded module.
 */
export function withSharedBase(sources: Sources, entry: string): Map<string, string> {
  const base = sharedBase(entry);
  const own = importsOf(entry, sources.get(entry) ?? "", STATIC_IMPORT);
  const changed = new Map(sources).set(base, own.map((path) => importLine(base, path)).join(""));
  const loaded = loadedWith(sources, entry);
  for (
    const path of new Set(
      Array.from(sources).flatMap(([path, text]) => importsOf(path, text, LAZY_IMPORT)),
    )
  ) {
    const text = sources.get(path);
    if (text !== undefined && !loaded.has(path)) changed.set(path, importLine(path, base) + text);
  }
  return changed;
}

function importLine(importer: string, path: string): string {
  const up = "../".repeat(importer.split("/").length - 1);
  return `import "${up === "" ? "./" : up}${path}";\n`;
}
