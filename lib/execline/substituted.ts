/** Substitution in the words of a chain, which a guest must not take long over. */
import {
  substitute as substituteWords,
  type Substitutions,
  wouldExceed,
} from "./core/execline_substitution.ts";
import type { Words } from "./core/words.ts";
import { NeedsProcess } from "./link_failure.ts";
import type { State } from "./state.ts";

/** In characters, far more than a kernel takes. */
const MOST_HERE = 1 << 22;

/**
 * The words with everything substituted. @throws {NeedsProcess} If there would be very many of
 * them, and nothing may wait.
 */
export function substitute(state: State, words: Words, values: Substitutions): Words {
  if (state.mustNotWait && wouldExceed(MOST_HERE, words, values)) throw new NeedsProcess();
  return substituteWords(words, values);
}
