/** What supervisors need that run without a scan directory: a loop, and the world around it. */
import { Poller } from "../../lib/libc/epoll.ts";
import { logHostsPort } from "../../lib/loghost/host_process.ts";
import { LogHosts } from "../../lib/loghost/hosts.ts";
import { spreadLastNet } from "../../lib/mishap/last_net.ts";
import { Reaper } from "../../lib/processes/reaper.ts";
import { OomCounter } from "../../lib/supervise/oom_counter.ts";
import { ProcessTable } from "../../lib/supervise/process_table.ts";
import type { World } from "../../lib/supervise/world.ts";
import { logHostCommand } from "../log/log_host_command.ts";
import { sayLine } from "../messages.ts";
import { allowScriptsHere } from "../run_scripts_here.ts";
import { selfCommand } from "../self.ts";

export interface LoneSupervision {
  readonly world: World;
  /** Resolves when `stop` has been called. */
  run(): Promise<void>;
  stop(): void;
}

/**
 * Starts the loop, before there is a service that could use up the limit of processes: the runtime
 * starts a thread for it.
 *
 * @param program What its messages begin with
 */
export function beginLoneSupervision(program: string): LoneSupervision {
  const say = (text: string) => sayLine(`${program}: warning: ${text}`);
  const mishaps = spreadLastNet(say);
  const onMishap = (error: unknown): void => mishaps.tell(error);
  const poller = new Poller({ onMishap });
  const reaper = new Reaper(poller.portions, { onMishap });
  Deno.addSignalListener("SIGCHLD", () => mishaps.survives(() => reaper.reap()));
  const loop = poller.run();
  const oom = new OomCounter();
  allowScriptsHere();
  const world: World = {
    poller,
    reaper,
    processes: new ProcessTable(),
    oom,
    logHosting: new LogHosts(logHostsPort({ poller, reaper, warn: say, logHost: logHostCommand })),
    warn: (name, text) => sayLine(`${program} ${name}: warning: ${text}`),
    setlock: (args) => selfCommand("s6-setlock", args),
  };
  const run = async (): Promise<void> => {
    oom.mark();
    await mishaps.outlast(loop, () => poller.run());
  };
  return { world, run, stop: () => poller.stop() };
}
