/**
 * All metrics, in one table: what is exposed and docs/metrics.md come from it. The names are those
 * of families: a counter's samples end in `_total`, those of an info in `_info`.
 *
 * The number of series is bounded: a label is the name of a service, or one of a few words. No
 * label holds a pid, a time, a message or a path of a log. Source:
 * https://prometheus.io/docs/practices/naming/, OpenMetrics 1.0. Pure.
 */
import { ONESHOT_STATES } from "../../status/core/oneshot_report.ts";
import type { Metric } from "./metric.ts";
import { COUNTED, SERVICE_METRICS } from "./service_metric_table.ts";

const SERVICE = ["service"] as const;
const ONESHOT = ["oneshot"] as const;
const PROCESS = ["process"] as const;
const HOST = "counted in the memory of the log host";
const TOLD = "told by the process itself";
const RECORD = "`hexad-record` in the live folder of s6-rc";
const BOOT_RECORD = "`hexad-boot` in the live folder of s6-rc";

export const METRICS = {
  ...SERVICE_METRICS,
  hexad_log_read_bytes: {
    type: "counter",
    unit: "bytes",
    labels: SERVICE,
    help: "What its logger has read, in whole lines.",
    from: `${HOST}; not of a separate \`s6-log\``,
  },
  hexad_log_lines: {
    type: "counter",
    labels: SERVICE,
    help: "Lines that its logger has read since somebody first asked.",
    from: HOST,
  },
  hexad_log_dropped_lines: {
    type: "counter",
    labels: SERVICE,
    help: "Lines that were left out of standard output because nobody read it.",
    from: `${HOST}; what goes to log directories is never left out`,
  },
  hexad_log_rotations: {
    type: "counter",
    labels: SERVICE,
    help: "How often a log file has given way to the next one.",
    from: HOST,
  },
  hexad_log_failures: {
    type: "counter",
    labels: SERVICE,
    help: "Writes and other steps on its log directories that have failed, and are tried again.",
    from: HOST,
  },
  hexad_log_waiting_bytes: {
    type: "gauge",
    unit: "bytes",
    labels: SERVICE,
    help: "What waits in memory for the disk or for a reader of standard output.",
    from: HOST,
  },
  hexad_oneshot_state: {
    type: "gauge",
    labels: ["oneshot", "state"],
    help: `1 for the state that it is in, 0 for the others: ${ONESHOT_STATES.join(", ")}.`,
    from: RECORD,
  },
  hexad_oneshot_well: {
    type: "gauge",
    labels: ONESHOT,
    help: "Whether it is as it should be.",
    from: RECORD,
  },
  hexad_oneshot_exit_code: {
    type: "gauge",
    labels: ONESHOT,
    help: "Exit code of its last script; 128 + signal for a signal.",
    from: `${RECORD}; missing while it runs`,
  },
  hexad_oneshot_duration_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: ONESHOT,
    help: "How long its last script took, or has been running.",
    from: RECORD,
  },
  hexad_oneshot_ended_timestamp_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: ONESHOT,
    help: "When its last script ended, in Unix time.",
    from: RECORD,
  },
  hexad_boot_duration_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: [],
    help: "How long the boot took, or has been going on.",
    from: `${BOOT_RECORD}; missing without s6-rc`,
  },
  hexad_boot_over: {
    type: "gauge",
    labels: [],
    help: "Whether the boot is over.",
    from: BOOT_RECORD,
  },
  hexad_boot_services: {
    type: "gauge",
    labels: ["outcome"],
    help:
      "Services of the boot by outcome: up, skipped, failed, not started, under way. A step of /init counts, too.",
    from: BOOT_RECORD,
  },
  hexad_boot_left_out_definitions: {
    type: "gauge",
    labels: [],
    help: "Definitions that were not taken in because they are broken, or need one that is.",
    from: RECORD,
  },
  hexad_process_resident_memory_bytes: {
    type: "gauge",
    unit: "bytes",
    labels: PROCESS,
    help: "Resident set size of s6-svscan, and of all log hosts together.",
    from: "`/proc`; missing where its processes are not to be seen",
  },
  hexad_process_cpu_seconds: {
    type: "counter",
    unit: "seconds",
    labels: PROCESS,
    help: "Their processor time, with that of children that they have reaped left out.",
    from: "`/proc`",
  },
  hexad_process_open_descriptors: {
    type: "gauge",
    labels: PROCESS,
    help: "Their open descriptors.",
    from: "`/proc`; only for root and their owner",
  },
  hexad_process_heap_bytes: {
    type: "gauge",
    unit: "bytes",
    labels: PROCESS,
    help: "What they use of the heap of JavaScript.",
    from: TOLD,
  },
  hexad_process_answer_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: [],
    help: "How long s6-svscan took to answer this scrape: the latency of its loop.",
    from: "from the question to the first byte, read by who asks",
  },
  hexad_start_duration_seconds: {
    type: "histogram",
    unit: "seconds",
    labels: [],
    help:
      "How long starts took, from the event that led to them (a command, a due time, the end of finish) to the process.",
    from: `${COUNTED}, of all services together`,
  },
  hexad_start_readiness_seconds: {
    type: "histogram",
    unit: "seconds",
    labels: [],
    help: "How long it took from starts to readiness.",
    from: `${COUNTED}, of all services that tell readiness`,
  },
  hexad_tree_scanned: {
    type: "gauge",
    labels: [],
    help: "Whether an s6-svscan runs on the scan directory.",
    from: "the lock `.s6-svscan/lock`; missing if this user may not know",
  },
  hexad_tree_booting: {
    type: "gauge",
    labels: [],
    help: "Whether an /init runs there that has not come to its CMD.",
    from: "`.s6-svscan/booting`",
  },
  hexad_tree_reexec_timestamp_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: [],
    help: "When s6-svscan last became another program by hexad reexec, in Unix time.",
    from: "`.s6-svscan/reexec`; missing if it never did, and where only root may read that",
  },
  hexad_tree_reexec_pause_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: [],
    help: "For how long nobody supervised then.",
    from: "`.s6-svscan/reexec`",
  },
  hexad_tree_well: {
    type: "gauge",
    labels: [],
    help: "Whether all is well, as the exit code of hexad health tells it.",
    from: "all of the above",
  },
  hexad_tree_counters_readable: {
    type: "gauge",
    labels: [],
    help: "Whether s6-svscan could be asked for its counts.",
    from:
      "the socket `.s6-svscan/counts`: 0 for other users than its own and root, and with C's s6-svscan",
  },
  hexad_tree_memory_bytes: {
    type: "gauge",
    unit: "bytes",
    labels: [],
    help: "Memory of the control group: in a container, of all of it.",
    from: "cgroup: `memory.current`, or version 1's `memory.usage_in_bytes`",
  },
  hexad_tree_memory_limit_bytes: {
    type: "gauge",
    unit: "bytes",
    labels: [],
    help: "The limit of that memory.",
    from: "cgroup: `memory.max`, or version 1's `memory.limit_in_bytes`; missing without a limit",
  },
  hexad_tree_oom_kills: {
    type: "counter",
    labels: [],
    help: "Processes of the control group that the kernel has killed for want of memory.",
    from: "cgroup: `memory.events`, or version 1's `memory.oom_control`",
  },
  hexad_tree_scrape_duration_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: [],
    help: "How long it took to read all of this.",
    from: "who asks",
  },
  hexad_tree: {
    type: "info",
    labels: ["scandir"],
    help: "The scan directory.",
    from: "the command line",
  },
  hexad_build: {
    type: "info",
    labels: ["version", "deno", "architecture"],
    help: "The version of hexad, of its runtime, and the machine.",
    from: "the program that serves",
  },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;
