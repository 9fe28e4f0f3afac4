/**
 * Many logs, each of which gets a line now and then: what the loggers of a container full of
 * services are like most of the time.
 *
 * Each log has a FIFO and a writer of its own, a process that writes ten lines of 100 bytes a
 * second and was started at a time of its own, so that the lines of many come one by one, as they
 * do in life. The writers are the same for all.
 */
import { eventually } from "../../fixture/deadline.ts";
import { killProcessesOf } from "../../fixture/processes.ts";
import { cpuSeconds, pssKib, treeOf } from "../proc.ts";
import { pause } from "../row.ts";
import { makeFifos } from "../scratch.ts";

const SCRIPT = "n3 s268435455 ./lines";
export const LINES_A_SECOND = 10;
const SETTLE_MS = 3000;

const WRITERS = `
for my $i (0 .. $ARGV[1] - 1) {
  next if fork;
  open(my $fifo, ">", sprintf("%s/s%04d/fifo", $ARGV[0], $i)) or die;
  select(undef, undef, undef, rand(1 / ${LINES_A_SECOND}));
  for (my $n = 0;; ++$n) {
    my $line = sprintf("%010d ", $n);
    syswrite($fifo, $line . "x" x (99 - length $line) . "\\n");
    select(undef, undef, undef, 1 / ${LINES_A_SECOND});
  }
}
sleep 1000000;
`;

/**
 * Starts a logger for each service directory of \`service\`, and becomes what they are children of.
 */
export interface LoggerFarm {
  readonly title: string;
  readonly words: readonly string[];
  /** The children that are loggers. */
  readonly comm?: string;
}

/** hexad's s6-svscan: it starts one log host, which reads all of them. */
export function hostedLogs(bin: string): LoggerFarm {
  return { title: "hexad: a log host for all", words: [`${bin}/s6-svscan`, "service"] };
}

/** C's: a process for each. */
export function cLogs(): LoggerFarm {
  const script =
    `for service in service/*; do (cd "$service" && exec s6-log ${SCRIPT} <fifo) & done; wait`;
  return {
    title: "C's s6-log: a process for each",
    words: ["/bin/sh", "-c", script],
    comm: "s6-log",
  };
}

export interface FarmFigures {
  readonly processes: number;
  readonly memoryBytes: number;
  readonly cpuSecondsPerMinute: number;
}

function layServices(base: string, count: number): void {
  const names = Array.from({ length: count }, (_, index) => `s${String(index).padStart(4, "0")}`);
  for (const name of names) {
    Deno.mkdirSync(`${base}/service/${name}`, { recursive: true });
    Deno.writeTextFileSync(`${base}/service/${name}/logscript`, `${SCRIPT}\n`);
  }
  makeFifos(names.map((name) => `${base}/service/${name}/fifo`));
}

function hasLines(base: string): boolean {
  return [...Deno.readDirSync(`${base}/service`)].filter(({ name }) => name.startsWith("s")).every(
    ({ name }) => {
      try {
        return Deno.statSync(`${base}/service/${name}/lines/current`).size > 0;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return false;
        throw error;
      }
    },
  );
}

function sumOf(pids: readonly number[], figure: (pid: number) => number): number {
  return pids.reduce((sum, pid) => sum + figure(pid), 0);
}

/** Runs so many logs, and looks at what the loggers need in `durationMs`. */
export async function runFarm(
  farm: LoggerFarm,
  logs: number,
  durationMs: number,
  scratch: string,
): Promise<FarmFigures> {
  const base = Deno.makeTempDirSync({ dir: scratch, prefix: "hexad-writers-" });
  layServices(base, logs);
  const start = (program: string, args: readonly string[]) =>
    new Deno.Command(program, {
      args: [...args],
      cwd: base,
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
  const [program = "", ...args] = farm.words;
  const loggers = start(program, args);
  const writers = start("/usr/bin/perl", ["-e", WRITERS, `${base}/service`, String(logs)]);
  try {
    await eventually("every log to have a line", () => hasLines(base), 60_000);
    await pause(SETTLE_MS);
    const pids = treeOf(loggers.pid).filter(({ pid, comm }) =>
      pid !== loggers.pid && (farm.comm ?? comm) === comm
    ).map(({ pid }) => pid);
    const before = sumOf(pids, cpuSeconds);
    const startedMs = performance.now();
    await pause(durationMs);
    const seconds = sumOf(pids, cpuSeconds) - before;
    const minutes = (performance.now() - startedMs) / 60_000;
    return {
      processes: pids.length,
      memoryBytes: sumOf(pids, pssKib) * 1024,
      cpuSecondsPerMinute: seconds / minutes,
    };
  } finally {
    for (const child of [loggers, writers]) child.kill("SIGKILL");
    killProcessesOf(base);
    await Promise.all([loggers.status, writers.status]);
    Deno.removeSync(base, { recursive: true });
  }
}
