/** s6-supervise: keeps one service running. Source: s6, doc/s6-supervise.html. */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import type { Event } from "../../lib/supervise/core/machine.ts";
import { outliveFileSizeLimit } from "../../lib/libc/disposition.ts";
import { Poller } from "../../lib/libc/epoll.ts";
import { logHostsPort } from "../../lib/loghost/host_process.ts";
import { LogHosts } from "../../lib/loghost/hosts.ts";
import { spreadLastNet } from "../../lib/mishap/last_net.ts";
import { UnsuitableError } from "../../lib/supervise/control.ts";
import { outliveChildren } from "../../lib/supervise/outlive_children.ts";
import { OomCounter } from "../../lib/supervise/oom_counter.ts";
import { ProcessTable } from "../../lib/supervise/process_table.ts";
import { Reaper } from "../../lib/processes/reaper.ts";
import type { World } from "../../lib/supervise/world.ts";
import { supervise } from "../../lib/supervise/supervise.ts";
import type { Supervisor, SupervisorListener } from "../../lib/supervise/supervisor.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { logHostCommand } from "../log/log_host_command.ts";
import { sayLine } from "../messages.ts";
import { allowScriptsHere } from "../run_scripts_here.ts";
import { selfCommand } from "../self.ts";

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
  const say = (text: string) => sayLine(`s6-supervise: warning: ${text}`);
  const mishaps = spreadLastNet(say);
  const onMishap = (error: unknown): void => mishaps.tell(error);
  const poller = new Poller({ onMishap });
  const reaper = new Reaper(poller.portions, { onMishap });
  const warn = (name: string, text: string) => sayLine(`s6-supervise ${name}: warning: ${text}`);
  Deno.addSignalListener("SIGCHLD", () => mishaps.survives(() => reaper.reap()));
  for (const [signal, event] of Object.entries(SIGNAL_EVENTS)) {
    Deno.addSignalListener(signal as Deno.Signal, () => supervisor.handle(event));
  }
  // before there is a service that could use up the limit of processes: the runtime starts a thread
  const loop = poller.run();
  const logHosting = new LogHosts(
    logHostsPort({ poller, reaper, warn: say, logHost: logHostCommand }),
  );
  const oom = new OomCounter();
  const setlock = (args: readonly string[]) => selfCommand("s6-setlock", args);
  allowScriptsHere();
  const world: World = {
    poller,
    reaper,
    processes: new ProcessTable(),
    oom,
    logHosting,
    warn,
    setlock,
  };
  let exitCode = 0;
  const supervisor = begin(world, path, {
    onEnd: () => poller.stop(),
    onEssentialEnd: (code) => {
      exitCode = code;
      supervisor.handle("TERM");
    },
  });
  oom.mark();
  await mishaps.outlast(loop, () => poller.run());
  return exitCode;
}
