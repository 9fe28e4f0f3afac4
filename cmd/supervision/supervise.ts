/** s6-supervise: keeps one service running. Source: s6, doc/s6-supervise.html. */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import type { Event } from "../../lib/supervise/core/machine.ts";
import { outliveFileSizeLimit } from "../../lib/libc/disposition.ts";
import { UnsuitableError } from "../../lib/supervise/control.ts";
import { outliveChildren } from "../../lib/supervise/outlive_children.ts";
import type { World } from "../../lib/supervise/world.ts";
import { supervise } from "../../lib/supervise/supervise.ts";
import type { Supervisor } from "../../lib/supervise/supervisor.ts";
import type { SupervisorListener } from "../../lib/supervise/supervisor_listener.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { beginLoneSupervision } from "./lone_supervision.ts";

export const table = {
  summary: "start a service, restart it when it dies, and obey s6-svc",
  usage: "servicedir",
  options: [],
  exits: [
    ["0", "told to end"],
    [
      "N",
      "the service has flag-essential and has ended for good, with exit code N or by the signal N - 128",
    ],
    ["100", "wrong usage, or another s6-supervise runs on the directory"],
    ["111", "a system call failed at the start"],
  ],
  example: "s6-supervise /run/service/web",
} as const satisfies CommandTable;

const SIGNAL_EVENTS: Readonly<Partial<Record<Deno.Signal, Event>>> = {
  SIGTERM: "TERM",
  SIGHUP: "HUP",
  SIGQUIT: "QUIT",
  SIGINT: "INT",
};

function begin(world: World, path: string, listener: SupervisorListener): Supervisor {
  try {
    return supervise(world, { path, name: path, stdio: {}, ...listener });
  } catch (error) {
    throw error instanceof UnsuitableError ? new Failure(EXIT_USAGE, error.message) : error;
  }
}

export async function main(context: Context): Promise<number> {
  const { operands: [path, extra] } = readCommandLine(context.argv, table);
  if (path === undefined) throw new UsageError("no service directory given");
  if (extra !== undefined) throw new UsageError(`unexpected argument: ${extra}`);
  outliveFileSizeLimit();
  outliveChildren();
  const supervision = beginLoneSupervision("s6-supervise");
  for (const [signal, event] of Object.entries(SIGNAL_EVENTS)) {
    Deno.addSignalListener(signal as Deno.Signal, () => supervisor.handle(event));
  }
  let exitCode = 0;
  const supervisor = begin(supervision.world, path, {
    onEnd: () => supervision.stop(),
    onEssentialEnd: (code) => {
      exitCode = code;
      supervisor.handle("TERM");
    },
  });
  await supervision.run();
  return exitCode;
}
