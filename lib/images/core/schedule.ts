/**
 * Which image comes next: each waits for those that it is built on; a failure stops what depends on
 * it, and unless the rest is to go on, what has not begun. Pure.
 */

export type ImageState =
  | { readonly kind: "waiting" | "running" | "done" | "found" | "interrupted" }
  | { readonly kind: "failed"; readonly exitCode: number }
  /** `because`: the image that failed. */
  | { readonly kind: "left out"; readonly because: string }
  | { readonly kind: "not begun" };

export interface Job {
  readonly name: string;
  /** Only those among the jobs count. */
  readonly after: readonly string[];
}

export interface ScheduleOptions {
  readonly atOnce: number;
  readonly keepGoing: boolean;
  /** Jobs that are done already. */
  readonly found?: readonly string[];
}

export class Schedule {
  readonly #jobs: readonly Job[];
  readonly #states: Map<string, ImageState>;
  readonly #atOnce: number;
  readonly #keepGoing: boolean;
  #isStopped = false;

  /** @param jobs Each after those that it waits for */
  constructor(jobs: readonly Job[], { atOnce, keepGoing, found = [] }: ScheduleOptions) {
    this.#jobs = jobs;
    this.#atOnce = atOnce;
    this.#keepGoing = keepGoing;
    this.#states = new Map(
      jobs.map(({ name }) => [name, { kind: found.includes(name) ? "found" : "waiting" }]),
    );
  }

  get states(): ReadonlyMap<string, ImageState> {
    return this.#states;
  }

  /** What is to be begun now; it counts as running from here on. */
  begin(): string[] {
    const begun: string[] = [];
    for (const { name, after } of this.#jobs) {
      if (this.#count("running") >= this.#atOnce || this.#isStopped) break;
      const isReady = after.every((each) => !["waiting", "running"].includes(this.#kindOf(each)));
      if (this.#kindOf(name) !== "waiting" || !isReady) continue;
      this.#states.set(name, { kind: "running" });
      begun.push(name);
    }
    return begun;
  }

  done(name: string): void {
    this.#states.set(name, { kind: "done" });
  }

  failed(name: string, exitCode: number): void {
    this.#states.set(name, { kind: "failed", exitCode });
    const broken = new Set([name]);
    for (const job of this.#jobs) {
      if (!job.after.some((each) => broken.has(each))) continue;
      broken.add(job.name);
      if (this.#kindOf(job.name) === "waiting") {
        this.#states.set(job.name, { kind: "left out", because: name });
      }
    }
    if (!this.#keepGoing) this.stop();
  }

  /** It was ended from outside. */
  interrupted(name: string): void {
    this.#states.set(name, { kind: "interrupted" });
  }

  /** Nothing else is begun. */
  stop(): void {
    this.#isStopped = true;
    for (const [name, { kind }] of this.#states) {
      if (kind === "waiting") this.#states.set(name, { kind: "not begun" });
    }
  }

  get isOver(): boolean {
    return this.#count("waiting") + this.#count("running") === 0;
  }

  /** A job that is not among the jobs is nothing to wait for. */
  #kindOf(name: string): ImageState["kind"] {
    return this.#states.get(name)?.kind ?? "done";
  }

  #count(kind: ImageState["kind"]): number {
    return [...this.#states.values()].filter((state) => state.kind === kind).length;
  }
}
