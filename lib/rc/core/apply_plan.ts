/**
 * What `hexad apply` does with running services when their sources have changed: what it stops,
 * keeps and starts.
 *
 * A service is the same if its definition is the same in every file and has the same path. A
 * service that has changed is restarted if it is up, along with all that need it. If it needs
 * something that is not up yet, it is restarted after that. The container's own steps are left
 * alone.
 * Source: s6-rc-update.c, compute_transitions, for the order; the digests are hexad's. Pure.
 */
import type { RcDatabase, Service, ServiceNumber } from "./database.ts";
import { resolveName } from "./database.ts";
import type { ServiceState } from "./engine_state.ts";
import { closure } from "./graph.ts";

export interface ApplyInput {
  readonly old: RcDatabase;
  /** By old number. */
  readonly states: readonly ServiceState[];
  readonly new: RcDatabase;
  /**
   * The bundle that is brought up at boot: new members of it are started. Undefined: all services.
   */
  readonly top: string | undefined;
  /** True for services that neither stop nor start because of others. */
  isSpared(service: Service): boolean;
}

export interface ApplyPlan {
  /** Old services to be stopped, including their dependants, except those that are spared. */
  readonly stop: readonly ServiceNumber[];
  /** Old services that stay up, whatever else is stopped. */
  readonly spare: ReadonlySet<ServiceNumber>;
  /** The old number of each new service that is the same and stays as it is, up or down. */
  readonly kept: ReadonlyMap<ServiceNumber, ServiceNumber>;
  /** New services to be started. */
  readonly start: readonly ServiceNumber[];
  /** New numbers of services that differ from the old one of that name. */
  readonly changed: readonly ServiceNumber[];
}

/** Whether two services of the same name have the same kind, path and content. */
function isSame(one: Service, other: Service): boolean {
  return one.type === other.type && one.path === other.path && one.digest === other.digest;
}

function byName({ services }: RcDatabase): ReadonlyMap<string, ServiceNumber> {
  return new Map(services.map(({ name, number }) => [name, number]));
}

/** The services that a boot of this database starts. */
function booted(database: RcDatabase, top: string | undefined): readonly ServiceNumber[] {
  const named = top === undefined
    ? database.services.map(({ number }) => number)
    : resolveName(database, top) ?? [];
  return closure(database, named, "up", { wants: true });
}

/** Services that should be up but are not, because one of them failed. They are tried again. */
function failedOnes({ old, states }: ApplyInput): ServiceNumber[] {
  const hasFailed = (number: ServiceNumber): boolean => {
    const { up, failure } = states[number]!;
    return !up && failure?.direction === "up";
  };
  return old.services.map(({ number }) => number).filter((number) => {
    const { up, wanted } = states[number]!;
    return !up && wanted && closure(old, [number], "up").some(hasFailed);
  });
}

export function planApply(input: ApplyInput): ApplyPlan {
  const { old, states, top, isSpared } = input;
  const newNumbers = byName(input.new);
  const oldNumbers = byName(old);
  const imageOf = (number: ServiceNumber): ServiceNumber | undefined =>
    newNumbers.get(old.services[number]!.name);
  const isUnchanged = (number: ServiceNumber): boolean => {
    const image = imageOf(number);
    return image !== undefined && isSame(old.services[number]!, input.new.services[image]!);
  };
  const isUp = (number: ServiceNumber): boolean => states[number]!.up;

  const sparedNames = new Set(
    [...old.services, ...input.new.services].filter(isSpared).map(({ name }) => name),
  );
  const sparedIn = ({ services }: RcDatabase): Set<ServiceNumber> =>
    new Set(services.filter(({ name }) => sparedNames.has(name)).map(({ number }) => number));
  const [spare, sparedThen] = [sparedIn(old), sparedIn(input.new)];
  const changed = old.services.map(({ number }) => number).filter((number) => !isUnchanged(number));
  const bootedBefore = new Set(booted(old, top).map((number) => old.services[number]!.name));
  const fresh = booted(input.new, top).filter((number) =>
    !bootedBefore.has(input.new.services[number]!.name)
  );
  const again = failedOnes(input).flatMap((number) => imageOf(number) ?? []);

  const seeds = new Set(changed.filter((number) => isUp(number) && !spare.has(number)));
  for (;;) {
    const stop = closure(old, seeds, "down", { without: spare }).filter(isUp);
    const stopped = new Set(stop);
    const kept = new Map<ServiceNumber, ServiceNumber>();
    const start = new Set<ServiceNumber>([...fresh, ...again]);
    for (const { number } of old.services) {
      const image = imageOf(number);
      if (image === undefined) continue;
      if (isUnchanged(number) && !stopped.has(number)) kept.set(image, number);
      else if (isUp(number)) start.add(image);
    }
    const keptUp = [...kept].filter(([, number]) => isUp(number)).map(([number]) => number);
    const upThen = new Set(keptUp);
    const needing = [...keptUp, ...start].filter((number) => !sparedThen.has(number));
    const missing = closure(input.new, needing, "up").filter((number) => !upThen.has(number));
    const stale = closure(input.new, missing, "down", { without: sparedThen }).filter((number) =>
      upThen.has(number)
    );
    if (stale.length === 0) {
      const ascending = [...start].filter((number) => !upThen.has(number)).sort((a, b) => a - b);
      return {
        stop,
        spare,
        kept,
        start: ascending,
        changed: changed.flatMap((number) => imageOf(number) ?? []),
      };
    }
    for (const number of stale) {
      seeds.add(oldNumbers.get(input.new.services[number]!.name)!);
    }
  }
}
