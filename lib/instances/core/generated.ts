/**
 * What s6-instance-maker and s6-usertree-maker write: the files of a service whose program is a
 * s6-svscan, and of its logger. Source: s6, doc/s6-instance-maker.html, s6-usertree-maker.html,
 * instance/s6-instance-maker.c, usertree/s6-usertree-maker.c, libs6/s6_auto_write_*.c. Pure.
 */
import { decodePath, encodePath } from "../../core/text/path_bytes.ts";
import { quoteBytes } from "../../core/shell/quoting.ts";
import type { PlannedFile } from "../../importer/core/service_plan.ts";

const READY_FD = "3\n";

/** What the logger does with lines, and where. */
export interface LoggerPlan {
  /** The path of execlineb. */
  readonly interpreter: string;
  readonly user: string | undefined;
  readonly directory: string;
  /** 1: TAI64N, 2: a date, 3: both, 0: none. */
  readonly stampType: number;
  readonly archives: number;
  readonly fileBytes: string;
  /** 0: no limit. */
  readonly totalBytes: string;
  readonly prefix: string | undefined;
}

/** Names for s6-rc: its service, and the logger and the bundle of both if there are such. */
export interface RcNames {
  readonly service: string;
  readonly logger: string | undefined;
  readonly pipeline: string | undefined;
}

export interface UserTreePlan {
  readonly user: string;
  /** The scan directory; may begin with `${HOME}/`. */
  readonly scandir: string;
  readonly path: string;
  /** A directory of variables, and those of them that the others may contain. */
  readonly envdir: string | undefined;
  readonly variables: readonly string[];
}

function quoted(text: string): string {
  return `"${decodePath(quoteBytes(encodePath(text), encodePath('"')))}"`;
}

/** @param interpreter The path of execlineb. */
function script(interpreter: string, lines: readonly string[]): string {
  return `#!${interpreter} -P\n${lines.map((line) => `${line}\n`).join("")}`;
}

/** The `run` of a service with instances. */
export function instancesScript(interpreter: string, user: string, most: number): string {
  return script(interpreter, [
    "",
    "fdmove -c 2 1",
    ...(user === "" ? [] : [`s6-setuidgid ${quoted(user)}`]),
    `s6-svscan -d3 -C${most} -- instance`,
  ]);
}

/** The `run` of a user's tree of services. */
export function userTreeScript(interpreter: string, plan: UserTreePlan): string {
  const user = quoted(plan.user);
  const imported = plan.variables.map(quoted);
  return script(interpreter, [
    "fdmove -c 2 1",
    "emptyenv -p",
    `export USER ${user}`,
    `s6-envuidgid -i -- ${user}`,
    "s6-applyuidgid -U --",
    `backtick -in HOME { homeof ${user} }`,
    ...(plan.envdir === undefined ? [] : [`s6-envdir -i -- ${quoted(plan.envdir)}`]),
    ...(plan.envdir === undefined || imported.length === 0
      ? []
      : ["multisubstitute", "{", ...imported.map((v) => `  importas -D "" -- ${v} ${v}`), "}"]),
    "multisubstitute",
    "{",
    ...["USER", "HOME", "UID", "GID", "GIDLIST"].map((name) => `  importas -i ${name} ${name}`),
    "}",
    ...(plan.envdir === undefined ? [] : imported.map((v) => `export ${v} \${${v}}`)),
    `export PATH ${quoted(plan.path)}`,
    `s6-svscan -d3 -- ${quoted(plan.scandir)}`,
  ]);
}

function loggerScript(plan: LoggerPlan): string {
  const directives = [
    ...((plan.stampType & 1) === 0 ? [] : ["t"]),
    ...((plan.stampType & 2) === 0 ? [] : ["T"]),
    `n${plan.archives}`,
    `s${plan.fileBytes}`,
    ...(/^0*$/.test(plan.totalBytes) ? [] : [`S${plan.totalBytes}`]),
    ...(plan.prefix === undefined ? [] : [`p${plan.prefix}`]),
    quoted(plan.directory),
  ];
  return script(plan.interpreter, [
    ...(plan.user === undefined ? [] : [`s6-setuidgid ${quoted(plan.user)}`]),
    `s6-log -bd3 -- ${directives.join(" ")}`,
  ]);
}

const file = (path: string, text: string, executable = false): PlannedFile => ({
  path,
  text,
  executable,
});

/** The service's own files. For s6-rc, `run` is no program but a text. */
export function serviceFiles(run: string, names: RcNames | undefined): readonly PlannedFile[] {
  return [
    file("notification-fd", READY_FD),
    file("run", run, names === undefined),
    ...(names === undefined ? [] : [file("type", "longrun\n")]),
    ...(names?.logger === undefined ? [] : [file("producer-for", `${names.logger}\n`)]),
  ];
}

/** The logger's files. */
export function loggerFiles(plan: LoggerPlan, names: RcNames | undefined): readonly PlannedFile[] {
  return [
    file("notification-fd", READY_FD),
    file("run", loggerScript(plan), names === undefined),
    ...(names === undefined ? [] : [
      file("type", "longrun\n"),
      file("consumer-for", `${names.service}\n`),
      ...(names.pipeline === undefined ? [] : [file("pipeline-name", `${names.pipeline}\n`)]),
    ]),
  ];
}

/**
 * What `-r service[/logger[/pipeline]]` names; a text says what is wrong with it.
 *
 * @param hasLogger Is there to be one?
 */
export function parseRcNames(text: string, hasLogger: boolean): RcNames | string {
  const [service = "", logger, ...rest] = text.split("/");
  const pipeline = rest.length === 0 ? undefined : rest.join("/");
  if (text.includes("\n")) return "newlines are forbidden in s6-rc names";
  if (service === "") return "service name cannot be empty";
  if (logger === "") return "logger name cannot be empty";
  if (pipeline === "") return "pipeline name cannot be empty";
  if (rest.length > 1) return "slashes are forbidden in s6-rc names";
  if (logger !== undefined && !hasLogger) {
    return "logger specified (-r) but logdir not specified (-L)";
  }
  if (logger === undefined && hasLogger) {
    return "logdir specified but logger name not specified (-r)";
  }
  return { service, logger, pipeline };
}
