/** What `hexad apply` is going to do, service by service, for people and programs. Pure. */
import { printable } from "../../core/text/printable.ts";
import type { ApplyInput, ApplyPlan } from "./apply_plan.ts";
import type { RcDatabase, Service, ServiceNumber } from "./database.ts";

/** How a service compares with what it was. */
export type Difference = "added" | "removed" | "changed" | "same";
export type ApplyAction = "start" | "stop" | "restart" | "none";

/** A service that differs, or that is stopped or started. */
export interface AppliedService {
  readonly name: string;
  readonly type: Service["type"];
  readonly difference: Difference;
  /** The files of its definition that differ; empty if other services are the reason. */
  readonly files: readonly string[];
  readonly action: ApplyAction;
  /** The service because of which it is stopped or restarted; null: its own change. */
  readonly becauseOf: string | null;
}

export interface AppliedBundle {
  readonly name: string;
  readonly difference: Exclude<Difference, "same">;
}

/** @param filesOf Returns the files that differ in a changed definition */
export function appliedServices(
  input: ApplyInput,
  plan: ApplyPlan,
  filesOf: (old: Service, now: Service) => readonly string[],
): AppliedService[] {
  const { old } = input;
  const oldNumbers = new Map(old.services.map(({ name, number }) => [name, number]));
  const newNames = new Set(input.new.services.map(({ name }) => name));
  const stopped = new Set(plan.stop);
  const started = new Set(plan.start);
  const changed = new Set(plan.changed);
  const describe = (now: Service): AppliedService => {
    const before = oldNumbers.get(now.name);
    const stops = before !== undefined && stopped.has(before);
    const isChanged = changed.has(now.number);
    const starts = started.has(now.number);
    return {
      name: printable(now.name),
      type: now.type,
      difference: before === undefined ? "added" : isChanged ? "changed" : "same",
      files: isChanged ? filesOf(old.services[before!]!, now) : [],
      action: stops ? (starts ? "restart" : "stop") : starts ? "start" : "none",
      becauseOf: stops && !isChanged ? whomFor(now, input, plan, stopped) : null,
    };
  };
  const gone = old.services.filter(({ name }) => !newNames.has(name)).map((
    { name, type, number },
  ): AppliedService => ({
    name: printable(name),
    type,
    difference: "removed",
    files: [],
    action: stopped.has(number) ? "stop" : "none",
    becauseOf: null,
  }));
  return [...gone, ...input.new.services.map(describe)].filter(({ difference, action }) =>
    difference !== "same" || action !== "none"
  );
}

/** A direct dependency that is stopped, or that is not started yet. */
function whomFor(
  { name, dependencies }: Service,
  { old, new: now }: ApplyInput,
  { kept }: ApplyPlan,
  stopped: ReadonlySet<ServiceNumber>,
): string | null {
  const before = old.services.find((service) => service.name === name)!;
  const stops = before.dependencies.find(({ on }) => stopped.has(on));
  if (stops !== undefined) return printable(old.services[stops.on]!.name);
  const fresh = dependencies.find(({ on }) => !kept.has(on));
  return fresh === undefined ? null : printable(now.services[fresh.on]!.name);
}

/** Bundles whose meaning has changed. */
export function appliedBundles(old: RcDatabase, now: RcDatabase): AppliedBundle[] {
  const members = (database: RcDatabase, name: string): string | undefined =>
    database.bundles.get(name)?.map((number) => database.services[number]!.name).sort().join("\n");
  const names = new Set([...old.bundles.keys(), ...now.bundles.keys()]);
  return [...names].sort().flatMap((name): AppliedBundle[] => {
    const [before, after] = [members(old, name), members(now, name)];
    if (before === after) return [];
    const difference = before === undefined ? "added" : after === undefined ? "removed" : "changed";
    return [{ name: printable(name), difference }];
  });
}

/** One line for each. */
export function applyLines(
  services: readonly AppliedService[],
  bundles: readonly AppliedBundle[],
): string[] {
  return [
    ...services.map((service) => `${service.name}: ${actionWords(service)}`),
    ...bundles.map(({ name, difference }) => `bundle ${name}: ${difference}`),
  ];
}

function actionWords({ difference, files, action, becauseOf }: AppliedService): string {
  const reason = becauseOf === null
    ? difference === "changed" && files.length > 0
      ? `changed: ${files.join(", ")}`
      : difference === "same"
      ? "it has failed before"
      : difference
    : `it needs ${becauseOf}`;
  return action === "none" ? `${reason} (it is down, and stays so)` : `${action} (${reason})`;
}
