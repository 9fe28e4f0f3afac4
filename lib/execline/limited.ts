/**
 * The process that takes on the limits of a block's program and becomes it, or runs the rest of a
 * chain that ends in it.
 */
import type { ResourceLimits } from "../core/linux/resource_limits.ts";
import type { Link, LinkResult } from "./link.ts";

/**
 * In place of an executable: argv[0] is a link of ours, which goes on with these limits and not
 * under them.
 */
export const OURS = "";

export interface LimitedProgram {
  readonly limits: Iterable<ResourceLimits>;
  readonly executable: string;
}

/** The arguments that say so; argv follows. */
export function limitedWords({ limits, executable }: LimitedProgram): readonly string[] {
  const triples = [...limits].map(({ resource, limits }) =>
    [resource.number, limits.soft, limits.hard].map(String)
  );
  return [String(triples.length), ...triples.flat(), executable];
}

export const limitedStarter: Link = {
  nature: "process",
  allOperands: true,
  run({ state, words }): LinkResult {
    const end = 1 + 3 * Number(words.first);
    const numbers = words.texts.slice(1, end);
    for (let at = 0; at < numbers.length; at += 3) {
      const number = Number(numbers[at]);
      const limits = { soft: BigInt(numbers[at + 1]!), hard: BigInt(numbers[at + 2]!) };
      state.limits.set(number, { resource: { name: `RLIMIT_${number}`, number }, limits });
    }
    const executable = words.texts[end]!;
    const rest = words.slice(end + 1);
    return executable === OURS ? { words: rest, own: rest.first! } : { words: rest, executable };
  },
};
