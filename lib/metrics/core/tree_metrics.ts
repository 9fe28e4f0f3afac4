/** The metrics of a whole tree: services, oneshots, the boot, logs, its own processes. Pure. */
import type { LogCounts, ServiceCounts } from "../../counters/core/counts.ts";
import { type BootChart, bootChart, type BootOutcome } from "../../status/core/boot_chart.ts";
import { isAllWell } from "../../status/core/status_document.ts";
import {
  isShown,
  missedText,
  ONESHOT_STATES,
  type OneshotReport,
  oneshotState,
  tookMs,
} from "../../status/core/oneshot_report.ts";
import { unixMsOf } from "../../rc/core/live_record.ts";
import type { LiveReading, Reading } from "./reading.ts";
import { Samples } from "./samples.ts";
import { addService, flag } from "./service_metrics.ts";

const OUTCOMES: readonly BootOutcome[] = ["up", "skipped", "failed", "not started", "under way"];

/** The program that serves. */
export interface Build {
  readonly version: string;
  readonly deno: string;
  readonly architecture: string;
}

export function metricsOf(reading: Reading, build: Build): Samples {
  const samples = new Samples();
  const counts = new Map<string, Omit<ServiceCounts, "name">>();
  const logs: LogCounts[] = [];
  for (const told of reading.answers?.processes ?? []) {
    for (const { name, ...rest } of told.services) counts.set(name, rest);
    logs.push(...told.logs);
  }
  // of whom s6-svscan tells nothing, nothing has happened; another one counts nothing
  const tells = reading.answers?.processes.some(({ from }) => from === "s6-svscan") === true;
  const nothing = tells ? {} : undefined;
  for (const service of reading.services) {
    addService(samples, service, counts.get(service.facts.name) ?? nothing);
  }
  for (const log of byService(logs)) addLog(samples, log);
  const oneshots = reading.live.flatMap(({ folder, record }) =>
    record.services.filter(isShown).map((service) => ({ service, live: record, folder }))
  );
  for (const oneshot of oneshots) addOneshot(samples, oneshot);
  for (const live of reading.live) addBoot(samples, live);
  addOwn(samples, reading);
  addTree(samples, reading, oneshots);
  samples.add("hexad_build", { ...build }, 1);
  return samples;
}

/** A service may have two logs: its lines are counted together. */
function byService(logs: readonly LogCounts[]): LogCounts[] {
  return [...Map.groupBy(logs, ({ service }) => service).values()].map((same) =>
    same.reduce((one, other) => ({
      service: one.service,
      bytes: one.bytes + other.bytes,
      lines: one.lines + other.lines,
      leftOut: one.leftOut + other.leftOut,
      rotations: one.rotations + other.rotations,
      failures: one.failures + other.failures,
      waiting: one.waiting + other.waiting,
    }))
  );
}

function addLog(samples: Samples, log: LogCounts): void {
  const own = { service: log.service };
  samples.add("hexad_log_read_bytes", own, log.bytes);
  samples.add("hexad_log_lines", own, log.lines);
  samples.add("hexad_log_dropped_lines", own, log.leftOut);
  samples.add("hexad_log_rotations", own, log.rotations);
  samples.add("hexad_log_failures", own, log.failures);
  samples.add("hexad_log_waiting_bytes", own, log.waiting);
}

function addOneshot(samples: Samples, report: OneshotReport): void {
  const { service, live } = report;
  const { startedMs, endedMs, failure } = service;
  const own = { oneshot: service.name };
  const state = oneshotState(service);
  for (const each of ONESHOT_STATES) {
    samples.add("hexad_oneshot_state", { ...own, state: each }, flag(state === each));
  }
  samples.add("hexad_oneshot_well", own, flag(missedText(service) === undefined));
  const took = tookMs(report);
  samples.add("hexad_oneshot_duration_seconds", own, took === undefined ? undefined : took / 1000);
  if (startedMs === undefined || endedMs === undefined) return;
  samples.add("hexad_oneshot_exit_code", own, failure?.code ?? 0);
  samples.add("hexad_oneshot_ended_timestamp_seconds", own, unixMsOf(live, endedMs) / 1000);
}

/** Of several live folders the first one that has booted counts. */
function addBoot(samples: Samples, { record, boot }: LiveReading): void {
  const chart: BootChart | undefined = bootChart(boot ?? record, undefined);
  samples.add("hexad_boot_left_out_definitions", {}, record.leftOut.length);
  if (chart === undefined) return;
  samples.add("hexad_boot_duration_seconds", {}, chart.tookMs / 1000);
  samples.add("hexad_boot_over", {}, flag(chart.isOver));
  for (const outcome of OUTCOMES) {
    const count = chart.entries.filter((entry) => entry.outcome === outcome).length;
    samples.add("hexad_boot_services", { outcome }, count);
  }
}

function addOwn(samples: Samples, { answers, own }: Reading): void {
  for (const [process, figures] of own) {
    samples.add("hexad_process_resident_memory_bytes", { process }, figures.residentBytes);
    samples.add("hexad_process_cpu_seconds", { process }, figures.cpuSeconds);
    samples.add("hexad_process_open_descriptors", { process }, figures.openDescriptors);
  }
  if (answers === undefined) return;
  for (const [process, told] of Map.groupBy(answers.processes, ({ from }) => from)) {
    const heapBytes = told.reduce((sum, { heap }) => sum + heap.usedBytes, 0);
    samples.add("hexad_process_heap_bytes", { process }, heapBytes);
  }
  const { answerMs } = answers;
  const answered = answerMs === undefined ? undefined : answerMs / 1000;
  samples.add("hexad_process_answer_seconds", {}, answered);
  const tree = answers.processes.find((told) => told.tree !== undefined)?.tree;
  samples.add("hexad_start_duration_seconds", {}, tree?.starts);
  samples.add("hexad_start_readiness_seconds", {}, tree?.readiness);
}

function addTree(samples: Samples, reading: Reading, oneshots: readonly OneshotReport[]): void {
  const { scanned, booting, memory, scandir, answers, reexec } = reading;
  const reports = reading.services;
  const leftOut = reading.live.flatMap(({ record }) => record.leftOut);
  samples.add("hexad_tree_scanned", {}, scanned === undefined ? undefined : flag(scanned));
  samples.add("hexad_tree_booting", {}, flag(booting));
  samples.add("hexad_tree_reexec_timestamp_seconds", {}, reexec?.atSeconds);
  samples.add("hexad_tree_reexec_pause_seconds", {}, reexec?.pauseSeconds);
  samples.add(
    "hexad_tree_well",
    {},
    flag(isAllWell({ scanned, booting, reports, oneshots, leftOut })),
  );
  samples.add("hexad_tree_counters_readable", {}, flag(answers !== undefined));
  samples.add("hexad_tree_memory_bytes", {}, memory.currentBytes);
  samples.add("hexad_tree_memory_limit_bytes", {}, memory.limitBytes);
  samples.add("hexad_tree_oom_kills", {}, memory.oomKills);
  samples.add("hexad_tree_scrape_duration_seconds", {}, reading.tookSeconds);
  samples.add("hexad_tree", { scandir }, 1);
}
