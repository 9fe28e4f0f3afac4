/**
 * A Dockerfile as a list of instructions, each with the line that it begins on.
 *
 * Comments, parser directives, continuation lines and heredocs are read as BuildKit reads them: what
 * stands in a heredoc is no instruction, whatever it looks like. Source: moby/buildkit,
 * frontend/dockerfile/parser (parser.go, directives.go). Pure.
 */

export interface Instruction {
  /** In capitals: `FROM`. */
  readonly keyword: string;
  /** What follows it, with continued lines joined; without heredocs. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

export interface DockerfileProblem {
  readonly severity: "error" | "warning";
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

export interface DockerfileText {
  readonly instructions: readonly Instruction[];
  /** The first comment that is no parser directive, without its `#`; undefined if none leads. */
  readonly comment: { readonly line: number; readonly text: string } | undefined;
  readonly escape: EscapeCharacter;
  readonly problems: readonly DockerfileProblem[];
}

export type EscapeCharacter = "\\" | "`";

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;
const KNOWN_DIRECTIVES = ["syntax", "escape", "check"];
const COMMENT = /^\s*#/;
/** Other instructions take `<<` for what it is. */
const WITH_HEREDOCS = ["ADD", "COPY", "RUN"];
const HEREDOC = /^\d*<<(-?)([^<]+)$/;

export function readInstructions(text: string): DockerfileText {
  // a byte order mark is no part of the first line
  const lines = text.replace(/^\uFEFF/, "").split("\n").map((line) => line.replace(/\r$/, ""));
  const problems: DockerfileProblem[] = [];
  const head = readHead(lines, problems);
  const instructions: Instruction[] = [];
  for (let at = 0; at < lines.length;) {
    const logical = logicalLine(lines, at, head.escape);
    const [, word = "", rest = ""] = /^(\S+)\s*([^]*)$/.exec(logical.text.trim()) ?? [];
    const line = logical.first + 1;
    at = logical.next;
    if (word === "") continue;
    const instruction = { keyword: word.toUpperCase(), text: rest, line };
    instructions.push(instruction);
    const end = endOfHeredocs(lines, at, heredocsOf(instruction));
    if (end === undefined) {
      problems.push({ severity: "error", line, text: "a heredoc has no end" });
      break;
    }
    at = end;
  }
  return { instructions, ...head, problems };
}

/** The directives, and the comment after them. A blank line ends the directives. */
function readHead(
  lines: readonly string[],
  problems: DockerfileProblem[],
): Pick<DockerfileText, "comment" | "escape"> {
  let escape: EscapeCharacter = "\\";
  for (const [at, line] of lines.entries()) {
    const [, name = "", value] = DIRECTIVE.exec(line) ?? [];
    if (!KNOWN_DIRECTIVES.includes(name.toLowerCase())) {
      const comment = COMMENT.test(line)
        ? { line: at + 1, text: line.replace(COMMENT, "").trim() }
        : undefined;
      return { comment, escape };
    }
    if (name.toLowerCase() !== "escape") continue;
    if (value === "\\" || value === "`") escape = value;
    else {
      problems.push({
        severity: "error",
        line: at + 1,
        text: `escape is \\ or \`, not ${value}`,
      });
    }
  }
  return { comment: undefined, escape };
}

interface LogicalLine {
  readonly text: string;
  /** The index of its first line that is no comment and not empty. */
  readonly first: number;
  /** The index of the line after it. */
  readonly next: number;
}

/** Comments and empty lines between continued lines are left out. */
function logicalLine(
  lines: readonly string[],
  from: number,
  escape: EscapeCharacter,
): LogicalLine {
  let text = "";
  let first = from;
  let isContinued = false;
  for (let at = from; at < lines.length; at++) {
    const line = lines[at]!;
    if (COMMENT.test(line) || line.trim() === "") {
      if (isContinued) continue;
      return { text: "", first, next: at + 1 };
    }
    if (!isContinued) first = at;
    const continued = withoutContinuation(line, escape);
    // BuildKit leaves the blanks before a continued line as they are
    text += continued ?? line;
    if (continued === undefined) return { text, first, next: at + 1 };
    isContinued = true;
  }
  return { text, first, next: lines.length };
}

/** The line without the character that continues it; undefined if it ends there. */
function withoutContinuation(line: string, escape: EscapeCharacter): string | undefined {
  const trimmed = line.replace(/[ \t]+$/, "");
  if (!trimmed.endsWith(escape)) return undefined;
  const rest = trimmed.slice(0, -1);
  // two of them are one that is escaped
  return rest.endsWith(escape) ? undefined : rest;
}

interface Heredoc {
  readonly name: string;
  /** Tabs before its lines do not count: `<<-`. */
  readonly stripsTabs: boolean;
}

function heredocsOf({ keyword, text }: Instruction): Heredoc[] {
  const [, trigger = "", rest = ""] = /^(\S+)\s*([^]*)$/.exec(text) ?? [];
  if (keyword === "ONBUILD") {
    return heredocsOf({ keyword: trigger.toUpperCase(), text: rest, line: 0 });
  }
  if (!WITH_HEREDOCS.includes(keyword)) return [];
  return rawWords(text).flatMap((word) => {
    const [, dash, name = ""] = HEREDOC.exec(word) ?? [];
    const bare = name.replace(/^(["'])(.*)\1$/, "$2").replaceAll("\\", "");
    return bare === "" ? [] : [{ name: bare, stripsTabs: dash === "-" }];
  });
}

/** The index of the line after all of them; undefined if one has no end. */
function endOfHeredocs(
  lines: readonly string[],
  from: number,
  heredocs: readonly Heredoc[],
): number | undefined {
  let at = from;
  for (const { name, stripsTabs } of heredocs) {
    while (at < lines.length && lines[at]!.replace(stripsTabs ? /^\t+/ : "", "") !== name) at++;
    if (at === lines.length) return undefined;
    at++;
  }
  return at;
}

/** Words with their quotes as they stand there: blanks within quotes do not end a word. */
export function rawWords(text: string): string[] {
  return text.match(/(?:\\[^]|"(?:\\[^]|[^"\\])*"?|'[^']*'?|[^\s"'\\]|\\$)+/g) ?? [];
}
