/**
 * What definitions are to each other: whether a boot starts them, before or after the image's own
 * scripts, and what they rely on.
 */
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { type RcDatabase, resolveName, type ServiceNumber } from "../rc/core/database.ts";
import type { Definition } from "../rc/core/source/definition.ts";
import { closure } from "../rc/core/graph.ts";
import { BASE, OVERLAY_SOURCE, TOP, USER_BUNDLES } from "../rc/core/source/overlay_source.ts";
import type { Report } from "./report.ts";

const BOOT_BUNDLES: ReadonlySet<string> = new Set([TOP, BASE, ...USER_BUNDLES]);

export interface Relations {
  readonly database: RcDatabase;
  readonly definitions: readonly Definition[];
  /** Whose mistakes have been told. */
  readonly broken: ReadonlySet<string>;
  readonly overlay: boolean;
  readonly partial: boolean;
}

export function checkRelations(report: Report, relations: Relations): void {
  const { database, overlay } = relations;
  const started = new Set(startedNumbers(relations));
  const byHand = new Set(
    [...database.bundles].filter(([name]) => !BOOT_BUNDLES.has(name)).flatMap(([, members]) =>
      members
    ),
  );
  const rootless = new Set(
    overlay
      ? database.services.map(({ number }) => number).filter((number) =>
        lacksBase(relations, number)
      )
      : [],
  );
  for (const { number, name, path, type } of database.services) {
    if (path === "" || path.startsWith(`${OVERLAY_SOURCE}/`) || relations.broken.has(name)) {
      continue;
    }
    if (!started.has(number)) {
      // what stands in a bundle of its own is meant to be started by that
      if (overlay && byHand.has(number)) continue;
      report.add(path, diagnosis("rc-not-started", name, overlay ? "user" : "a bundle"));
    } else if (
      rootless.has(number) &&
      !database.services[number]!.dependencies.some(({ on }) => on > 1 && rootless.has(on))
    ) {
      // the first of a chain; the others follow it
      report.add(path, diagnosis("rc-no-base", name));
    }
    if (type === "longrun" || type === "oneshot") checkReadiness(report, relations, number);
  }
}

/** What a boot starts: of a plain source nobody knows, so all that is in any bundle. */
function startedNumbers({ database, overlay }: Relations): ServiceNumber[] {
  if (overlay) return closure(database, resolveName(database, TOP) ?? [], "up", { wants: true });
  const inBundles = [...database.bundles.values()].flat();
  return inBundles.length === 0
    ? database.services.map(({ number }) => number)
    : closure(database, inBundles, "up", { wants: true });
}

/**
 * Does nothing of `base` come before it? Where a definition of a base image is missing, that can't
 * be told.
 */
function lacksBase({ database, definitions, partial }: Relations, number: ServiceNumber): boolean {
  const base = new Set(resolveName(database, BASE) ?? []);
  const before = closure(database, [number], "up");
  if (before.some((each) => base.has(each) || database.services[number]!.after.includes(each))) {
    return false;
  }
  if (!partial) return true;
  const known = new Set([...database.services.map(({ name }) => name), ...database.bundles.keys()]);
  const names = new Set(before.map((each) => database.services[each]!.name));
  const mentioned = definitions.flatMap((each) =>
    each.type !== "bundle" && names.has(each.name) ? each.dependencies : []
  );
  return mentioned.every(({ name }) => known.has(name));
}

/** A dependency that is up as soon as it is spawned says nothing about whether it serves. */
function checkReadiness(
  report: Report,
  { database, definitions, broken }: Relations,
  number: ServiceNumber,
): void {
  const { name, path, dependencies } = database.services[number]!;
  const definition = definitions.find((each) => each.name === name);
  if (definition === undefined || definition.type === "bundle") return;
  for (const mention of definition.dependencies) {
    for (const on of resolveName(database, mention.name) ?? []) {
      const needed = database.services[on]!;
      const condition = dependencies.find((each) => each.on === on)?.condition;
      if (condition === "healthy" && !(needed.type === "longrun" && needed.checksHealth)) {
        report.add(
          `${path}/dependencies.d/${mention.name}`,
          diagnosis("rc-not-checked", needed.name),
        );
      }
      if (
        needed.type !== "longrun" || needed.tellsReadiness || condition !== "ready" ||
        broken.has(needed.name) || needed.path === ""
      ) {
        continue;
      }
      // a logger that reads from a pipe needs no readiness: the pipe is there
      if (needed.producers.length > 0) continue;
      report.add(path, diagnosis("rc-not-ready", needed.name));
    }
  }
}
