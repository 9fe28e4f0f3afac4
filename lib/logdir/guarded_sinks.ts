/** Sinks of which each fails by itself: what one of them throws keeps a line from no other. */
import type { Mishaps } from "../mishap/mishaps.ts";
import type { LogSinks } from "./actions.ts";

const NO_HEAD = new Uint8Array(0);

export function guardedSinks(sinks: LogSinks, mishaps: Mishaps): LogSinks {
  const safely = <A extends unknown[]>(sink: (...args: A) => void) => (...args: A): void =>
    void mishaps.survives(() => sink(...args));
  return {
    logdir: safely(sinks.logdir),
    stdout: safely(sinks.stdout),
    container: safely(sinks.container),
    alert: safely(sinks.alert),
    status: safely(sinks.status),
    head: (form) => mishaps.guard(() => sinks.head(form), NO_HEAD),
    ...(sinks.slow === undefined
      ? {}
      : { slow: () => void mishaps.survives(() => sinks.slow?.()) }),
  };
}
