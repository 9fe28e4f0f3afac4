/**
 * One soak: s6-svscan on a tree, traffic, a sample of each of our processes every second, and at
 * the end whether every line is logged.
 *
 * The three loops (samples, traffic, clients) run beside each other until the time is over; a fault
 * of one is kept and does not end the others, but for the death of a process that is measured.
 */
import { unpackSvstatus } from "../../lib/servicedir/core/svstatus.ts";
import { Arrivals } from "../bench/arrivals.ts";
import { gapsOf, lastLogged } from "../fault/log_lines.ts";
import { eventually, within } from "../fixture/deadline.ts";
import { killProcessesOf, TREE_MARK } from "../fixture/processes.ts";
import { Observed } from "./sampler.ts";
import { Traffic, type TrafficCounts } from "./traffic.ts";
import type { SoakTree } from "./tree.ts";

const SAMPLE_MS = 1000;
const STEP_MS = 100;
/** Between two clients, each of which is a process. */
const CLIENT_PAUSE_MS = 150;
const START_LIMIT_MS = 180_000;
const END_LIMIT_MS = 120_000;
const CLOCK_JUMP_MS = 500;
const WHOLE_LINE = /^\d+ x*$/;

export interface RunOptions {
  /** Seconds between two lines of progress. */
  readonly everySeconds: number;
  /** Listeners over the whole run; absent: one with each step of the traffic. */
  readonly subscribers?: number;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export class Soak {
  readonly observed: Observed[] = [];
  readonly #faults: string[] = [];
  readonly #tree: SoakTree;
  readonly #say: (text: string) => void;
  readonly #child: Deno.ChildProcess;
  readonly #arrivals: Arrivals;
  readonly #traffic: Traffic;
  #seconds = 0;
  #linesCount = 0;
  /** Of the wall clock to the monotonic one. */
  #clockOffsetMs = Date.now() - performance.now();
  #clockJumps = 0;

  private constructor(
    tree: SoakTree,
    bin: (program: string) => string,
    say: (text: string) => void,
  ) {
    this.#tree = tree;
    this.#say = say;
    this.#arrivals = new Arrivals(tree.fifo);
    this.#child = new Deno.Command("/bin/sh", {
      args: [
        "-c",
        'exec "$@" >"$0" 2>&1',
        tree.outputFile,
        bin("s6-svscan"),
        "-C",
        "10000",
        tree.scandir,
      ],
      cwd: tree.root,
      env: { [TREE_MARK]: tree.root },
      stdin: "null",
    }).spawn();
    this.#traffic = new Traffic(tree, bin);
  }

  /**
   * Starts s6-svscan and waits until every logger is ready. @throws {Error} If that takes too long,
   * with what it said.
   */
  static async start(
    tree: SoakTree,
    bin: (program: string) => string,
    say: (text: string) => void,
  ): Promise<Soak> {
    const soak = new Soak(tree, bin, say);
    try {
      const what = (): string => `all loggers to be ready; s6-svscan said: ${soak.#said()}`;
      await within(
        eventually(
          "loggers",
          () => tree.services.every((name) => soak.#isReady(name)),
          START_LIMIT_MS,
        ),
        what,
        START_LIMIT_MS,
      );
      soak.observed.push(
        new Observed("s6-svscan", soak.#child.pid),
        new Observed("log host", soak.#pidOf(`${tree.services[0]}/log`)),
      );
      return soak;
    } catch (error) {
      await soak.stop();
      throw error;
    }
  }

  #pidOf(service: string): number {
    return unpackSvstatus(Deno.readFileSync(`${this.#tree.scandir}/${service}/supervise/status`))
      .pid;
  }

  #isReady(name: string): boolean {
    try {
      return unpackSvstatus(Deno.readFileSync(`${this.#tree.scandir}/${name}/log/supervise/status`))
        .flagready;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || error instanceof RangeError) return false;
      throw error;
    }
  }

  #said(): string {
    return Deno.readTextFileSync(this.#tree.outputFile).trim();
  }

  get counts(): Readonly<TrafficCounts> {
    return this.#traffic.counts;
  }

  /** Starts of the services that live for a moment. */
  get restarts(): number {
    return this.#arrivals.count;
  }

  /** That were written by those who write without a pause; known after `finish`. */
  get lines(): number {
    return this.#linesCount;
  }

  /** So often somebody has set the clock, as far as was seen. */
  get clockJumps(): number {
    return this.#clockJumps;
  }

  get seconds(): number {
    return this.#seconds;
  }

  get services(): number {
    return this.#tree.services.length;
  }

  get faults(): readonly string[] {
    const said = this.#said();
    return [
      ...this.#faults,
      ...this.#traffic.faults,
      ...(said === "" ? [] : [`s6-svscan said: ${said.slice(-2000)}`]),
    ];
  }

  /** @throws {Error} If one of the processes ends before its time. */
  async run(durationMs: number, options: RunOptions): Promise<void> {
    const startMs = performance.now();
    const endMs = startMs + durationMs;
    const clients = this.#runClients(endMs);
    const traffic = this.#runTraffic(startMs, endMs, options);
    for (let turn = 1; performance.now() < endMs; turn++) {
      await pause(Math.max(0, startMs + turn * SAMPLE_MS - performance.now()));
      for (const observed of this.observed) observed.sample();
      this.#lookAtClock();
      if (turn % options.everySeconds === 0) this.#tellProgress(turn);
    }
    await Promise.all([traffic, clients]);
    this.#seconds = Math.round((performance.now() - startMs) / 1000);
  }

  /**
   * Archives have the names of their times: when somebody sets the clock, their order is not that
   * of their lines.
   */
  #lookAtClock(): void {
    const offsetMs = Date.now() - performance.now();
    if (Math.abs(offsetMs - this.#clockOffsetMs) > CLOCK_JUMP_MS) this.#clockJumps++;
    this.#clockOffsetMs = offsetMs;
  }

  #tellProgress(seconds: number): void {
    const states = this.observed.map(({ what, samples }) => {
      const { pssBytes, descriptors, threads, cpuShare } = samples.at(-1)!;
      return `${what} ${
        (pssBytes / 1e6).toFixed(1)
      } MB, ${descriptors} descriptors, ${threads} threads, ${(cpuShare * 100).toFixed(0)} %`;
    });
    this.#say(
      `${seconds} s: ${this.restarts} restarts, ${this.counts.listeners} listeners; ${
        states.join("; ")
      }`,
    );
  }

  async #runTraffic(startMs: number, endMs: number, { subscribers }: RunOptions): Promise<void> {
    for (let now = performance.now(); now < endMs; now = performance.now()) {
      this.#traffic.step();
      const due = subscribers === undefined
        ? this.counts.listeners + 1
        : Math.ceil(subscribers * (now - startMs) / (endMs - startMs));
      while (this.counts.listeners < due) this.#traffic.listen();
      await pause(STEP_MS);
    }
    while (this.counts.listeners < (subscribers ?? 0)) this.#traffic.listen();
    this.#traffic.settleDebts();
  }

  async #runClients(endMs: number): Promise<void> {
    while (performance.now() < endMs) {
      await this.#traffic.client();
      await pause(CLIENT_PAUSE_MS);
    }
  }

  /** The writers end, and what is in their logs is looked at. */
  async finish(): Promise<void> {
    const { talkers, scandir } = this.#tree;
    for (const name of talkers) this.#traffic.send(`${scandir}/${name}/supervise/control`, "d");
    for (const name of talkers) {
      try {
        this.#linesCount += await this.#lastLineOf(`${scandir}/${name}`);
      } catch (error) {
        this.#faults.push(`the log of ${name}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }

  /** @throws {Error} If a line is missing, doubled, split or out of order in what is kept. */
  async #lastLineOf(servicedir: string): Promise<number> {
    const count = await eventually(
      "its writer to end",
      () => Number(textOf(`${servicedir}/count`)) || undefined,
      END_LIMIT_MS,
    );
    const logdir = `${servicedir}/log/main`;
    await eventually(
      `line ${count}; the last is ${lastLogged(logdir)}`,
      () => lastLogged(logdir) === count,
      END_LIMIT_MS,
    );
    if (this.#clockJumps > 0) return count;
    // before the oldest file that is kept nothing is there
    const [gap] = gapsOf(logdir, WHOLE_LINE).filter(({ after }) => after > 0);
    if (gap !== undefined) {
      throw new Error(`${gap.missingLines} lines are missing after line ${gap.after}`);
    }
    return count;
  }

  /** SIGTERM to s6-svscan; what is left of the tree is killed. */
  async stop(): Promise<void> {
    this.#traffic[Symbol.dispose]();
    const { pid, status } = this.#child;
    try {
      Deno.kill(pid, "SIGTERM");
      const { code } = await within(
        status,
        () => `s6-svscan to end; it said: ${this.#said()}`,
        END_LIMIT_MS,
      );
      if (code !== 0) this.#faults.push(`s6-svscan exited ${code}`);
    } catch (error) {
      this.#faults.push(error instanceof Error ? error.message : String(error));
    }
    killProcessesOf(this.#tree.root);
    await this.#arrivals[Symbol.asyncDispose]();
  }
}

/** A file's text; empty if it is not there. */
function textOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
