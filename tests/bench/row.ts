/** What a row of the benchmark is given, and what it reports. */
import type { Chart } from "./chart.ts";
import type { Peer } from "./peer.ts";

export interface Bench {
  /** In the order of the report; the first is hexad unless it was left out. */
  readonly peers: readonly Peer[];
  /** The directory of hexad's links, on the disk like the programs of the others. */
  readonly programs: string;
  /** In it a row makes its own. */
  readonly scratch: string;
  /** Fewer rounds and services: to see that it works. */
  readonly quick: boolean;
  /** Overrides a row's own number of restarts. */
  readonly restarts: number | undefined;
  say(text: string): void;
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A budget, and what was reached. */
export interface Bar {
  readonly what: string;
  readonly bar: string;
  readonly reached: string;
  readonly met: boolean;
}

/** A line of the table at the top of docs/bench.md: what is gained and what is lost. */
export interface Highlight {
  readonly what: string;
  /** By the name of a suite; absent: it has nothing of the kind. */
  readonly figures: Readonly<Record<string, string>>;
}

export interface Section {
  readonly title: string;
  /** How it was measured; paragraphs. */
  readonly method: readonly string[];
  readonly tables: readonly Table[];
  readonly bars: readonly Bar[];
  readonly charts?: readonly Chart[];
  readonly highlights?: readonly Highlight[];
  /** What is told behind the tables, and is not measured each time. */
  readonly notes?: Notes;
}

export interface Notes {
  readonly title: string;
  readonly text: readonly string[];
  readonly table: Table;
}

export interface Row {
  /** How `--rows` calls it. */
  readonly name: string;
  measure(bench: Bench): Promise<Section>;
}

/** The peers in another order each round, so that none always comes after the same one. */
export function rotated<T>(items: readonly T[], round: number): readonly T[] {
  const at = round % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
