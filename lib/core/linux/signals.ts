/**
 * Signals of Linux: numbers, names, and how a name is read.
 *
 * Where the system has two names for a number, the name of POSIX is printed (ABRT, CHLD, POLL) and
 * both are read. Source: signal(7); skalibs, sig_name.c, sig_number.c, sig0_scan.c. Pure.
 */

import { parseUint } from "./config_file.ts";

/** All standard signals by name. */
export const SIGNALS = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGPOLL: 29,
  SIGPWR: 30,
  SIGSYS: 31,
} as const satisfies Record<`SIG${string}`, number>;

/** Second names, read but never printed. */
const ALIASES: Readonly<Record<string, number>> = {
  SIGIOT: 6,
  SIGCLD: 17,
  SIGIO: 29,
  SIGUNUSED: 31,
};

/** First of the real-time signals, as glibc counts them: it keeps 32 and 33 for itself. */
export const SIGRTMIN = 34;
/** Last of the real-time signals. */
export const SIGRTMAX = 64;

/** Terminal or controlling process gone. */
export const SIGHUP = 1;
/** Interrupt from the keyboard. */
export const SIGINT = 2;
/** Quit from the keyboard. */
export const SIGQUIT = 3;
/** Illegal instruction. */
export const SIGILL = 4;
/** Breakpoint. */
export const SIGTRAP = 5;
/** abort(3). */
export const SIGABRT = 6;
/** Access to memory that is not there. */
export const SIGBUS = 7;
/** Arithmetic error. */
export const SIGFPE = 8;
/** Killed; can't be caught. */
export const SIGKILL = 9;
/** The user's first. */
export const SIGUSR1 = 10;
/** Invalid memory reference. */
export const SIGSEGV = 11;
/** The user's second. */
export const SIGUSR2 = 12;
/** Write to a pipe without a reader. */
export const SIGPIPE = 13;
/** alarm(2). */
export const SIGALRM = 14;
/** Please end. */
export const SIGTERM = 15;
/** Unused by Linux. */
export const SIGSTKFLT = 16;
/** A child died or stopped. */
export const SIGCHLD = 17;
/** Go on after a stop. */
export const SIGCONT = 18;
/** Stopped; can't be caught. */
export const SIGSTOP = 19;
/** Stop from the keyboard. */
export const SIGTSTP = 20;
/** Background process reads the terminal. */
export const SIGTTIN = 21;
/** Background process writes to the terminal. */
export const SIGTTOU = 22;
/** Urgent data on a socket. */
export const SIGURG = 23;
/** Limit of processor time reached. */
export const SIGXCPU = 24;
/** Limit of file size reached. */
export const SIGXFSZ = 25;
/** Virtual timer. */
export const SIGVTALRM = 26;
/** Profiling timer. */
export const SIGPROF = 27;
/** Terminal resized. */
export const SIGWINCH = 28;
/** I/O is possible. */
export const SIGPOLL = 29;
/** Power failure. */
export const SIGPWR = 30;
/** Bad system call. */
export const SIGSYS = 31;

/**
 * The number of a signal given by name or number; undefined if it is neither. Names in any case,
 * with or without SIG: `TERM`, `sigterm`, `RTMIN`, `RTMIN+3`, `RTMAX-1`. Numbers: 0 to 64, `15` and
 * `SIG15`.
 */
export function signalNumber(text: string): number | undefined {
  const bare = text.toUpperCase().replace(/^SIG/, "");
  const number = parseUint(bare);
  if (number !== undefined) return number <= SIGRTMAX ? number : undefined;
  const name = `SIG${bare}`;
  return numbersByName.get(name) ?? realTimeNumber(bare);
}

/**
 * The name of a signal, `SIGTERM`; `???` for a number without a name, real-time signals among them.
 */
export function signalName(number: number): string {
  return namesByNumber.get(number) ?? "???";
}

const numbersByName: ReadonlyMap<string, number> = new Map([
  ...Object.entries(SIGNALS),
  ...Object.entries(ALIASES),
]);
const namesByNumber: ReadonlyMap<number, string> = new Map(
  Object.entries(SIGNALS).map(([name, number]) => [number, name]),
);

function realTimeNumber(bare: string): number | undefined {
  const match = /^(RTMIN(?:\+(\d{1,2}))?|RTMAX(?:-(\d{1,2}))?)$/.exec(bare);
  if (match === null) return undefined;
  const number = bare.startsWith("RTMIN")
    ? SIGRTMIN + Number(match[2] ?? 0)
    : SIGRTMAX - Number(match[3] ?? 0);
  return number >= SIGRTMIN && number <= SIGRTMAX ? number : undefined;
}
