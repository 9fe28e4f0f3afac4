/**
 * Finds the answers to the questions of a supervisor's machine: starts ./run and ./finish, reads
 * the service directory, begins the sweep of what a dead ./run has left.
 */
import { EXIT_CANNOT_EXEC, EXIT_NOT_FOUND } from "../core/cli/exit_codes.ts";
import { SIGKILL, SIGTERM } from "../core/linux/signals.ts";
import { exitStatusOf, wexitstatus, wifsignaled, wtermsig } from "../core/linux/wstat.ts";
import type { Mishaps } from "../mishap/mishaps.ts";
import type { DeathFacts, Decision, Machine, Moment, Question } from "./core/machine.ts";
import { SPAWN_RETRY_MS } from "./core/machine.ts";
import * as answers from "./core/supervision_answers.ts";
import type { DeathHistory } from "./death_history.ts";
import type { SpawnResult, SupervisePort, SweepListener } from "./port.ts";
import type { ServiceFiles } from "./service_files.ts";

/** First argument of ./finish after a death by signal; not 128 + N as in shells. */
const FINISH_SIGNALED = "256";
/** The exit code of a shell whose program was killed by SIGKILL. */
const EXIT_SIGKILL = 128 + SIGKILL;

export interface AnswerSources {
  readonly port: SupervisePort;
  /** What ./finish gets as its third argument. */
  readonly name: string;
  readonly files: ServiceFiles;
  readonly history: DeathHistory;
  readonly mishaps: Mishaps;
  /** Gets the answers to `sweep`. */
  readonly onLeftovers: SweepListener;
}

export class AnswerFinder {
  readonly #sources: AnswerSources;
  /** There was a flag-essential when ./run last died. */
  isEssential = false;

  constructor(sources: AnswerSources) {
    this.#sources = sources;
  }

  /** What the answer leads to; `undefined`: the answer comes later. */
  find(question: Question, m: Machine, now: Moment): Decision | undefined {
    switch (question.kind) {
      case "start":
        return this.#start(m, now);
      case "drain":
        return this.#drain(m, now);
      case "death":
        return this.#death(m, now);
      case "sweep":
        this.#sources.port.sweep(m.status.pid, question.signal, this.#sources.onLeftovers);
        return undefined;
      case "finish":
        return this.#finish(m, now);
      default:
        return question satisfies never;
    }
  }

  #start(m: Machine, now: Moment): Decision {
    const { port, files } = this.#sources;
    const newPidNamespace = files.exists("flag-newpidns");
    const lockFd = files.descriptor("lock-fd");
    const notificationFd = files.descriptor("notification-fd");
    if (lockFd !== undefined && lockFd === notificationFd) {
      port.warn(
        "unable to start service: notification-fd and lock-fd are the same (change one of them, then s6-svc -u)",
      );
      return answers.notStarted(m, now, "never");
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
      port.warn(`${result.reason} (not trying again: restart-policy is never)`);
      return answers.hopeless(m, result.missing ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC);
    }
    port.warn(`${result.reason} (waiting ${SPAWN_RETRY_MS / 1000} seconds)`);
    return answers.notStarted(m, now, SPAWN_RETRY_MS);
  }

  #drain(m: Machine, now: Moment): Decision {
    const drainMs = this.#sources.files.value("timeout-drain");
    return drainMs === 0 ? answers.noDrain(m) : answers.draining(m, now, drainMs);
  }

  #death(m: Machine, now: Moment): Decision {
    const { port, files, history, mishaps } = this.#sources;
    mishaps.survives(() => port.closeNotification());
    files.look();
    this.isEssential = files.exists("flag-essential");
    history.died(m.status);
    const rules = files.restartRules();
    const facts: DeathFacts = {
      rules,
      downSignal: rules.policy === "on-failure" ? files.value("down-signal") : SIGTERM,
      oom: !m.slain && exitStatusOf(m.status.wstat) === EXIT_SIGKILL &&
        mishaps.guard(() => port.claimOomKill(), false),
      killLeftovers: files.exists("flag-kill-leftovers"),
    };
    return answers.judged(m, now, facts);
  }

  #finish(m: Machine, now: Moment): Decision {
    const { port, mishaps } = this.#sources;
    mishaps.survives(() => port.endSweep());
    const result = this.#spawnFinish(m);
    if ("pid" in result) return answers.finishStarted(m, result.pid);
    if (!result.missing) port.warn(`${result.reason} (going on without it)`);
    return answers.noFinish(m, now);
  }

  #spawnFinish({ status: { wstat, pid } }: Machine): SpawnResult {
    const { port, files, name } = this.#sources;
    if (files.isAbsent("finish")) return { missing: true, reason: "" };
    const code = wifsignaled(wstat) ? FINISH_SIGNALED : String(wexitstatus(wstat));
    return port.spawnFinish([code, String(wtermsig(wstat)), name, String(pid)]);
  }
}
