/**
 * The blocks in the arguments of a link. Source: execline, doc/el_semicolon.html,
 * libexecline/el_semicolon.c.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { leadingBlock } from "./core/el_semicolon.ts";
import type { Words } from "./core/words.ts";
import type { Call } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";
import { strictness } from "./strictness.ts";

/** A block, without the leading spaces of its words, and what stands behind it. */
export interface TakenBlock {
  readonly block: Words;
  readonly rest: Words;
}

/**
 * Takes one block after the other off the arguments of one link; counts them for what
 * EXECLINE_STRICT makes it say.
 */
export class BlockReader {
  readonly #call: Pick<Call, "state" | "warn">;
  #count = 0;

  constructor(call: Pick<Call, "state" | "warn">) {
    this.#call = call;
  }

  /**
   * The block that `words` begin with; undefined if nothing ends it.
   *
   * @throws {LinkFailure} If a word of it has no leading space and EXECLINE_STRICT forbids that.
   */
  tryTake(words: Words): TakenBlock | undefined {
    this.#count += 1;
    const split = leadingBlock(words);
    if (split === undefined) return undefined;
    this.#complain(words, split.unquoted);
    const { length } = split.block;
    return {
      block: words.slice(0, length).withTexts(split.block),
      rest: words.slice(length + 1),
    };
  }

  /**
   * @param what What the block is called if nothing ends it. @throws {LinkFailure} Then, or as
   *   `tryTake`.
   */
  take(words: Words, what = "block"): TakenBlock {
    const taken = this.tryTake(words);
    if (taken === undefined) throw new LinkFailure(EXIT_USAGE, `unterminated ${what}`);
    return taken;
  }

  /** A block that must not be empty. */
  takeNonEmpty(words: Words): TakenBlock {
    if (words.first === "") throw new LinkFailure(EXIT_USAGE, "empty block");
    return this.take(words);
  }

  #complain(words: Words, unquoted: readonly number[]): void {
    const strict = unquoted.length === 0 ? 0 : strictness(this.#call.state);
    for (const position of strict === 0 ? [] : unquoted) {
      const text = `unquoted argument ${
        words.at(position)
      } at block ${this.#count} position ${position}`;
      if (strict >= 2) throw new LinkFailure(EXIT_USAGE, text);
      this.#call.warn(text);
    }
  }
}
