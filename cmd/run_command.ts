/** Runs a command that is a program of its own, from its arguments to its exit code. */
import { EXIT_BROKEN_PIPE } from "../lib/core/cli/exit_codes.ts";
import type { CommandTable } from "../lib/core/cli/getopt.ts";
import { helpOption, helpText } from "../lib/core/cli/help_text.ts";
import { SIGPIPE } from "../lib/core/linux/signals.ts";
import { BrokenPipe } from "../lib/files/output.ts";
import { dieOf } from "../lib/libc/disposition.ts";
import { readEnvironment } from "../lib/libc/environ.ts";
import type { CommandModule, Context } from "./context.ts";
import { reportFailure } from "./failure_report.ts";
import { sayLine, writeOut } from "./messages.ts";
import { versionText } from "./version.ts";

function contextFor(program: string, argv: readonly string[]): Context {
  return {
    program,
    argv,
    get env(): ReadonlyMap<string, string> {
      return readEnvironment();
    },
    stdin: 0,
    stdout: 1,
    stderr: 2,
    out: writeOut,
    warn: (text) => sayLine(`${program}: warning: ${text}`),
    info: (text) => sayLine(`${program}: info: ${text}`),
  };
}

export function isHelpWord(word: string | undefined, table: CommandTable): boolean {
  return word === "--help" || (word === "-h" && helpOption(table, "").short === "h");
}

/** Answers `--help` and `--version`. False if the command line has neither. */
export function answers(program: string, table: CommandTable, first: string | undefined): boolean {
  const isHelp = isHelpWord(first, table);
  if (!isHelp && first !== "--version") return false;
  writeOut(isHelp ? helpText(program, table) : versionText(program));
  return true;
}

/** Runs one command to its end. Returns the exit code. */
export async function runCommand(
  program: string,
  module: CommandModule,
  argv: readonly string[],
): Promise<number> {
  try {
    const asked = module.readsHelpItself || (module.helpAlone && argv.length > 1)
      ? undefined
      : argv[0];
    if (answers(program, module.table, asked)) return 0;
    return await module.main(contextFor(program, argv));
  } catch (error) {
    if (error instanceof BrokenPipe) return brokenPipe();
    return reportFailure({ program, table: module.table, error, stderr: 2, where: "" });
  }
}

/**
 * The runtime ignores SIGPIPE; who has started us is to see what a C program would have died of.
 */
function brokenPipe(): number {
  dieOf(SIGPIPE);
  return EXIT_BROKEN_PIPE; // somebody has blocked the signal
}
