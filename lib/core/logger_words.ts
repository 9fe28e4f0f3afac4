/**
 * Where a logger writes, by its words: the arguments of the process, a `logscript`, or what can be made of its `run` without running it.
 * Source: s6, doc/s6-log.html; runit, svlogd(8); daemontools, multilog. Pure.
 */
import { parseLogScript } from "./log_script.ts";
import { LogScriptError } from "./log_script_error.ts";

/** Programs whose arguments that begin with `/` or `.` are directories with a `current` in each. */
const LOGGERS = new Set(["s6-log", "logutil-service", "svlogd", "multilog"]);

/** The log directories in the words of a command line; none if it is no logger's. A chain of programs may stand before it. */
export function logdirsOf(words: readonly string[]): string[] {
  const at = words.findIndex((word) => LOGGERS.has(word.slice(word.lastIndexOf("/") + 1)));
  if (at < 0) return [];
  const rest = words.slice(at + 1);
  return words[at]!.endsWith("s6-log") ? scriptLogdirs(withoutOptions(rest)) : rest.filter(isDirectory);
}

/** The log directories of a logging script: s6-log's arguments after its options. */
export function scriptLogdirs(directives: readonly string[]): string[] {
  try {
    return parseLogScript(directives).logdirs.map(({ path }) => path);
  } catch (error) {
    if (!(error instanceof LogScriptError)) throw error;
    return directives.filter(isDirectory); // of another version, or with a word that a shell would still replace
  }
}

/** A `logscript`: the directives, after an optional `user:NAME`. */
export function logscriptLogdirs(text: string): string[] {
  const words = wordsOf(text);
  return scriptLogdirs(words[0]?.startsWith("user:") ? words.slice(1) : words);
}

/** The words of a script in sh or execline, comments left out; good enough to find a logger and its directories in it. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const line of text.split("\n")) {
    for (const [word] of line.matchAll(/#.*|(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\;{}])+/g)) {
      if (word.startsWith("#")) break;
      words.push(word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g, (_, double, single, escaped) => double ?? single ?? escaped));
    }
  }
  return words;
}

function isDirectory(word: string): boolean {
  return (word.startsWith("/") || word.startsWith("./")) && !word.includes("$");
}

/** s6-log's options come first and are few: `-b` is one, `-ERE` is a selection. The value of one is a number. */
function withoutOptions(words: readonly string[]): readonly string[] {
  let at = 0;
  while (/^-[bqvpe]*[dlt]?[0-9]*$/.test(words[at] ?? "") && words[at] !== "-") {
    const valueFollows = /[dlt]$/.test(words[at]!) && /^[0-9]+$/.test(words[at + 1] ?? "");
    at += valueFollows ? 2 : 1;
  }
  return words.slice(words[at] === "--" ? at + 1 : at);
}
