/**
 * `deno task soak`: a tree of services with hosted loggers under load for as long as wanted; fails
 * if s6-svscan or a log host grows.
 *
 *   --minutes N       how long it is measured. Default: 30
 *   --services N      services, each with a logger. Default: 100
 *   --subscribers N   so many listeners come and go on one fifodir meanwhile, evenly spread. Default: about one in a third of a second
 *   --every N         seconds between two lines of progress. Default: 60
 *   --output FILE     where the summary goes, as Markdown. Default: standard output
 *
 * A quarter of the services live for a moment and are restarted once a second, some write without a
 * pause, the others are restarted, stopped, paused and started; loggers are rotated, restarted,
 * stopped, paused; clients ask and wait; listeners come and go. Every second each process of ours
 * is measured. What counts as growth is in growth.ts. At the end every line that the writers wrote
 * must be in their logs' order.
 */
import { parseArgs } from "@std/cli";
import { Fatal, runTool } from "../../tools/fatal.ts";
import { DEV_BIN } from "../../tools/layout.ts";
import { cleanUpOnSignals } from "../bench/clean_up.ts";
import { describeMachine } from "../bench/machine.ts";
import { installHexad } from "../bench/peers/hexad.ts";
import { makeProgramDirectory } from "../bench/scratch.ts";
import { judge } from "./growth.ts";
import { summary } from "./report.ts";
import { Soak } from "./soak.ts";
import { laySoak, type SoakTree } from "./tree.ts";

const MS_PER_MINUTE = 60_000;
/** Below this nothing can be said of growth: warm-up and two windows. */
const LEAST_MINUTES = 2;

interface Options {
  readonly minutes: number;
  readonly services: number;
  readonly subscribers: number | undefined;
  readonly everySeconds: number;
  readonly output: string | undefined;
}

function say(text: string): void {
  console.error(`soak: ${text}`);
}

function numberOf(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text !== "" && value >= least && value <= most) return value;
  throw new Fatal(`--${name} needs a number from ${least} to ${most}, not ${text || "nothing"}`);
}

function parseOptions(args: readonly string[]): Options {
  const parsed = parseArgs(args, {
    string: ["minutes", "services", "subscribers", "every", "output"],
    unknown: (word): never => {
      throw new Fatal(
        `unknown argument: ${word} (the head of tests/soak/main.ts lists the options)`,
      );
    },
  });
  return {
    minutes: numberOf("minutes", parsed.minutes ?? "30", LEAST_MINUTES, 60 * 24 * 30),
    services: Math.round(numberOf("services", parsed.services ?? "100", 2, 5000)),
    subscribers: parsed.subscribers === undefined
      ? undefined
      : Math.round(numberOf("subscribers", parsed.subscribers, 1, 1e7)),
    everySeconds: numberOf("every", parsed.every ?? "60", 1, 86_400),
    output: parsed.output,
  };
}

async function soakFor(
  tree: SoakTree,
  bin: string,
  { minutes, subscribers, everySeconds }: Options,
): Promise<Soak> {
  const soak = await Soak.start(tree, (program) => `${bin}/${program}`, say);
  try {
    const durationMs = minutes * MS_PER_MINUTE;
    await soak.run(durationMs, {
      everySeconds,
      ...(subscribers === undefined ? {} : { subscribers }),
    });
    await soak.finish();
    return soak;
  } finally {
    await soak.stop();
  }
}

async function main(): Promise<number> {
  const options = parseOptions(Deno.args);
  const machine = describeMachine();
  using programs = makeProgramDirectory();
  using tree = laySoak(options.services);
  cleanUpOnSignals([programs.path, tree.root], say);
  await installHexad(`${DEV_BIN}/hexad`, programs.path);
  say(`${options.minutes} minutes with ${options.services} services and as many loggers`);
  const soak = await soakFor(tree, programs.path, options);
  const verdicts = soak.observed.flatMap(({ what, samples }) => judge(what, samples));
  const text = summary({
    command: ["deno task soak", ...Deno.args].join(" "),
    machine,
    soak,
    verdicts,
  });
  if (options.output === undefined) console.log(text);
  else await Deno.writeTextFile(options.output, text);
  const faults = [
    ...soak.faults,
    ...verdicts.filter(({ grows }) => grows).map(({ what, quantity }) =>
      `${what}: ${quantity} grows`
    ),
  ];
  for (const fault of faults) say(`failed: ${fault}`);
  return faults.length === 0 ? 0 : 1;
}

if (import.meta.main) await runTool("soak", main);
