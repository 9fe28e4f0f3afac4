/**
 * Builds the services of a database once all names are resolved: both directions of dependencies,
 * and soft edges without cycles. Pure.
 */
import { pathText } from "./cycle_path.ts";
import {
  FD_HOLDER,
  FD_HOLDER_NUMBER,
  type Longrun,
  type Oneshot,
  ONESHOT_RUNNER,
  ONESHOT_RUNNER_NUMBER,
  type Service,
  type ServiceNumber,
} from "../database.ts";
import type { LongrunDefinition, OneshotDefinition } from "./definition.ts";
import { caution, type Notes } from "./finding.ts";
import { type Names, type ResolvedDependency, resolveSoftly } from "./resolve_dependencies.ts";
import { cutSoftCycles, type Edge } from "./soft_cycles.ts";

type AtomicDefinition = OneshotDefinition | LongrunDefinition;

export interface Resolved {
  /** By number. */
  readonly dependencies: readonly (readonly ResolvedDependency[])[];
  readonly names: Names;
  /** The services that are essential because of a bundle. */
  readonly essential: ReadonlySet<ServiceNumber>;
  readonly recommended: ReadonlySet<ServiceNumber>;
  /** The dependencies have a cycle, which has been reported. */
  readonly hasCycles: boolean;
  readonly notes: Notes;
}

interface SoftEdges {
  readonly wants: readonly ServiceNumber[][];
  readonly after: readonly ServiceNumber[][];
}

/** Numbers 0 and 1. */
export function internalServices(
  dependencies: readonly (readonly ResolvedDependency[])[],
): Longrun[] {
  const dependants = reversed(dependencies);
  const internal = (number: ServiceNumber, name: string): Longrun => ({
    type: "longrun",
    number,
    name,
    path: "",
    digest: "",
    essential: true,
    recommended: false,
    timeoutUpMs: 0,
    timeoutDownMs: 0,
    dependencies: [],
    dependants: dependants[number]!,
    wants: [],
    after: [],
    restartsWith: [],
    conditions: [],
    maxStartFailures: 0,
    tellsReadiness: true,
    probe: undefined,
    consumer: undefined,
    producers: [],
  });
  return [internal(ONESHOT_RUNNER_NUMBER, ONESHOT_RUNNER), internal(FD_HOLDER_NUMBER, FD_HOLDER)];
}

/** The other services, by number. */
export function buildServices(
  definitions: readonly AtomicDefinition[],
  resolved: Resolved,
): Service[] {
  const { dependencies, names, essential, recommended, notes } = resolved;
  const dependants = reversed(dependencies);
  const soft = softEdges(definitions, resolved);
  return definitions.map((definition, at) => {
    const number = at + 2;
    const { name, path, digest, timeoutUpMs, timeoutDownMs, own } = definition;
    const shared = {
      number,
      name,
      path,
      digest,
      essential: definition.essential || essential.has(number),
      recommended: definition.recommended || recommended.has(number),
      timeoutUpMs,
      timeoutDownMs,
      dependencies: dependencies[number]!.map(({ on, condition }) => ({ on, condition })),
      dependants: dependants[number]!,
      wants: soft.wants[number]!,
      after: soft.after[number]!,
      restartsWith: resolveSoftly(own.restartsWith, number, names, notes),
      conditions: own.conditions,
      maxStartFailures: own.maxStartFailures,
    };
    return definition.type === "oneshot"
      ? oneshot(definition, shared)
      : longrun(definition, shared, names);
  });
}

type Shared = Omit<Oneshot, "type" | "up" | "down" | "reload" | "timeoutKillMs">;

function oneshot({ up, down, reload, own }: OneshotDefinition, shared: Shared): Oneshot {
  return { type: "oneshot", ...shared, up, down, reload, timeoutKillMs: own.timeoutKillMs };
}

function longrun(
  { tellsReadiness, checksHealth, own, consumer, producers }: LongrunDefinition,
  shared: Shared,
  { numbers }: Names,
): Longrun {
  const known = producers.flatMap(({ name }) => numbers.get(name) ?? []);
  const reader = consumer === undefined ? undefined : numbers.get(consumer.name);
  return {
    type: "longrun",
    ...shared,
    tellsReadiness,
    probe: own.probe,
    ...(checksHealth ? { checksHealth } : {}),
    consumer: reader,
    producers: known,
  };
}

function reversed(dependencies: readonly (readonly ResolvedDependency[])[]): ServiceNumber[][] {
  const dependants: ServiceNumber[][] = dependencies.map(() => []);
  for (const [number, list] of dependencies.entries()) {
    for (const { on } of list) dependants[on]!.push(number);
  }
  return dependants;
}

/**
 * Merges `before.d` into the `after.d` of the others. An edge that closes a cycle is reported and
 * left out.
 */
function softEdges(
  definitions: readonly AtomicDefinition[],
  { dependencies, names, hasCycles, notes }: Resolved,
): SoftEdges {
  const wants: Set<ServiceNumber>[] = dependencies.map(() => new Set());
  const after: Set<ServiceNumber>[] = dependencies.map(() => new Set());
  for (const [at, { own }] of definitions.entries()) {
    const number = at + 2;
    for (const on of resolveSoftly(own.wants, number, names, notes)) wants[number]!.add(on);
    for (const on of resolveSoftly(own.after, number, names, notes)) after[number]!.add(on);
    for (const on of resolveSoftly(own.before, number, names, notes)) after[on]!.add(number);
  }
  const edges: Edge[] = dependencies.flatMap((list, from): Edge[] => [
    ...list.map(({ on }): Edge => ({ from, to: on, kind: "needs" })),
    ...[...wants[from]!].map((to): Edge => ({ from, to, kind: "wants" })),
    ...[...after[from]!].map((to): Edge => ({ from, to, kind: "after" })),
  ]);
  const anySoft = edges.some(({ kind }) => kind !== "needs");
  if (anySoft && !hasCycles) {
    const nameOf = (number: ServiceNumber): string => definitions[number - 2]?.name ?? "";
    for (const { edge, path } of cutSoftCycles(dependencies.length, edges)) {
      (edge.kind === "wants" ? wants : after)[edge.from]!.delete(edge.to);
      const text = pathText(path.map((number) => ({ name: nameOf(number), by: "" }))).replaceAll(
        " ()",
        "",
      );
      const cause = `what it ${
        edge.kind === "wants" ? "wants" : "comes after"
      } leads back to it, so ${nameOf(edge.to)} is not waited for: ${text}`;
      const { path: file } = definitions[edge.from - 2]!;
      caution(notes, {
        text: `${file}: ${cause}`,
        file,
        cause,
        cure: "remove one of these entries",
      });
    }
  }
  const sorted = (sets: readonly Set<ServiceNumber>[]): ServiceNumber[][] =>
    sets.map((set) => [...set].sort((a, b) => a - b));
  return { wants: sorted(wants), after: sorted(after) };
}
