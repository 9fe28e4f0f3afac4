/**
 * `hexad restart --with-dependants`: stops services and all that need them, then starts the
 * services again, with those dependants that were up. The container's own steps stay as they are.
 */
import { EXIT_UNKNOWN } from "./core/exit_codes.ts";
import type { ChangeSeries } from "./change_series.ts";
import type { RcDatabase, Service, ServiceNumber } from "./core/database.ts";
import { resolveName } from "./core/database.ts";
import { closure, type Direction } from "./core/graph.ts";

/** What the client is told about each service before anything is done. */
export interface RestartedService {
  readonly name: string;
  readonly type: Service["type"];
}

/** Returns the exit code: that of the stop if it fails, otherwise that of the start. */
export async function restartWithDependants(
  series: ChangeSeries,
  names: readonly string[],
  isSpared: (service: Service) => boolean,
): Promise<number> {
  const { loop, live } = series.set;
  const { database, services: states } = loop.engine;
  const named: ServiceNumber[] = [];
  for (const name of names) {
    const numbers = resolveName(database, name);
    if (numbers === undefined) {
      series.fail(`${name} is not a recognized identifier in ${live}/resolve.cdb`);
      return EXIT_UNKNOWN;
    }
    named.push(...numbers);
  }
  const spare = new Set(database.services.filter(isSpared).map(({ number }) => number));
  const affected = closure(database, named, "down", { without: spare });
  const again = affected.filter((number) =>
    named.includes(number) || isUpOrComing(states[number]!)
  );
  series.show("restarted", again.map((number) => record(database, number)));
  const code = await series.change({
    direction: "down",
    named: affected,
    forced: true,
    spare,
    isPassing: true,
  });
  if (loop.engine.database !== database) {
    series.fail("the services have been exchanged meanwhile");
    return code === 0 ? 1 : code;
  }
  // even if something could not be stopped, bring up again what was stopped
  const upCode = await series.change({ direction: "up", named: again, isPassing: true });
  return code === 0 ? upCode : code;
}

function isUpOrComing(
  { up, transition }: {
    readonly up: boolean;
    readonly transition: { readonly direction: Direction } | undefined;
  },
): boolean {
  return transition === undefined ? up : transition.direction === "up";
}

function record({ services }: RcDatabase, number: ServiceNumber): RestartedService {
  const { name, type } = services[number]!;
  return { name, type };
}
