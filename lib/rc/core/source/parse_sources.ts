/**
 * Parses sources in the order in which they were given: all their definitions, and their errors.
 * Source: s6-rc, s6-rc-compile.c, add_sources. Pure.
 */
import { EXIT_SYSTEM } from "../../../core/cli/exit_codes.ts";
import { ENOENT, strerror } from "../../../core/linux/errno.ts";
import type { Definition } from "./definition.ts";
import { fail, type Notes, say } from "./finding.ts";
import { type NameRegister, nameRegister } from "./name_register.ts";
import { parseDefinition } from "./parse_definition.ts";
import type { RawEntry, RawSource } from "./raw_definition.ts";

export interface ParsedSources {
  readonly definitions: readonly Definition[];
  readonly register: NameRegister;
  /** Names whose definition has failed. That they are undefined is not reported again. */
  readonly undefinable: ReadonlySet<string>;
}

export function parseSources(sources: readonly RawSource[], notes: Notes): ParsedSources {
  const register = nameRegister(notes);
  const definitions: Definition[] = [];
  const undefinable = new Set<string>();
  for (const source of sources) {
    if (source.errno !== undefined) {
      failSource(notes, source.path, source.errno);
      continue;
    }
    say(notes, 2, "info", `adding sources from ${source.path}`);
    const unusable = new Set(
      source.entries.filter((entry) => !isUsable(entry, source.path, register, notes)).map((
        { name },
      ) => name),
    );
    for (const name of unusable) undefinable.add(name);
    const usable = source.definitions.filter(({ name }) => !unusable.has(name));
    if (source.definitions.length === 0) say(notes, 1, "warning", `source ${source.path} is empty`);
    for (const raw of usable) {
      const definition = parseDefinition(raw, register, notes);
      if (definition !== undefined) definitions.push(definition);
      else if (register.typeOf(raw.name) === "unknown") undefinable.add(raw.name);
    }
  }
  return { definitions, register, undefinable };
}

function failSource(notes: Notes, path: string, errno: number): void {
  fail(notes, {
    exitCode: EXIT_SYSTEM,
    text: `unable to opendir ${path}: ${strerror(errno)}`,
    file: path,
    cause: `the source can't be read: ${strerror(errno)}`,
    cure: "name a directory of definitions",
    spoils: [],
  });
}

/** Whether an entry of a source has a valid name. Plain files are checked, too. */
function isUsable(entry: RawEntry, source: string, register: NameRegister, notes: Notes): boolean {
  const file = `${source}/${entry.name}`;
  if (entry.name.includes("\n")) {
    fail(notes, {
      text: `subdirectory of ${source} contains a newline character`,
      file,
      cause: "its name contains a newline",
      cure: "rename it",
      spoils: [entry.name],
    });
    return false;
  }
  if (register.isReserved(entry.name, { where: source, file, spoils: [entry.name] })) return false;
  if (entry.errno === undefined) return true;
  fail(notes, {
    exitCode: EXIT_SYSTEM,
    text: `unable to stat ${file}: ${strerror(entry.errno)}`,
    file,
    cause: entry.errno === ENOENT
      ? "it is a link to nothing"
      : `it can't be looked at: ${strerror(entry.errno)}`,
    cure: "mend the link, or remove it",
    spoils: [entry.name],
  });
  return false;
}
