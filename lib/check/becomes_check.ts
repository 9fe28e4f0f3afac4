/**
 * The program that a run script becomes: whether it is there, stays in the foreground, and may do
 * what it has to as its user.
 */
import type { ChainWord } from "./core/command_chain.ts";
import { daemonises } from "./core/daemonising_programs.ts";
import { insteadOf } from "../core/diagnosis/absent_commands.ts";
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { baseName } from "../core/text/path_name.ts";
import { execLine } from "../core/shell/exec_line.ts";
import { shellCommands } from "../core/shell/shell_script.ts";
import { checkLogCommand } from "./logger_check.ts";
import { type Becomes, octal, type Program, SHELLS } from "./checked_program.ts";
import type { Report } from "./report.ts";
import type { User } from "./root_view.ts";

const CONFIG_LIMIT = 65536;
/** Made when the container starts. */
const LATER = /^\/(?:run|tmp|dev|proc|sys|var\/run)(?:\/|$)/;

export function checkBecomes(report: Report, program: Program, becomes: Becomes): void {
  checkReadiness(report, program, becomes);
  checkEnvdirs(report, program, becomes);
  const user = checkUser(report, program, becomes);
  const { program: words } = becomes.end;
  if (words.length === 0) return;
  const isLogger = checkLogCommand(report, program, becomes, user);
  checkForeground(report, program, becomes);
  checkInnerShell(report, program, becomes);
  const file = checkPresence(report, program, becomes);
  if (file !== undefined) checkRights(report, program, becomes, { file, user });
  if (user !== undefined && !isLogger) checkArguments(report, program, becomes, user);
}

function checkReadiness(
  report: Report,
  { path, directory }: Program,
  { end, line, moves }: Becomes,
): void {
  if (end.notifies === undefined || moves) return;
  const { ownCheck, ownDescriptor } = end.notifies;
  if (!ownDescriptor && !report.view.exists(`${directory}/notification-fd`)) {
    report.add(path, diagnosis("check-without-fd"), { line });
  }
  if (!ownCheck && !report.view.exists(`${directory}/data/check`)) {
    report.add(path, diagnosis("check-missing"), { line });
  }
}

function checkEnvdirs(
  report: Report,
  { path, directory }: Program,
  { end, line, text, moves }: Becomes,
): void {
  for (const envdir of end.envdirs) {
    if (!envdir.startsWith("/") && moves) continue;
    const at = envdir.startsWith("/") ? envdir : `${directory}/${envdir}`;
    if (
      LATER.test(envdir) || (envdir.startsWith("/") && !report.complete) ||
      report.view.isDirectory(at) || report.isPrepared(envdir, text)
    ) {
      continue;
    }
    report.add(path, diagnosis("envdir-missing", envdir), { line });
  }
}

/** The user whom it becomes; undefined if that is not known. */
function checkUser(report: Report, { path }: Program, { end, line }: Becomes): User | undefined {
  if (end.refusedUser !== undefined) {
    report.add(path, diagnosis("user-form", end.refusedUser), { line });
  }
  if (report.complete && report.view.hasAccounts) {
    for (const account of end.accounts ?? []) {
      const found = report.view.user(account);
      if ("unknown" in found) report.add(path, diagnosis("user-unknown", found.unknown), { line });
    }
  }
  if (end.userUnknown || !report.complete) return undefined;
  if (end.user === undefined) return report.user;
  if (!report.view.hasAccounts) return undefined;
  const user = report.view.user(end.user);
  if (!("unknown" in user)) return user;
  report.add(path, diagnosis("user-unknown", user.unknown), { line });
  return undefined;
}

function checkForeground(
  report: Report,
  { path, directory }: Program,
  { end, line, certain }: Becomes,
): void {
  const inner = insideShell(end.program);
  // arguments that only the script knows may hold the option that is missed
  if (inner.some(({ literal, text }) => !literal && text.startsWith("$"))) return;
  const readConfig = (name: string): string | undefined =>
    report.view.text(name.startsWith("/") ? name : `${directory}/${name}`, CONFIG_LIMIT);
  const daemon = daemonises(inner.map(({ text }) => text), readConfig);
  if (daemon === undefined) return;
  const found = daemon.kind === "supervisor"
    ? diagnosis("own-supervisor", daemon.program, daemon.cure)
    : daemon.kind === "starter"
    ? diagnosis("starts-elsewhere", daemon.program)
    : diagnosis("daemonises", daemon.program, daemon.cure);
  report.add(path, certain ? found : { ...found, severity: "warning" }, { line });
}

