/**
 * The sources with small commands alone: each gets copies of all that it needs, and so becomes one
 * file of the bundle. main.ts gets its own copies too, and loads nothing but that file.
 *
 * Such a command runs for a millisecond. With code that it shares with others it would load ten to
 * twenty files, each of which costs a tenth of a millisecond, and parse what all other commands need
 * to be found. The copies make the program larger, which costs every command a hundredth of a
 * millisecond for each of them, so only commands that scripts call again and again are alone. Pure.
 */
import { neededBy, redirected } from "./own_copies.ts";
import { importsOf, LAZY_IMPORT, loadedWith, type Sources } from "./shared_base.ts";

/** What runs a command, and the table of those that are alone. */
const RUNNER = "cmd/run_command.ts";
const ARGUMENTS = "lib/libc/invocation.ts";
const TABLE = "cmd/alone.ts";
const REGISTRY = "cmd/registry.ts";

/** The path of the module that the registry loads for the command `name`. */
function moduleOf(sources: Sources, name: string): string {
  const row = sources.get(REGISTRY)?.split("\n").find((line) => line.includes(`"${name}": () =>`));
  const [path] = row === undefined ? [] : importsOf(REGISTRY, row, LAZY_IMPORT);
  if (path === undefined) throw new RangeError(`${REGISTRY} has no command ${name}`);
  return path;
}

/** Copies these modules into `folder`, with imports among them redirected to the copies. */
function copy(
  sources: Sources,
  into: Map<string, string>,
  paths: ReadonlySet<string>,
  folder: string,
): void {
  const place = (target: string): string => paths.has(target) ? `${folder}/${target}` : target;
  for (const path of paths) {
    into.set(place(path), redirected(path, sources.get(path) ?? "", place(path), place));
  }
}

/** What a command's module exports for its runner. */
const EXPORTED = /^export (?:async )?(?:const|function) (main|table|readsHelpItself|helpAlone)\b/gm;

function entryText(module: string, text: string): string {
  const names = Array.from(text.matchAll(EXPORTED), (match) => match[1]!).join(", ");
  return `import { ${names} } from "./${module}";
import { exactArguments } from "./${ARGUMENTS}";
import { runCommand } from "./${RUNNER}";
export const run = (name) => runCommand(name, { ${names} }, exactArguments());
`;
}

/**
 * The modules to be added to `sources`, or put in the place of theirs.
 *
 * @param names The commands to be alone, by the names that the registry has.
 */
export function commandsAlone(
  sources: Sources,
  entry: string,
  names: readonly string[],
): Map<string, string> {
  const added = new Map<string, string>();
  const rows: string[] = [];
  for (const name of names) {
    const module = moduleOf(sources, name);
    const roots = [module, RUNNER, ARGUMENTS];
    const folder = `alone/${name}`;
    copy(
      sources,
      added,
      new Set(roots.flatMap((root) => [...neededBy(sources, root, new Set())])),
      folder,
    );
    added.set(`${folder}/entry.ts`, entryText(module, sources.get(module)!));
    rows.push(`  "${name}": () => import("../${folder}/entry.ts"),\n`);
  }
  const table = new Map(sources).set(TABLE, `export const ALONE = {\n${rows.join("")}};\n`);
  const own = new Set(loadedWith(table, entry));
  copy(table, added, own, "alone");
  added.set(entry, `import "../alone/${entry}";\n`);
  return added;
}
