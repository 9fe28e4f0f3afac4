/** `hexad` under its own name: what it can do, and the links that make it do it. */
import { EXIT_NOT_FOUND } from "../../lib/core/cli/exit_codes.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { suggestion } from "../../lib/core/text/edit_distance.ts";
import { EEXIST } from "../../lib/core/linux/errno.ts";
import { checked } from "../../lib/libc/bind.ts";
import { mkdir, rename, symlink, unlink } from "../../lib/libc/file.ts";
import { ownProgram } from "../../lib/libc/invocation.ts";
import { tryStat } from "../../lib/libc/stat.ts";
import { linkedNames } from "./described_commands.ts";
import { parseArguments } from "./arguments.ts";
import { OWN_COMMANDS } from "./commands.ts";

export const table = {
  summary:
    "Supervises services and shows what they do: s6's supervision suite in one program. Runs the command that is named, or that it is called as.",
  usage: "COMMAND [ARGUMENT...] | --list | --install DIR | --version [--json] | --help",
  commands: Object.entries(OWN_COMMANDS).map(([name, { text }]) => [name, text]),
  operands: "none",
  options: [
    { long: "list", text: "list the commands of s6, one a line" },
    {
      long: "install",
      arg: "DIR",
      kind: "directory",
      text: "make a symbolic link to hexad in DIR for each command of s6",
    },
  ],
  exits: [["0", "done"], ["100", "wrong usage"], ["111", "a system call failed"], [
    "127",
    "no command of that name",
  ]],
  example: "hexad status\nhexad s6-svstat /run/service/web",
} as const satisfies NamedTable;

/** Makes `link` point to `target`, replacing another link but nothing else. */
function placeLink(target: string, link: string): void {
  const temporary = `${link}.new`;
  unlink(temporary);
  checked(`create ${temporary}`, symlink(target, temporary));
  const result = rename(temporary, link);
  if (result < 0) unlink(temporary);
  checked(`rename ${temporary} to ${link}`, result);
}

function linkTarget(directory: string): string {
  const program = ownProgram();
  const beside = `${directory}/hexad`;
  const own = tryStat(program);
  const there = tryStat(beside);
  const same = typeof own !== "number" && typeof there !== "number" && own.ino === there.ino &&
    own.dev === there.dev;
  return same ? "hexad" : program;
}

function install(directory: string): void {
  const made = mkdir(directory, 0o755);
  if (made !== -EEXIST) checked(`create directory ${directory}`, made);
  const target = linkTarget(directory);
  for (const name of linkedNames()) placeLink(target, `${directory}/${name}`);
}

/** For a name, on the command line or of a link, that is no command's. */
export function unknownCommand(name: string): Failure {
  const known = [...Object.keys(OWN_COMMANDS), ...linkedNames()];
  const meant = suggestion(name, known);
  return new Failure(
    EXIT_NOT_FOUND,
    `no command ${name}${meant === "" ? `; there are: ${known.join(" ")}` : meant}`,
  );
}

export function main(context: Context): number {
  const [first] = context.argv;
  if (first !== undefined && !first.startsWith("-")) throw unknownCommand(first);
  const { flag, value } = parseArguments(context.argv, table);
  const directory = value("install");
  if (flag("list")) context.out(linkedNames().join("\n") + "\n");
  if (directory !== undefined) install(directory);
  if (!flag("list") && directory === undefined) {
    throw new UsageError("no command given; hexad help shows what there is");
  }
  return 0;
}
