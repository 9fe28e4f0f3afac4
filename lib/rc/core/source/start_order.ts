/** The order in which services start, and the path by which one needs another. Pure. */
import type { RcDatabase, ServiceNumber } from "../database.ts";
import { neighbours } from "../graph.ts";

/**
 * The services that must be up, or have been tried, before a service starts: those that it needs,
 * wants or comes after.
 */
export function waitsFor(database: RcDatabase, number: ServiceNumber): ServiceNumber[] {
  const { dependencies, wants, after } = database.services[number]!;
  return [...new Set([...dependencies.map(({ on }) => on), ...wants, ...after])];
}

/**
 * All services in rounds. The services of a round can start together once the earlier rounds are
 * done. Ascending within a round.
 */
export function startRounds(database: RcDatabase): ServiceNumber[][] {
  const rounds: ServiceNumber[][] = [];
  const waiting = database.services.map(({ number }) => waitsFor(database, number).length);
  const heldUp: ServiceNumber[][] = database.services.map(() => []);
  for (const { number } of database.services) {
    for (const on of waitsFor(database, number)) heldUp[on]!.push(number);
  }
  let ready = database.services.filter(({ number }) => waiting[number] === 0).map(({ number }) =>
    number
  );
  while (ready.length > 0) {
    rounds.push(ready);
    const next: ServiceNumber[] = [];
    for (const number of ready) {
      for (const held of heldUp[number]!) if (--waiting[held]! === 0) next.push(held);
    }
    ready = next.sort((a, b) => a - b);
  }
  return rounds;
}

/** A shortest path by which `from` needs `to`, both included; undefined if it does not. */
export function wayTo(
  database: RcDatabase,
  from: ServiceNumber,
  to: ServiceNumber,
): ServiceNumber[] | undefined {
  const cameFrom = new Map<ServiceNumber, ServiceNumber>();
  const queue = [from];
  for (let at = 0; at < queue.length; at++) {
    const number = queue[at]!;
    if (number === to) {
      const way = [to];
      for (let step = to; step !== from; way.unshift(step)) step = cameFrom.get(step)!;
      return way;
    }
    for (const next of neighbours(database.services[number]!, "up")) {
      if (next === from || cameFrom.has(next)) continue;
      cameFrom.set(next, number);
      queue.push(next);
    }
  }
  return undefined;
}
