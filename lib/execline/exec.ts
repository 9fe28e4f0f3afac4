/**
 * exec, tryexec, exit: where a chain goes, or ends. Source: execline, doc/exec.html,
 * doc/tryexec.html, doc/exit.html.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { ChainEnvironment } from "./core/chain_environment.ts";
import type { Words } from "./core/words.ts";
import { Words as WordList } from "./core/words.ts";
import { needWords, parseNumber } from "./arguments.ts";
import { BlockReader } from "./blocks.ts";
import type { Call, Link, LinkResult, Next } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";

/** The program with what -c, -l and -a change. */
function withOptions({ flag, value }: Call, words: Words): Next {
  const executable = words.first!;
  const argv0 = (flag("l") ? "-" : "") + (value("a") ?? executable);
  return {
    words: new WordList([argv0, ...words.texts.slice(1)], words.places),
    executable,
    ...(flag("c") ? { env: new ChainEnvironment([]) } : {}),
  };
}

/** exec [ -c ] [ -l ] [ -a argv0 ] prog... */
export const exec: Link = {
  nature: "state",
  run(call): LinkResult {
    needWords(call.words, 1, "a program is");
    return withOptions(call, call.words);
  },
};

/** tryexec [ -n ] [ -c ] [ -l ] [ -a argv0 ] { block } prog... */
export const tryexec: Link = {
  nature: "state",
  run(call): LinkResult {
    const { block, rest } = new BlockReader(call).takeNonEmpty(call.words);
    const negated = call.flag("n");
    if (negated && rest.length === 0) {
      throw new LinkFailure(EXIT_USAGE, "empty remainder not allowed with -n");
    }
    return negated
      ? { ...withOptions(call, rest), orElse: block }
      : { ...withOptions(call, block), orElse: rest };
  },
};

/** exit [ exitcode ] */
export const exit: Link = {
  nature: "state",
  allOperands: true,
  run({ words }): LinkResult {
    return words.first === undefined ? 0 : parseNumber("exit code", words.first);
  },
};
