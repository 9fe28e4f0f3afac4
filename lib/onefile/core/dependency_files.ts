/**
 * `depends_on`, `after` and `before` as files of a definition: which services a service waits for,
 * and until when. Pure.
 */
import { suggestion } from "../../core/text/edit_distance.ts";
import type { FileFindings } from "./file_findings.ts";
import type { Place } from "./located.ts";
import type { ComposeCondition, ServiceEntry } from "./service_keys.ts";

/** One service that another one waits for. */
export interface DependencyWish {
  readonly name: string;
  readonly place: Place;
  /** Undefined if it was not said: until it is up, and ready if it tells that. */
  readonly condition: ComposeCondition | undefined;
  readonly isRequired: boolean;
  readonly restarts: boolean;
}

/** The contents of `dependencies.d/NAME`. */
const CONTENTS: Readonly<Record<ComposeCondition, string>> = {
  service_started: "started",
  service_healthy: "healthy",
  service_completed_successfully: "completed",
};

export function dependenciesOf({ value: { depends_on } }: ServiceEntry): DependencyWish[] {
  return (depends_on?.value ?? []).map((item) => {
    if (!("name" in item)) {
      const { value: name, place } = item;
      return { name, place, condition: undefined, isRequired: true, restarts: false };
    }
    const { condition, required, restart } = item.value;
    return {
      name: item.name,
      place: item.place,
      condition: condition?.value as ComposeCondition | undefined,
      isRequired: required?.value !== false,
      restarts: restart?.value === true,
    };
  });
}

/** What the files need to know about the other services. */
export interface Others {
  readonly names: readonly string[];
  isActive(name: string): boolean;
  isOneshot(name: string): boolean;
  /** Or may be: a mistake in it hides whether it is. */
  isChecked(name: string): boolean;
  /** The policy that is written there; undefined if none is. */
  restartOf(name: string): string | undefined;
}

/** Services that others wait for until they have ended with 0. */
export function awaitedToEnd(entries: readonly ServiceEntry[]): ReadonlySet<string> {
  return new Set(
    entries.flatMap(dependenciesOf)
      .filter(({ condition }) => condition === "service_completed_successfully")
      .map(({ name }) => name),
  );
}

/** The files, by path; what is wrong is reported. */
export function dependencyFiles(
  entry: ServiceEntry,
  others: Others,
  findings: FileFindings,
): Record<string, string> {
  const files: Record<string, string> = {};
  const isThere = (name: string, place: Place): boolean => {
    if (others.names.includes(name)) return true;
    findings.error(place, `no such service: ${name}${suggestion(name, others.names)}`);
    return false;
  };
  for (const wish of dependenciesOf(entry)) {
    const { name, place, condition, isRequired } = wish;
    if (!isThere(name, place)) continue;
    const fault = faultOf(entry, wish, others);
    if (fault !== undefined) findings.error(place, fault);
    if (wish.restarts) files[`restarts-with.d/${name}`] = "";
    if (!isRequired) files[`wants.d/${name}`] = "";
    else if (condition === undefined || isUpWhenDone(wish, others)) {
      files[`dependencies.d/${name}`] = "";
    } else files[`dependencies.d/${name}`] = CONTENTS[condition];
  }
  const hexad = entry.value["x-hexad"]?.value;
  for (const key of ["after", "before"] as const) {
    for (const { value: name, place } of hexad?.[key]?.value ?? []) {
      if (isThere(name, place)) files[`${key}.d/${name}`] = "";
    }
  }
  return files;
}

/** A oneshot is up when it has ended with 0. */
function isUpWhenDone({ name, condition }: DependencyWish, { isOneshot }: Others): boolean {
  return isOneshot(name) && condition === "service_completed_successfully";
}

function faultOf(
  entry: ServiceEntry,
  { name, condition, isRequired }: DependencyWish,
  others: Others,
): string | undefined {
  if (name === entry.name) return `${name} depends on itself`;
  if (!isRequired && condition !== undefined && condition !== "service_started") {
    return `${condition} and required: false do not go together`;
  }
  if (condition === "service_healthy" && !others.isChecked(name)) {
    return `${name} has no healthcheck`;
  }
  if (
    condition === "service_completed_successfully" &&
    ["always", "unless-stopped"].includes(others.restartOf(name) ?? "")
  ) return `${name} is always restarted, so it never completes`;
  if (isRequired && others.isActive(entry.name) && !others.isActive(name)) {
    return `${name} is in none of the profiles that are asked for`;
  }
  return undefined;
}

/** Reports services that wait for each other in a circle. */
export function findCircle(entries: readonly ServiceEntry[], findings: FileFindings): void {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (entry: ServiceEntry): boolean => {
    if (done.has(entry.name)) return false;
    path.push(entry.name);
    for (const { name, place, isRequired } of dependenciesOf(entry)) {
      const other = byName.get(name);
      if (!isRequired || other === undefined || name === entry.name) continue;
      const at = path.indexOf(name);
      if (at >= 0) {
        findings.error(place, `a circle: ${[...path.slice(at), name].join(" -> ")}`);
        return true;
      }
      if (visit(other)) return true;
    }
    path.pop();
    done.add(entry.name);
    return false;
  };
  entries.some(visit);
}
