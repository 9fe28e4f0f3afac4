/** hexad env: executes a program with the variables of files, each read in the grammar of its origin. */
import { UsageError } from "../../lib/core/cli/getopt.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { ENOENT } from "../../lib/core/linux/errno.ts";
import { parseEnvironmentFile } from "../../lib/grammars/core/environment_file.ts";
import {
  ENVIRONMENT_FORMATS,
  type EnvironmentFormat,
} from "../../lib/grammars/core/environment_format.ts";
import { expandUnitWords } from "../../lib/grammars/core/unit_expansion.ts";
import { readText } from "../../lib/importer/source.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { setenv, variable } from "../../lib/libc/environ.ts";
import { glob } from "../../lib/libc/glob.ts";
import { tryStat } from "../../lib/libc/stat.ts";
import type { Context } from "../context.ts";
import { chainLoad } from "../supervision/chain_load.ts";
import { parseArguments } from "./arguments.ts";

export const table: NamedTable = {
  summary:
    "Executes a program with the variables that stand in files. They are read, and never run, as systemd, foreman or docker read them.",
  usage: "[-F FORMAT] [-f FILE]... [-x] -- PROGRAM [ARGUMENT...]",
  operands: "text",
  options: [
    {
      short: "F",
      long: "format",
      arg: "FORMAT",
      kind: ENVIRONMENT_FORMATS,
      text: `how the files are written: ${ENVIRONMENT_FORMATS.join(", ")}; default: systemd`,
    },
    {
      short: "f",
      long: "file",
      arg: "FILE",
      kind: "file",
      repeatable: true,
      text:
        "a file of variables; -FILE: it may be missing. For systemd, FILE may be a pattern of names",
    },
    {
      short: "x",
      long: "expand",
      text: "replace ${X}, $X and $$ in the words of PROGRAM as systemd does",
    },
  ],
  exits: [
    ["100", "wrong usage"],
    ["111", "a file is missing or can't be read, or a system call failed"],
    ["126", "the program can't be executed"],
    ["127", "the program was not found"],
  ],
  example: "hexad env --format systemd --file -/etc/default/web -- ./server",
};

export function main(context: Context): never {
  const { flag, value, values, operands } = parseArguments(context.argv, table);
  if (operands.length === 0) throw new UsageError("a program is needed");
  const format = formatNamed(value("format") ?? "systemd");
  for (const name of values("file")) readInto(context, name, format);
  chainLoad(flag("expand") ? expandUnitWords(operands, variable) : operands);
}

function formatNamed(name: string): EnvironmentFormat {
  const format = ENVIRONMENT_FORMATS.find((known) => known === name);
  if (format !== undefined) return format;
  throw new UsageError(
    `no format that is known: ${name} (there are ${ENVIRONMENT_FORMATS.join(", ")})`,
  );
}

/** What comes later replaces what came before. */
function readInto(context: Context, name: string, format: EnvironmentFormat): void {
  const isOptional = name.startsWith("-");
  const pattern = isOptional ? name.slice(1) : name;
  const paths = format === "systemd" && /[*?[]/.test(pattern) ? glob(pattern, 0) ?? [] : [pattern];
  if (paths.length === 0 && !isOptional) throw new SyscallError(`read ${pattern}`, ENOENT);
  for (const path of paths) {
    if (isOptional && tryStat(path) === -ENOENT) continue;
    const { variables, faults } = parseEnvironmentFile(readText(path), format, variable);
    for (const { line, text } of faults) context.warn(`${path}:${line}: ${text}`);
    for (const [key, text] of variables) setenv(key, text);
  }
}
