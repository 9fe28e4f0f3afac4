/**
 * One program of a service directory or an image: whether it can be started, and, if it is a
 * script, what can be seen in it.
 */
import { type Diagnosis, diagnosis } from "../core/diagnosis/diagnoses.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { baseName } from "../core/text/path_name.ts";
import {
  parseProgramHead,
  PROGRAM_HEAD_SIZE,
  type ProgramHead,
} from "../core/diagnosis/program_head.ts";
import { interpreterWords } from "../core/diagnosis/shebang.ts";
import {
  diagnoseAccess,
  diagnoseContent,
  type ProgramFacts,
} from "../core/diagnosis/spawn_diagnosis.ts";
import { octal, type Program, SHELLS } from "./checked_program.ts";
import { checkExeclineScript } from "./execline_check.ts";
import { isCommandPath } from "../execline/core/command_path.ts";
import type { Report } from "./report.ts";
import type { FileRecord } from "./port.ts";
import { checkShellScript } from "./shell_check.ts";

/** Of larger scripts only the first line and the line ends are looked at. */
const SCRIPT_LIMIT = 65536;
const EXECLINE_LIMIT = 16384;
const OTHERS_WRITE = 0o002;
const ANY_EXECUTE_BIT = 0o111;
const STICKY = 0o1000;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const BOM = [0xef, 0xbb, 0xbf] as const;

/** @returns whether something is there that could be looked at */
export function checkProgram(report: Report, program: Program): boolean {
  const { path } = program;
  const found = report.view.resolve(path);
  if (found.kind === "circle") report.add(path, diagnosis("circular-link"));
  else if (found.kind === "unknown") report.add(path, diagnosis("unreadable", found.reason));
  else if (found.kind === "missing") tellMissing(report, path);
  else return checkFile(report, program, found.record);
  return false;
}

/** A link into something that does not exist yet can't be judged. */
function tellMissing(report: Report, path: string): void {
  const itself = report.view.lookAt(path);
  if (typeof itself !== "object") report.add(path, diagnosis("no-run"));
  else if (report.complete) report.add(path, diagnosis("dangling-link"));
}

function checkFile(report: Report, program: Program, record: FileRecord): boolean {
  const { path } = program;
  const bytes = record.type === "file" ? report.view.read(path, SCRIPT_LIMIT) : "";
  const head = typeof bytes === "string"
    ? undefined
    : parseProgramHead(bytes.subarray(0, PROGRAM_HEAD_SIZE));
  const facts = programFacts(report, program, record, head);
  const access = diagnoseAccess(
    facts,
    program.isSource ? record.mode | ANY_EXECUTE_BIT : record.mode,
  );
  const isProgram = head?.kind === "script" || head?.kind === "elf";
  if (access !== undefined) {
    report.add(
      path,
      access,
      access.id === "no-execute-bit" && isProgram ? { mend: { kind: "add execute bit" } } : {},
    );
  }
  if (record.type !== "file") return false;
  if ((record.mode & OTHERS_WRITE) !== 0) {
    report.add(path, diagnosis("anybody-writes", octal(record.mode)), {
      mend: { kind: "take write bit" },
    });
  }
  if (typeof bytes === "string") {
    report.add(path, diagnosis("unreadable", bytes));
    return false;
  }
  checkBytes(report, program, bytes, facts);
  return true;
}

function programFacts(
  report: Report,
  { path, directory }: Program,
  { mode }: FileRecord,
  head: ProgramHead | undefined,
): ProgramFacts {
  const needed = head?.kind === "script"
    ? head.interpreter
    : head?.kind === "elf"
    ? head.loader
    : undefined;
  const interpreter = needed === undefined || !report.complete
    ? undefined
    : lookForInterpreter(report, needed, directory);
  return {
    path: report.shown(path),
    mode,
    noexecMount: false,
    ...(head === undefined ? {} : { head }),
    ...(interpreter === undefined ? {} : { interpreter }),
  };
}

function lookForInterpreter(
  report: Report,
  interpreter: string,
  directory: string,
): "missing" | "not executable" | "fine" {
  const found = report.view.resolve(
    interpreter.startsWith("/") ? interpreter : `${directory}/${interpreter}`,
  );
  if (found.kind === "unknown") return "fine";
  if (found.kind !== "found") return isFoundElsewhere(report, interpreter) ? "fine" : "missing";
  return found.record.type === "file" && (found.record.mode & 0o111) !== 0
    ? "fine"
    : "not executable";
}

