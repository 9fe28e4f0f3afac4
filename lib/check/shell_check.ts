/** A script for a shell: what it becomes, and whether it stays in the foreground. */
import { chainEnd } from "./core/command_chain.ts";
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { baseName } from "../core/text/path_name.ts";
import { type ShellCommand, shellCommands } from "../core/shell/shell_script.ts";
import { checkBecomes } from "./becomes_check.ts";
import { checkLongest, sleepMs } from "./finish_check.ts";
import type { Program } from "./checked_program.ts";
import type { Report } from "./report.ts";

/** A shell that ends with one of these has not left a daemon behind it. */
const SHORT_LIVED = new Set(
  (": . [ break cd continue cp echo eval exit export false install kill ln local ls mkdir mv printf read return rm set shift sleep source test " +
    "touch trap true ulimit umask unset wait").split(" "),
);

export function checkShellScript(report: Report, program: Program, text: string): void {
  const commands = shellCommands(text);
  if (program.role === "finish") return checkFinish(report, program, commands);
  if (program.role !== "run" || commands.length === 0) return;
  const last = commands.at(-1)!;
  const names = commands.map(({ words }) => words[0]!.text);
  if (last.then === "&" && last.depth === 0) {
    report.add(program.path, diagnosis("ends-in-background"), { line: last.line });
  }
  const execs = commands.filter(({ words }) => words[0]!.text === "exec" && words.length > 1);
  const moves = names.includes("cd") || names.includes("pushd");
  const setsPath = /(?:^|[\s;])(?:export\s+)?PATH=/m.test(text);
  const ends = execs.length > 0 ? execs : [last];
  for (const command of ends) {
    const end = chainEnd(
      command.words[0]!.text === "exec" ? command.words.slice(1) : command.words,
      report.known,
    );
    const certain = command.depth === 0 && (command.then === "" || command.then === "&");
    checkBecomes(report, program, {
      end: setsPath ? { ...end, path: "" } : end,
      line: command.line,
      certain,
      text,
      moves,
    });
  }
  if (execs.length === 0) checkStays(report, program, commands, text);
}

/** A daemon as the last command, without exec. */
function checkStays(
  report: Report,
  { path }: Program,
  commands: readonly ShellCommand[],
  text: string,
): void {
  const last = commands.at(-1)!;
  const before = commands.at(-2);
  const first = last.words[0]!;
  const name = baseName(first.text);
  if (
    last.depth > 0 || last.then !== "" || !first.literal || /=/.test(name) ||
    before?.then === "|" || before?.then === "||"
  ) return;
  if (SHORT_LIVED.has(name) || commands.some(({ words }) => words[0]!.text === "trap")) return;
  if (new RegExp(`(?:^|[\\s;])${name.replace(/[^\w-]/g, "\\$&")}\\s*\\(\\)`, "m").test(text)) {
    return;
  }
  report.add(path, diagnosis("not-exec", name), { line: last.line });
}

function checkFinish(report: Report, program: Program, commands: readonly ShellCommand[]): void {
  let always = 0;
  let longest = 0;
  let line: number | undefined;
  for (const { words, depth, then, line: at } of commands) {
    const ms = then === "&" ? 0 : sleepMs(words.map(({ text }) => text));
    if (ms > 0) line ??= at;
    if (depth === 0) always += ms;
    longest = Math.max(longest, ms);
  }
  checkLongest(report, program, Math.max(always, longest), line);
}