/** `sh -c LINE` behind a chain: does what is in it get the signals? */
function checkInnerShell(
  report: Report,
  { path, directory, role }: Program,
  { end: { program: [shell, option, line] }, line: at }: Becomes,
): void {
  if (
    role !== "run" || shell === undefined || !SHELLS.includes(baseName(shell.text)) ||
    option?.text !== "-c" || !line?.literal
  ) return;
  const { line: better, staysShell } = execLine(line.text);
  if (staysShell && !report.view.exists(`${directory}/flag-kill-leftovers`)) {
    report.add(path, diagnosis("shell-stays"), { line: at });
  } else if (!staysShell && better !== line.text) {
    const name = /\bexec (\S+)/.exec(better.slice(firstDifference(better, line.text)))?.[1] ?? "it";
    report.add(path, diagnosis("not-exec", baseName(name)), { line: at });
  }
}

function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

/**
 * What `sh -c LINE` becomes: the last command of the line; or the words behind it, if that is `exec
 * "$@"`.
 */
function insideShell(words: readonly ChainWord[]): readonly ChainWord[] {
  const [shell, option, line] = words;
  if (
    shell === undefined || !SHELLS.includes(baseName(shell.text)) || option?.text !== "-c" ||
    !line?.literal
  ) return words;
  const last = shellCommands(line.text).at(-1);
  if (last === undefined || last.then !== "") return words;
  const inner = last.words[0]!.text === "exec" ? last.words.slice(1) : last.words;
  if (inner.length === 0) return words;
  return inner.length === 1 && inner[0]!.text === "$@" ? words.slice(4) : inner;
}

/** The file of the program, if it is there. */
function checkPresence(
  report: Report,
  { path, directory }: Program,
  { end, line, certain, moves, text }: Becomes,
): string | undefined {
  const name = end.program[0]!.text;
  const absolute = name.startsWith("/");
  if ((name.includes("/") && !absolute && moves) || !report.complete) return undefined;
  const file = report.findProgram(name, directory);
  if (file !== undefined) return file;
  if (
    !certain || LATER.test(name) || report.known.names.includes(baseName(name)) ||
    report.isPrepared(name, text)
  ) return undefined;
  const instead = insteadOf(name);
  if (instead !== undefined) report.add(path, diagnosis("command-absent", name, instead), { line });
  else if (name.includes("/")) report.add(path, diagnosis("program-missing", name), { line });
  else if (end.path === undefined) report.add(path, diagnosis("program-not-found", name), { line });
  return undefined;
}

interface Found {
  readonly file: string;
  readonly user: User | undefined;
}

function checkRights(
  report: Report,
  { path }: Program,
  { end, line }: Becomes,
  { file, user }: Found,
): void {
  const found = report.view.resolve(file);
  if (found.kind !== "found") return;
  const { mode } = found.record;
  if ((mode & 0o111) === 0) {
    report.add(path, diagnosis("program-not-executable", end.program[0]!.text), { line });
  } else if (user !== undefined && !report.view.mayAccess(user, found.path, "execute")) {
    report.add(path, diagnosis("user-cant-execute", user.name, found.path, octal(mode)), { line });
  }
}

/** Files that are named on the command line. */
function checkArguments(
  report: Report,
  { path }: Program,
  { end, line }: Becomes,
  user: User,
): void {
  if (user.uid === 0) return;
  for (const { text, literal } of end.program.slice(1)) {
    const name = /^(?:-{1,2}[\w-]+=)?(\/.+)$/.exec(text)?.[1];
    if (!literal || name === undefined) continue;
    const found = report.view.resolve(name);
    if (
      found.kind !== "found" || (found.record.type !== "file" && found.record.type !== "directory")
    ) continue;
    if (
      report.view.mayAccess(
        user,
        found.path,
        found.record.type === "directory" ? "execute" : "read",
      )
    ) continue;
    report.add(path, diagnosis("user-cant-read", user.name, name, octal(found.record.mode)), {
      line,
    });
  }
}
