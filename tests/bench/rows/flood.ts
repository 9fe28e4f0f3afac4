/**
 * A flood: one of ten logs gets lines without a pause, and two of the others a line now and then.
 */
import { parseTai64n, tainToUnix } from "../../../lib/core/time/tain.ts";
import { eventually } from "../../fixture/deadline.ts";
import { killProcessesOf } from "../../fixture/processes.ts";
import { megabytes, milliseconds } from "../figures.ts";
import { treeOf } from "../proc.ts";
import { type Bench, pause, type Row, type Section } from "../row.ts";
import { quantile, summarize } from "../statistics.ts";

const LOGS = 10;
const NEIGHBOURS = ["s1", "s2"] as const;
const DURATION_MS = 60_000;
const QUICK_DURATION_MS = 10_000;
const SETTLE_MS = 3000;
const SAMPLE_MS = 200;
const MOST_BYTES = 48e6;
const MOST_MS = 60;
/** Ten lines a second, each with the moment at which it is written. */
const STAMPED =
  "use Time::HiRes qw(time sleep); $| = 1; while (1) { printf qq(%.6f\\n), time; sleep 0.1 }";

function layServices(base: string): void {
  for (let i = 0; i < LOGS; i++) {
    const name = `s${i}`;
    const directory = `${base}/service/${name}`;
    const isNeighbour = (NEIGHBOURS as readonly string[]).includes(name);
    const program = i === 0 ? "yes" : isNeighbour ? `perl -e '${STAMPED}'` : "sleep 1000000";
    Deno.mkdirSync(`${directory}/log`, { recursive: true });
    Deno.writeTextFileSync(`${directory}/run`, `#!/bin/sh\nexec ${program}\n`, { mode: 0o755 });
    Deno.writeTextFileSync(
      `${directory}/log/logscript`,
      `${i === 0 ? "n3 s1000000 T" : "n3 s100000000 t"} ./lines\n`,
    );
  }
}

/** How long after it was written each line of a neighbour was stamped, in milliseconds. */
function delaysOf(base: string): number[] {
  const lines = NEIGHBOURS.flatMap((name) =>
    Deno.readTextFileSync(`${base}/service/${name}/log/lines/current`).split("\n").slice(0, -1)
  );
  return lines.map((line) => {
    const [stamp = "", written] = line.split(" ");
    const stamped = parseTai64n(stamp);
    if (stamped === undefined) throw new Error(`a line without a stamp: ${line}`);
    const { seconds, nano } = tainToUnix(stamped);
    return (Number(seconds) + nano / 1e9 - Number(written)) * 1000;
  });
}

function hostOf(svscan: number): number {
  return treeOf(svscan).find(({ pid }) =>
    Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes("--as-log-host")
  )!.pid;
}

function memoryOf(pid: number): { readonly resident: number; readonly own: number } {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const kib = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  return { resident: kib("VmRSS") * 1024, own: kib("RssAnon") * 1024 };
}

async function measure(bench: Bench): Promise<Section> {
  bench.say("flood: hexad");
  const base = Deno.makeTempDirSync({ dir: bench.scratch, prefix: "flood-" });
  layServices(base);
  const svscan = new Deno.Command(`${bench.programs}/s6-svscan`, {
    args: [`${base}/service`],
    stdin: "null",
    stdout: "null",
  }).spawn();
  try {
    await eventually("the neighbours' lines", () => {
      try {
        return delaysOf(base).length > NEIGHBOURS.length * 2;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return false;
        throw error;
      }
    }, 60_000);
    await pause(SETTLE_MS);
    const host = hostOf(svscan.pid);
    const skipped = delaysOf(base).length;
    const samples = [];
    const untilMs = performance.now() + (bench.quick ? QUICK_DURATION_MS : DURATION_MS);
    while (performance.now() < untilMs) {
      samples.push(memoryOf(host));
      await pause(SAMPLE_MS);
    }
    const delays = delaysOf(base).slice(skipped);
    const [resident, own] = [samples.map((one) => one.resident), samples.map((one) => one.own)];
    const most = { memory: Math.max(...resident), delay: Math.max(...delays) };
    return {
      title: "A flood into one log",
      method: [
        `Ten services with loggers that are logs of one log host. One of them is \`yes\`, into \`n3 s1000000 T\`; two others write a line with the time ` +
        `ten times a second, for ${
          (bench.quick ? QUICK_DURATION_MS : DURATION_MS) / 1000
        } s. *Delay* is the time from the writing of such a line to ` +
        "its stamp. Memory is the log host's: resident, with the program's pages that it has in common with `s6-svscan`, and its own.",
      ],
      tables: [{
        head: ["", "median", "99 of 100", "most"],
        rows: [
          [
            "delay of a neighbour's line",
            milliseconds(summarize(delays)),
            ...[quantile(delays, 0.99), most.delay].map((ms) => `${ms.toFixed(1)} ms`),
          ],
          [
            "memory, resident",
            megabytes(summarize(resident)),
            "",
            `${(most.memory / 1e6).toFixed(1)} MB`,
          ],
          [
            "memory, its own",
            megabytes(summarize(own)),
            "",
            `${(Math.max(...own) / 1e6).toFixed(1)} MB`,
          ],
        ],
      }],
      bars: [{
        what: "a flood into one of ten logs",
        bar: `${MOST_BYTES / 1e6} MB at most, 99 of 100 lines of the others within ${MOST_MS} ms`,
        reached: `${(most.memory / 1e6).toFixed(1)} MB, ${quantile(delays, 0.99).toFixed(1)} ms`,
        met: most.memory < MOST_BYTES && quantile(delays, 0.99) < MOST_MS,
      }],
    };
  } finally {
    svscan.kill("SIGKILL");
    killProcessesOf(base);
    await svscan.status;
    Deno.removeSync(base, { recursive: true });
  }
}

export const FLOOD: Row = { name: "flood", measure };
