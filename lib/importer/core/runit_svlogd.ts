/**
 * Turns a logger with svlogd, and the `config` of its directories, into one with s6-log. Source:
 * runit, svlogd(8). Pure.
 */
import { MAX_UINT } from "../../core/linux/config_file.ts";
import { oldPattern } from "../../compat/core/old_pattern.ts";
import type { Notes } from "./import_notes.ts";
import { translateChpst } from "./runit_chpst.ts";
import type { RunitSource } from "./runit_source.ts";
import { quoteForShell } from "../../core/shell/quoting.ts";
import { splitShellWords } from "../../core/shell/shell_words.ts";

interface SvlogdContext {
  readonly source: RunitSource;
  readonly notes: Notes;
  /** The script's path, for messages. */
  readonly file: string;
}

const DEFAULT_SIZE = 1000000;
const DEFAULT_FILES = 10;
/** s6-log makes a smaller one so large. */
const SMALLEST_SIZE = 4096;
const LARGEST_SIZE = 268435455;
/** A file that lacks no more of its size is full. Of svlogd it is -l, and of s6-log l. */
const DEFAULT_LINE = 1000;
const CALL =
  /^(?![ \t]*#)((?:.*?[\s;&|])?(?:\/\S*\/)?)svlogd((?:[ \t]+(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s;&|<>#'"\\])+)+)[ \t]*$/m;
/** One word of a shell, quotes and expansions as they are. */
const WORD = /(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"\\])+/g;

/** Whether a script starts svlogd in a way that we understand. */
export function callsSvlogd(text: string): boolean {
  return CALL.test(text);
}

/** The script with s6-log in it; undefined if we can't tell what it does. */
export function translateSvlogd(text: string, context: SvlogdContext): string | undefined {
  const match = CALL.exec(text);
  if (match === null) return undefined;
  const line = text.slice(0, match.index + match[0].indexOf("svlogd")).split("\n").length;
  const tell = (reason: string): void => context.notes.add({ file: context.file, line }, reason);
  const words = match[2]!.match(WORD) ?? [];
  const { stamp, directories, line: longest = DEFAULT_LINE } = readWords(words, tell);
  if (directories === undefined || directories.length === 0) {
    tell("svlogd with arguments that are not known; it needs runit's svlogd");
    return undefined;
  }
  const configs = directories.map((directory) => configOf(directory, longest, context));
  const script = directories.flatMap((directory, i) => {
    // a setting for one directory also applies to all that follow
    const undone = undoing(configs.slice(0, i).flat(), configs[i]!);
    return [...undone, ...configs[i]!, ...(stamp === undefined ? [] : [stamp]), directory];
  });
  const before = match[1]!.replace(/\S*\/$/, "");
  const changed = `${text.slice(0, match.index)}${before}s6-log -b -- ${
    script.map(shellWord).join(" ")
  }${text.slice(match.index + match[0].length)}`;
  return translateChpst(changed, context.file, context.notes);
}

function undoing(before: readonly string[], now: readonly string[]): string[] {
  const has = (directives: readonly string[], starts: string): boolean =>
    directives.some((directive) => starts.includes(directive[0]!));
  const lost = (starts: string): boolean => has(before, starts) && !has(now, starts);
  return [
    ...(lost("+-") ? ["+"] : []),
    ...(lost("p") ? ["p"] : []),
    ...(lost("R") ? ["R0"] : []),
    ...(lost("!?") ? ["!"] : []),
  ];
}

/** Keeps a directory as the script has it, with quotes and variables. */
function shellWord(word: string): string {
  return /["'$\\]/.test(word) && !/^[-+!?]/.test(word) ? word : quoteForShell(word);
}

function readWords(
  words: readonly string[],
  tell: (reason: string) => void,
): { readonly stamp?: string; readonly directories?: string[]; readonly line?: number } {
  const directories: string[] = [];
  let line: number | undefined;
  let stamps = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (directories.length > 0 || !word.startsWith("-")) {
      // s6-log recognises a directory by its first character
      directories.push(/^["'$./]/.test(word) ? word : `./${word}`);
      continue;
    }
    for (let i = 1; i < word.length; i++) {
      const letter = word[i]!;
      if (letter === "t") stamps++;
      else if (letter === "v") continue;
      else if ("rRlb".includes(letter)) {
        const value = word.slice(i + 1) || words[++at] || "";
        if (letter === "l") {
          tell(`svlogd -l ${value}: s6-log -l takes the length of a line`);
          if (/^\d+$/.test(value)) line = Number(value) || DEFAULT_LINE;
        } else if (letter === "b") tell(`svlogd -b ${value}: s6-log has its own buffers`);
        else tell(`svlogd -${letter} ${value}: no characters are replaced`);
        break;
      } else return {};
    }
  }
  return {
    directories,
    ...(line === undefined ? {} : { line }),
    ...(stamps === 0 ? {} : { stamp: stamps === 1 ? "t" : "T" }),
  };
}

/** The `config` of the log directory as directives. */
function configOf(
  directory: string,
  longest: number,
  { source, notes }: SvlogdContext,
): string[] {
  const place = splitShellWords(directory)?.[0] ?? directory;
  if (place.startsWith("/")) {
    return directivesOf(source.configIn(place) ?? "", longest, `${place}/config`, notes);
  }
  const path = `log/${place.replace(/^\.\//, "").replace(/\/$/, "")}/config`.replace(
    "log/./",
    "log/",
  );
  const config = source.files.get(path) ?? source.files.get(path.replace("/./", "/"));
  return directivesOf(config?.text ?? "", longest, `${source.path}/${path}`, notes);
}

/** @param longest What svlogd's -l says @param file The config's path, for messages */
function directivesOf(text: string, longest: number, file: string, notes: Notes): string[] {
  let size = DEFAULT_SIZE;
  let files = DEFAULT_FILES;
  const more: string[] = [];
  for (const [at, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const [letter, value] = [line[0]!, line.slice(1)];
    const number = /^\d+$/.test(value) ? Number(value) : undefined;
    const tell = (reason: string): void =>
      notes.add({ file, line: at + 1 }, `${line}: ${reason}`, "lost", reason);
    if (letter === "s" && number !== undefined) {
      size = number === 0 ? LARGEST_SIZE : number;
      if (size < SMALLEST_SIZE) tell(`a file of s6-log has at least ${SMALLEST_SIZE} bytes`);
    } else if (letter === "n" && number !== undefined) {
      files = number === 0 ? MAX_UINT : Math.min(MAX_UINT, number);
    } else if (letter === "t" && number !== undefined) {
      more.push(`R${Math.min(MAX_UINT, number)}`);
      tell("the directive R needs hexad, or s6 2.15");
    } else if (letter === "!") more.push(value === "" ? "!" : `?${value}`);
    else if (letter === "p") more.push(`p${value}`);
    else if (letter === "+" || letter === "-") {
      more.push(`${letter}${oldPattern(value, { plus: true })}`);
    } else if (letter === "u" || letter === "U") {
      tell("let the service write to s6-socklog or to a syslog of its own");
    } else if (letter === "N") tell("s6-log deletes no more files than it has to");
    else if (letter === "e" || letter === "E") {
      tell("lines for standard error are not selected apart; s6-log has the action 2");
    } else tell("it is no line of such a file");
  }
  // selections come before everything else of a directory, and at first every line is selected
  const selections = more.filter((directive) => /^[+-]/.test(directive));
  const rest = more.filter((directive) => !/^[+-]/.test(directive));
  return [
    ...(selections.length > 0 ? ["+", ...selections] : []),
    `n${files}`,
    `s${Math.min(Math.max(size, SMALLEST_SIZE), LARGEST_SIZE)}`,
    `l${longest}`,
    ...rest,
  ];
}
