/**
 * `hexad top` on this machine: its loop with a terminal, a tree of services, and their supervisors.
 */
import type { Target, TopLook } from "./core/top_state.ts";
import { EventHub } from "../fifodir/hub.ts";
import { monotonicMs, wallclock } from "../libc/clock.ts";
import { logdirsOfServices } from "../tree/overview.ts";
import { KeptOutput } from "../tree/kept_output.ts";
import { isKept } from "../tree/oneshots.ts";
import { Sampler } from "../tree/sampler.ts";
import { listServices, withLogger } from "../tree/services.ts";
import type { NamedService } from "../servicedir/named_service.ts";
import { TreeWatch } from "../tree/tree_watch.ts";
import { hasReloadSignal } from "../servicedir/client.ts";
import { FullScreen } from "../terminal/full_screen.ts";
import { printable } from "../core/text/printable.ts";
import { feedLog } from "./log_feed.ts";
import { type TopForm, TopLoop } from "./loop.ts";

export interface TopWorld {
  readonly input: number;
  readonly output: number;
  readonly scandir: string | undefined;
  readonly services: readonly NamedService[];
  /** All services of the scan directory, those that come later too. */
  readonly everything: boolean;
  readonly loggers: boolean;
  readonly form: TopForm;
  /** Oneshots of s6-rc, as they are now. */
  oneshots(): Omit<TopLook, "reports">;
  /** Sends letters to its supervisor. Why that could not be done, or undefined. */
  send(target: Target, letters: string): string | undefined;
}

/**
 * Goes on until the user quits, or a signal ends the process. @throws {SyscallError | TerminalGone}
 * If the terminal is gone.
 */
export async function runTop(world: TopWorld): Promise<void> {
  // a signal is heard between turns of the event loop, when the terminal is there
  using hub = new EventHub(() => terminal.restore());
  const onChange = (): void => loop.onChange();
  using watch = new TreeWatch(hub, world, {
    onEvents: onChange,
    onServices: onChange,
  });
  const others = (): readonly NamedService[] =>
    world.scandir === undefined || world.everything
      ? watch.services.flatMap(withLogger)
      : listServices(world.scandir);
  const sampler = new Sampler();
  using terminal: FullScreen = new FullScreen(hub, world, {
    onKey: (key) => loop.onKey(key),
    onResize: (size) => loop.onResize(size),
  });
  using loop: TopLoop = new TopLoop({
    now: wallclock,
    monotonicMs,
    after: (delayMs, onTime) => hub.after(delayMs, onTime),
    look: () => ({
      reports: sampler.look(watch.services, world.everything ? [] : others()),
      ...world.oneshots(),
    }),
    send: world.send,
    hasReloadSignal: ({ directory }) => hasReloadSignal(directory),
    openLog: ({ name, directory, isOneshot }, onLines) => {
      if (isOneshot) {
        return isKept(directory)
          ? feedLog({ name, logdirs: [directory] }, hub, onLines)
          : `nothing is kept of what ${printable(name)} wrote`;
      }
      const service = watch.services.find((one) => one.directory === directory);
      const logdirs = service === undefined
        ? []
        : logdirsOfServices([service], others()).get(directory)!;
      if (logdirs.length > 0) return feedLog({ name, logdirs }, hub, onLines);
      const text = `${printable(name)} has no log directory that could be found`;
      if (service === undefined) return text;
      const output = new KeptOutput({
        ...world,
        services: [service],
        everything: false,
        follow: true,
      });
      const kept = output.ask();
      if (output.reason === undefined) {
        return feedLog({ name, logdirs, kept, output }, hub, onLines);
      }
      output[Symbol.dispose]();
      return `${text}, and its output is not kept (S6_LOGGING_PREFIX, --logging-prefix)`;
    },
    draw: (lines) => terminal.draw(lines),
    forget: () => terminal.forget(),
    suspend: () => terminal.suspend(),
    stop: () => hub.stop(),
  }, { size: terminal.size, scandir: world.scandir, loggers: world.loggers, form: world.form });
  loop.begin();
  await hub.run();
}
