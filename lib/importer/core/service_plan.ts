/**
 * A service as somebody describes it, before there are files: the arguments of `hexad new`, and
 * what `hexad import` makes of other supervisors' configurations. plan_files.ts turns it into
 * a service directory. Pure.
 */

import type { PlannedUser } from "./planned_user.ts";
import type { PlannedWord } from "./planned_word.ts";
import type { EnvironmentFormat } from "../../grammars/core/environment_format.ts";

/**
 * words: a program and its arguments. shell: a line for /bin/sh. unit: words in which `hexad env
 * --expand` replaces variables as systemd does, out of what the service's environment will be.
 */
export type PlannedCommand =
  | { readonly kind: "words"; readonly words: readonly PlannedWord[] }
  | { readonly kind: "shell"; readonly line: string }
  | { readonly kind: "unit"; readonly words: readonly string[] };

/** process: a run with s6-log, which C s6 understands too. logscript: no process. */
export type LogForm = "process" | "logscript";

export interface PlannedLog {
  readonly form: LogForm;
  readonly directory: string;
  /** Control directives and selections for s6-log, before the directory. */
  readonly directives: readonly string[];
  /** As whom it runs. */
  readonly user?: PlannedUser;
}

export interface PlannedRedirection {
  readonly fd: 1 | 2;
  /** Appended to; or a descriptor to copy, `&1`. */
  readonly to: string;
}

/** What runs to its end before the service. */
export interface PlannedStep {
  readonly command: PlannedCommand;
  /** Its failure changes nothing. */
  readonly lenient: boolean;
  /** With the rights of the supervisor, even if the service has a user. */
  readonly asSupervisor?: boolean;
  /** In the service directory, before the service's own directory is entered, which it may make. */
  readonly early?: boolean;
}

export interface PlannedEnvironmentFiles {
  readonly format: EnvironmentFormat;
  readonly files: readonly { readonly path: string; readonly optional: boolean }[];
}

export interface ServicePlan {
  readonly name: string;
  readonly command: PlannedCommand;
  readonly user?: PlannedUser;
  readonly directory?: string;
  readonly environment: readonly (readonly [name: string, value: string])[];
  /** More variables, whose values hold what only the supervisor's environment tells. */
  readonly exported?: readonly (readonly [name: string, value: PlannedWord])[];
  /** Its HOME is what /etc/passwd says of this user. */
  readonly homeOf?: string;
  /** Files of variables, read at each start in the grammar of their origin, by `hexad env`. */
  readonly environmentFiles?: PlannedEnvironmentFiles;
  /** Signals that it ignores to begin with, such as PIPE. */
  readonly ignoredSignals?: readonly string[];
  /** Nothing of the supervisor's environment but PATH. */
  readonly clearEnvironment?: boolean;
  readonly umask?: string;
  readonly nice?: number;
  /** Options for s6-softlimit, such as `-o1024`. */
  readonly limits?: readonly string[];
  /** At each start. */
  readonly before?: readonly PlannedStep[];
  /** It tells readiness to the socket in NOTIFY_SOCKET. */
  readonly notifiesSocket?: boolean;
  /** The descriptor on which it says that it is ready. */
  readonly notificationFd?: number;
  /** A line for /bin/sh that succeeds when it is ready. */
  readonly check?: string;
  readonly redirections: readonly PlannedRedirection[];
  readonly log?: PlannedLog;
  /** The small files, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** After each death, in finish. */
  readonly after?: readonly PlannedStep[];
  /** Lines of a finish script, behind those of `after`. */
  readonly finish?: readonly string[];
  /** What a reader of run should know. */
  readonly comments: readonly string[];
}

/** lost: nothing does it here. changed: something else does. look: a person has to decide. */
export type NoteKind = "lost" | "changed" | "look";

/** What could not be carried over as it was, and where it stands. */
export interface ImportNote {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  readonly kind: NoteKind;
  /** What notes of the same sort have in common. */
  readonly reason: string;
}

/** Services that were found in the configuration of another supervisor. */
export interface Imported {
  readonly services: readonly { readonly name: string; readonly files: readonly PlannedFile[] }[];
  readonly notes: readonly ImportNote[];
}

export interface PlannedFile {
  /** In the service directory. */
  readonly path: string;
  readonly text: string;
  readonly executable: boolean;
}

/** Nothing but a name and a command. */
export function plainPlan(name: string, command: PlannedCommand): ServicePlan {
  return { name, command, environment: [], redirections: [], files: {}, comments: [] };
}

/** Why a service can't have this name; undefined if it can. */
export function nameFault(name: string): string | undefined {
  if (name === "" || name.startsWith(".")) {
    return "a name that begins with a dot is none of a service";
  }
  if (/[/\n\0]/.test(name)) return "a name has neither slashes nor newlines";
  return new TextEncoder().encode(name).length > 251
    ? "s6-svscan passes over names of more than 251 bytes"
    : undefined;
}

/** Why this can't be a file in an environment directory; undefined if it can. */
export function variableFault(name: string): string | undefined {
  if (name === "" || name.startsWith(".")) {
    return "s6-envdir passes over names that begin with a dot";
  }
  return /[/=\0\n]/.test(name)
    ? "no file of an environment directory can have that name"
    : undefined;
}

/** Characters that files of another supervisor have in their names, made fit for ours. */
export function serviceName(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_.@:+-]/g, "-").replace(/^\.+/, "");
  return name === "" ? "service" : name.slice(0, 200);
}
