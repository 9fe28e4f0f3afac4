/** The logger of a service: a file `logscript`, or a run that becomes s6-log. Pure. */
import { quoteForShell, shellLine } from "../../core/shell/quoting.ts";
import { execlineWord } from "./planned_word.ts";
import { ownerOf, userChain } from "./planned_user.ts";
import type { Language } from "./language.ts";
import type { PlannedFile, PlannedLog } from "./service_plan.ts";

export function logFile(log: PlannedLog, language: Language): PlannedFile {
  const place = log.directory === undefined ? [] : [log.directory];
  const words = ["-b", "--", ...log.directives, ...place];
  if (log.form === "logscript") {
    const user = log.user === undefined ? [] : [`user:${ownerOf(log.user)}`];
    return {
      path: "log/logscript",
      text: `${[...user, ...words].map(execlineWord).join(" ")}\n`,
      executable: false,
    };
  }
  const text = language.kind === "execline"
    ? execlineLogger(log, words, language.interpreter)
    : shLogger(log, words, language.interpreter);
  return { path: "log/run", text, executable: true };
}

/** The commands that make the directory, with its parents, and give it to the user. */
function making({ directory, user }: PlannedLog): string[][] {
  if (directory === undefined) return [];
  if (user === undefined) return directory.startsWith(".") ? [] : [["mkdir", "-p", directory]];
  return [["mkdir", "-p", directory], ["chown", ownerOf(user), directory]];
}

function chain({ user }: PlannedLog, words: readonly string[]): string[] {
  return [...(user === undefined ? [] : userChain(user)), "s6-log", ...words];
}

function shLogger(log: PlannedLog, words: readonly string[], interpreter: string): string {
  const lines = [
    `#!${interpreter} -e`,
    ...making(log).map((command) => command.map(quoteForShell).join(" ")),
    `exec ${shellLine(chain(log, words))}`,
  ];
  return `${lines.join("\n")}\n`;
}

function execlineLogger(log: PlannedLog, words: readonly string[], interpreter: string): string {
  const lines = [
    `#!${interpreter} -P`,
    ...making(log).map((command) => `if { ${command.map(execlineWord).join(" ")} }`),
    chain(log, words).map(execlineWord).join(" "),
  ];
  return `${lines.join("\n")}\n`;
}
