/** Carries out the commands of many images: which comes when is the schedule's decision. */
import { SIGKILL, SIGTERM } from "../core/linux/signals.ts";
import { type ImageState, type Job, Schedule, type ScheduleOptions } from "./core/schedule.ts";

export interface RunningCommand {
  /** Resolves to its exit status, 128 + signal for a signal. */
  readonly ended: Promise<number>;
  /** Nothing happens if it has ended. */
  signal(signal: number): void;
}

/** What a run needs of the system. */
export interface RunPort {
  start(words: readonly string[], onLine: (line: Uint8Array) => void): RunningCommand;
  nowMs(): number;
}

export interface ImageJob extends Job {
  /** In their order; the first that fails is the job's failure. */
  readonly commands: readonly (readonly string[])[];
}

export interface ImageRunOptions extends ScheduleOptions {
  readonly port: RunPort;
  onLine(name: string, line: Uint8Array): void;
  /** A job begins or has ended, or others are left out for that. */
  onChange(): void;
}

export class ImageRun {
  readonly #jobs: ReadonlyMap<string, ImageJob>;
  readonly #options: ImageRunOptions;
  readonly #schedule: Schedule;
  readonly #running = new Map<string, RunningCommand>();
  readonly #begunMs = new Map<string, number>();
  readonly #tookMs = new Map<string, number>();
  readonly #over = Promise.withResolvers<void>();
  #isInterrupted = false;
  #error: unknown;

  /** @param jobs Each after those that it waits for */
  constructor(jobs: readonly ImageJob[], options: ImageRunOptions) {
    this.#jobs = new Map(jobs.map((job) => [job.name, job]));
    this.#options = options;
    this.#schedule = new Schedule(jobs, options);
  }

  get states(): ReadonlyMap<string, ImageState> {
    return this.#schedule.states;
  }

  /** How long a job has run until now, or ran; undefined if it has not begun. */
  tookMs(name: string): number | undefined {
    const begun = this.#begunMs.get(name);
    if (begun === undefined) return undefined;
    return this.#tookMs.get(name) ?? this.#options.port.nowMs() - begun;
  }

  /** Runs until nothing is left to be done. @throws What the port throws, when all have ended. */
  async run(): Promise<void> {
    this.#beginMore();
    await this.#over.promise;
  }

  /**
   * Begins nothing else and sends the signal to what runs, the youngest first; the second time they
   * are killed.
   */
  interrupt(signal: number): void {
    const isAgain = this.#isInterrupted;
    this.#isInterrupted = true;
    this.#schedule.stop();
    const running = [...this.#running.values()].reverse();
    for (const command of running) command.signal(isAgain ? SIGKILL : signal);
    this.#options.onChange();
  }

  #beginMore(): void {
    for (const name of this.#schedule.begin()) {
      this.#begunMs.set(name, this.#options.port.nowMs());
      this.#runJob(this.#jobs.get(name)!).catch((error: unknown) => {
        this.#error ??= error;
        this.#schedule.interrupted(name);
        this.interrupt(SIGTERM);
      }).then(() => this.#beginMore());
    }
    this.#options.onChange();
    if (!this.#schedule.isOver) return;
    if (this.#error === undefined) this.#over.resolve();
    else this.#over.reject(this.#error);
  }

  async #runJob({ name, commands }: ImageJob): Promise<void> {
    const { port, onLine } = this.#options;
    let code = 0;
    let left = commands.length;
    for (const words of commands) {
      if (this.#isInterrupted) break;
      const command = port.start(words, (line) => onLine(name, line));
      this.#running.set(name, command);
      code = await command.ended;
      this.#running.delete(name);
      if (code !== 0) break;
      left--;
    }
    this.#tookMs.set(name, port.nowMs() - this.#begunMs.get(name)!);
    if (left === 0) this.#schedule.done(name);
    else if (this.#isInterrupted) this.#schedule.interrupted(name);
    else this.#schedule.failed(name, code);
  }
}
