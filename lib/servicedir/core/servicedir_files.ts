/**
 * The one schema of a service directory: every file that has a meaning, what may stand in it, what
 * holds without it, when it is read, and who knows it. The supervisor's readers, `hexad check`,
 * `hexad status`, s6-rc-compile and `hexad help servicedir` use it, and a test holds the tables of
 * docs/servicedir.md against it. Source: s6, doc/servicedir.html. Pure.
 */
import { editDistance } from "../../core/text/edit_distance.ts";
import { SIGHUP, SIGTERM } from "../../core/linux/signals.ts";
import { MAX_DEATH_TALLY } from "./dtally.ts";
import type { ValueKind, ValueOfKind } from "./small_value.ts";

/**
 * program: an executable file. flag: only that it is there counts. directory: yours or s6's.
 * service: a service directory. health: a directory, lib/health/core/health_files.ts. made: the
 * supervisor makes it. The others hold a value.
 */
export type FileKind =
  | ValueKind
  | "program"
  | "flag"
  | "logscript"
  | "directory"
  | "service"
  | "health"
  | "made";

export interface ServicedirFile {
  readonly kind: FileKind;
  /** Who reads it: C's s6 too, or hexad alone. The supervisors of both make theirs. */
  readonly knownBy: "s6" | "hexad" | "both make it";
  /** The value that holds without the file, where there is one. */
  readonly usual?: number | string;
  /** Bounds of a number, where it has others than its kind. */
  readonly most?: number;
  /**
   * How s6-rc-compile takes it from a definition into a service directory: as it is, with that
   * mode; as a number, written anew; or as what its kind is. Without it: not at all.
   */
  readonly rc?:
    | "directory"
    | "empty"
    | "number"
    | { readonly mode: number }
    /** Made, empty, if the definition has that file: its own name means something else there. */
    | { readonly from: string };
  /** Its row in docs/servicedir.md: what it holds, what is without it, when it is read. */
  readonly page?: readonly [holds: string, without: string, read: string];
  /** Its line in `hexad help servicedir`. */
  readonly help?: string;
}

const EXECUTABLE = { mode: 0o755 };
const READABLE = { mode: 0o644 };

