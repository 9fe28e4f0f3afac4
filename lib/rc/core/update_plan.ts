/**
 * What s6-rc-update has to stop, keep and start to switch running services to another database.
 *
 * An old and a new service of the same (or the converted) name are the same if they have the same
 * kind, whatever their contents. Source: contract 10; s6-rc-update.c, compute_transitions. Pure.
 */
import { EXIT_INVALID, EXIT_TWICE, EXIT_UNKNOWN, EXIT_WRONG_TYPE } from "./exit_codes.ts";
import type { RcDatabase, ServiceNumber } from "./database.ts";
import { resolveName } from "./database.ts";
import { closure } from "./graph.ts";

/** One line of a conversion file. */
export interface Conversion {
  readonly old: string;
  readonly new?: string | undefined;
  readonly restart: boolean;
}

export interface UpdatePlan {
  /** Old services to be stopped first, with all that need them; in ascending order. */
  readonly stop: readonly ServiceNumber[];
  /** The old number of each service that keeps running, by its new number. */
  readonly kept: ReadonlyMap<ServiceNumber, ServiceNumber>;
  /** New services to be started afterwards, in ascending order. */
  readonly wanted: readonly ServiceNumber[];
}

/** The databases do not fit together: exit code and message. */
export interface UpdateProblem {
  readonly exitCode: number;
  readonly problem: string;
}

export interface UpdateInput {
  readonly old: RcDatabase;
  /** By old number: whether it is up. */
  readonly up: readonly boolean[];
  readonly new: RcDatabase;
  readonly conversions: readonly Conversion[];
  /** The databases' names in messages. */
  readonly live: string;
  readonly newPath: string;
}

interface Image {
  /** The new services that replace an old one; empty: it is gone. */
  readonly numbers: readonly ServiceNumber[];
  /** It becomes exactly one service, of the same kind. */
  readonly isSame: boolean;
}

interface Converted {
  readonly names: ReadonlyMap<ServiceNumber, string>;
  readonly restart: ReadonlySet<ServiceNumber>;
}

function convert({ old, conversions, live }: UpdateInput): Converted | UpdateProblem {
  const names = new Map<ServiceNumber, string>();
  const restart = new Set<ServiceNumber>();
  const seen = new Set<ServiceNumber>();
  for (const conversion of conversions) {
    const numbers = resolveName(old, conversion.old);
    if (numbers === undefined) {
      return {
        exitCode: EXIT_UNKNOWN,
        problem: `unknown identifier in ${live}/compiled/resolve.cdb: ${conversion.old}`,
      };
    }
    const [number] = numbers;
    if (number === undefined || numbers.length > 1) {
      return {
        exitCode: EXIT_WRONG_TYPE,
        problem:
          `identifier ${conversion.old} does not represent an atomic service in ${live}/compiled`,
      };
    }
    if (seen.has(number)) {
      return {
        exitCode: EXIT_TWICE,
        problem: `service ${old.services[number]!.name} appears more than once in conversion file`,
      };
    }
    seen.add(number);
    if (conversion.new !== undefined) names.set(number, conversion.new);
    if (conversion.restart) restart.add(number);
  }
  return { names, restart };
}

/** The outcome for each old service, by number. */
function imagesOf(
  input: UpdateInput,
  names: ReadonlyMap<ServiceNumber, string>,
): Image[] | UpdateProblem {
  const images: Image[] = [];
  const taken = new Set<ServiceNumber>();
  for (const service of input.old.services.toReversed()) {
    const converted = names.get(service.number);
    const numbers = resolveName(input.new, converted ?? service.name);
    if (numbers === undefined && converted !== undefined) {
      return {
        exitCode: EXIT_INVALID,
        problem:
          `bad conversion file: new service ${converted} is undefined in database ${input.newPath}`,
      };
    }
    for (const number of numbers ?? []) {
      if (taken.has(number)) {
        const name = input.new.services[number]!.name;
        return {
          exitCode: EXIT_TWICE,
          problem:
            `unable to convert database: new service ${name} is a target for more than one conversion, including old service ${service.name}`,
        };
      }
      taken.add(number);
    }
    const [first] = numbers ?? [];
    const isSame = first !== undefined && numbers!.length === 1 &&
      input.new.services[first]!.type === service.type;
    images[service.number] = { numbers: numbers ?? [], isSame };
  }
  return images;
}

export function planUpdate(input: UpdateInput): UpdatePlan | UpdateProblem {
  const converted = convert(input);
  if ("problem" in converted) return converted;
  const images = imagesOf(input, converted.names);
  if ("problem" in images) return images;
  const restart = new Set(converted.restart);
  for (;;) {
    const stop = images.flatMap(({ isSame }, number) =>
      input.up[number] && (restart.has(number) || !isSame) ? [number] : []
    );
    const stopped = new Set(closure(input.old, stop, "down"));
    const kept = new Map<ServiceNumber, ServiceNumber>();
    const wanted = new Set<ServiceNumber>();
    images.forEach(({ numbers }, old) => {
      if (!input.up[old]) return;
      for (const number of numbers) {
        if (stopped.has(old)) wanted.add(number);
        else kept.set(number, old);
      }
    });
    const needed = closure(input.new, [...kept.keys(), ...wanted], "up");
    const missing = needed.filter((number) => !kept.has(number));
    const stale = closure(input.new, missing, "down").filter((number) => kept.has(number));
    if (stale.length === 0) return { stop, kept, wanted: [...wanted].sort((a, b) => a - b) };
    for (const number of stale) restart.add(kept.get(number)!);
  }
}
