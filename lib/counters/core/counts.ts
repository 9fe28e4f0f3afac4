/**
 * What s6-svscan and its log hosts count in memory. Each count begins with its process, and that of
 * a log with its log. Pure.
 */
import { EXIT_CANNOT_EXEC, EXIT_NOT_FOUND } from "../../core/cli/exit_codes.ts";
import { signalName } from "../../core/linux/signals.ts";
import { wexitstatus, wifsignaled, wtermsig } from "../../core/linux/wstat.ts";
import type { HistogramCounts } from "./histogram.ts";

/** Of one log. */
export interface LogCounts {
  /** The service whose lines these are. */
  readonly service: string;
  /** What it has read, in whole lines. */
  readonly bytes: number;
  /** Counted from the first question on: a logger has no need to know. */
  readonly lines: number;
  /** Lines that were left out because nobody read standard output. */
  readonly leftOut: number;
  readonly rotations: number;
  /** Writes and other steps on its log directories that have failed. */
  readonly failures: number;
  /** Bytes that wait in memory for the disk or a reader now. */
  readonly waiting: number;
}

/** Of the health checks of one service. */
export interface HealthCounts {
  readonly success: number;
  readonly failure: number;
  /** Checks that could not be made. */
  readonly unable: number;
  /** How long those took that could be made, all together. */
  readonly seconds: number;
}

/** Of one service; only what there is something to say of. */
export interface ServiceCounts {
  readonly name: string;
  /** By cause: see `deathCause`. */
  readonly deaths?: Readonly<Record<string, number>>;
  readonly health?: HealthCounts;
}

/** Of s6-svscan. */
export interface TreeCounts {
  /** From the event that led to a start to the process. */
  readonly starts: HistogramCounts;
  /** From a start to readiness. */
  readonly readiness: HistogramCounts;
}

export interface HeapBytes {
  readonly usedBytes: number;
  readonly totalBytes: number;
}

/** What one process tells. */
export interface ProcessCounts {
  readonly from: "s6-svscan" | "log host";
  readonly pid: number;
  readonly heap: HeapBytes;
  readonly tree?: TreeCounts;
  readonly services: readonly ServiceCounts[];
  readonly logs: readonly LogCounts[];
}

/** What those that were asked have told. */
export interface Answers {
  readonly processes: readonly ProcessCounts[];
  /** From the question to the answer of s6-svscan; undefined if it gave none. */
  readonly answerMs: number | undefined;
  /** The pids that they tell are those of our namespace. */
  readonly isNear: boolean;
}

/** All causes but signals. */
export const USUAL_CAUSES = ["exit_success", "exit_failure", "exit_exec", "oom"] as const;

/**
 * The cause of a death, one of a bounded number of words: `exit_success`, `exit_exec` (126 and 127:
 * a program could not be executed), `exit_failure`, `oom`, or a signal: `sigsegv`.
 */
export function deathCause(wstat: number, oom: boolean): string {
  if (oom) return "oom";
  if (wifsignaled(wstat)) {
    const name = signalName(wtermsig(wstat)).toLowerCase();
    return name.startsWith("sig") ? name : `sig${wtermsig(wstat)}`;
  }
  const code = wexitstatus(wstat);
  if (code === 0) return "exit_success";
  return code === EXIT_CANNOT_EXEC || code === EXIT_NOT_FOUND ? "exit_exec" : "exit_failure";
}
