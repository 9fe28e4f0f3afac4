/**
 * Where a logger writes, by its words: the arguments of the process, a `logscript`, or what can be
 * made of its `run` without running it. Source: s6, doc/s6-log.html; runit, svlogd(8); daemontools,
 * multilog. Pure.
 */
import { lastComponent } from "../../core/text/path_name.ts";
import { parseLoggerCommand } from "./logger_command.ts";
import { parseLogscriptFile } from "./logscript_file.ts";

/** Programs whose arguments that begin with `/` or `.` are directories with a `current` in each. */
const LOGGERS = new Set(["s6-log", "logutil-service", "svlogd", "multilog"]);

/**
 * The log directories in the words of a command line; none if it is no logger's. A chain of
 * programs may stand before it.
 */
export function logdirsOf(words: readonly string[]): string[] {
  const at = words.findIndex((word) => LOGGERS.has(lastComponent(word)));
  if (at < 0) return [];
  const rest = words.slice(at + 1);
  return words[at]!.endsWith("s6-log") ? commandLogdirs(rest) : rest.filter(isDirectory);
}

/** The log directories in s6-log's options and directives. */
function commandLogdirs(words: readonly string[]): string[] {
  try {
    return parseLoggerCommand(words).script.logdirs.map(({ path }) => path);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // of another version, or with a word that a shell would still replace
    return words.filter(isDirectory);
  }
}

/** The log directories of a `logscript`. */
export function logscriptLogdirs(bytes: Uint8Array): string[] {
  try {
    return commandLogdirs(parseLogscriptFile(bytes).words);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [];
  }
}

/**
 * The words of a script in sh or execline, comments left out; good enough to find a logger and its
 * directories in it.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const line of text.split("\n")) {
    for (const [word] of line.matchAll(/#.*|(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\;{}])+/g)) {
      if (word.startsWith("#")) break;
      words.push(
        word.replace(
          /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g,
          (_, double, single, escaped) => double ?? single ?? escaped,
        ),
      );
    }
  }
  return words;
}

function isDirectory(word: string): boolean {
  return (word.startsWith("/") || word.startsWith("./")) && !word.includes("$");
}
