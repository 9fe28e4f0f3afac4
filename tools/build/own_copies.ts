/**
 * The sources as large commands are bundled: these commands get their own copies of everything that
 * they need beyond what main.ts loads.
 *
 * The bundler makes one chunk of all modules that are needed by the same set of lazily loaded
 * modules. So code that half of all commands need is spread over dozens of chunks, and each costs a
 * tenth of a millisecond. Copies that only large commands need make one chunk for each set of these
 * commands. They share the copies, because every command reads the whole program at its start, and
 * each byte costs memory. For the same reason this is done only for a few commands. Pure.
 */
import { importsOf, LAZY_IMPORT, loadedWith, type Sources, STATIC_IMPORT } from "./shared_base.ts";

const COPIES = "own";
/** Every import of another module, including types and lazy imports. */
const ANY_IMPORT = /(\bfrom |\bimport |\bimport\()"(\.[^"]+)"/g;

/** Everything that `command` may load and that is not loaded anyway. */
export function neededBy(
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

/** The text of the module `path` with its imports redirected to the places that `place` returns. */
export function redirected(
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
 * The sources, with copies for these commands. Lazy imports of the commands load the copies.
 *
 * @param shared A module that is loaded with `entry` although `entry` does not import it:
 *   shared_base.ts
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
