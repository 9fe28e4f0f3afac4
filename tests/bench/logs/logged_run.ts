/**
 * One run of one logger over one input.
 *
 * The producer is `cat` of a file in memory, in writes of 128 KiB. It begins when the logger is
 * ready and holds the pipe open when it has ended, so that neither the logger's start nor its end
 * is in the figures, and what the kernel knows of it can still be read.
 */
import { eventually, within } from "../../fixture/deadline.ts";
import { killProcessesOf } from "../../fixture/processes.ts";
import { cpuSeconds, peakBytes } from "../proc.ts";
import { pause } from "../row.ts";
import { makeFifos } from "../scratch.ts";
import type { LogInput } from "./input.ts";
import type { Logger, Treatment } from "./loggers.ts";

/** `go` and `told` are FIFOs. The logger's process id is that of the subshell that becomes it. */
const SCRIPT =
  `{ read -r _ <go; cat "$1"; echo >told; read -r _ <go; } | { echo $BASHPID >pid; shift; exec "$@"; }`;

const SETTLE_MS = 150;
const LIMIT_MS = 120_000;

export interface LoggedRun {
  readonly bytesPerSecond: number;
  /** Of user and system time, for the whole input. */
  readonly cpuSecondsPerGb: number;
  /** The most that was resident at a time. */
  readonly peakBytes: number;
}

/** Whether the file is there and ends with `line`. */
function endsWith(path: string, line: string): boolean {
  try {
    using file = Deno.openSync(path);
    const { size } = file.statSync();
    if (size < line.length) return false;
    file.seekSync(size - line.length, Deno.SeekMode.Start);
    const bytes = new Uint8Array(line.length);
    file.readSync(bytes);
    return new TextDecoder().decode(bytes) === line;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false; // between two files
    throw error;
  }
}

/**
 * Nothing tells it: looked at every millisecond, and there is at most a pipe's content left to be
 * written when this begins.
 */
async function untilLogged(path: string, line: string): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  while (!endsWith(path, line)) {
    if (performance.now() > end) throw new Error(`${path} does not end with the last line`);
    await pause(1);
  }
}

/**
 * Logs all of the input.
 *
 * @throws {Error} If the input's last line does not come to stand at the end of `current`.
 */
export async function runLogger(
  logger: Logger,
  treatment: Treatment,
  input: LogInput,
  scratch: string,
): Promise<LoggedRun> {
  const base = Deno.makeTempDirSync({ dir: scratch, prefix: "logger-" });
  const [go, told] = [`${base}/go`, `${base}/told`];
  makeFifos([go, told]);
  const logdir = `${base}/log`;
  const current = `${logdir}/current`;
  Deno.mkdirSync(logdir);
  using goFile = Deno.openSync(go, { read: true, write: true });
  using toldFile = Deno.openSync(told, { read: true, write: true });
  const args = ["-c", SCRIPT, "bash", input.path, ...logger.command(logdir, treatment)];
  const child = new Deno.Command("/bin/bash", {
    args,
    cwd: base,
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  const step = new Uint8Array([10]);
  try {
    await eventually(`${logger.title} to open its file`, () => endsWith(current, ""));
    await pause(SETTLE_MS);
    const pid = Number(Deno.readTextFileSync(`${base}/pid`));
    const cpuBefore = cpuSeconds(pid);
    const startedMs = performance.now();
    goFile.writeSync(step);
    await within(toldFile.read(new Uint8Array(1)), "the producer", LIMIT_MS);
    if (logger.discards !== true) await untilLogged(current, input.lastLine);
    const seconds = (performance.now() - startedMs) / 1000;
    const cpu = cpuSeconds(pid) - cpuBefore;
    const peak = peakBytes(pid);
    goFile.writeSync(step);
    const { code } = await child.status;
    if (code !== 0) throw new Error(`${logger.title} exited ${code}`);
    return {
      bytesPerSecond: input.bytes / seconds,
      cpuSecondsPerGb: cpu / (input.bytes / 1e9),
      peakBytes: peak,
    };
  } finally {
    killProcessesOf(base);
    await child.status;
    Deno.removeSync(base, { recursive: true });
  }
}
