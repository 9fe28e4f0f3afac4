/**
 * Finds the answers to the questions of a supervisor's machine: starts ./run and ./finish, reads
 * the service directory, and examines a death.
 */
import { EXIT_CANNOT_EXEC, EXIT_NOT_FOUND } from "../core/cli/exit_codes.ts";
import { SIGKILL, SIGTERM } from "../core/linux/signals.ts";
import {
  exitStatusOf,
  UNKNOWN_WSTAT,
  wexitstatus,
  wifsignaled,
  wtermsig,
} from "../core/linux/wstat.ts";
import type { Mishaps } from "../mishap/mishaps.ts";
import type { DeathFacts, Decision, Machine, Moment, Question } from "./core/machine.ts";
import { SPAWN_RETRY_MS } from "./core/machine.ts";
import * as answers from "./core/supervision_answers.ts";
import type { DeathHistory } from "./death_history.ts";
import type { SpawnResult, SupervisePort } from "./port.ts";
import type { ServiceFiles } from "./service_files.ts";

/** First argument of ./finish after a death by signal; not 128 + N as in shells. */
const FINISH_SIGNALED = "256";
/** Second argument of ./finish if nobody could tell the end; the first is 255 then. */
const FINISH_UNKNOWN_SIGNAL = "-1";
/** The exit code of a shell whose program was killed by SIGKILL. */
const EXIT_SIGKILL = 128 + SIGKILL;

/**
 * What a supervisor works with. There is one object for each service, so it holds nothing twice.
 */
export interface SupervisorTools {
  readonly port: SupervisePort;
  /** The third argument of ./finish. */
  readonly name: string;
  readonly files: ServiceFiles;
  readonly history: DeathHistory;
  readonly mishaps: Mishaps;
  /** flag-essential existed when ./run last died. */
  isEssential: boolean;
}

/**
 * The decision after the answer. `sweep` is not among the questions, because its answers come
 * later.
 */
export function findAnswer(
  { kind }: Exclude<Question, { readonly kind: "sweep" }>,
  m: Machine,
  now: Moment,
  tools: SupervisorTools,
): Decision {
  switch (kind) {
    case "start":
      return start(m, now, tools);
    case "drain":
      return drain(m, now, tools);
    case "death":
      return lookIntoDeath(m, now, tools);
    case "finish":
      return finish(m, now, tools);
    default:
      return kind satisfies never;
  }
}

function start(m: Machine, now: Moment, { port, files }: SupervisorTools): Decision {
  const newPidNamespace = files.exists("flag-newpidns");
  const lockFd = files.descriptor("lock-fd");
  const notificationFd = files.descriptor("notification-fd");
  if (lockFd !== undefined && lockFd === notificationFd) {
    const fault =
      "unable to start service: notification-fd and lock-fd are the same (change one of them, then s6-svc -u)";
    files.warn(fault);
    return answers.notStarted(m, now, { retryMs: "never", fault });
  }
  const oomScoreAdj = files.value("oom-score-adj");
  const result = port.spawnRun({
    newPidNamespace,
    ...(oomScoreAdj === undefined ? {} : { oomScoreAdj }),
    ...(lockFd === undefined ? {} : { lockFd }),
    ...(notificationFd === undefined ? {} : { notificationFd }),
  });
  if ("pid" in result) return answers.started(m, now, result.pid);
  if (m.status.flagwantup && files.value("restart-policy") === "never") {
    files.warn(`${result.reason} (not trying again: restart-policy is never)`);
    return answers.hopeless(m, result.missing ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC, result.reason);
  }
  files.warn(`${result.reason} (waiting ${SPAWN_RETRY_MS / 1000} seconds)`);
  return answers.notStarted(m, now, { retryMs: SPAWN_RETRY_MS, fault: result.reason });
}

function drain(m: Machine, now: Moment, { files }: SupervisorTools): Decision {
  const drainMs = files.value("timeout-drain");
  return drainMs === 0 ? answers.noDrain(m) : answers.draining(m, now, drainMs);
}

function lookIntoDeath(m: Machine, now: Moment, tools: SupervisorTools): Decision {
  const { port, files, history, mishaps } = tools;
  mishaps.survives(() => port.closeNotification());
  files.look();
  tools.isEssential = files.exists("flag-essential");
  history.died(m.status);
  const rules = files.restartRules();
  const facts: DeathFacts = {
    rules,
    downSignal: rules.policy !== "always" ? files.value("down-signal") : SIGTERM,
    oom: !m.slain && exitStatusOf(m.status.wstat) === EXIT_SIGKILL &&
      mishaps.guard(() => port.claimOomKill(), false),
    killLeftovers: files.exists("flag-kill-leftovers"),
  };
  history.count(m.status.wstat, facts.oom);
  return answers.judged(m, now, facts);
}

function finish(m: Machine, now: Moment, tools: SupervisorTools): Decision {
  const { port, files, mishaps } = tools;
  mishaps.survives(() => port.endSweep());
  const result = spawnFinish(m, tools);
  if ("pid" in result) return answers.finishStarted(m, result.pid);
  if (!result.missing) files.warn(`${result.reason} (going on without it)`);
  return answers.noFinish(m, now);
}

function spawnFinish({ status: { wstat, pid } }: Machine, tools: SupervisorTools): SpawnResult {
  const { port, files, name } = tools;
  if (files.isAbsent("finish")) return { missing: true, reason: "" };
  const code = wifsignaled(wstat) ? FINISH_SIGNALED : String(wexitstatus(wstat));
  const signal = wstat === UNKNOWN_WSTAT ? FINISH_UNKNOWN_SIGNAL : String(wtermsig(wstat));
  return port.spawnFinish([code, signal, name, String(pid)]);
}
