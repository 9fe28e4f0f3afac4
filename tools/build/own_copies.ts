/**
 * The sources in the form in which large commands are bundled: they get copies of their own of all
 * that they need besides what main.ts loads.
 *
 * The bundler makes a chunk of those modules that the same set of lazily loaded modules needs. What
 * half of all commands need is in dozens of chunks by that, and each costs a tenth of a
 * millisecond. What nobody else needs is one chunk for each set of large commands that needs it.
 * They share the copies: every command reads the whole program at its start, and pays for each of
 * its bytes with memory. So this is for few. Pure.
 */
import { importsOf, LAZY_IMPORT, loadedWith, type Sources, STATIC_IMPORT } from "./shared_base.ts";

/** Where the copies are. */
const COPIES = "own";
/** Whatever names another module, types and those that are loaded lazily too. */
const ANY_IMPORT = /(\bfrom |\bimport |\bimport\()"(\.[^"]+)"/g;

/** All that `command` can come to load, and is not loaded anyway. */
function neededBy(
  sources: Sources,
  command: string,
  loaded: ReadonlySet<string>,
): ReadonlySet<string> {
  const needed = new Set([command]);
  for (const path of needed) {
    const text = sources.get(path) ?? "";
    for (
      const imported of [
        ...importsOf(path, text, STATIC_IMPORT),
        ...importsOf(path, text, LAZY_IMPORT),
      ]
    ) {
      if (!loaded.has(imported)) needed.add(imported);
    }
  }
  return needed;
}

/** The text of the module `path` with its imports led to where `place` says that they are. */
function redirected(
  path: string,
  text: string,
  from: string,
  place: (target: string) => string,
): string {
  return text.replace(ANY_IMPORT, (whole, before: string, specifier: string) => {
    const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
    const there = place(target);
    if (from === path && there === target) return whole;
    return `${before}"${"../".repeat(from.split("/").length - 1) || "./"}${there}"`;
  });
}

/**
 * The sources, with copies for these commands, which are what is loaded by their names.
 *
 * @param shared a module that is loaded with `entry`, though it does not import it: shared_base.ts
 */
export function withOwnCopies(
  sources: Sources,
  entry: string,
  shared: string,
  commands: readonly string[],
): Map<string, string> {
  const loaded = new Set([...loadedWith(sources, entry), shared]);
  const changed = new Map(sources);
  const copies = new Map<string, string>();
  for (const command of commands) {
    const needed = neededBy(sources, command, loaded);
    const place = (target: string): string => needed.has(target) ? `${COPIES}/${target}` : target;
    for (const path of needed) {
      changed.set(place(path), redirected(path, sources.get(path) ?? "", place(path), place));
    }
    copies.set(command, place(command));
  }
  for (const path of loaded) {
    const text = changed.get(path);
    if (text !== undefined) {
      changed.set(
        path,
        redirected(path, text, path, (target) => copies.get(target) ?? target),
      );
    }
  }
  return changed;
}
