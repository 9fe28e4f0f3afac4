/** What s6-ftrig-wait, s6-ftrig-listen1 and s6-ftrig-listen have in common. */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import type { OptionSpec } from "../../lib/core/cli/getopt.ts";
import type { GivenThese } from "../../lib/core/cli/given.ts";
import type { Expectation } from "../../lib/fifodir/expect.ts";
import { Ere } from "../../lib/libc/regex.ts";
import { Failure } from "../context.ts";
import { parseTimeout } from "../../lib/servicedir/wanted_state.ts";

export const FTRIG_TIMEOUT_OPTION = {
  short: "t",
  long: "timeout",
  arg: "MS",
  text: "give up after so many milliseconds; 0, the default, is never",
} as const satisfies OptionSpec;

/** The value of the last `-t`, or 0. @throws {UsageError} If one is no unsigned number. */
export function timeoutOption({ values }: GivenThese<never, "timeout">): number {
  return values("timeout").map(parseTimeout).at(-1) ?? 0;
}

/**
 * Events on `fifodir` that match the extended regular expression `pattern`. @throws {Failure} If it
 * is none.
 */
export function expectation(fifodir: string, pattern: string): Expectation {
  try {
    const ere = new Ere(pattern);
    return { fifodir, matches: (events) => ere.test(events) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Failure(
      EXIT_SYSTEM,
      `unable to subscribe to ${fifodir} with regexp ${pattern}: ${error.message}`,
    );
  }
}

/** The events and a newline, as they are printed. */
export function eventLine(events: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const line = new Uint8Array(events.length + 1);
  line.set(events);
  line[events.length] = 10;
  return line;
}
