/**
 * s6-rc-compile: reads sources and writes the database that they define.
 * Source: s6-rc, doc/s6-rc-compile.html, s6-rc-compile.c.
 *
 * C stops at the first mistake. hexad reports all of them; its exit code is that of the first.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { errorsOf, type Note, type Notes } from "../../lib/rc/core/source/finding.ts";
import { linkDefinitions } from "../../lib/rc/core/source/link.ts";
import { parseSources } from "../../lib/rc/core/source/parse_sources.ts";
import { checkServicedirs } from "../../lib/rc/core/source/servicedir_files.ts";
import { readSources } from "../../lib/rc/read_sources.ts";
import { writeCompiled } from "../../lib/rc/write_compiled.ts";
import type { Context } from "../context.ts";
import { sayLine } from "../messages.ts";
import { golOptions, numberOf, usageOnly } from "./gol_options.ts";

const DEFAULT_VERBOSITY = 1;
const CURES_FROM = 2;

export const helpAlone = true;

export const table = {
  summary:
    "Makes a database for s6-rc-init out of directories of service definitions; tells all that is wrong with them.",
  usage: "[ -v verbosity ] [ -h fdholder_user ] [ -b ] destdir sources...",
  options: [
    {
      short: "v",
      long: "verbosity",
      arg: "N",
      text: "0 errors only, 1 (default) warnings, 2 progress and cures, 3 and 4 details",
    },
    {
      short: "h",
      long: "fdholder-user",
      arg: "USER",
      text: "whom C's s6rc-fdholder runs as; noted in its service directory",
    },
    { short: "b", long: "block", text: "accepted; oneshots never wait for a lock here" },
  ],
  exits: [
    ["0", "the database is written"],
    ["1", "the sources are wrong"],
    ["100", "wrong usage"],
    ["111", "system call failed, or a definition lacks a file"],
  ],
  example: "s6-rc-compile /run/s6/db /etc/s6-overlay/s6-rc.d",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const options = golOptions(context, table);
  const [destination, ...sources] = options.operands;
  if (destination === undefined || sources.length === 0) throw usageOnly();
  const verbosity = numberOf(options.value("v"), "verbosity") ?? DEFAULT_VERBOSITY;
  const tell = (notes: readonly Note[]): number => tellNotes(context.program, notes, verbosity);

  const notes: Notes = [];
  const raw = readSources(sources);
  const parsed = parseSources(raw, notes);
  const database = linkDefinitions(parsed, notes);
  const late: Notes = [];
  checkServicedirs(parsed.definitions, raw, late);
  if (errorsOf(notes).length > 0) return tell([...notes, ...late]);
  tell(notes);
  const info = (level: number, text: string): number =>
    tell([{ kind: "say", level, tag: "info", text }]);
  info(2, `writing compiled information to ${destination}`);
  try {
    writeCompiled(destination, database, {
      fdHolderUser: options.value("h"),
      onPart: (name) => info(3, `writing ${destination}/${name}`),
      beforeServicedirs(): void {
        const code = tell(late);
        if (code !== 0) throw new Refused(code);
      },
    });
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
  return 0;
}

/** The errors have already been printed. */
class Refused extends Error {
  readonly code: number;

  constructor(code: number) {
    super();
    this.code = code;
  }
}

/**
 * Prints what the verbosity allows: everything up to the first error, then only errors. Returns the
 * exit code of the first error; 0 if there is none.
 */
function tellNotes(program: string, notes: readonly Note[], verbosity: number): number {
  let code = 0;
  for (const note of notes) {
    if (note.kind === "say") {
      if (code === 0 && verbosity >= note.level) sayLine(`${program}: ${note.tag}: ${note.text}`);
      continue;
    }
    const { severity, text, exitCode, file, line, cause, cure } = note.finding;
    if (severity === "warning") {
      if (verbosity >= 1) sayLine(`${program}: warning: ${text}`);
      continue;
    }
    if (code === 0) code = exitCode;
    sayLine(`${program}: fatal: ${text}`);
    if (verbosity >= CURES_FROM) {
      sayLine(
        `${program}: info: ${file}${line === undefined ? "" : `:${line}`}: ${cause}; ${cure}`,
      );
    }
  }
  return code;
}
