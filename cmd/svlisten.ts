/**
 * s6-svlisten: starts a program while listening to services, then waits for their state.
 * Source: s6, doc/s6-svlisten.html, supervision/s6-svlisten.c.
 */
import { type CommandTable, parseCommandLine, UsageError } from "../lib/core/getopt.ts";
import { waitFailureText, waitForServices } from "../lib/servicedir/wait.ts";
import { leadingBlock } from "./block.ts";
import { chainLoad } from "./chain_load.ts";
import { type Context, Failure } from "./context.ts";
import { startListenedProgram } from "./listened_program.ts";
import { ANY_OPTIONS, STATE_OPTIONS, TIMEOUT_OPTION, wantedState } from "./wanted_state.ts";

export const table: CommandTable = {
  summary: "Listens to supervised services, runs a program, and waits until the services are in the wanted state.",
  usage: '[ -U | -u | -d | -D | -r | -R ] [ -a | -o ] [ -t timeout ] servicedir... "" prog...',
  options: [...STATE_OPTIONS, ...ANY_OPTIONS, TIMEOUT_OPTION],
  exits: [
    ["0", "the wanted state has been reached"],
    ["N", "so many services failed for good or lost their supervisor"],
    ["99", "timed out"],
    ["100", "wrong usage"],
    ["111", "system call failed"],
  ],
  example: 's6-svlisten -D -t 5000 /run/service/web /run/service/db "" s6-svc -d /run/service/web /run/service/db',
};

export async function main(context: Context): Promise<number> {
  const { options, operands } = parseCommandLine(context.argv, table.options);
  const { wanted, any, timeoutMs } = wantedState(options);
  if (operands.length < 2) throw new UsageError("a block of service directories and a program are needed");
  const { block: dirs, rest: program } = leadingBlock(context, operands, "servicedir");
  if (program.length === 0) throw new UsageError("no program given");
  if (dirs.length === 0) chainLoad(program);
  const restart = wanted === "r" || wanted === "R";
  if (any && restart) context.warn(`-o is unsupported when combined with -${wanted} - using -a instead`);
  const onSubscribed = () => startListenedProgram(program);
  const code = await waitForServices(dirs, { wanted, any: any && !restart, timeoutMs, onSubscribed });
  if (code !== 0) throw new Failure(code, waitFailureText(code));
  return 0;
}
