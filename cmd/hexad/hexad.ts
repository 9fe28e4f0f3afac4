/** `hexad` under its own name: what it can do, and the links that make it do it. */
import { EXIT_NOT_FOUND } from "../../lib/core/cli/exit_codes.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { parseCommandLine, UsageError } from "../../lib/core/cli/getopt.ts";
import { OWN_MANNER } from "../../lib/core/cli/manners.ts";
import { meantWords } from "../../lib/core/text/edit_distance.ts";
import { EEXIST } from "../../lib/core/linux/errno.ts";
import { checked } from "../../lib/libc/bind.ts";
import { mkdir, rename, symlink, unlink } from "../../lib/libc/file.ts";
import { ownProgram } from "../../lib/libc/invocation.ts";
import { tryStat } from "../../lib/libc/stat.ts";
import { linkedNames } from "./described_commands.ts";
import { parseArguments } from "./arguments.ts";
import { OWN_COMMANDS } from "./commands.ts";
import { table } from "./program/table.ts";

const MOST_SUGGESTED = 3;

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
  const meant = meantWords(
    name,
    [...Object.keys(OWN_COMMANDS), ...linkedNames()],
    MOST_SUGGESTED,
  );
  const hint = meant.length === 0
    ? "hexad --help shows hexad's own, hexad --list those of s6"
    : `did you mean ${meant.join(" or ")}?`;
  return new Failure(EXIT_NOT_FOUND, `no command ${name}; ${hint}`);
}

export function main(context: Context): number {
  const { options, operands } = parseCommandLine(context.argv, table.options, {
    ...OWN_MANNER,
    anywhere: false,
  });
  const [command] = operands;
  if (command !== undefined && options.every(({ name }) => name === "S")) {
    throw linkedNames().includes(command)
      ? new UsageError(`${command} is told by its own arguments where to look: leave out -S`)
      : unknownCommand(command);
  }
  const { flag, value } = parseArguments(context.argv, table);
  const directory = value("install");
  if (flag("list")) context.out(linkedNames().join("\n") + "\n");
  if (directory !== undefined) install(directory);
  if (!flag("list") && directory === undefined) {
    throw new UsageError("no command given; hexad help shows what there is");
  }
  return 0;
}
