/** What `/metrics` answers: all metrics of a tree, in the format that was asked for. */
import { exposition } from "./core/exposition.ts";
import { CONTENT_TYPES, formatFor } from "./core/negotiation.ts";
import type { Reading } from "./core/reading.ts";
import { type Build, metricsOf } from "./core/tree_metrics.ts";
import { type ReadOptions, readTree } from "./read_tree.ts";

export interface MetricsText {
  readonly type: string;
  readonly text: string;
}

/** What it is about. */
type Subject = Pick<ReadOptions, "scandir" | "services">;

export class MetricsSource {
  readonly #subject: Subject;
  /** Readings that go on now, with and without the proportional set size. */
  readonly #readings = new Map<boolean, Promise<Reading>>();

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  /**
   * Whoever asks while another one is being answered gets the same figures.
   *
   * @param accept What the client says that it takes; null: nothing
   * @param options `pss`: with the proportional set size of processes; `version`: that of hexad
   * @throws What the list of services throws.
   */
  async text(
    accept: string | null,
    { pss, version }: { readonly pss: boolean; readonly version: string },
  ): Promise<MetricsText> {
    const reading = this.#readings.get(pss) ?? this.#begin(pss);
    const format = formatFor(accept);
    return {
      type: CONTENT_TYPES[format],
      text: exposition(metricsOf(await reading, buildOf(version)), format),
    };
  }

  #begin(pss: boolean): Promise<Reading> {
    const reading = readTree({ ...this.#subject, pss }).finally(() => this.#readings.delete(pss));
    this.#readings.set(pss, reading);
    return reading;
  }
}

function buildOf(version: string): Build {
  return { version, deno: Deno.version.deno, architecture: Deno.build.arch };
}
