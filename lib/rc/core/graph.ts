/**
 * The graph of a checked set of services: who needs whom, and the order in which names are listed.
 * Pure.
 */
import type { RcDatabase, Service, ServiceNumber } from "./database.ts";

export type Direction = "up" | "down";

/** Which edges a closure follows. */
export interface ClosureOptions {
  /** Upwards, what a service merely wants counts as well. */
  readonly wants?: boolean;
  /** Services that are not in it, nor what would be in it by way of them alone. */
  readonly without?: ReadonlySet<ServiceNumber>;
}

/**
 * Compares as C does: by the bytes of the names. Lone surrogates stand for bytes that are not
 * UTF-8.
 */
function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * For each service its place among all when they are told in order: the two internal ones, then by
 * name.
 */
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
 * The selection with all that its services need (up), or with all that need them (down). Itself
 * included; in ascending order.
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

/** Edges that are not hard, backwards. */
export interface ReverseEdges {
  /**
   * By number: who waits for this service because it wants it, or because it is to come after it.
   */
  readonly softDependants: readonly (readonly ServiceNumber[])[];
  /** By number: who is to be restarted with this service. */
  readonly companions: readonly (readonly ServiceNumber[])[];
  /** There is any order that is not of hard dependencies. */
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

/** Everybody who is to be restarted because `number` was, without itself. */
export function companionsOf(edges: ReverseEdges, number: ServiceNumber): ServiceNumber[] {
  const found = new Set<ServiceNumber>([number]);
  for (const next of found) for (const companion of edges.companions[next]!) found.add(companion);
  found.delete(number);
  return [...found].sort((a, b) => a - b);
}
