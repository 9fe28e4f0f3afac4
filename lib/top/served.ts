/**
 * `hexad top` on a tree that another `hexad serve` shows: its loop over a terminal and what the
 * server tells. The server is asked again a while after each answer. While it can't be asked, what
 * was seen last stays on the screen with the reason below it, and it is asked on.
 */
import { addMilliseconds } from "../core/time/tain.ts";
import { isoTime } from "../core/time/utc_time.ts";
import { printable } from "../core/text/printable.ts";
import { EventHub } from "../fifodir/hub.ts";
import { monotonicMs, wallclock } from "../libc/clock.ts";
import { LineFilter } from "../logreader/line_filter.ts";
import { remoteAction } from "../remote/core/remote_action.ts";
import { type RemoteLine, RemoteLogs } from "../remote/remote_logs.ts";
import { RemoteError, type RemoteTree } from "../remote/served_tree.ts";
import { signalName, signalNumber } from "../core/linux/signals.ts";
import type { StatusOverview } from "../status/core/status_document.ts";
import { FullScreen } from "../terminal/full_screen.ts";
import { KEPT_LINES } from "./core/top_step.ts";
import type { Target, TopLook } from "./core/top_state.ts";
import { shownLog } from "./log_feed.ts";
import { type TopForm, TopLoop } from "./loop.ts";

/** Between an answer and the next question. */
const PAUSE_MS = 1000;
const RELOAD_SIGNAL_FILE = "reload-signal";
const DEFAULT_RELOAD_SIGNAL = "SIGHUP";

export interface ServedTopWorld {
  readonly input: number;
  readonly output: number;
  readonly tree: RemoteTree;
  /** What was seen before there was a screen. */
  readonly first: StatusOverview;
  readonly loggers: boolean;
  readonly form: TopForm;
  /** What there is now, or a line that says why that can't be seen. */
  look(): Promise<StatusOverview | string>;
}

/**
 * Goes on until the user quits, or a signal ends the process. @throws {SyscallError | TerminalGone}
 * If the terminal is gone.
 */
export async function runServedTop(world: ServedTopWorld): Promise<void> {
  const { tree } = world;
  let seen = world.first;
  let seenMs = monotonicMs();
  let blindness: string | undefined;
  let asking: Promise<void> | undefined;
  let isOver = false;
  using hub = new EventHub(() => terminal.restore());
  const ask = async (): Promise<void> => {
    const look = await world.look();
    if (typeof look === "string") blindness = `${look} (trying again)`;
    else [seen, seenMs, blindness] = [look, monotonicMs(), undefined];
    asking = undefined;
    if (isOver) return;
    loop.onChange();
    hub.after(PAUSE_MS, askNow);
  };
  const askNow = (): void => {
    asking ??= ask().catch((error) => {
      if (!isOver) hub.fail(error);
    });
  };
  using terminal: FullScreen = new FullScreen(hub, world, {
    onKey: (key) => loop.onKey(key),
    onResize: (size) => loop.onResize(size),
  });
  using loop: TopLoop = new TopLoop({
    // the server's clock, which need not be ours
    now: () => addMilliseconds(seen.now, Math.max(0, Math.floor(monotonicMs() - seenMs))),
    monotonicMs,
    after: (delayMs, onTime) => hub.after(delayMs, onTime),
    look: () => blindness ?? topLook(seen),
    send: async (target, letters) => {
      const failure = await told(tree, target, letters);
      askNow();
      return failure;
    },
    hasReloadSignal: () => true, // which one, the server is asked for by `told`
    openLog: (target, onLines) => feedServedLog(tree, target, hub, onLines),
    draw: (lines) => terminal.draw(lines),
    forget: () => terminal.forget(),
    suspend: () => terminal.suspend(),
    stop: () => hub.stop(),
  }, { size: terminal.size, scandir: tree.name, loggers: world.loggers, form: world.form });
  using _end = { [Symbol.dispose]: () => isOver = true };
  loop.begin();
  hub.after(PAUSE_MS, askNow);
  await hub.run();
}

function topLook({ reports, oneshots, leftOut }: StatusOverview): TopLook {
  return { reports, oneshots, leftOut };
}

/** Has a service told; why that could not be done, or undefined. */
async function told(
  tree: RemoteTree,
  { name }: Target,
  letters: string,
): Promise<string | undefined> {
  try {
    const action = letters === "l"
      ? { action: "signal", signal: await reloadSignal(tree, name) } as const
      : remoteAction(letters);
    if (action === undefined) return `${printable(name)}: a server can't be asked for that`;
    await tree.act(name, action);
    return undefined;
  } catch (error) {
    if (error instanceof RemoteError) return error.message;
    throw error;
  }
}

async function reloadSignal(tree: RemoteTree, name: string): Promise<string> {
  const text = await tree.setting(name, RELOAD_SIGNAL_FILE) ?? DEFAULT_RELOAD_SIGNAL;
  return signalName(signalNumber(text) ?? 0);
}

/** Tells the last lines of a log, and then what is written to it. */
function feedServedLog(
  tree: RemoteTree,
  { name }: Target,
  hub: EventHub,
  onLines: (lines: readonly string[]) => void,
): Disposable {
  const aborter = new AbortController();
  const { signal } = aborter;
  const tell = (lines: readonly string[]): void => {
    if (!signal.aborted && lines.length > 0) onLines(lines);
  };
  const filter = new LineFilter({}, undefined);
  const linesOf = shownLog();
  const logs = new RemoteLogs({
    tree,
    services: [name],
    filter,
    everything: false,
    signal,
    onTrouble: (text) => tell([printable(text)]),
  });
  const feed = async (): Promise<void> => {
    const since = isoTime(wallclock())!;
    const held = await logs.held(KEPT_LINES, { lines: String(KEPT_LINES) });
    tell(held.flatMap(({ line, origin }) => linesOf([line], origin)));
    await logs.follow(since, ({ line, origin }: RemoteLine) => tell(linesOf([line], origin)));
  };
  feed().catch((error) => {
    if (signal.aborted) return;
    if (error instanceof RemoteError) tell([printable(error.message)]);
    else hub.fail(error);
  });
  return {
    [Symbol.dispose]: () => {
      aborter.abort();
      filter[Symbol.dispose]();
    },
  };
}
