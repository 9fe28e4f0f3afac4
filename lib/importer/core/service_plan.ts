/**
 * The plan of a service, before there are files. It comes from the arguments of `hexad new`, or
 * from another supervisor's configuration with `hexad import`. plan_files.ts turns it into a
 * service directory. Pure.
 */

import type { HealthFileName } from "../../health/core/health_files.ts";
import type { PlannedUser } from "./planned_user.ts";
import type { PlannedWord } from "./planned_word.ts";
import type { EnvironmentFormat } from "../../grammars/core/environment_format.ts";

/**
 * words: a program and its arguments. shell: a line for /bin/sh. unit: words in which `hexad env
 * --expand` replaces variables as systemd does, from the service's environment at start.
 */
export type PlannedCommand =
  | { readonly kind: "words"; readonly words: readonly PlannedWord[] }
  | { readonly kind: "shell"; readonly line: string }
  | { readonly kind: "unit"; readonly words: readonly string[] };

/** process: a run with s6-log, which works with C s6 too. logscript: no process. */
export type LogForm = "process" | "logscript";

export interface PlannedLog {
  readonly form: LogForm;
  /** Absent: its directives say where lines go. */
  readonly directory?: string;
  /** Control directives and selections for s6-log; they precede the directory. */
  readonly directives: readonly string[];
  /** The user that it runs as. */
  readonly user?: PlannedUser;
}

export interface PlannedRedirection {
  readonly fd: 1 | 2;
  /** A file to append to, or a descriptor to copy, `&1`. */
  readonly to: string;
}

/** A command that runs to its end before the service. */
export interface PlannedStep {
  readonly command: PlannedCommand;
  /** Its failure is ignored. */
  readonly lenient: boolean;
  /** Runs with the supervisor's rights, even if the service has a user. */
  readonly asSupervisor?: boolean;
  /**
   * Runs in the service directory, before changing to the service's own directory, which it may
   * make.
   */
  readonly early?: boolean;
}

export interface PlannedEnvironmentFile {
  readonly path: string;
  readonly optional: boolean;
  /** Absent: that of all the files. */
  readonly format?: EnvironmentFormat;
}

export interface PlannedEnvironmentFiles {
  readonly format: EnvironmentFormat;
  readonly files: readonly PlannedEnvironmentFile[];
  /** Variables that take precedence over those of the files. */
  readonly overriding?: readonly (readonly [name: string, value: string])[];
}

export interface ServicePlan {
  readonly name: string;
  /** Where it comes from; absent if it comes from a command line. */
  readonly origin?: Origin;
  readonly command: PlannedCommand;
  readonly user?: PlannedUser;
  readonly directory?: string;
  readonly environment: readonly (readonly [name: string, value: string])[];
  /** More variables, with values that depend on the supervisor's environment. */
  readonly exported?: readonly (readonly [name: string, value: PlannedWord])[];
  /** Its HOME is this user's home in /etc/passwd. */
  readonly homeOf?: string;
  /** Files of variables, which `hexad env` reads at each start in the grammar of their origin. */
  readonly environmentFiles?: PlannedEnvironmentFiles;
  /** Signals that are ignored when it starts, such as PIPE. */
  readonly ignoredSignals?: readonly string[];
  /** Keeps only PATH of the supervisor's environment. */
  readonly clearEnvironment?: boolean;
  readonly umask?: string;
  readonly nice?: number;
  /** s6-portable-utils are where it runs, as in every tree of hexad: no others are needed. */
  readonly hasUtilities?: boolean;
  /** Options for s6-softlimit, such as `-o1024`. */
  readonly limits?: readonly string[];
  /** Run at each start. */
  readonly before?: readonly PlannedStep[];
  /** It reports readiness to the socket in NOTIFY_SOCKET. */
  readonly notifiesSocket?: boolean;
  /** The descriptor on which it reports readiness. */
  readonly notificationFd?: number;
  /** A line for /bin/sh that succeeds when it is ready. */
  readonly check?: string;
  /** The files of its `health-check`, by name; for `run`, a line for /bin/sh. */
  readonly health?: Readonly<Partial<Record<HealthFileName, string>>>;
  readonly redirections: readonly PlannedRedirection[];
  readonly log?: PlannedLog;
  /** The other small files, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Run after each death, in finish. */
  readonly after?: readonly PlannedStep[];
  /** Lines of the finish script, after those of `after`. */
  readonly finish?: readonly string[];
  /** Comments for the reader of run. */
  readonly comments: readonly string[];
}

/** lost: there is no equivalent. changed: something else does it. look: a person has to decide. */
export type NoteKind = "lost" | "changed" | "look";

/** Something that could not be carried over unchanged, and its place. */
export interface ImportNote {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  readonly kind: NoteKind;
  /** The text that notes of the same kind share. */
  readonly reason: string;
}

/** A place in a configuration; lines are counted from 1. */
export interface Origin {
  readonly file: string;
  readonly line: number;
}

export interface ImportedService {
  readonly name: string;
  readonly files: readonly PlannedFile[];
  /** What the files are made of; absent if its origin has a directory too. */
  readonly plan?: ServicePlan;
  /** The directory that it was, absolute. */
  readonly directory?: string;
}

/** Services that were found in the configuration of another supervisor. */
export interface Imported {
  readonly services: readonly ImportedService[];
  readonly notes: readonly ImportNote[];
}

export interface PlannedFile {
  /** The path in the service directory. */
  readonly path: string;
  readonly text: string;
  readonly executable: boolean;
}

/** A plan with only a name and a command. */
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

/** Makes a name from another supervisor valid as a service name. */
export function serviceName(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_.@:+-]/g, "-").replace(/^\.+/, "");
  return name === "" ? "service" : name.slice(0, 200);
}
