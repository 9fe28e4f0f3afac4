/** hexad check-script: looks at scripts of the execline language without running them. */
import { parseScript, ScriptError } from "../../lib/execline/core/execline_script.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import {
  checkCommandLine,
  type Finding,
  type KnownCommands,
} from "../../lib/check/core/script_check.ts";
import { headComplaint } from "../../lib/check/core/script_head_check.ts";
import { decodePath } from "../../lib/core/text/path_bytes.ts";
import { placeText } from "../../lib/execline/core/words.ts";
import { readToEnd } from "../../lib/execline/script_file.ts";
import { O_RDONLY } from "../../lib/core/linux/open_flags.ts";
import { close, open } from "../../lib/libc/file.ts";
import type { Context } from "../context.ts";
import { parseArguments } from "./arguments.ts";
import { knownCommands } from "./known_commands.ts";

const EXIT_ERRORS = 1;

export const table = {
  summary:
    "Looks at scripts for execlineb without running them: syntax, whether each link has its options, operands and blocks, and what is written in a shell's language.",
  usage: "FILE...",
  operands: "file",
  options: [],
  exits: [
    ["0", "no errors; there may be warnings"],
    ["1", "errors"],
    ["100", "wrong usage"],
    ["111", "a file can't be read"],
  ],
  example: "hexad check-script /etc/services.d/*/run",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const { operands } = parseArguments(context.argv, table);
  if (operands.length === 0) throw new UsageError("a script is needed");
  const known = await knownCommands(context.env.get("PATH") ?? "");
  let code = 0;
  for (const file of operands) {
    const findings = findingsIn(file, known);
    for (const { kind, place, text } of findings) {
      context.out(`${placeText(place)}: ${kind}: ${text}\n`);
    }
    if (findings.some(({ kind }) => kind === "error")) code = EXIT_ERRORS;
  }
  return code;
}

function findingsIn(file: string, known: KnownCommands): Finding[] {
  const bytes = readFile(file);
  const head = headComplaint(bytes, known.options("execlineb")!);
  const place = { file, line: 1, column: 1 };
  try {
    const words = parseScript(bytes, file);
    return [
      ...(head === undefined ? [] : [{ kind: "error", place, text: head } as const]),
      ...checkCommandLine(words, known, decodePath(bytes)),
    ];
  } catch (error) {
    if (error instanceof ScriptError) {
      return [{
        kind: "error",
        place: head === undefined ? error.place : place,
        text: head ?? error.message,
      }];
    }
    throw error;
  }
}

/** @throws {SyscallError} If it can't be read. */
function readFile(file: string): Uint8Array {
  const fd = open(file, O_RDONLY);
  try {
    return readToEnd(fd, file);
  } finally {
    close(fd);
  }
}