/** A command of ours at a path of older images is run from where it is. */
function isFoundElsewhere(report: Report, interpreter: string): boolean {
  const name = baseName(interpreter);
  return isCommandPath(interpreter) && report.known.names.includes(name) &&
    report.findProgram(name, "/") !== undefined;
}

function checkBytes(
  report: Report,
  program: Program,
  bytes: Uint8Array,
  facts: ProgramFacts,
): void {
  const { path } = program;
  const late = lateShebang(bytes);
  const content = late ?? diagnoseContent(facts);
  if (content !== undefined) {
    const mend = content.id === "interpreter-crlf"
      ? { kind: "LF line ends" } as const
      : content.id === "late-shebang"
      ? { kind: "drop what is before #!" } as const
      : undefined;
    report.add(path, sharper(report, content, facts.head), {
      ...(facts.head?.kind === "script" ? { line: 1 } : {}),
      ...(mend === undefined ? {} : { mend }),
    });
    if (content.id !== "interpreter-missing" && content.id !== "interpreter-not-executable") return;
  }
  if (facts.head?.kind !== "script") return;
  const returns = firstCrLf(bytes);
  if (returns !== undefined) {
    report.add(path, diagnosis("crlf-lines"), { line: returns, mend: { kind: "LF line ends" } });
  } else if (bytes.length < SCRIPT_LIMIT) checkScript(report, program, bytes);
}

/** Blank lines, blanks or a byte order mark before `#!`. */
function lateShebang(bytes: Uint8Array): Diagnosis | undefined {
  const marked = BOM.every((byte, i) => bytes[i] === byte);
  let at = marked ? BOM.length : 0;
  while (at < bytes.length && bytes[at]! <= 32 && bytes[at]! >= 9) at++;
  if (at === 0 || bytes[at] !== 0x23 || bytes[at + 1] !== 0x21) return undefined;
  return diagnosis("late-shebang", marked ? "a byte order mark" : "blank space");
}

/** The line in which the first CR LF is; undefined if there is none. */
function firstCrLf(bytes: Uint8Array): number | undefined {
  let line = 1;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1), line++) {
    if (bytes[at - 1] === CARRIAGE_RETURN) return line;
  }
  return undefined;
}

/** The same with what is known of the image. */
function sharper(report: Report, content: Diagnosis, head: ProgramHead | undefined): Diagnosis {
  if (content.id !== "interpreter-missing" || head?.kind !== "script") return content;
  const name = baseName(head.interpreter);
  if (name === "execlineb" || name === "with-contenv" || head.interpreter.startsWith("/command/")) {
    return diagnosis("no-hexad", head.interpreter);
  }
  if (!SHELLS.includes(name)) return content;
  const there = SHELLS.flatMap((shell) => report.findProgram(shell, "/") ?? []);
  return diagnosis("no-shell", head.interpreter, there.slice(0, 3).join(" or "));
}

function checkScript(report: Report, program: Program, bytes: Uint8Array): void {
  const words = interpreterWords(bytes, program.path) ?? [];
  const name = baseName(words[0] ?? "");
  const argument = words.length === 3 ? words[1]! : "";
  if (name === "execlineb") {
    return bytes.length < EXECLINE_LIMIT ? checkExeclineScript(report, program, bytes) : undefined;
  }
  let shell = name;
  if (name === "env" || name === "with-contenv") {
    const inner = argument.split(/[ \t]+/).filter((word) => !/^-|=/.test(word))[0];
    if (inner === undefined) {
      return name === "with-contenv" ? checkExeclineScript(report, program, bytes) : undefined;
    }
    if (report.complete && report.findProgram(inner, program.directory) === undefined) {
      report.add(program.path, diagnosis("env-program-missing", inner), { line: 1 });
    }
    shell = baseName(inner);
  }
  if (shell === "execlineb") checkExeclineScript(report, program, bytes);
  else if (SHELLS.includes(shell)) checkShellScript(report, program, decodePath(bytes));
}

/** The directory itself: who may write there can replace what is in it. */
export function checkDirectoryMode(report: Report, path: string): void {
  const found = report.view.resolve(path);
  if (found.kind !== "found") return;
  const { mode } = found.record;
  if ((mode & OTHERS_WRITE) !== 0 && (mode & STICKY) === 0) {
    report.add(path, diagnosis("anybody-writes", octal(mode)), {
      mend: { kind: "take write bit" },
    });
  }
}
