/**
 * What of a shell's language stands in a script for execlineb, where it is a word like any other:
 * redirections, `|`, `&&`, `'...'`, `A=b`, `$(...)`, variables that nothing substitutes. Words in
 * quotes are left alone, and so are the arguments of programs to which such words mean something.
 * Source: execline, doc/grammar.html; POSIX, Shell Command Language. Pure.
 */
import { lastComponent } from "../../core/text/path_name.ts";
import type { Place, Words } from "../../execline/core/words.ts";

/** The lines of a script, which know what is in quotes; undefined if nobody has them. */
export type SourceLines = readonly string[] | undefined;

export interface ShellIdiom {
  readonly place: Place;
  readonly text: string;
}

/** `<`, `|` and their like are operators of their own. */
const OPERATOR_PROGRAMS = new Set(["test", "[", "expr", "s6-expr", "dc", "bc"]);
/** `;` ends an argument of theirs. */
const SEMICOLON_PROGRAMS = new Set(["find", "xargs", "fd"]);
/** Their arguments are scripts, in a language that has `$` too. */
const SCRIPTED = new Set(
  "sh bash ash dash ksh zsh busybox su perl awk gawk mawk sed php ruby python python3 node envsubst make jq psql"
    .split(" "),
);

const CONNECTIVES: Readonly<Record<string, string>> = {
  "|": "pipeline { FIRST } SECOND",
  "|&": "pipeline { fdmove -c 2 1 FIRST } SECOND",
  "||": "if -n { FIRST } SECOND",
  "&&": "if { FIRST } SECOND",
  "&": "background { PROGRAM } NEXT",
  ";": "foreground { FIRST } SECOND",
};

/** Words of a shell that no program has for its name, and what a chain has instead. */
const COMMANDS: Readonly<Record<string, string>> = {
  "[[": "write eltest",
  "source": "a chain can't read a shell's file: write envfile FILE for variables, or sh -c",
  ".": "a chain can't read a shell's file: write envfile FILE for variables, or sh -c",
  "set": "leave it out: if { ... } stops at a failure, and execlineb has options",
  "unset": "write unexport NAME",
  "ulimit": "write s6-softlimit",
  "eval": "write execlineb -c SCRIPT, or sh -c",
  "local": "write define NAME VALUE",
  "then": "write if { TEST } PROGRAM, or ifelse { TEST } { THEN } ELSE",
  "else": "write ifelse { TEST } { THEN } ELSE",
  "fi": "leave it out: blocks end with }",
  "do": "write forx or loopwhilex with a block",
  "done": "leave it out: blocks end with }",
  "esac": "leave it out: blocks end with }",
  "while": "write loopwhilex",
  "for": "write forx VAR { WORDS } PROGRAM",
};

/** What a word at the place of a program means to a shell; undefined if it may be one. */
export function shellCommandText(name: string): string | undefined {
  const connective = connectiveText(name) ?? redirectionText(name);
  if (connective !== undefined) return connective;
  if (Object.hasOwn(COMMANDS, name)) return `${name} is of a shell: ${COMMANDS[name]}`;
  const assigned = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(name);
  return assigned === null
    ? undefined
    : `${name} is no assignment here: write export ${assigned[1]} ${assigned[2] || '""'}`;
}

/** What of a shell is among the arguments of a program. @param lines Of the script */
export function shellWords(words: Words, lines: SourceLines): ShellIdiom[] {
  const program = lastComponent(words.first!);
  const found: ShellIdiom[] = [];
  for (let at = 1; at < words.length; at++) {
    const word = words.at(at)!;
    const place = words.placeAt(at);
    if (place === undefined || word.startsWith(" ")) continue;
    const text = word === ";" && takesSemicolon(program, words)
      ? undefined
      : wordText(word, program, () => words.slice(at).texts);
    if (text !== undefined && !isQuoted(place, lines)) found.push({ place, text });
  }
  return found;
}

