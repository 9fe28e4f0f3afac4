/**
 * s6-svwait: blocks until services are up, down or restarted. Source: s6, doc/s6-svwait.html,
 * supervision/s6-svwait.c.
 */
import type { CommandTable, OptionSpec } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { waitFailureText, waitForServices } from "../../lib/servicedir/wait.ts";
import { type Context, Failure } from "../context.ts";
import { wantedState } from "../../lib/servicedir/wanted_state.ts";
import { ANY_OPTIONS, STATE_OPTIONS, TIMEOUT_OPTION } from "./wanted_state.ts";

export const table = {
  summary:
    "Waits until supervised services are in the wanted state. Listens for events, never polls.",
  usage: "[ -U | -u | -d | -D | -r | -R ] [ -a | -o ] [ -t timeout ] servicedir...",
  options: [...STATE_OPTIONS, ...ANY_OPTIONS, TIMEOUT_OPTION],
  exits: [
    ["0", "the wanted state has been reached"],
    ["N", "so many services failed for good or lost their supervisor"],
    ["99", "timed out"],
    ["100", "wrong usage"],
    ["111", "system call failed"],
  ],
  example: "s6-svwait -U -t 10000 /run/service/db /run/service/web",
} as const satisfies CommandTable;

export async function main(context: Context): Promise<number> {
  const given = readCommandLine<OptionSpec>(context.argv, table);
  const { wanted, any, timeoutMs } = wantedState(given);
  const { operands } = given;
  if (operands.length === 0) return 0;
  const code = await waitForServices(operands, { wanted, any, timeoutMs, onSubscribed: () => {} });
  if (code !== 0) throw new Failure(code, waitFailureText(code));
  return 0;
}
