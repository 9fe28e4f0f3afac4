/**
 * A line for a shell whose last command takes the shell's place, so that the process that gets the
 * signals is the program. Where that can't be had without changing what the line does, the shell
 * has to stay. Source: POSIX, Shell Command Language. Pure.
 */
import { isAssignment, type ShellCommand, shellCommands } from "./shell_script.ts";

/** The shell's own words, which nothing else executes. */
const BUILTINS = new Set(
  ". : [ alias bg break cd continue exit export fg getopts hash jobs local read readonly return set shift source test times trap type ulimit umask unalias unset"
    .split(" "),
);
/** Words of the shell's own behind which something may run on. */
const WAITING = new Set(["command", "eval", "wait"]);

export interface ExecLine {
  readonly line: string;
  /** The shell waits for what it has started, so signals reach the shell alone. */
  readonly staysShell: boolean;
}

export function execLine(line: string): ExecLine {
  const commands = shellCommands(line);
  const last = commands.at(-1);
  if (last === undefined) return { line, staysShell: false };
  const program = last.words.find(({ text }) => !isAssignment(text));
  const isJoined = commands.at(-2)?.then === "|";
  const stays = { line, staysShell: true };
  if (program === undefined || isJoined || last.then !== "") return stays;
  if (program.literal && (program.text === "exec" || BUILTINS.has(program.text))) {
    return { line, staysShell: false };
  }
  if (
    !program.literal || WAITING.has(program.text) || last.depth > 0 ||
    needsShell(line, commands, program.text)
  ) return stays;
  const before = line.slice(0, last.at);
  // `! x`, `time x`, `{ x`: what exec would take away
  if (/[!{(]\s*$|\btime\s+$/.test(before)) return stays;
  return { line: `${before}exec ${line.slice(last.at)}`, staysShell: false };
}

/** A trap would be lost, and a function or an alias is nothing to execute. */
function needsShell(line: string, commands: readonly ShellCommand[], program: string): boolean {
  const name = program.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return commands.some(({ words }) => ["trap", "alias"].includes(words[0]!.text)) ||
    new RegExp(`(?:^|[\\s;&|])${name}\\s*\\(\\s*\\)`).test(line);
}
