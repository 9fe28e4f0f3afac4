/**
 * Looks at services again and again, and tells what share of a processor each has had between two
 * looks.
 */
import type { ServiceReport } from "../status/core/service_report.ts";
import { monotonicMs } from "../libc/clock.ts";
import { reportOn } from "./overview.ts";
import type { NamedService } from "../servicedir/named_service.ts";

interface Sample {
  readonly atMs: number;
  readonly pid: number;
  readonly cpuSeconds: number;
}

/** Shorter than this, the kernel's ticks of 10 ms tell nothing: the last share stays. */
const SHORTEST_MS = 200;

export class Sampler {
  #samples = new Map<string, Sample>();
  #percents = new Map<string, number>();

  /**
   * Reports on the services, as `reportOn` does, with the share of each that was looked at before
   * and is the same process still.
   */
  look(services: readonly NamedService[], others: readonly NamedService[] = []): ServiceReport[] {
    const reports = reportOn(services, others);
    const atMs = monotonicMs();
    const samples = new Map<string, Sample>();
    const percents = new Map<string, number>();
    const told = reports.map((report) => {
      const { facts: { directory, status }, usage } = report;
      if (usage === undefined) return report;
      const before = this.#samples.get(directory);
      const now = { atMs, pid: status?.pid ?? 0, cpuSeconds: usage.cpuSeconds };
      const same = before !== undefined && before.pid === now.pid;
      const tooSoon = same && atMs - before.atMs < SHORTEST_MS;
      samples.set(directory, tooSoon ? before : now);
      const percent = !same
        ? undefined
        : tooSoon
        ? this.#percents.get(directory)
        : share(before, now);
      if (percent === undefined) return report;
      percents.set(directory, percent);
      return { ...report, cpuPercent: percent };
    });
    this.#samples = samples;
    this.#percents = percents;
    return told;
  }
}

/** Never negative: a child that died without being waited for takes its time along. */
function share(before: Sample, now: Sample): number {
  return Math.max(0, (now.cpuSeconds - before.cpuSeconds) / (now.atMs - before.atMs) * 100_000);
}
