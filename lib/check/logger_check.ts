/**
 * Loggers: whether their script can be understood, and whether they have a place to write. Source:
 * s6, doc/s6-log.html.
 */
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { type LoggerCommand, parseLoggerCommand } from "../logdir/core/logger_command.ts";
import { MAX_LOGSCRIPT, parseLogscriptFile } from "../logdir/core/logscript_file.ts";
import { baseName } from "../core/text/path_name.ts";
import { isRisky } from "../loghost/core/pattern_risk.ts";
import type { Becomes, Program } from "./checked_program.ts";
import type { Report } from "./report.ts";
import type { User } from "./root_view.ts";

const LATER = /^\/(?:run|tmp|dev\/shm|var\/run)(?:\/|$)/;

/** Whether the program is a logger that is known. */
export function checkLogCommand(
  report: Report,
  program: Program,
  becomes: Becomes,
  user: User | undefined,
): boolean {
  const words = becomes.end.program;
  const name = baseName(words[0]!.text);
  const args = words.slice(1);
  const place = { line: becomes.line };
  if (name === "s6-log") {
    if (args.every(({ literal }) => literal)) {
      const logdirs = readScript(report, program.path, args.map(({ text }) => text), place);
      checkLogdirs(report, program, logdirs, { user, text: becomes.text, ...place });
    }
    return true;
  }
  if (name !== "logutil-service" && name !== "svlogd" && name !== "multilog") return false;
  const logdirs = args.filter(({ text, literal }) => literal && /^\.?\.?\//.test(text)).map((
    { text },
  ) => text);
  const nobody = name === "logutil-service" && report.view.hasAccounts && report.user.uid === 0
    ? report.view.user("nobody")
    : undefined;
  const writer = nobody !== undefined && !("unknown" in nobody) ? nobody : user;
  checkLogdirs(report, program, logdirs, { user: writer, text: becomes.text, ...place });
  return true;
}

/** The file `logscript`. */
export function checkLogscript(report: Report, path: string, directory: string): void {
  const bytes = report.view.read(path, MAX_LOGSCRIPT + 1);
  if (typeof bytes === "string") return report.add(path, diagnosis("unreadable", bytes));
  try {
    const { user: name, words } = parseLogscriptFile(bytes);
    const logdirs = readScript(report, path, words, {}, isRisky);
    let user: User | undefined = report.complete ? report.user : undefined;
    if (name !== undefined && report.complete && report.view.hasAccounts) {
      const found = report.view.user(name);
      user = "unknown" in found ? undefined : found;
      if ("unknown" in found) {
        report.add(path, diagnosis("user-unknown", found.unknown), { line: 1 });
      }
    }
    checkLogdirs(report, { path, directory, role: "run" }, logdirs, {
      user,
      text: "",
      isMade: true,
    });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const line = /in line (\d+)$/.exec(error.message)?.[1];
    report.add(
      path,
      diagnosis("log-script-syntax", error.message),
      line === undefined ? {} : { line: Number(line) },
    );
  }
}

interface LinePlace {
  readonly line?: number;
}

/**
 * The log directories of a script; none if it can't be understood.
 *
 * @param look throws a SyntaxError if there is more against it
 */
function readScript(
  report: Report,
  path: string,
  words: readonly string[],
  place: LinePlace,
  look: (command: LoggerCommand) => unknown = () => {},
): string[] {
  try {
    const command = parseLoggerCommand(words);
    look(command);
    const { script } = command;
    for (const warning of script.warnings) {
      report.add(path, { ...diagnosis("log-script-syntax", warning), severity: "warning" }, place);
    }
    return script.logdirs.map(({ path: logdir }) => logdir);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    report.add(path, diagnosis("log-script-syntax", error.message), place);
    return [];
  }
}

interface Writer extends LinePlace {
  readonly user: User | undefined;
  /** Of the script. */
  readonly text: string;
  /** s6-svscan makes what is missing. */
  readonly isMade?: boolean;
}

function checkLogdirs(
  report: Report,
  program: Program,
  logdirs: readonly string[],
  writer: Writer,
): void {
  const place = writer.line === undefined ? {} : { line: writer.line };
  for (const logdir of logdirs) {
    const at = logdir.startsWith("/") ? logdir : `${program.directory}/${logdir}`;
    const found = report.view.resolve(at);
    const key = found.kind === "found"
      ? found.path
      : at.replace(/\/(?:\.\/)+/g, "/").replace(/\/+$/, "");
    const other = report.logdirs.get(key);
    if (other !== undefined) {
      report.add(program.path, diagnosis("logdir-shared", logdir, other), place);
    } else report.logdirs.set(key, report.shown(program.path));
    if (!report.isPrepared(logdir, writer.text)) {
      checkLogdir(report, program.path, logdir, { ...writer, at });
    }
  }
}

function checkLogdir(
  report: Report,
  path: string,
  logdir: string,
  { at, user, line, isMade = false }: Writer & { readonly at: string },
): void {
  const place = line === undefined ? {} : { line };
  const found = report.view.resolve(at);
  if (found.kind === "circle") return report.add(path, diagnosis("circular-link"), place);
  if (found.kind === "unknown") return;
  if (found.kind === "found") {
    if (found.record.type !== "directory") {
      report.add(path, diagnosis("logdir-not-directory", at), place);
    } else if (user !== undefined && !report.view.mayAccess(user, found.path, "write")) {
      report.add(path, diagnosis("logdir-unwritable", at, user.name), place);
    }
    return;
  }
  if (isMade) return;
  const parent = at.replace(/\/+$/, "").replace(/\/[^/]*$/, "") || "/";
  const above = report.view.resolve(parent);
  if (above.kind === "found") {
    if (user !== undefined && !report.view.mayAccess(user, above.path, "write")) {
      report.add(path, diagnosis("logdir-unwritable", parent, user.name), place);
    }
  } else if (LATER.test(logdir)) report.add(path, diagnosis("logdir-later", at, parent), place);
  else if (report.complete) report.add(path, diagnosis("logdir-missing", at, parent), place);
}
