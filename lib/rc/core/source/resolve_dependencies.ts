/**
 * The dependencies of one service, resolved to numbers. Source: s6-rc, s6-rc-compile.c,
 * resolve_deps. Pure.
 */
import type { DependencyCondition, ServiceNumber } from "../database.ts";
import type { LongrunDefinition, Mention, OneshotDefinition } from "./definition.ts";
import { caution, fail, type Notes, say } from "./finding.ts";
import { automaticDependencies } from "./parse_definition.ts";

export interface Names {
  /** Of atomic services. */
  readonly numbers: ReadonlyMap<string, ServiceNumber>;
  readonly bundles: ReadonlyMap<string, ReadonlySet<ServiceNumber>>;
  readonly undefinable: ReadonlySet<string>;
  /** A suggestion for a misspelt name: `, did you mean x?`, or nothing. */
  suggest(name: string): string;
}

export interface ResolvedDependency {
  readonly on: ServiceNumber;
  readonly condition: DependencyCondition;
  /** The file or other reason that asks for it, for the paths of cycles. */
  readonly by: string;
}

/** If two entries of dependencies.d mean the same service, the stricter condition applies. */
const STRICTNESS: Readonly<Record<DependencyCondition, number>> = {
  started: 0,
  ready: 1,
  healthy: 2,
  completed: 3,
};

interface Resolving {
  readonly longrunCount: number;
  readonly notes: Notes;
}

/** Ascending, without duplicates, automatic ones included. */
export function resolveDependencies(
  definition: OneshotDefinition | LongrunDefinition,
  names: Names,
  { longrunCount, notes }: Resolving,
): ResolvedDependency[] {
  const found = new Map<ServiceNumber, ResolvedDependency>();
  const add = (on: ServiceNumber, condition: DependencyCondition, by: string): void => {
    const before = found.get(on);
    if (before === undefined || STRICTNESS[before.condition] < STRICTNESS[condition]) {
      found.set(on, { on, condition, by });
    }
  };
  const trace = (name: string): void => {
    const number = names.numbers.get(name);
    const what = number === undefined ? "bundle" : number < longrunCount ? "longrun" : "oneshot";
    say(
      notes,
      4,
      "tracing",
      `in resolve_deps: ${definition.name} depends on ${what} ${name}${
        number === undefined ? "" : ` (${number})`
      }`,
    );
  };
  for (const mention of definition.dependencies) {
    const meant = meanings(mention.name, names);
    const by = mention.file.slice(definition.path.length + 1);
    if (meant === undefined) failUndefined(definition.name, mention, names, notes);
    else {
      trace(mention.name);
      for (const on of meant) add(on, mention.condition, by);
    }
  }
  for (const name of automaticDependencies(definition)) {
    const on = names.numbers.get(name);
    // an invalid consumer has already been reported
    if (on === undefined) continue;
    trace(name);
    add(on, "ready", name === definition.name || on > 1 ? "producer-for" : "automatic");
  }
  return [...found.values()].sort((a, b) => a.on - b.on);
}

/** The atomic services that a name stands for. */
function meanings(name: string, { numbers, bundles }: Names): Iterable<ServiceNumber> | undefined {
  const number = numbers.get(name);
  return number === undefined ? bundles.get(name) : [number];
}

function failUndefined(
  service: string,
  { name, file, line }: Mention,
  { undefinable, suggest }: Names,
  notes: Notes,
): void {
  if (undefinable.has(name)) return;
  fail(notes, {
    text: `during dependency resolution for service ${service}: undefined service name ${name}`,
    file,
    ...(line === undefined ? {} : { line }),
    cause: `no source defines ${name}${suggest(name)}`,
    cure: "define it, or remove this entry",
    spoils: [service],
  });
}

/**
 * Resolves a list that only hexad has. Its edges are soft, so an undefined name is only reported
 * and ignored. Ascending.
 */
export function resolveSoftly(
  mentions: readonly Mention[],
  itself: ServiceNumber,
  names: Names,
  notes: Notes,
): ServiceNumber[] {
  const found = new Set<ServiceNumber>();
  for (const { name, file } of mentions) {
    const meant = meanings(name, names);
    if (meant !== undefined) {
      for (const number of meant) if (number !== itself) found.add(number);
    } else if (!names.undefinable.has(name)) {
      const cause = `no source defines ${name}${names.suggest(name)}, so it is passed over`;
      caution(notes, {
        text: `${file}: ${cause}`,
        file,
        cause,
        cure: "define it, or remove this entry",
      });
    }
  }
  return [...found].sort((a, b) => a - b);
}
