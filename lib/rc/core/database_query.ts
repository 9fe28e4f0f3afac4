/**
 * The questions that s6-rc-db answers. Names are printed one a line, in C's order: a union runs
 * from the highest number down. Source: s6-rc, doc/s6-rc-db.html, s6-rc-db.c. Pure.
 */
import { type RcDatabase, resolveName, type Service, type ServiceNumber } from "./database.ts";
import { closure, type Direction, neighbours } from "./graph.ts";

export interface NameFilter {
  readonly hideEssentials: boolean;
}

/**
 * All names, bundles last. C lists them in the order in which it wrote them, the highest number
 * first.
 */
export function allNames(database: RcDatabase): string[] {
  return [...database.services.map(({ name }) => name).reverse(), ...bundleNames(database)];
}

export function bundleNames({ bundles }: RcDatabase): string[] {
  return [...bundles.keys()].reverse();
}

export function serviceNames(
  { services }: RcDatabase,
  type: Service["type"] | undefined,
  { hideEssentials }: NameFilter,
): string[] {
  return services.filter((service) =>
    (type === undefined || service.type === type) && !(hideEssentials && service.essential)
  )
    .map(({ name }) => name);
}

/** What the name stands for; undefined if it is unknown. */
export function lookUp(database: RcDatabase, name: string): Service | "bundle" | undefined {
  if (database.bundles.has(name)) return "bundle";
  const numbers = resolveName(database, name);
  return numbers === undefined ? undefined : database.services[numbers[0]!];
}

export function namesOf(
  { services }: RcDatabase,
  numbers: readonly ServiceNumber[],
  { hideEssentials }: NameFilter,
): string[] {
  return numbers.map((number) => services[number]!).filter(({ essential }) =>
    !(hideEssentials && essential)
  ).map(({ name }) => name);
}

/** Direct dependencies or dependants of all of these, from the highest number down. */
export function directNeighbours(
  database: RcDatabase,
  from: readonly ServiceNumber[],
  direction: Direction,
): ServiceNumber[] {
  const found = new Set(
    from.flatMap((number) => neighbours(database.services[number]!, direction)),
  );
  return descending(found);
}

export function fullClosure(
  database: RcDatabase,
  from: readonly ServiceNumber[],
  direction: Direction,
): ServiceNumber[] {
  return descending(closure(database, from, direction));
}

export function descending(numbers: Iterable<ServiceNumber>): ServiceNumber[] {
  return [...new Set(numbers)].sort((a, b) => b - a);
}

/** `producer/consumer` lines for the whole pipeline that the longrun is in, producers first. */
export function pipelineLines({ services }: RcDatabase, number: ServiceNumber): string[] {
  let last = number;
  for (const seen = new Set([last]);;) {
    const service = services[last]!;
    const consumer = service.type === "longrun" ? service.consumer : undefined;
    if (consumer === undefined || seen.has(consumer)) break;
    seen.add(consumer);
    last = consumer;
  }
  const lines: string[] = [];
  const visit = (consumer: ServiceNumber, above: readonly ServiceNumber[]): void => {
    const service = services[consumer]!;
    if (service.type !== "longrun" || above.includes(consumer)) return;
    for (const producer of service.producers) {
      visit(producer, [...above, consumer]);
      lines.push(`${services[producer]!.name}/${service.name}`);
    }
  };
  visit(last, []);
  return lines;
}

/** 8 hexadecimal digits: 1 essential, 2 recommended. */
export function flagsText({ essential, recommended }: Service): string {
  return ((essential ? 1 : 0) | (recommended ? 2 : 0)).toString(16).padStart(8, "0");
}

/** Checks that dependencies and dependants agree. Returns what is wrong, or undefined. */
export function inconsistency({ services }: RcDatabase): string | undefined {
  for (const { number, dependencies, dependants } of services) {
    const agree = dependencies.every(({ on }) => services[on]!.dependants.includes(number)) &&
      dependants.every((dependant) =>
        services[dependant]!.dependencies.some(({ on }) => on === number)
      );
    if (!agree) return "direct and reverse dependencies are mismatched";
  }
  return undefined;
}
