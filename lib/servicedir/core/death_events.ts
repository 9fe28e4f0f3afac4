/**
 * Which deaths s6-permafailon counts: a list such as `1,101-103,SIGSEGV`.
 *
 * Items are exit codes, intervals of them, and signals by name or as `SIG11`; a bare number is an
 * exit code. Separators are comma, semicolon and white space. A death by signal N is on record with
 * exit code 128+N too, so an interval that holds 143 counts deaths by SIGTERM. Source: s6,
 * supervision/s6-permafailon.c. Pure.
 */
import type { Death } from "./dtally.ts";
import { signalNumber } from "../../core/linux/signals.ts";
import type { Tain } from "../../core/time/tain.ts";
import { compareTain } from "../../core/time/tain.ts";

export interface DeathEvents {
  readonly exitcodes: ReadonlySet<number>;
  readonly signals: ReadonlySet<number>;
}

const SEPARATORS = ",; \n\r\t";
const MAX_EXITCODE = 255;

/** @throws {SyntaxError} If the list is not understood; the message says what is wrong. */
export function parseDeathEvents(list: string): DeathEvents {
  const exitcodes = new Set<number>();
  const signals = new Set<number>();
  for (let at = 0; at < list.length;) {
    const interval = /^(\d+)(-(\d*))?/.exec(list.slice(at));
    if (interval !== null) {
      addInterval(interval, exitcodes);
      at += interval[0].length;
    } else {
      const word = wordAt(list, at);
      signals.add(parseSignal(word));
      at += word.length;
    }
    while (at < list.length && SEPARATORS.includes(list[at]!)) at++;
  }
  return { exitcodes, signals };
}

function addInterval(match: RegExpExecArray, exitcodes: Set<number>): void {
  const from = Number(match[1]);
  if (match[2] !== undefined && match[3] === "") {
    throw new SyntaxError("invalid interval specification");
  }
  const to = match[3] === undefined ? from : Number(match[3]);
  if (from > MAX_EXITCODE || to > MAX_EXITCODE) throw new SyntaxError("invalid exit code");
  if (to < from) throw new SyntaxError("invalid interval");
  for (let code = from; code <= to; code++) exitcodes.add(code);
}

function wordAt(list: string, at: number): string {
  let end = at;
  while (end < list.length && !SEPARATORS.includes(list[end]!)) end++;
  return list.slice(at, end);
}

function parseSignal(word: string): number {
  const signal = signalNumber(word);
  if (signal === undefined) throw new SyntaxError("invalid status list specification");
  if (signal === 0) throw new SyntaxError("invalid signal");
  return signal;
}

/**
 * The death that is the `count`th of those events since `since`, oldest first, or `undefined` if
 * there were fewer.
 *
 * @param count at least 1
 */
export function nthDeath(
  deaths: readonly Death[],
  events: DeathEvents,
  options: { readonly count: number; readonly since: Tain },
): Death | undefined {
  let matches = 0;
  for (const death of deaths) {
    if (compareTain(death.stamp, options.since) < 0 || !isAmong(death, events)) continue;
    if (++matches >= options.count) return death;
  }
  return undefined;
}

function isAmong(death: Death, events: DeathEvents): boolean {
  return (death.sig !== 0 && events.signals.has(death.sig)) || events.exitcodes.has(death.exitcode);
}
