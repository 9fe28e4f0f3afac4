/**
 * s6-svlisten1: starts a program while listening to one service, then waits for its state.
 * Source: s6, doc/s6-svlisten1.html, supervision/s6-svlisten1.c.
 */
import { type CommandTable, parseCommandLine, UsageError } from "../lib/core/getopt.ts";
import { waitFailureText, waitForServices } from "../lib/servicedir/wait.ts";
import { type Context, EXIT_TIMED_OUT, Failure } from "./context.ts";
import { startListenedProgram } from "./listened_program.ts";
import { STATE_OPTIONS, TIMEOUT_OPTION, wantedState } from "./wanted_state.ts";

export const table: CommandTable = {
  summary: "Listens to a supervised service, runs a program, and waits until the service is in the wanted state.",
  usage: "[ -U | -u | -d | -D | -r | -R ] [ -t timeout ] servicedir prog...",
  options: [...STATE_OPTIONS, TIMEOUT_OPTION],
  exits: [
    ["0", "the wanted state has been reached"],
    ["1", "the service failed for good or lost its supervisor"],
    ["99", "timed out"],
    ["100", "wrong usage"],
    ["111", "system call failed"],
  ],
  example: "s6-svlisten1 -U /run/service/db s6-svc -u /run/service/db",
};

export async function main(context: Context): Promise<number> {
  const { options, operands } = parseCommandLine(context.argv, table.options);
  const { wanted, timeoutMs } = wantedState(options);
  const [dir, ...program] = operands;
  if (dir === undefined || program.length === 0) throw new UsageError("a service directory and a program are needed");
  const onSubscribed = () => startListenedProgram(program);
  const code = await waitForServices([dir], { wanted, any: false, timeoutMs, onSubscribed });
  if (code === EXIT_TIMED_OUT) throw new Failure(code, waitFailureText(code));
  if (code !== 0) throw new Failure(code, `${dir} failed permanently or its supervisor died`);
  return 0;
}
