/**
 * `hexad status --watch`: a new look at each event, and after each interval. On a terminal each
 * replaces the last one.
 */
import { EventHub } from "../../lib/fifodir/hub.ts";
import type { ServiceReport } from "../../lib/status/core/service_report.ts";
import { monotonicMs } from "../../lib/libc/clock.ts";
import { listServices } from "../../lib/tree/services.ts";
import { Sampler } from "../../lib/tree/sampler.ts";
import { TreeWatch } from "../../lib/tree/tree_watch.ts";
import type { Context } from "../context.ts";
import type { ChosenServices } from "./service_operands.ts";

/** After an event, what else comes within this time is looked at together with it. */
const GATHER_MS = 50;
/** Looking takes at most this part of the time, however many events come. */
const SHARE = 4;

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
const CLEAR = "\x1b[H\x1b[2J";
const HOME = "\x1b[H";
const CLEAR_LINE_END = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

export interface Watching {
  readonly chosen: ChosenServices;
  /** All services of the scan directory, those that come later too. */
  readonly everything: boolean;
  readonly intervalMs: number;
  /** Standard output is a terminal and the output for people. */
  readonly inPlace: boolean;
  /** What is to be shown of a look. */
  render(reports: readonly ServiceReport[]): string;
}

/** Goes on until a signal ends the process. */
export async function watchStatus(
  context: Context,
  { chosen, everything, intervalMs, inPlace, render }: Watching,
): Promise<void> {
  const sampler = new Sampler();
  using hub = new EventHub(() => {
    if (inPlace) context.out(SHOW_CURSOR);
  });
  let pending: Disposable | undefined;
  let lookMs = 0;
  const soon = (): void => {
    pending ??= hub.after(Math.max(GATHER_MS, SHARE * lookMs), () => {
      pending = undefined;
      show();
    });
  };
  using watch = new TreeWatch(hub, { ...chosen, everything }, { onEvents: soon, onServices: soon });
  const show = (): void => {
    const beginMs = monotonicMs();
    const others = chosen.scandir === undefined || everything ? [] : listServices(chosen.scandir);
    const text = render(sampler.look(watch.services, others));
    context.out(inPlace ? inPlaceOf(text) : text);
    lookMs = monotonicMs() - beginMs;
  };
  const onResize = (): void => {
    context.out(CLEAR);
    soon();
  };
  const tick = (): void => {
    show();
    hub.after(intervalMs, tick);
  };
  if (inPlace) {
    context.out(HIDE_CURSOR + CLEAR);
    Deno.addSignalListener("SIGWINCH", onResize);
  }
  try {
    tick();
    await hub.run();
  } finally {
    if (inPlace) {
      Deno.removeSignalListener("SIGWINCH", onResize);
      context.out(SHOW_CURSOR);
    }
  }
}

/** Each line over the old one, without a moment in which the screen is empty. */
function inPlaceOf(text: string): string {
  return HOME + text.trimEnd().replaceAll("\n", `${CLEAR_LINE_END}\n`) + CLEAR_LINE_END +
    CLEAR_BELOW;
}

export interface ServedWatching {
  readonly intervalMs: number;
  readonly inPlace: boolean;
  /** What is to be shown. */
  look(): Promise<string>;
}

/** The same of a tree that is asked again after each interval, until a signal ends the process. */
export async function watchServed(
  context: Context,
  { intervalMs, inPlace, look }: ServedWatching,
): Promise<never> {
  using hub = new EventHub(() => {
    if (inPlace) context.out(SHOW_CURSOR);
  });
  if (inPlace) context.out(HIDE_CURSOR + CLEAR);
  try {
    for (;;) {
      const text = await look();
      context.out(inPlace ? inPlaceOf(text) : text);
      await new Promise<void>((resolve) => hub.after(intervalMs, resolve));
    }
  } finally {
    if (inPlace) context.out(SHOW_CURSOR);
  }
}
