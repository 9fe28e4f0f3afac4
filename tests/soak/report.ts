/** What a soak has shown, as Markdown. Pure. */
import type { Machine } from "../bench/machine.ts";
import type { Quantity, Verdict } from "./growth.ts";

export interface SoakFigures {
  readonly services: number;
  readonly seconds: number;
  readonly restarts: number;
  readonly lines: number;
  readonly clockJumps: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

export interface SoakReport {
  readonly command: string;
  readonly machine: Machine;
  readonly soak: SoakFigures;
  readonly verdicts: readonly Verdict[];
}

const NAMES: Readonly<Record<Quantity, string>> = {
  pssBytes: "memory (proportional set size)",
  ownBytes: "memory of its own",
  descriptors: "descriptors",
  threads: "threads",
  cpuShare: "processor, of one core",
};

function figure(quantity: Quantity, value: number): string {
  switch (quantity) {
    case "pssBytes":
    case "ownBytes":
      return `${(value / 1e6).toFixed(2)} MB`;
    case "cpuShare":
      return `${(value * 100).toFixed(1)} %`;
    case "descriptors":
    case "threads":
      return value.toFixed(Number.isInteger(value) ? 0 : 2);
    default:
      return quantity satisfies never;
  }
}

function row({ what, quantity, median, growth, limit, grows }: Verdict): string {
  const cells = [
    what,
    NAMES[quantity],
    figure(quantity, median),
    figure(quantity, growth),
    figure(quantity, limit),
    grows ? "**yes**" : "no",
  ];
  return `| ${cells.join(" | ")} |`;
}

export function summary({ command, machine, soak, verdicts }: SoakReport): string {
  const { commands, rotations, listeners, clients, rescans, visitors } = soak.counts;
  return [
    `\`${command}\`, ${soak.seconds} seconds, ${soak.services} services with as many hosted loggers, on ${machine.processor}, ` +
    `${machine.cores} cores, Linux ${machine.kernel}, load averages at the start ${
      machine.load.map((load) => load.toFixed(2)).join(", ")
    }:`,
    "",
    `- ${soak.restarts} restarts of services that live for a moment`,
    `- ${soak.lines} lines of the steady writers, the last of them logged; ${
      soak.clockJumps === 0
        ? "all that is kept is in order and whole"
        : `somebody set the clock ${soak.clockJumps} times, so the order of what is kept was not looked at`
    }`,
    `- ${commands} commands to services, loggers and s6-svscan, of which ${rotations} asked for a rotation and ${rescans} for a scan`,
    `- ${listeners} listeners on one fifodir, a quarter of which went without a word`,
    `- ${visitors} services that came and went`,
    `- ${clients} clients run to their end`,
    `- faults: ${soak.faults.length === 0 ? "none" : soak.faults.length}`,
    "",
    "| process | what | median | growth after the warm-up | limit | grows |",
    "| --- | --- | --- | --- | --- | --- |",
    ...verdicts.map(row),
    "",
  ].join("\n");
}
