/** The metrics of services and their health checks. Pure. */
import { HEALTH_STATES } from "../../health/core/health_machine.ts";
import { SERVICE_STATES } from "../../status/core/service_state.ts";
import type { Metric } from "./metric.ts";

const SERVICE = ["service"] as const;
const STATUS = "`supervise/status`";
export const COUNTED = "counted in the memory of `s6-svscan`";
const PROC = "`/proc`, of all processes of the service";

export const SERVICE_METRICS = {
  hexad_service_up: {
    type: "gauge",
    labels: SERVICE,
    help: "Whether the service's run runs.",
    from: `${STATUS}; 0 also where nobody supervises it`,
  },
  hexad_service_ready: {
    type: "gauge",
    labels: SERVICE,
    help: "Whether it has told that it is ready.",
    from: `${STATUS}; only of services that tell readiness`,
  },
  hexad_service_wanted_up: {
    type: "gauge",
    labels: SERVICE,
    help: "Whether it is wanted up.",
    from: STATUS,
  },
  hexad_service_well: {
    type: "gauge",
    labels: SERVICE,
    help: "Whether it is as it should be, as hexad status judges it.",
    from: "the whole service directory",
  },
  hexad_service_state: {
    type: "gauge",
    labels: ["service", "state"],
    help: `1 for the state that it is in, 0 for the others: ${SERVICE_STATES.join(", ")}.`,
    from: "the whole service directory",
  },
  hexad_service_paused: {
    type: "gauge",
    labels: SERVICE,
    help: "Whether it was stopped by SIGSTOP, as far as its supervisor knows.",
    from: STATUS,
  },
  hexad_service_adopted: {
    type: "gauge",
    labels: SERVICE,
    help: "Whether its process was started by an earlier supervisor, which was killed.",
    from: "`supervise/lock`",
  },
  hexad_service_changed_timestamp_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: SERVICE,
    help: "When it came into its state, in Unix time.",
    from: `${STATUS}; missing before the first start`,
  },
  hexad_service_next_start_timestamp_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: SERVICE,
    help: "When it will be started again, in Unix time, while it is backing off.",
    from: "`supervise/reason`; only while a delay counts",
  },
  hexad_service_restarts: {
    type: "counter",
    labels: SERVICE,
    help: "How often it was started again since its supervisor began.",
    from:
      "`supervise/death_tally` and `supervise/reason`; missing where they have forgotten how often (C's supervisor, `max-death-tally` 0)",
  },
  hexad_service_deaths: {
    type: "counter",
    labels: ["service", "cause"],
    help:
      "Deaths since its supervisor began, by cause: exit_success, exit_failure, exit_exec (126 and 127), oom, or the signal (sigkill), which is there from its first death on.",
    from: `${COUNTED}; where that can't be asked, the tally, as long as it has forgotten nothing`,
  },
  hexad_service_readiness_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: SERVICE,
    help: "How long its present life took from its start to readiness.",
    from: `${STATUS}; only of services that tell readiness, while they are ready`,
  },
  hexad_service_processes: {
    type: "gauge",
    labels: SERVICE,
    help: "Its processes, dead ones that nobody has reaped included.",
    from: `${PROC}; not of loggers in a log host`,
  },
  hexad_service_resident_memory_bytes: {
    type: "gauge",
    unit: "bytes",
    labels: SERVICE,
    help: "Resident set size of its processes; a page that they share counts for each.",
    from: `${PROC}: statm`,
  },
  hexad_service_proportional_memory_bytes: {
    type: "gauge",
    unit: "bytes",
    labels: SERVICE,
    help: "Proportional set size of its processes; a page that n processes share counts as a nth.",
    from: `${PROC}: smaps_rollup, which takes the kernel long; only with \`?pss\``,
  },
  hexad_service_cpu_seconds: {
    type: "counter",
    unit: "seconds",
    labels: SERVICE,
    help:
      "Processor time of its living processes and the children that they have reaped. Begins anew with each life.",
    from: `${PROC}: stat`,
  },
  hexad_service_open_descriptors: {
    type: "gauge",
    labels: SERVICE,
    help: "Open descriptors of its processes.",
    from: `${PROC}: fd; only for root and the owner of all of them`,
  },
  hexad_health_state: {
    type: "gauge",
    labels: ["service", "state"],
    help: `1 for the state of its health, 0 for the others: ${HEALTH_STATES.join(", ")}.`,
    from: "`supervise/health`; only of services with health checks that run",
  },
  hexad_health_changed_timestamp_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: SERVICE,
    help: "When the state of its health was last changed, in Unix time.",
    from: "`supervise/health`",
  },
  hexad_health_consecutive_failures: {
    type: "gauge",
    labels: SERVICE,
    help: "Failures in a row that count.",
    from: "`supervise/health`",
  },
  hexad_health_checks: {
    type: "counter",
    labels: ["service", "result"],
    help: "Health checks by result: success, failure, unable (it could not be made).",
    from: COUNTED,
  },
  hexad_health_check_duration_seconds: {
    type: "summary",
    unit: "seconds",
    labels: SERVICE,
    help: "How long health checks took, until their end or their limit.",
    from: COUNTED,
  },
} as const satisfies Readonly<Record<string, Metric>>;
