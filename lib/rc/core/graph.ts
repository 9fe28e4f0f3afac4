/**
 * The graph of a checked set of services: which services need which, and the order of names in
 * lists. Pure.
 */
import type { RcDatabase, Service, ServiceNumber } from "./database.ts";

export type Direction = "up" | "down";

/** Which edges a closure follows. */
export interface ClosureOptions {
  /** On the way up, follows `wants` as well. */
  readonly wants?: boolean;
  /** Leaves these services out, and everything that is reachable only through them. */
  readonly without?: ReadonlySet<ServiceNumber>;
}

/** Compares names by their bytes, as C does. Lone surrogates stand for bytes that are not UTF-8. */
function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Each service's position in ordered lists: the two internal ones first, then by name. */
export function numbersByName(database: RcDatabase): readonly number[] {
  const { services } = database;
  const isInternal = (service: Service): number => service.number < 2 ? 0 : 1;
  const sorted = [...services].sort((a, b) =>
    isInternal(a) - isInternal(b) || compareNames(a.name, b.name)
  );
  const places = new Array<number>(services.length).fill(0);
  sorted.forEach((service, place) => places[service.number] = place);
  return places;
}

/** What the service needs directly (up), or what needs it directly (down). */
export function neighbours(service: Service, direction: Direction): readonly ServiceNumber[] {
  return direction === "up" ? service.dependencies.map(({ on }) => on) : service.dependants;
}

/**
 * The selection with all that its services need (up), or with all that need them (down), in
 * ascending order.
 */
export function closure(
  database: RcDatabase,
  selection: Iterable<ServiceNumber>,
  direction: Direction,
  options: ClosureOptions = {},
): ServiceNumber[] {
  const found = new Set<ServiceNumber>();
  const left = [...selection];
  for (let number = left.pop(); number !== undefined; number = left.pop()) {
    if (found.has(number) || options.without?.has(number)) continue;
    found.add(number);
    const service = database.services[number]!;
    left.push(...neighbours(service, direction));
    if (options.wants && direction === "up") left.push(...service.wants);
  }
  return [...found].sort((a, b) => a - b);
}

/** All services that are not in `selection`, in ascending order. */
export function complement(
  database: RcDatabase,
  selection: Iterable<ServiceNumber>,
): ServiceNumber[] {
  const chosen = new Set(selection);
  return database.services.map(({ number }) => number).filter((number) => !chosen.has(number));
}

/** The reverse of the edges that are not hard. */
export interface ReverseEdges {
  /** By number: the services that wait for this one because they want it or come after it. */
  readonly softDependants: readonly (readonly ServiceNumber[])[];
  /** By number: the services that are restarted with this one. */
  readonly companions: readonly (readonly ServiceNumber[])[];
  /** Whether there are any soft edges. */
  readonly hasSoft: boolean;
}

export function reverseEdges(database: RcDatabase): ReverseEdges {
  const empty = (): ServiceNumber[][] => database.services.map(() => []);
  const softDependants = empty();
  const companions = empty();
  for (const { number, wants, after, restartsWith } of database.services) {
    for (const other of new Set([...wants, ...after])) softDependants[other]!.push(number);
    for (const other of restartsWith) companions[other]!.push(number);
  }
  return { softDependants, companions, hasSoft: softDependants.some((list) => list.length > 0) };
}

/** All services that are restarted because `number` was, without `number`. */
export function companionsOf(edges: ReverseEdges, number: ServiceNumber): ServiceNumber[] {
  const found = new Set<ServiceNumber>([number]);
  for (const next of found) for (const companion of edges.companions[next]!) found.add(companion);
  found.delete(number);
  return [...found].sort((a, b) => a - b);
}
