/**
 * What a signal does to an s6-log. Source: s6, doc/s6-log.html; signal(7) for signals that it does
 * not handle. Pure.
 */
import {
  SIGALRM,
  SIGCHLD,
  SIGCONT,
  SIGHUP,
  SIGPIPE,
  SIGSTOP,
  SIGTERM,
  SIGTSTP,
  SIGTTIN,
  SIGTTOU,
  SIGURG,
  SIGWINCH,
} from "../../core/linux/signals.ts";

export type LoggerSignal =
  | "rotate"
  /** End after the current line. */
  | "stop"
  /** Read nothing until told to continue. */
  | "hold"
  | "go on"
  | "ignore"
  /** End at once. */
  | "die";

const MEANINGS: Readonly<Record<number, LoggerSignal>> = {
  [SIGALRM]: "rotate",
  [SIGHUP]: "stop",
  [SIGSTOP]: "hold",
  [SIGTSTP]: "hold",
  [SIGTTIN]: "hold",
  [SIGTTOU]: "hold",
  [SIGCONT]: "go on",
  [SIGCHLD]: "ignore",
  [SIGPIPE]: "ignore",
  [SIGURG]: "ignore",
  [SIGWINCH]: "ignore",
};

/** @param protect s6-log -p: SIGTERM is ignored. */
export function loggerSignal(signal: number, protect: boolean): LoggerSignal {
  if (signal === SIGTERM) return protect ? "ignore" : "stop";
  return MEANINGS[signal] ?? "die";
}
