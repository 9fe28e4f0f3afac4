/**
 * Reads the files of one definition in C's order. A missing, unreadable or malformed file is
 * reported in C's words. Source: s6-rc, s6-rc-compile.c. Pure.
 */
import { EXIT_SYSTEM } from "../../../core/cli/exit_codes.ts";
import { EISDIR, ENOENT, ENOTDIR, strerror } from "../../../core/linux/errno.ts";
import { parseScript, ScriptError } from "../../../execline/core/execline_script.ts";
import type { Mention } from "./definition.ts";
import { caution, fail, type Notes, say } from "./finding.ts";
import { listedNames } from "./name_list.ts";
import type { NameRegister } from "./name_register.ts";
import type { RawDefinition, RawFile } from "./raw_definition.ts";
import { timeoutMs } from "./small_value.ts";

/** What all readers of one definition share. */
export interface DefinitionReader {
  readonly raw: RawDefinition;
  /** `SRC/NAME`. */
  readonly path: string;
  readonly notes: Notes;
  readonly register: NameRegister;
}

/** Reports a failed system call on a file of the definition. */
export function failCall(
  reader: DefinitionReader,
  verb: string,
  name: string,
  errno: number,
): void {
  const file = `${reader.path}/${name}`;
  const missing = errno === ENOENT;
  fail(reader.notes, {
    exitCode: EXIT_SYSTEM,
    text: `unable to ${verb} ${file}: ${strerror(errno)}`,
    file,
    cause: missing ? "there is no such file" : `it can't be read: ${strerror(errno)}`,
    cure: missing
      ? MISSING[name] ?? "write it"
      : errno === EISDIR
      ? "put a file there"
      : "look at its mode and at what it is",
    spoils: [reader.raw.name],
  });
}

const MISSING: Readonly<Record<string, string>> = {
  type: "write oneshot, longrun or bundle into it",
  up:
    "write the command line that brings it up, in execline; an empty file does nothing and succeeds",
  contents:
    "make contents.d with a file for each member; an empty directory is a bundle of nothing",
};

/** The bytes of a file; undefined if it is not a file or can't be read, which has been reported. */
export function fileBytes(
  reader: DefinitionReader,
  name: string,
  { verb, directoryVerb = verb }: Verbs,
): Uint8Array | undefined {
  const found = reader.raw.files.get(name);
  if (found === undefined) return undefined;
  if (found.kind === "file") {
    if (found.whole || !MUST_BE_WHOLE.has(name)) return found.bytes;
    failOdd(reader, name, `it is larger than ${found.bytes.length} bytes`);
    return undefined;
  }
  if (found.kind === "odd") failOdd(reader, name, `it is ${found.what}`);
  else {failCall(
      reader,
      found.kind === "directory" ? directoryVerb : verb,
      name,
      found.kind === "directory" ? EISDIR : found.errno,
    );}
  return undefined;
}

interface Verbs {
  readonly verb: string;
  /** The verb for a directory that can be opened but not read. */
  readonly directoryVerb?: string;
}

const MUST_BE_WHOLE = new Set([
  "up",
  "down",
  "reload",
  "dependencies",
  "contents",
  "producer-for",
  "consumer-for",
  "pipeline-name",
]);

/** Refuses an odd file. C would wait for ever on a FIFO and would read a file of any size. */
function failOdd(reader: DefinitionReader, name: string, what: string): void {
  const file = `${reader.path}/${name}`;
  fail(reader.notes, {
    exitCode: EXIT_SYSTEM,
    text: `unable to read ${file}: ${what}`,
    file,
    cause: what,
    cure: "put a small regular file there",
    spoils: [reader.raw.name],
  });
}

/** Whether the file exists. A broken link does not count. */
export function hasFile({ raw }: DefinitionReader, name: string): boolean {
  return raw.files.has(name);
}

export function readTimeout(reader: DefinitionReader, name: string): number {
  const bytes = fileBytes(reader, name, { verb: "read" });
  if (bytes === undefined) return 0;
  const ms = timeoutMs(bytes);
  if (ms !== undefined) return ms;
  const file = `${reader.path}/${name}`;
  fail(reader.notes, {
    text: `invalid ${file}`,
    file,
    line: 1,
    cause: "it holds no number of milliseconds",
    cure: "write decimal digits and nothing else; 0 is no limit",
    spoils: [reader.raw.name],
  });
  return 0;
}

/** A oneshot's script. If it is missing there is nothing to do, unless it is required. */
export function readScript(
  reader: DefinitionReader,
  name: string,
  { required }: { readonly required: boolean },
): readonly string[] {
  if (!hasFile(reader, name)) {
    if (required) failCall(reader, "open", name, ENOENT);
    return [];
  }
  const bytes = fileBytes(reader, name, { verb: "open", directoryVerb: "parse" });
  if (bytes === undefined) return [];
  const file = `${reader.path}/${name}`;
  try {
    return parseScript(bytes, file).texts;
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    const { message, place: { line, column } } = error;
    fail(reader.notes, {
      text: `syntax error in ${file}${message === "syntax error" ? "" : `: ${message}`}`,
      file,
      line,
      column,
      cause: message === "syntax error"
        ? "this is no execline: a quote is open, or an escape is wrong"
        : message,
      cure: message === "syntax error"
        ? "close the quote; a number after a backslash must be a byte from 1 to 255"
        : "match the braces",
      spoils: [reader.raw.name],
    });
    return [];
  }
}

/** A list in a file; undefined if there is none. */
export function readList(reader: DefinitionReader, name: string): Mention[] | undefined {
  if (!hasFile(reader, name)) return undefined;
  const bytes = fileBytes(reader, name, { verb: "open", directoryVerb: "read" });
  if (bytes === undefined) return [];
  const file = `${reader.path}/${name}`;
  const mentions: Mention[] = [];
  for (const { name: mentioned, line } of listedNames(bytes)) {
    if (!reader.register.mention(mentioned, { where: reader.raw.name, file, line })) continue;
    if (mentions.some((mention) => mention.name === mentioned)) {
      say(reader.notes, 2, "warning", `in ${file}: name listed more than once: ${mentioned}`);
    } else mentions.push({ name: mentioned, file, line });
  }
  return mentions;
}

/** A list in a directory; undefined if there is none. */
export function readListDirectory(reader: DefinitionReader, name: string): Mention[] | undefined {
  const found = reader.raw.files.get(name);
  if (found === undefined) return undefined;
  if (found.kind !== "directory") {
    failCall(reader, "opendir", name, found.kind === "unreadable" ? found.errno : ENOTDIR);
    return [];
  }
  const { path, raw, register } = reader;
  return found.names.flatMap((entry) => {
    const file = `${path}/${name}/${entry}`;
    return register.mention(entry, { where: raw.name, file }) ? [{ name: entry, file }] : [];
  });
}

/** The first bytes of the files in a list directory, by name. */
export function listContents(
  { raw }: DefinitionReader,
  name: string,
): ReadonlyMap<string, Uint8Array> {
  const found = raw.files.get(name);
  return found?.kind === "directory" ? found.contents : new Map();
}

/** Warns about a file that C does not read. */
export function cautionFile(
  reader: DefinitionReader,
  name: string,
  said: { readonly cause: string; readonly cure: string; readonly line?: number },
): void {
  const file = `${reader.path}/${name}`;
  caution(reader.notes, { ...said, file, text: `${file}: ${said.cause}; ${said.cure}` });
}

export function kindOf({ raw }: DefinitionReader, name: string): RawFile["kind"] | undefined {
  return raw.files.get(name)?.kind;
}
