/**
 * s6-ioconnect: copies between two pairs of descriptors. Source: s6, doc/s6-ioconnect.html,
 * conn-tools/s6-ioconnect.c.
 */
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { isInherited } from "../../lib/libc/replace_descriptors.ts";
import { Connector } from "../../lib/superserver/ioconnect.ts";
import { type Context, Failure } from "../context.ts";
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { EBADF, strerror } from "../../lib/core/linux/errno.ts";

const STDIN = 0;
const STDOUT = 1;
const DEFAULT_READING = "6";
const DEFAULT_WRITING = "7";
const FIRST_REMOTE = 3;

export const table = {
  summary:
    "Copies standard input to descriptor 7, and descriptor 6 to standard output, until both are at their end.",
  usage: "[ -t millisecs ] [ -r fdr ] [ -w fdw ]",
  options: [
    {
      short: "t",
      arg: "MS",
      text: "end with exit code 1 after so long without data; 0, the default, is never",
    },
    { short: "r", arg: "FDR", text: "read from this descriptor in place of 6" },
    { short: "w", arg: "FDW", text: "write to this descriptor in place of 7" },
    { short: "0", text: "without effect: whether a descriptor is a socket is looked up" },
    { short: "1", text: "the same" },
    { short: "6", text: "the same" },
    { short: "7", text: "the same" },
  ],
  exits: [
    ["0", "both directions are at their end"],
    ["1", "nothing was to be copied for too long"],
    ["100", "wrong usage"],
    ["111", "system call failed"],
  ],
  example: "s6-ipcclient /run/clock/s s6-ioconnect",
} as const satisfies CommandTable;

export async function main({ argv, warn }: Context): Promise<number> {
  const { value } = readCommandLine(argv, table);
  const number = (what: string, text: string): number => {
    const parsed = parseUint(text);
    if (parsed === undefined) throw new UsageError(`invalid ${what}: ${text}`);
    return parsed;
  };
  const timeoutMs = number("timeout", value("t") ?? "0");
  const reading = number("descriptor", value("r") ?? DEFAULT_READING) | 0;
  const writing = number("descriptor", value("w") ?? DEFAULT_WRITING) | 0;
  if (reading < FIRST_REMOTE || writing < FIRST_REMOTE) {
    throw new UsageError("the descriptors of -r and -w are 3 or more");
  }
  const flows = [{ from: STDIN, to: writing }, { from: reading, to: STDOUT }];
  for (const fd of flows.flatMap(({ from, to }) => [from, to])) {
    if (!isInherited(fd)) {
      throw new Failure(EXIT_SYSTEM, `unable to fstat fd ${fd}: ${strerror(EBADF)}`);
    }
  }
  using connector = new Connector({
    flows,
    timeoutMs: timeoutMs === 0 ? Infinity : timeoutMs,
    warn,
  });
  return await connector.run();
}
