/**
 * A log directory can have only one logger, so services that would share one get a directory each.
 * Pure.
 */
import type { Notes } from "./import_notes.ts";
import type { ServicePlan } from "./service_plan.ts";

/** A plan, and the line in its file that says where its output goes. */
export interface LoggedPlan extends ServicePlan {
  readonly logPlace?: { readonly file: string; readonly line: number };
}

export function ownLogs(plans: readonly LoggedPlan[], notes: Notes): ServicePlan[] {
  const writers = new Map<string, number>();
  for (const { log } of plans) {
    const place = log?.directory;
    if (place !== undefined) writers.set(place, (writers.get(place) ?? 0) + 1);
  }
  return plans.map(({ logPlace, ...plan }) => {
    const { log, name } = plan;
    if (log?.directory === undefined) return plan;
    const count = writers.get(log.directory)!;
    if (count < 2) return plan;
    const reason =
      `${count} processes wrote to the same file; each has a log directory of its own in ${log.directory}`;
    if (logPlace !== undefined) notes.add(logPlace, reason, "changed");
    return { ...plan, log: { ...log, directory: `${log.directory}/${name}` } };
  });
}
