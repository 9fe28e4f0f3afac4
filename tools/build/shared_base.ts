/**
 * The sources as they are bundled: everything that main.ts itself needs is one chunk.
 *
 * The bundler makes one chunk of all modules that are needed by the same set of lazily loaded
 * modules. There are a hundred of these, so the code that main.ts needs would be split into about
 * twenty chunks, and each costs every command a tenth of a millisecond. That code is loaded anyway,
 * so we make every lazily loaded module need all of it: then it is one set, and one chunk. Pure.
 */

/** Texts, keyed by path in the repository. */
export type Sources = ReadonlyMap<string, string>;

export const LAZY_IMPORT = /\bimport\("(\.[^"]+)"\)/g;
export const STATIC_IMPORT = /^(?:import|export) (?!type\b)(?:[^;"]*? from )?"(\.[^"]+)"/gm;

/** The name of a module that imports what the entry imports. */
const BASE_NAME = "shared_base.ts";

/** The path of that module. */
export function sharedBase(entry: string): string {
  return resolve(entry, `./${BASE_NAME}`);
}

function resolve(importer: string, specifier: string): string {
  return new URL(specifier, `file:///${importer}`).pathname.slice(1);
}

/**
 * The modules of the repository that `path` imports by this pattern. A script of the page is no
 * module of the program, but a text that it serves.
 */
export function importsOf(path: string, text: string, pattern: RegExp): string[] {
  if (!path.endsWith(".ts")) return [];
  return Array.from(text.matchAll(pattern), (match) => resolve(path, match[1]!));
}

/** Everything that is loaded with `entry`, including itself. */
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
 * The sources, with an extra module that stands for everything `entry` needs, and an import of it
 * in every lazily loaded module.
 *
 * @param more Modules that `entry` does not import, but that most of what it loads needs.
 */
export function withSharedBase(
  sources: Sources,
  entry: string,
  more: readonly string[] = [],
): Map<string, string> {
  const base = sharedBase(entry);
  const own = [...importsOf(entry, sources.get(entry) ?? "", STATIC_IMPORT), ...more];
  const changed = new Map(sources).set(base, own.map((path) => importLine(base, path)).join(""));
  const loaded = new Set([entry, ...more].flatMap((path) => [...loadedWith(sources, path)]));
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
