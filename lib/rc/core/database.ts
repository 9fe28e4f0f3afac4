/**
 * A set of s6-rc services that has been read and checked: what s6-rc-compile writes, what the
 * engine runs, and what s6-rc-db answers from.
 *
 * Services are numbered as s6-rc numbers them: 0 is the oneshot runner, 1 the fd holder, then the
 * longruns in the order of sources and names, then the oneshots likewise. Everything that refers
 * to a service does so by its number. Names may hold any byte but NUL, slash and newline (bytes
 * that are not UTF-8 are lone surrogates, as in path_bytes).
 * Pure.
 */

export type ServiceNumber = number;

/**
 * The two services that every database has. In hexad they are names only: no process is behind
 * them.
 */
export const ONESHOT_RUNNER = "s6rc-oneshot-runner";
export const FD_HOLDER = "s6rc-fdholder";
export const ONESHOT_RUNNER_NUMBER: ServiceNumber = 0;
export const FD_HOLDER_NUMBER: ServiceNumber = 1;

/** What a file of `dependencies.d` says about when the dependency is met. Empty: `ready`. */
export type DependencyCondition = "ready" | "started" | "completed";

/** One dependency of a service: hard in both directions, as in s6-rc. */
export interface Dependency {
  readonly on: ServiceNumber;
  readonly condition: DependencyCondition;
}

/**
 * One line of a file `condition`: a service whose conditions are not all met is skipped and counts
 * as up.
 */
export type StartCondition =
  | { readonly kind: "set"; readonly variable: string }
  | { readonly kind: "unset"; readonly variable: string }
  | { readonly kind: "equal"; readonly variable: string; readonly value: string }
  | { readonly kind: "exists"; readonly path: string };

/** A look from outside that tells readiness, from `ready-tcp`, `ready-http` or `ready-log`. */
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
   * `wants.d`: started too and waited for until up or failed; neither their failure nor their end
   * matters.
   */
  readonly wants: readonly ServiceNumber[];
  /**
   * Order only, from `after.d` and the others' `before.d`: waited for if they are being started as
   * well.
   */
  readonly after: readonly ServiceNumber[];
  /** `restarts-with.d`: this service is restarted when one of these is. */
  readonly restartsWith: readonly ServiceNumber[];
  readonly conditions: readonly StartCondition[];
  /**
   * From `max-start-failures`: deaths before readiness after which a start has failed; 0: no limit.
   */
  readonly maxStartFailures: number;
}

export interface Oneshot extends AtomicService {
  readonly type: "oneshot";
  /** Words of an execline command line; none: nothing to do, succeeds. */
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly reload: readonly string[];
  /** Milliseconds between TERM and KILL when a limit has passed, from `timeout-kill`. */
  readonly timeoutKillMs: number;
}

export interface Longrun extends AtomicService {
  readonly type: "longrun";
  /** Whether it tells its readiness: `notification-fd` or a probe. */
  readonly tellsReadiness: boolean;
  readonly probe: ReadinessProbe | undefined;
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
  /** Each bundle with its atomic services, ascending; pipelines' bundles included. */
  readonly bundles: ReadonlyMap<string, readonly ServiceNumber[]>;
}

/** The atomic services that a name means, ascending; undefined for an unknown name. */
export function resolveName(
  database: RcDatabase,
  name: string,
): readonly ServiceNumber[] | undefined {
  const bundle = database.bundles.get(name);
  if (bundle !== undefined) return bundle;
  const service = database.services.find((candidate) => candidate.name === name);
  return service === undefined ? undefined : [service.number];
}
