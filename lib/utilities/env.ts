/**
 * s6-env [ -i ] [ name=value... ] [ prog... ]. Source: s6-portable-utils, doc/s6-env.html,
 * s6-env.c.
 */
import { ChainEnvironment } from "../execline/core/chain_environment.ts";
import { environmentListing } from "./core/environment_listing.ts";
import type { Words } from "../execline/core/words.ts";
import { goOn, type Link, type LinkResult } from "../execline/link.ts";
import { NeedsProcess } from "../execline/link_failure.ts";
import type { State } from "../execline/state.ts";
import { writeFully } from "../files/output.ts";

const LF = 10;

export const env: Link = {
  nature: "state",
  run({ state, flag, words }): LinkResult {
    const prog = behindDefinitions(words);
    // printing may wait for a reader
    if (prog.length === 0 && state.mustNotWait) throw new NeedsProcess();
    if (flag("i")) state.env = new ChainEnvironment([]);
    state.env.change(words.texts.slice(0, words.length - prog.length).map(splitDefinition));
    return prog.length > 0 ? goOn(prog) : print(state);
  },
};

function behindDefinitions(words: Words): Words {
  const first = words.texts.findIndex((word) => !word.includes("="));
  return words.slice(first === -1 ? words.length : first);
}

function splitDefinition(word: string): readonly [name: string, value: string] {
  const equals = word.indexOf("=");
  return [word.slice(0, equals), word.slice(equals + 1)];
}

function print(state: State): number {
  writeFully(state.fd(1), environmentListing(state.env.strings, { delimiter: LF, atEnd: true }));
  return 0;
}
