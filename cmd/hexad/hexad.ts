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
import { SUITES } from "../registry.ts";
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

function install(directory: string, names: readonly string[]): void {
  const made = mkdir(directory, 0o755);
  if (made !== -EEXIST) checked(`create directory ${directory}`, made);
  const target = linkTarget(directory);
  for (const name of names) placeLink(target, `${directory}/${name}`);
}

/** `--install --compat SUITE DIR`, in which people see a DIR behind both. */
function directoryBehindInstall(argv: readonly string[]): readonly string[] {
  const [install, compat = "", ...rest] = argv;
  if (install !== "--install") return argv;
  if (compat.startsWith("--compat=")) return [compat, install, ...rest];
  return compat === "--compat" ? [compat, ...rest.slice(0, 1), install, ...rest.slice(1)] : argv;
}

/** The commands of the suites; those of s6 if none is named. */
function namesOf(suites: readonly string[]): readonly string[] {
  if (suites.length === 0) return linkedNames();
  const names = suites.flatMap((suite) => {
    if (Object.hasOwn(SUITES, suite)) return SUITES[suite]!;
    throw new UsageError(`no suite ${suite}; there are ${Object.keys(SUITES).join(" and ")}`);
  });
  return [...new Set(names)].sort();
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
  const argv = directoryBehindInstall(context.argv);
  const { options, operands } = parseCommandLine(argv, table.options, {
    ...OWN_MANNER,
    anywhere: false,
  });
  const [command] = operands;
  if (command !== undefined && options.every(({ name }) => name === "S")) {
    throw linkedNames().includes(command)
      ? new UsageError(`${command} is told by its own arguments where to look: leave out -S`)
      : unknownCommand(command);
  }
  const { flag, value, values } = parseArguments(argv, table);
  const directory = value("install");
  const names = namesOf(values("compat"));
  if (flag("list")) context.out(names.join("\n") + "\n");
  if (directory !== undefined) install(directory, names);
  if (!flag("list") && directory === undefined) {
    throw new UsageError("no command given; hexad help shows what there is");
  }
  return 0;
}
