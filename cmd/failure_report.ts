/** What is said when a command, or a link of a chain, gives up, and the exit code that is owed. */
import { EXIT_IMPOSSIBLE, EXIT_SYSTEM, EXIT_USAGE } from "../lib/core/cli/exit_codes.ts";
import type { CommandTable } from "../lib/core/cli/getopt.ts";
import { UsageError } from "../lib/core/cli/getopt.ts";
import { LinkFailure } from "../lib/execline/link_failure.ts";
import { SyscallError } from "../lib/libc/bind.ts";
import { Failure } from "./context.ts";
import { sayLine } from "./messages.ts";

export interface FailureReport {
  readonly program: string;
  readonly table: Pick<CommandTable, "usage">;
  readonly error: unknown;
  /** Our descriptor to say it on. */
  readonly stderr: number;
  /** Where in a script it happened, like ` (run:3:5)`; nothing if it was in none. */
  readonly where: string;
}

/** Says what has failed. Returns the exit code. */
export function reportFailure({ program, table, error, stderr, where }: FailureReport): number {
  const say = (text: string): void => sayLine(`${program}: ${text}`, stderr);
  if (error instanceof UsageError) {
    // s6-rc's programs say nothing but their usage
    if (error.message !== "") say(`fatal: ${error.message}${where}`);
    if (error.showsUsage) say(`usage: ${program} ${table.usage.replace(/\n */g, " or ")}`);
    return EXIT_USAGE;
  }
  if (error instanceof Failure || error instanceof LinkFailure) {
    say(`fatal: ${error.message}${where}`);
    return error.code;
  }
  if (error instanceof SyscallError) {
    say(`fatal: ${error.message}${where}`);
    return EXIT_SYSTEM;
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  say(
    `fatal: internal error: ${text}${where}. Please report it with the command line that was used.`,
  );
  return EXIT_IMPOSSIBLE;
}
