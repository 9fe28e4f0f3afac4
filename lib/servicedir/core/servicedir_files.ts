/**
 * The files of a service directory that have a meaning, by name, and what may stand in them.
 * Source: docs/servicedir.md; s6, doc/servicedir.html. Pure.
 */
import { editDistance } from "../../core/text/edit_distance.ts";

/**
 * program: an executable file. number: an unsigned one. fd: a descriptor, from 1. flag: only that
 * it is there counts. directory: yours or s6's. service: a service directory. made: the supervisor
 * makes it.
 */
export type FileKind =
  | "program"
  | "milliseconds"
  | "tally"
  | "fd"
  | "signal"
  | "policy"
  | "max-restarts"
  | "oom-score-adj"
  | "flag"
  | "logscript"
  | "directory"
  | "service"
  | "made";

export const SERVICEDIR_FILES: Readonly<Record<string, FileKind>> = {
  "run": "program",
  "finish": "program",
  "down": "flag",
  "notification-fd": "fd",
  "lock-fd": "fd",
  "timeout-kill": "milliseconds",
  "flag-timeout-killpg": "flag",
  "timeout-finish": "milliseconds",
  "max-death-tally": "tally",
  "down-signal": "signal",
  "reload-signal": "signal",
  "flag-newpidns": "flag",
  "log": "service",
  "data": "directory",
  "env": "directory",
  "template": "directory",
  "instance": "directory",
  "instances": "directory",
  "flag-essential": "flag",
  "restart-policy": "policy",
  "restart-delay": "milliseconds",
  "restart-delay-max": "milliseconds",
  "max-restarts": "max-restarts",
  "timeout-drain": "milliseconds",
  "flag-kill-leftovers": "flag",
  "oom-score-adj": "oom-score-adj",
  "logscript": "logscript",
  "supervise": "made",
  "event": "made",
};

export function fileKind(name: string): FileKind | undefined {
  return Object.hasOwn(SERVICEDIR_FILES, name) ? SERVICEDIR_FILES[name] : undefined;
}

const NAMES = Object.keys(SERVICEDIR_FILES);
/** A name that is as short as `run` resembles too many others. */
const SHORT_NAME = 5;

/**
 * The name that was meant by one that nothing reads: the same but for case, underscores or an
 * extension, or, if it is long, up to two letters away. `sure`: nothing else can have been meant.
 */
export function meantFileName(
  name: string,
): { readonly name: string; readonly sure: boolean } | undefined {
  if (fileKind(name) !== undefined || name.startsWith(".") || name.length > 32) return undefined;
  const plain = name.toLowerCase().replace(/[_ .]/g, "-").replace(/^(run|finish)-(sh|txt)$/, "$1")
    .replace(/-txt$/, "");
  if (fileKind(plain) !== undefined) return { name: plain, sure: true };
  if (name.length < SHORT_NAME) return nearest(plain, 1, false);
  return nearest(plain, 2, true) ??
    nearest(plain.replaceAll("-", ""), 2, true, (known) => known.replaceAll("-", ""));
}

function nearest(
  text: string,
  most: number,
  sure: boolean,
  form: (known: string) => string = (known) => known,
): { readonly name: string; readonly sure: boolean } | undefined {
  const near = NAMES.filter((known) => {
    const candidate = form(known);
    if (
      (known.length < SHORT_NAME) !== (most === 1) ||
      Math.abs(candidate.length - text.length) > most
    ) return false;
    return editDistance(text, candidate) <= most;
  });
  return near.length === 1 ? { name: near[0]!, sure } : undefined;
}
