/**
 * hexad health: the exit code of `hexad status` and nothing else, for health checks that run every
 * few seconds. It looks no further than it must, and loads little.
 */
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { SCANDIR_OPTION, SCANDIR_VARIABLE } from "../../lib/core/cli/option_table.ts";
import { printable } from "../../lib/core/text/printable.ts";
import { decodePath } from "../../lib/core/text/path_bytes.ts";
import { isWell } from "../../lib/status/core/service_state.ts";
import { getenv } from "../../lib/libc/environ.ts";
import { missedText, omissionText } from "../../lib/status/core/oneshot_report.ts";
import { missedAmong } from "../../lib/tree/missed.ts";
import { isScanned } from "../../lib/tree/services.ts";
import type { NamedService } from "../../lib/servicedir/named_service.ts";
import { observeState } from "../../lib/servicedir/observe.ts";
import type { Context } from "../context.ts";
import { chooseServices } from "./service_operands.ts";

const EXIT_NOT_WELL = 1;

export const table = {
  summary:
    "Tells by its exit code whether all is well with the services, for HEALTHCHECK and probes. Prints nothing but what s6-rc could not start, and on a terminal what is not well.",
  usage: "[-S DIR] [SERVICE...]",
  operands: "service",
  options: [SCANDIR_OPTION],
  exits: [
    [
      "0",
      "every service that should be up is up, ready if it tells readiness, healthy if that is checked, and not paused; no oneshot has failed",
    ],
    [
      "1",
      "some service is not, or may not be looked at; s6-rc could not start something; or /init still boots",
    ],
    ["100", "wrong usage, no such service, or no scan directory"],
    ["111", "system call failed"],
  ],
  example: 'HEALTHCHECK CMD ["hexad", "health"]',
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const { operands, scandir } = await selection(context.argv);
  const chosen = chooseServices({
    operands,
    scandir,
    variable: scandirVariable,
    withOneshots: true,
  });
  const { services, oneshots, leftOut, booting } = chosen;
  if (booting) return EXIT_NOT_WELL;
  const missed = missedAmong(services);
  const causes = [
    ...oneshots.map(({ service }) => [service.name, missedText(service)] as const),
    ...services.map(({ name, directory }) => [name, missed.get(directory)] as const),
    ...leftOut.map((left) => [left.name, `left out, ${omissionText(left)}`] as const),
  ].filter(([, text]) => text !== undefined);
  // where there is no service and nobody who would start one, nothing is well
  const alive = services.length + oneshots.length > 0 || isScanned(chosen.scandir!) !== false;
  const isServiceWell = (service: NamedService): boolean => {
    const text = missed.get(service.directory);
    return isWell({ ...observeState(service), ...(text === undefined ? {} : { missed: text }) });
  };
  const isRcWell = leftOut.length === 0 &&
    oneshots.every(({ service }) => missedText(service) === undefined);
  if (alive && isRcWell && services.every(isServiceWell)) return 0;
  for (const [name, text] of causes) context.warn(`${printable(name)}: ${printable(text!)}`);
  const { windowSize } = await import("../../lib/libc/terminal.ts");
  if (windowSize(context.stdout) !== undefined) {
    const { unwellLines } = await import("../../lib/tree/unwell.ts");
    const unwell = services.filter((service) => !isServiceWell(service));
    for (const line of unwellLines(unwell)) context.out(`${line}\n`);
  }
  return EXIT_NOT_WELL;
}

/** One variable: the whole environment would take three times as long. */
function scandirVariable(): string | undefined {
  const value = getenv(SCANDIR_VARIABLE);
  return value === undefined ? undefined : decodePath(value);
}

interface Selection {
  readonly operands: readonly string[];
  readonly scandir: string | undefined;
}

/** The parser is only loaded where there is something to parse. */
async function selection(argv: readonly string[]): Promise<Selection> {
  if (argv.length === 0) return { operands: [], scandir: undefined };
  const { parseArguments } = await import("./arguments.ts");
  const { value, operands } = parseArguments(argv, table);
  return { operands, scandir: value("scandir") };
}
