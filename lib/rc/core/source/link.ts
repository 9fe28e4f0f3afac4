/**
 * Links definitions into a database: pipelines, bundles, dependencies and cycles, in C's order.
 * Source: s6-rc, s6-rc-compile.c, main and what it calls. Pure.
 */
import { suggestion } from "../../../core/text/edit_distance.ts";
import { buildServices, internalServices } from "./build_services.ts";
import { resolveBundles } from "./bundles.ts";
import { cycles } from "./cycles.ts";
import { pathText } from "./cycle_path.ts";
import {
  FD_HOLDER,
  FD_HOLDER_NUMBER,
  ONESHOT_RUNNER,
  ONESHOT_RUNNER_NUMBER,
  type RcDatabase,
  type ServiceNumber,
} from "../database.ts";
import type { LongrunDefinition, OneshotDefinition } from "./definition.ts";
import { fail, type Notes, say } from "./finding.ts";
import type { ParsedSources } from "./parse_sources.ts";
import { type BundleDraft, checkPairs, type Longruns, pipelineBundles } from "./pipelines.ts";
import {
  type Names,
  type ResolvedDependency,
  resolveDependencies,
} from "./resolve_dependencies.ts";

/**
 * The database that the definitions make. If `notes` has errors, it covers what could be
 * understood.
 */
export function linkDefinitions(
  { definitions, register, undefinable }: ParsedSources,
  notes: Notes,
): RcDatabase {
  const longrunDefinitions = definitions.filter((each): each is LongrunDefinition =>
    each.type === "longrun"
  );
  const oneshotDefinitions = definitions.filter((each): each is OneshotDefinition =>
    each.type === "oneshot"
  );
  const longrunCount = longrunDefinitions.length + 2;
  const longruns: Longruns = {
    byName: byName(longrunDefinitions),
    count: longrunCount,
    register,
    undefinable,
  };
  const drafts: BundleDraft[] = [
    ...definitions.filter((each) => each.type === "bundle"),
    ...pipelineBundles(longruns, notes),
  ];

  const atomic = [...longrunDefinitions, ...oneshotDefinitions];
  const numbers = new Map<string, ServiceNumber>([[ONESHOT_RUNNER, ONESHOT_RUNNER_NUMBER], [
    FD_HOLDER,
    FD_HOLDER_NUMBER,
  ]]);
  for (const { name } of atomic) numbers.set(name, numbers.size);
  const all = [...definitions.map(({ name }) => name), ...drafts.map(({ name }) => name)];
  const suggest = (name: string): string => suggestion(name, all);
  say(notes, 2, "info", "resolving bundle names");
  const bundles = resolveBundles(drafts, { numbers, undefinable, suggest }, notes);
  say(notes, 3, "info", "converting bundle array");

  say(notes, 2, "info", "resolving service names");
  const names: Names = { numbers, bundles, undefinable, suggest };
  const dependencies: ResolvedDependency[][] = [[], []];
  for (const definition of atomic) {
    if (definition.type === "longrun") checkPairs(definition, longruns, notes);
    dependencies.push(resolveDependencies(definition, names, { longrunCount, notes }));
  }
  say(notes, 3, "info", "converting service dependency array");
  say(notes, 3, "info", "checking database correctness");
  const knots = failCycles(
    dependencies,
    [
      ONESHOT_RUNNER,
      FD_HOLDER,
      ...atomic.map(({ name }) => name),
    ],
    atomic,
    notes,
  );

  const essential = flagged(drafts, bundles, "essential");
  const recommended = flagged(drafts, bundles, "recommended");
  const services = [
    ...internalServices(dependencies),
    ...buildServices(atomic, {
      dependencies,
      names,
      essential,
      recommended,
      hasCycles: knots,
      notes,
    }),
  ];
  return {
    services,
    longrunCount,
    oneshotCount: oneshotDefinitions.length,
    bundles: new Map(
      drafts.map(({ name }) => [name, [...bundles.get(name)!].sort((a, b) => a - b)]),
    ),
  };
}

function byName<T extends { readonly name: string }>(definitions: readonly T[]): Map<string, T> {
  return new Map(definitions.map((definition) => [definition.name, definition]));
}

/** The services that inherit a flag from bundles. */
function flagged(
  drafts: readonly BundleDraft[],
  bundles: ReadonlyMap<string, ReadonlySet<ServiceNumber>>,
  flag: "essential" | "recommended",
): ReadonlySet<ServiceNumber> {
  return new Set(
    drafts.filter((draft) => draft[flag]).flatMap(({ name }) => [...bundles.get(name)!]),
  );
}

/** Reports cycles. Returns whether there is one. */
function failCycles(
  dependencies: readonly (readonly ResolvedDependency[])[],
  names: readonly string[],
  atomic: readonly { readonly path: string }[],
  notes: Notes,
): boolean {
  const found = cycles(dependencies.map((each) => each.map(({ on }) => on)));
  for (const { from, path } of found) {
    const steps = path.map((number, at) => {
      const next = path[(at + 1) % path.length]!;
      return { name: names[number]!, by: dependencies[number]!.find(({ on }) => on === next)!.by };
    });
    const text = pathText(steps);
    fail(notes, {
      text: `cyclic service dependency reached from ${names[from]} and involving ${
        names[path[0]!]
      }: ${text}`,
      file: atomic[path[0]! - 2]!.path,
      cause: `it needs itself: ${text}`,
      cure: "remove one of these dependencies",
      spoils: steps.map(({ name }) => name),
    });
  }
  return found.length > 0;
}
