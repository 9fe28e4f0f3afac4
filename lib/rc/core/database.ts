/**
 * A set of s6-rc services, read and checked: s6-rc-compile writes it, the engine runs it, and
 * s6-rc-db answers from it.
 *
 * Services have the numbers that s6-rc gives them: 0 is the oneshot runner, 1 the fd holder, then
 * the longruns in the order of sources and names, then the oneshots in the same order. Everything
 * refers to a service by its number. Names may hold any byte but NUL, slash and newline (bytes that
 * are not UTF-8 are lone surrogates, as in path_bytes). Pure.
 */
import type { StartCondition } from "../../servicedir/core/start_condition.ts";

export type ServiceNumber = number;

/** The two services that every database has. In hexad they are only names, without a process. */
export const ONESHOT_RUNNER = "s6rc-oneshot-runner";
export const FD_HOLDER = "s6rc-fdholder";
export const ONESHOT_RUNNER_NUMBER: ServiceNumber = 0;
export const FD_HOLDER_NUMBER: ServiceNumber = 1;

/** When a dependency is met, as its file in `dependencies.d` says. An empty file: `ready`. */
export type DependencyCondition = "ready" | "started" | "completed" | "healthy";

/** One dependency of a service. It is hard in both directions, as in s6-rc. */
export interface Dependency {
  readonly on: ServiceNumber;
  readonly condition: DependencyCondition;
}

/** A readiness check from outside the service, from `ready-tcp`, `ready-http` or `ready-log`. */
export type ReadinessProbe =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "http"; readonly url: string }
  | { readonly kind: "log"; readonly pattern: string };

interface AtomicService {
  readonly number: ServiceNumber;
  readonly name: string;
  /** `SRC/NAME`, the folder that defines it; empty for the two internal services. */
  readonly path: string;
  /** Changes whenever a file of the definition does: `up`, `run` and `env` included. */
  readonly digest: string;
  readonly essential: boolean;
  readonly recommended: boolean;
  /** Milliseconds; 0: no limit. */
  readonly timeoutUpMs: number;
  readonly timeoutDownMs: number;
  /**
   * Direct ones, in ascending order, without duplicates; automatic ones (runner, fd holder,
   * consumer) included.
   */
  readonly dependencies: readonly Dependency[];
  /** The reverse of `dependencies`, ascending. */
  readonly dependants: readonly ServiceNumber[];
  /**
   * `wants.d`: started as well, and waited for until up or failed. Their failure or end has no
   * effect.
   */
  readonly wants: readonly ServiceNumber[];
  /**
   * Order only, from `after.d` and from `before.d` of others: waited for only if they are being
   * started as well.
   */
  readonly after: readonly ServiceNumber[];
  /** `restarts-with.d`: this service is restarted when one of these is. */
  readonly restartsWith: readonly ServiceNumber[];
  readonly conditions: readonly StartCondition[];
  /**
   * From `max-start-failures`: after this many deaths before readiness, the start has failed; 0: no
   * limit.
   */
  readonly maxStartFailures: number;
}

export interface Oneshot extends AtomicService {
  readonly type: "oneshot";
  /**
   * The words of an execline command line. If empty, there is nothing to do, and the oneshot
   * succeeds.
   */
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly reload: readonly string[];
  /** Milliseconds between TERM and KILL when a limit has passed, from `timeout-kill`. */
  readonly timeoutKillMs: number;
}

export interface Longrun extends AtomicService {
  readonly type: "longrun";
  /** Whether its readiness is known, by `notification-fd` or a probe. */
  readonly tellsReadiness: boolean;
  readonly probe: ReadinessProbe | undefined;
  /** It has a `health-check`; absent: it has none. */
  readonly checksHealth?: boolean;
  /** `producer-for`: the consumer that reads its output. */
  readonly consumer: ServiceNumber | undefined;
  /** `consumer-for`: the producers whose output it reads. */
  readonly producers: readonly ServiceNumber[];
}

export type Service = Oneshot | Longrun;

export interface RcDatabase {
  /** By number. */
  readonly services: readonly Service[];
  readonly longrunCount: number;
  readonly oneshotCount: number;
  /** Each bundle with its atomic services, ascending. Includes the bundles of pipelines. */
  readonly bundles: ReadonlyMap<string, readonly ServiceNumber[]>;
}

/** The atomic services that a name stands for, ascending; undefined for an unknown name. */
export function resolveName(
  database: RcDatabase,
  name: string,
): readonly ServiceNumber[] | undefined {
  const bundle = database.bundles.get(name);
  if (bundle !== undefined) return bundle;
  const service = database.services.find((candidate) => candidate.name === name);
  return service === undefined ? undefined : [service.number];
}
