/** The options of `hexad new` for health checks, in the words of `docker run`. */
import { UsageError } from "../../lib/core/cli/getopt.ts";
import type { NamedOption } from "../../lib/core/cli/option_table.ts";
import { parseDuration } from "../../lib/core/time/human_units.ts";
import {
  CHECK_FILES,
  HEALTH_FILES,
  type HealthFileName,
  REACTIONS,
} from "../../lib/health/core/health_files.ts";
import { faultsTogether, healthFault } from "../../lib/health/core/health_settings.ts";
import type { Arguments } from "./arguments.ts";

export const HEALTH_OPTIONS = [
  {
    long: "health-cmd",
    arg: "LINE",
    kind: "text",
    text: "check its health with a line for a shell, as long as it runs",
  },
  {
    long: "health-tcp",
    arg: "[HOST:]PORT",
    kind: "text",
    text: "check its health with a connection",
  },
  { long: "health-http", arg: "URL", kind: "text", text: "check its health with a GET" },
  {
    long: "health-unix",
    arg: "PATH",
    kind: "text",
    text: "check its health with a connection to a Unix socket",
  },
  {
    long: "health-status",
    arg: "STATUSES",
    kind: "text",
    text: "good answers to --health-http; default 200-399",
  },
  {
    long: "health-interval",
    arg: "TIME",
    kind: "duration",
    text: "from one check to the next; default 30s",
  },
  { long: "health-timeout", arg: "TIME", kind: "duration", text: "for one check; default 30s" },
  {
    long: "health-retries",
    arg: "N",
    kind: "number",
    text: "so many failures in a row make it unhealthy; default 3",
  },
  {
    long: "health-start-period",
    arg: "TIME",
    kind: "duration",
    text: "so long after a start failures don't count; default: --health-interval",
  },
  {
    long: "health-start-interval",
    arg: "TIME",
    kind: "duration",
    text: "the interval in that time, until it is healthy; default 5s",
  },
  {
    long: "on-unhealthy",
    arg: "WHAT",
    kind: REACTIONS,
    text: "what is done when it becomes unhealthy: none (default), restart or essential (all ends)",
  },
] as const satisfies readonly NamedOption[];

type HealthOption = typeof HEALTH_OPTIONS[number]["long"];

const FILES = {
  "health-cmd": "run",
  "health-tcp": "tcp",
  "health-http": "http",
  "health-unix": "unix",
  "health-status": "http-status",
  "health-interval": "interval",
  "health-timeout": "timeout",
  "health-retries": "retries",
  "health-start-period": "start-period",
  "health-start-interval": "start-interval",
  "on-unhealthy": "on-unhealthy",
} as const satisfies Readonly<Record<HealthOption, HealthFileName>>;

/**
 * The files of `health-check` that the options ask for; undefined: none.
 *
 * @throws {UsageError} If a value makes no sense, or nothing says how to check.
 */
export function healthOf(
  { value }: Arguments<typeof HEALTH_OPTIONS[number]>,
): Readonly<Partial<Record<HealthFileName, string>>> | undefined {
  const files: Partial<Record<HealthFileName, string>> = {};
  for (const [option, name] of Object.entries(FILES) as [HealthOption, HealthFileName][]) {
    const given = value(option);
    if (given !== undefined) files[name] = textFor(option, name, given);
  }
  const names = new Set(Object.keys(files));
  if (names.size === 0) return undefined;
  if (!CHECK_FILES.some((name) => names.has(name))) {
    throw new UsageError(
      "nothing says how to check: give --health-cmd, --health-tcp, --health-http or --health-unix",
    );
  }
  const [fault] = faultsTogether(names);
  if (fault !== undefined) {
    throw new UsageError(`--${optionOf(fault.name)}: ${fault.found.cause}`);
  }
  return files;
}

function optionOf(name: HealthFileName): string {
  return Object.entries(FILES).find(([, each]) => each === name)![0];
}

/** What is written into the file. */
function textFor(option: HealthOption, name: HealthFileName, given: string): string {
  const text = HEALTH_FILES[name].kind === "milliseconds" ? milliseconds(option, given) : given;
  const fault = text.trim() === ""
    ? "it is empty"
    : name !== "run" && text.includes("\n")
    ? "it has more than one line"
    : healthFault(name, text)?.cause;
  if (fault !== undefined) throw new UsageError(`--${option} ${given}: ${fault}`);
  return text.trim();
}

function milliseconds(option: HealthOption, given: string): string {
  const seconds = parseDuration(given);
  if (seconds === undefined) throw new UsageError(`no duration: --${option} ${given} (try 30s)`);
  return String(Math.round(seconds * 1000));
}
