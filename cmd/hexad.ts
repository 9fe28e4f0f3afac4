/** `hexad` under its own name: what it can do, and the links that make it do it. */
import type { Context } from "./context.ts";
import { EXIT_NOT_FOUND, Failure } from "./context.ts";
import type { CommandTable } from "../lib/core/getopt.ts";
import { parseCommandLine, UsageError } from "../lib/core/getopt.ts";
import { suggestion } from "../lib/core/edit_distance.ts";
import { EEXIST } from "../lib/core/errno.ts";
import { checked } from "../lib/libc/bind.ts";
import { mkdir, rename, symlink, unlink } from "../lib/libc/file.ts";
import { tryStat } from "../lib/libc/stat.ts";
import { OWN_COMMANDS } from "./hexad_commands.ts";
import { COMMANDS, LINKS, TOOLS } from "./registry.ts";

export const table: CommandTable = {
  summary:
    "Supervises services and shows what they do: s6's supervision suite in one program. Runs the command that is named, or that it is called as.",
  usage: "COMMAND [ARGUMENT...] | --list | --install DIR | --version | --help",
  commands: Object.entries(OWN_COMMANDS).map(([name, { text }]) => [name, text]),
  options: [
    { long: "list", text: "list the commands of s6, one a line" },
    { long: "install", arg: "DIR", text: "make a symbolic link to hexad in DIR for each command of s6" },
  ],
  exits: [["0", "done"], ["100", "wrong usage"], ["111", "a system call failed"], ["127", "no command of that name"]],
  example: "hexad status\nhexad s6-svstat /run/service/web",
};

function commandNames(): string[] {
  return [COMMANDS, TOOLS, LINKS].flatMap(Object.keys).sort();
}

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
  const program = Deno.execPath();
  const beside = `${directory}/hexad`;
  const own = tryStat(program);
  const there = tryStat(beside);
  const same = typeof own !== "number" && typeof there !== "number" && own.ino === there.ino && own.dev === there.dev;
  return same ? "hexad" : program;
}

function install(directory: string): void {
  const made = mkdir(directory, 0o755);
  if (made !== -EEXIST) checked(`create directory ${directory}`, made);
  const target = linkTarget(directory);
  for (const name of commandNames()) placeLink(target, `${directory}/${name}`);
}

/** For a name, on the command line or of a link, that is no command's. */
export function unknownCommand(name: string): Failure {
  const known = [...Object.keys(OWN_COMMANDS), ...commandNames()];
  const meant = suggestion(name, known);
  return new Failure(EXIT_NOT_FOUND, `no command ${name}${meant === "" ? `; there are: ${known.join(" ")}` : meant}`);
}

export function main(context: Context): number {
  const [first] = context.argv;
  if (first !== undefined && !first.startsWith("-")) throw unknownCommand(first);
  const { options, operands } = parseCommandLine(context.argv, table.options);
  if (operands.length > 0) throw new UsageError(`unexpected argument: ${operands[0]}`);
  for (const { name, value } of options) {
    if (name === "list") context.out(commandNames().join("\n") + "\n");
    else if (name === "install") install(value);
  }
  if (options.length === 0) throw new UsageError("no command given");
  return 0;
}
