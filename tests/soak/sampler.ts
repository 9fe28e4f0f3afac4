/** What s6-svscan and its log hosts hold and use, out of /proc, once a second. */
import { cpuSeconds, openDescriptors, pssKib } from "../bench/proc.ts";
import { ownBytes } from "../fault/process_facts.ts";
import type { Sample } from "./growth.ts";

interface Counted {
  readonly atMs: number;
  readonly cpuSeconds: number;
}

function threads(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/task`)].length;
}

/** One process under observation. */
export class Observed {
  readonly what: string;
  readonly pid: number;
  readonly samples: Sample[] = [];
  readonly #startedMs = performance.now();
  #before: Counted;

  constructor(what: string, pid: number) {
    this.what = what;
    this.pid = pid;
    this.#before = { atMs: this.#startedMs, cpuSeconds: cpuSeconds(pid) };
  }

  /** @throws {Error} If the process has ended. */
  sample(): Sample {
    const now = { atMs: performance.now(), cpuSeconds: cpuSeconds(this.pid) };
    const sample: Sample = {
      atSeconds: (now.atMs - this.#startedMs) / 1000,
      pssBytes: pssKib(this.pid) * 1024,
      ownBytes: ownBytes(this.pid),
      descriptors: openDescriptors(this.pid),
      threads: threads(this.pid),
      cpuShare: (now.cpuSeconds - this.#before.cpuSeconds) / (now.atMs - this.#before.atMs) * 1000,
    };
    this.#before = now;
    this.samples.push(sample);
    return sample;
  }
}
