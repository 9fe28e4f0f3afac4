/**
 * case: goes on with the first of several blocks whose pattern a value matches. Source: execline,
 * doc/case.html, case.c.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import type { Change } from "./core/chain_environment.ts";
import type { Words } from "./core/words.ts";
import { FNM_NOESCAPE, FNM_PATHNAME, FNM_PERIOD, fnmatch } from "../libc/glob.ts";
import { matchGroups } from "../libc/regex_groups.ts";
import { needWords } from "./arguments.ts";
import { BlockReader } from "./blocks.ts";
import { type Call, goOn, type Link, type LinkResult } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";

interface Matching {
  readonly shell: boolean;
  readonly extended: boolean;
  readonly ignoreCase: boolean;
  /** -N: tell the groups. */
  readonly groups: boolean;
}

function matchingOf({ flag, last }: Call): Matching {
  return {
    shell: last("s", "S") === "s",
    extended: last("e", "E") !== "e",
    ignoreCase: flag("i"),
    groups: last("n", "N") === "N",
  };
}

/** case [ -s | -S ] [ -e | -E ] [ -n | -N ] [ -i ] value { pattern { prog... } ... } default... */
export const caseLink: Link = {
  nature: "state",
  run(call): LinkResult {
    needWords(call.words, 2, "a value and a block of patterns are");
    const value = call.words.first!;
    const how = matchingOf(call);
    const blocks = new BlockReader(call);
    const { block, rest } = blocks.take(call.words.slice(1), "case block");
    for (let words: Words = block; words.length > 0;) {
      const pattern = words.first!;
      if (words.length === 1) throw new LinkFailure(EXIT_USAGE, "malformed case block");
      const branch = blocks.take(words.slice(1), "regex block");
      const changes = match(call, pattern, value, how);
      if (changes !== undefined) {
        call.state.env.change(changes);
        return goOn(branch.block);
      }
      words = branch.rest;
    }
    return goOn(rest);
  },
};

/** What the match changes in the environment; undefined if there is none. */
function match(call: Call, pattern: string, value: string, how: Matching): Change[] | undefined {
  if (how.shell) {
    const flags = (how.extended ? 0 : FNM_NOESCAPE) | (how.ignoreCase ? FNM_PERIOD : 0) |
      (how.groups ? FNM_PATHNAME : 0);
    const matched = fnmatch(pattern, value, flags);
    if (matched === undefined) call.warn(`invalid fnmatch pattern: ${pattern}`);
    return matched ? [] : undefined;
  }
  const groups = groupsOf(pattern, value, how);
  if (groups === undefined || !how.groups) return groups === undefined ? undefined : [];
  return [
    ["#", String(groups.length)],
    ["0", pattern],
    ...groups.map((group, i): Change => [String(i + 1), group]),
  ];
}

function groupsOf(pattern: string, value: string, how: Matching): string[] | undefined {
  try {
    return matchGroups(`^${pattern}$`, value, how);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new LinkFailure(EXIT_USAGE, `unable to regcomp "^${pattern}$": ${error.message}`);
    }
    throw error;
  }
}
