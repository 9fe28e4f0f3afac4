/**
 * Lists of exit statuses in systemd's units: numbers, names of exit codes, names of signals.
 * Source: systemd.service(5), SuccessExitStatus=; systemd.exec(5), "Process exit codes". Pure.
 */
import type { Entry } from "../../grammars/core/section_file.ts";
import { signalName, signalNumber } from "../../core/linux/signals.ts";

/** Signals of which a unit that is no oneshot may die and has ended well all the same. */
export const CLEAN_SIGNALS: readonly string[] = ["SIGHUP", "SIGINT", "SIGTERM", "SIGPIPE"];

/** Names of exit codes that do not come from systemd itself. */
const CODES: Readonly<Record<string, number>> = {
  SUCCESS: 0,
  FAILURE: 1,
  INVALIDARGUMENT: 2,
  NOTIMPLEMENTED: 3,
  NOPERMISSION: 4,
  NOTINSTALLED: 5,
  NOTCONFIGURED: 6,
  NOTRUNNING: 7,
  USAGE: 64,
  DATAERR: 65,
  NOINPUT: 66,
  NOUSER: 67,
  NOHOST: 68,
  UNAVAILABLE: 69,
  SOFTWARE: 70,
  OSERR: 71,
  OSFILE: 72,
  CANTCREAT: 73,
  IOERR: 74,
  TEMPFAIL: 75,
  PROTOCOL: 76,
  NOPERM: 77,
  CONFIG: 78,
};

export interface ExitStatuses {
  readonly codes: readonly number[];
  /** By their names. */
  readonly signals: readonly string[];
  /** Words that are none of these. */
  readonly unknown: readonly string[];
}

/** The statuses in all lines of a key; an empty one takes back those before it. */
export function exitStatuses(entries: readonly Entry[]): ExitStatuses {
  const words = entries.reduce<readonly string[]>(
    (all, { value }) => value.trim() === "" ? [] : [...all, ...value.trim().split(/\s+/)],
    [],
  );
  const codes = new Set<number>();
  const signals = new Set<string>();
  const unknown: string[] = [];
  for (const word of words) {
    const code = /^\d+$/.test(word) ? Number(word) : CODES[word];
    const signal = /^SIG/.test(word) ? signalNumber(word) : undefined;
    if (code !== undefined && code <= 255) codes.add(code);
    else if (signal !== undefined && signal > 0) signals.add(signalName(signal));
    else unknown.push(word);
  }
  return { codes: [...codes], signals: [...signals], unknown };
}