function wordText(
  word: string,
  program: string,
  following: () => readonly string[],
): string | undefined {
  if (word.startsWith("'")) {
    const isClosed = following().some((later, at) => /'$/.test(at === 0 ? later.slice(1) : later));
    return isClosed ? `' quotes nothing here: write "..."` : undefined;
  }
  if (/^\$\(|^`/.test(word) && !SCRIPTED.has(program)) {
    return `${word} runs nothing here: write backtick VAR { PROGRAM } importas VAR VAR`;
  }
  if (OPERATOR_PROGRAMS.has(program)) {
    return /^\d|&\d/.test(word) ? redirectionText(word) : undefined;
  }
  return connectiveText(word) ?? redirectionText(word);
}

function takesSemicolon(program: string, words: Words): boolean {
  return SEMICOLON_PROGRAMS.has(program) ||
    words.texts.some((word) => /^-(?:exec|ok)(?:dir)?$/.test(word));
}

function connectiveText(word: string): string | undefined {
  if (!Object.hasOwn(CONNECTIVES, word)) return undefined;
  return `${word} is only an argument here: write ${CONNECTIVES[word]}`;
}

/** `2>&1`, `>file`, `<`. A word in angle brackets, as `<b>`, is text. */
function redirectionText(word: string): string | undefined {
  const copy = /^(\d*)[<>]&(\d+)$/.exec(word);
  if (copy !== null) {
    return told(word, `fdmove -c ${copy[1] || (word.startsWith("<") ? "0" : "1")} ${copy[2]}`);
  }
  const closed = /^(\d*)([<>])&-$/.exec(word);
  if (closed !== null) return told(word, `fdclose ${closed[1] || (closed[2] === "<" ? "0" : "1")}`);
  const both = /^(?:&>>?|>&)([^<>]*)$/.exec(word);
  if (both !== null) {
    return told(
      word,
      `redirfd ${word.includes(">>") ? "-a" : "-w"} 1 ${both[1] || "FILE"} fdmove -c 2 1`,
    );
  }
  const opened = /^(\d*)(>>|>\||>|<>|<)([^<>&|=]*)$/.exec(word);
  if (opened === null || (opened[2] === "<" && /\s/.test(opened[3]!))) return undefined;
  const [, number, sign, file] = opened;
  const mode = { ">>": "-a", ">|": "-w", ">": "-w", "<>": "-u", "<": "-r" }[sign!];
  return told(word, `redirfd ${mode} ${number || (sign === "<" ? "0" : "1")} ${file || "FILE"}`);
}

function told(word: string, links: string): string {
  return `${word} is only an argument here: write ${links} before the program`;
}

/**
 * Variables in capitals, as of the environment, that the words of a program have and that nothing
 * before them substitutes.
 *
 * @param named All words of the script: one that is a variable's name may be its key
 * @param lines Of the script
 */
export function unsubstituted(
  words: Words,
  named: ReadonlySet<string>,
  lines: SourceLines,
): ShellIdiom[] {
  if (words.texts.some((word) => SCRIPTED.has(lastComponent(word)))) return [];
  if (expandsItself(words.texts)) return [];
  const found: ShellIdiom[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words.at(at)!;
    const place = words.placeAt(at);
    if (
      place === undefined || word.startsWith(" ") || /\\\$|\n/.test(word) || isEscaped(place, lines)
    ) {
      continue;
    }
    const name = /\$(?:\{([A-Z_][A-Z0-9_]+)\}|([A-Z_][A-Z0-9_]+))/.exec(word);
    const key = name?.[1] ?? name?.[2];
    if (key === undefined || named.has(key)) continue;
    found.push({
      place,
      text: `nothing substitutes ${name![0]}: write importas ${key} ${key} before the program`,
    });
  }
  return found;
}

/** `hexad env --expand` puts the variables in itself. */
function expandsItself([program = "", command, ...args]: readonly string[]): boolean {
  return lastComponent(program) === "hexad" && command === "env" &&
    args.some((word) => word === "--expand" || word === "-x");
}

function isQuoted(place: Place, lines: SourceLines): boolean {
  return sourceFrom(place, lines).startsWith('"');
}

/** Whether the word has a `\$`. */
function isEscaped(place: Place, lines: SourceLines): boolean {
  return /^\S*\\\$/.test(sourceFrom(place, lines));
}

/** What stands in the line from there on; nothing if that is not known. */
function sourceFrom({ line, column }: Place, lines: SourceLines): string {
  return Array.from(lines?.[line - 1] ?? "").slice(column - 1).join("");
}