/** In the order in which s6-rc-compile writes them. */
// deno-fmt-ignore
export const SERVICEDIR_FILES = {
  "finish": {
    kind: "program", knownBy: "s6", rc: EXECUTABLE, page: ["a program", "none", "at each death"],
    help: "runs after each death: $1 is the exit code, or 256 if it was the signal $2; its exit code 125: not again",
  },
  "run": {
    kind: "program", knownBy: "s6", rc: EXECUTABLE, page: ["a program", "nothing starts", "at each start"],
    help: "the service; it stays in the foreground and ends by exec of the daemon",
  },
  "down": {
    kind: "flag", knownBy: "s6", page: ["nothing", "up", "once"],
    help: "the service is not started by itself",
  },
  "notification-fd": {
    kind: "fd", knownBy: "s6", rc: "number", page: ["a descriptor, from 1", "none", "at each start"],
    help: "a descriptor; the service writes a newline there when it is ready",
  },
  "lock-fd": {
    kind: "fd", knownBy: "s6", rc: "number", page: ["a descriptor, from 1", "none", "at each start"],
    help: "a descriptor on which the service holds a lock; a second instance waits for it",
  },
  "timeout-kill": {
    kind: "milliseconds", knownBy: "s6", usual: 0, rc: "number", page: ["milliseconds", "0: never", "at each stop"],
    help: "milliseconds from the down-signal to SIGKILL; default 0: never",
  },
  "flag-timeout-killpg": {
    kind: "flag", knownBy: "s6", rc: "empty", page: ["nothing", "", "at that SIGKILL"],
    help: "that SIGKILL goes to the whole process group",
  },
  "timeout-finish": {
    kind: "milliseconds", knownBy: "s6", usual: 5000, rc: "number", page: ["milliseconds, 0: no limit", "5000", "at each `finish`"],
    help: "milliseconds that finish may take; default 5000",
  },
  "max-death-tally": {
    kind: "tally", knownBy: "s6", usual: 100, most: MAX_DEATH_TALLY, rc: "number", page: ["a number up to 4096, 0: none", "100", "at each death"],
    help: "how many deaths are remembered; default 100",
  },
  "down-signal": {
    kind: "signal", knownBy: "s6", usual: SIGTERM, rc: READABLE, page: ["a signal", "SIGTERM", "at each stop"],
    help: "the signal that stops it, instead of SIGTERM",
  },
  "reload-signal": {
    kind: "signal", knownBy: "s6", usual: SIGHUP, rc: READABLE, page: ["a signal", "SIGHUP", "at `s6-svc -l`"],
    help: "the signal that makes it read its configuration again, instead of SIGHUP",
  },
  "flag-newpidns": {
    kind: "flag", knownBy: "s6", rc: "empty", page: ["nothing", "", "at each start"],
    help: "run is PID 1 of a PID namespace of its own",
  },
  "template": { kind: "directory", knownBy: "s6", rc: "directory", page: ["directories", "", "never"] },
  "data": { kind: "directory", knownBy: "s6", rc: "directory", page: ["anything", "", "never"] },
  "env": { kind: "directory", knownBy: "s6", rc: "directory", page: ["anything", "", "never"] },
  "instance": { kind: "directory", knownBy: "s6", page: ["directories", "", "never"] },
  "instances": { kind: "directory", knownBy: "s6", page: ["directories", "", "never"] },
  "log": {
    kind: "service", knownBy: "s6", page: ["a service directory", "none", "at each scan"],
    help: "a service directory: the logger, whose standard input is the service's standard output",
  },
  "flag-essential": {
    kind: "flag", knownBy: "hexad", rc: { from: "flag-end-all" }, page: ["nothing", "", "at its end"],
    help: "the end of this service is the end of all, with its exit code",
  },
  "restart-policy": {
    kind: "policy", knownBy: "hexad", usual: "always", rc: READABLE, page: ["`always`, `on-failure` or `never`", "`always`", "at each death"],
    help: "always, on-failure or never",
  },
  "restart-delay": {
    kind: "milliseconds", knownBy: "hexad", rc: READABLE, page: ["milliseconds", "the usual second", "at each death"],
    help: "milliseconds before it is started again, doubled each time up to restart-delay-max",
  },
  "restart-delay-max": {
    kind: "milliseconds", knownBy: "hexad", rc: READABLE, page: ["milliseconds", "60000", "at each death"],
    help: "the longest of these delays; default 60000",
  },
  "max-restarts": {
    kind: "max-restarts", knownBy: "hexad", rc: READABLE, page: ["N/SECONDS", "no limit", "at each death"],
    help: "N/SECONDS: more often, and it has failed for good",
  },
  "exit-codes-ok": {
    kind: "exit-codes", knownBy: "hexad", rc: READABLE, page: ["exit codes, `3-5`, signals", "0 and the down-signal", "at each death"],
    help: "exit codes, ranges and signals that count as success besides 0: 3 70-75 SIGHUP",
  },
  "timeout-drain": {
    kind: "milliseconds", knownBy: "hexad", usual: 0, rc: READABLE, page: ["milliseconds", "0", "at each stop"],
    help: "milliseconds between the wish to stop and the down-signal",
  },
  "flag-kill-leftovers": {
    kind: "flag", knownBy: "hexad", rc: "empty", page: ["nothing", "", "at each death"],
    help: "what run leaves behind is killed",
  },
  "flag-never-twice": {
    kind: "flag", knownBy: "hexad", rc: "empty", page: ["nothing", "", "when supervision begins"],
    help: "if it is not certain that the service an earlier supervisor left has ended, it is not started",
  },
  "oom-score-adj": {
    kind: "oom-score-adj", knownBy: "hexad", rc: READABLE, page: ["a number from -1000 to 1000", "[more](#oom-score-adj) than the supervisor", "at each start"],
    help: "how soon the kernel kills it when memory is short: -1000 to 1000",
  },
  "logscript": {
    kind: "logscript", knownBy: "hexad", rc: READABLE, page: ["directives of `s6-log`", "", "at each start"],
    help: "in log/: directives of s6-log instead of run, for a logger without a process",
  },
  "health-check": {
    kind: "health", knownBy: "hexad", rc: "directory", page: ["[how to check it](#health-check)", "no checks", "at each start"],
    help: "a directory: how its health is checked, again and again: hexad help health-check",
  },
  "supervise": { kind: "made", knownBy: "both make it" },
  "event": { kind: "made", knownBy: "both make it" },
} as const satisfies Readonly<Record<string, ServicedirFile>>;

type Files = typeof SERVICEDIR_FILES;
export type FileName = keyof Files;

/** Files that hold a value, and what that is: without the file, its usual value or undefined. */
export type ValueFile = {
  [N in FileName]: Files[N]["kind"] extends ValueKind ? N : never;
}[FileName];
export type ValueOf<N extends ValueFile> =
  | ValueOfKind<Extract<Files[N]["kind"], ValueKind>>
  | (Files[N] extends { readonly usual: unknown } ? never : undefined);
/** Files of which only counts that they are there. */
export type FlagFile = {
  [N in FileName]: Files[N]["kind"] extends "flag" ? N : never;
}[FileName];

/** The files as rows, for whoever goes through them. */
export const SERVICEDIR_ROWS = Object.entries(SERVICEDIR_FILES) as readonly (readonly [
  name: FileName,
  file: ServicedirFile,
])[];

/** The names of those that C's s6 does not know. */
export const HEXAD_FILES: readonly FileName[] = SERVICEDIR_ROWS.filter(([, { knownBy }]) =>
  knownBy === "hexad"
).map(([name]) => name);

export function fileKind(name: string): FileKind | undefined {
  return isKnown(name) ? SERVICEDIR_FILES[name].kind : undefined;
}

/** A number up to which the file's value counts. */
export function mostOf(name: string): number | undefined {
  const file: ServicedirFile | undefined = isKnown(name) ? SERVICEDIR_FILES[name] : undefined;
  return file?.most;
}

/** What holds without the file. */
export function usualValue<N extends ValueFile>(name: N): ValueOf<N> {
  const { usual }: ServicedirFile = SERVICEDIR_FILES[name];
  return usual as ValueOf<N>;
}

function isKnown(name: string): name is FileName {
  return Object.hasOwn(SERVICEDIR_FILES, name);
}

const NAMES: readonly string[] = Object.keys(SERVICEDIR_FILES);
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
