/**
 * Replaces chpst in a shell script with programs of s6. What follows its options is left as it is.
 * Source: runit, chpst(8). Pure.
 */
import { CHPST_LIMITS, CHPST_OPTIONS } from "../../compat/core/chpst_options.ts";
import { parseOptions, UsageError } from "../../core/cli/getopt.ts";
import { quoteForShell } from "../../core/shell/quoting.ts";
import { splitShellWords } from "../../core/shell/shell_words.ts";
import type { Notes } from "./import_notes.ts";
import { userChain } from "./planned_user.ts";

/** One word of a shell, quotes and expansions as they are. */
const WORD = /^\s*((?:\\\n|\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"\\;&|<>()])+)/;
const CALL = /(^|[\s;&|(])(?:\/\S*\/)?chpst(?=[ \t\\])/g;

export function translateChpst(text: string, file: string, notes: Notes): string {
  let result = "";
  let at = 0;
  for (const match of text.matchAll(CALL)) {
    const start = match.index + match[1]!.length;
    const lineStart = text.lastIndexOf("\n", start) + 1;
    if (start < at || text.slice(lineStart, start).trimStart().startsWith("#")) continue;
    const end = match.index + match[0].length;
    const call = readOptions(text.slice(end));
    const line = text.slice(0, start).split("\n").length;
    const words = call === undefined ? undefined : chainOf(call.options, (reason) =>
      notes.add(
        { file, line },
        reason,
        "changed",
        reason.replace(/^chpst (-\S+) [^:]*:/, "chpst $1:"),
      ));
    if (words === undefined || call === undefined) {
      notes.add({ file, line }, "chpst with options that are not known; it needs runit's chpst");
      continue;
    }
    const before = text.slice(at, start);
    result += words.length === 0 ? before : `${before}${words.join(" ")} `;
    at = end + call.length;
  }
  return result + text.slice(at);
}

interface Call {
  readonly options: readonly (readonly [letter: string, value: string])[];
  /** The length of the text before the program. */
  readonly length: number;
}

/** Undefined if chpst has no such options. */
function readOptions(text: string): Call | undefined {
  const words: string[] = [];
  const ends = [0];
  for (let word = WORD.exec(text); word !== null; word = WORD.exec(text.slice(ends.at(-1)))) {
    words.push(word[1]!);
    ends.push(ends.at(-1)! + word[0].length);
  }
  try {
    const { options, operandsAt } = parseOptions(words, CHPST_OPTIONS);
    const end = ends[operandsAt]!;
    const gap = /^(?:[ \t]|\\\n)*/.exec(text.slice(end))![0].length;
    return { options: options.map(({ name, value }) => [name, value]), length: end + gap };
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** The programs that do the same, with those that need privileges first. */
function chainOf(options: Call["options"], tell: (reason: string) => void): string[] {
  const chain: string[] = [];
  const limits: string[] = [];
  const users: string[] = [];
  const variables: string[] = [];
  const closed: string[] = [];
  for (const [letter, value] of options) {
    // -P: every service has its own session already
    if (letter === "e") chain.push("s6-envdir", value);
    else if (letter === "U") variables.push(...idVariables(value));
    else if (letter === "u") users.push(...userLinks(value, tell));
    else if (letter === "n") chain.push("nice", "-n", value);
    else if (letter === "l") chain.push("s6-setlock", value);
    else if (letter === "L") chain.push("s6-setlock", "-n", value);
    else if (letter === "C") chain.push("execline-cd", value);
    else if ("012".includes(letter)) closed.push(letter);
    else if (letter === "/") {
      tell(`chpst -/ ${value}: give the service a container of its own, or put chroot before it`);
    } else if (letter === "b") {
      tell(`chpst -b ${value}: the program keeps its own name; exec -a in bash changes it`);
    } else if (CHPST_LIMITS.some((limit) => limit === letter)) limits.push(`-${letter}`, value);
  }
  const close = closed.flatMap((fd) => ["fdclose", fd]);
  if (limits.length > 0) chain.push("s6-softlimit", ...limits);
  // the change of user removes the variables that it uses
  return [...chain, ...users, ...variables, ...close];
}

/**
 * `user`, `user:group:more`, and `:1000:1000` for numbers. If groups are given, there are no
 * others.
 */
function userLinks(value: string, tell: (reason: string) => void): string[] {
  if (/[$`]/.test(value)) {
    tell(`chpst -u ${value}: ${value} has to be a user alone`);
    return ["s6-setuidgid", value];
  }
  const [user = "", group, ...groups] = unquoted(value).replace(/^:/, "").split(":");
  if (group === undefined && !value.startsWith(":")) {
    tell(`chpst -u ${value}: it has the groups of /etc/group too, where chpst gives its own alone`);
    return ["s6-setuidgid", quoteForShell(user)];
  }
  return userChain({ user, group: group ?? user, groups, onlyTheseGroups: true }).map(
    quoteForShell,
  );
}

/** Sets UID and GID of an account without changing to it. */
function idVariables(value: string): string[] {
  if (!value.includes(":")) return ["s6-envuidgid", value];
  const isNumeric = value.startsWith(":");
  const [user = "", group = user] = unquoted(value).replace(/^:/, "").split(":");
  return ["s6-envuidgid", isNumeric ? "-nB" : "-B", quoteForShell(`${user}:${group}`)];
}

function unquoted(word: string): string {
  return splitShellWords(word)?.[0] ?? word;
}
