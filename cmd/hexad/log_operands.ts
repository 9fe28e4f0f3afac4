/**
 * Which log directories the operands of `hexad logs` mean: those of services, or directories with a
 * `current` in them.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { type SCANDIR_OPTION, SCANDIR_VARIABLE } from "../../lib/core/cli/option_table.ts";
import { printable } from "../../lib/core/text/printable.ts";
import { CURRENT } from "../../lib/logdir/core/rotation.ts";
import { OUTPUT_DIRECTORY, outputLogdir } from "../../lib/rc/core/live_record.ts";
import { access, F_OK } from "../../lib/libc/file.ts";
import { distinctPlaces } from "../../lib/libc/places.ts";
import { logsOf, type ServiceLog } from "../../lib/tree/service_logs.ts";
import type { FoundLog } from "../../lib/logreader/log_reading.ts";
import { isPath, withLogger } from "../../lib/tree/services.ts";
import type { NamedService } from "../../lib/servicedir/named_service.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import type { Arguments } from "./arguments.ts";
import { chooseServices, type ChosenServices } from "./service_operands.ts";

/** What is to be read, and whose later log directories are meant too. */
export interface ChosenLogs {
  readonly found: readonly FoundLog[];
  /** Undefined if all operands are log directories. */
  readonly services: ChosenServices | undefined;
  /** The services were not named: those that come later are meant too. */
  readonly everything: boolean;
}

/**
 * @param awaited A service without a log directory may get one. @throws {Failure} If there is
 *   none, and none is awaited.
 */
export function chooseLogs(
  context: Context,
  { operands, value }: Arguments<typeof SCANDIR_OPTION>,
  options: { readonly awaited: boolean },
): ChosenLogs {
  const logdirs = operands.filter(isLogdir);
  const words = operands.filter((word) => !logdirs.includes(word));
  const named = logdirs.map((logdir) => ({ label: logdir, logdir }));
  const everything = operands.length === 0;
  if (!everything && words.length === 0) {
    return { found: distinctPlaces(named, pathOf), services: undefined, everything };
  }
  const chosen = chooseServices({
    operands: words,
    scandir: value("scandir"),
    variable: () => context.env.get(SCANDIR_VARIABLE),
    withOneshots: !everything,
  });
  const outputs = keptOutputs(context, chosen);
  const all = [...chosen.all, ...chosen.services.flatMap(withLogger)];
  const writers = writersAmong(chosen.services, everything);
  const logs = logsOf(writers, all);
  if (!everything) warnOfMute(context, writers, logs);
  const found = distinctPlaces([...named, ...outputs, ...logs], pathOf);
  if (found.length > 0 || chosen.oneshots.length > 0) {
    return { found, services: chosen, everything };
  }
  const text = `no service of ${chosen.scandir} has a log directory`;
  if (!options.awaited) {
    throw new Failure(EXIT_USAGE, `${text}: what they write goes where s6-svscan writes`);
  }
  if (everything) context.info(`${text} yet; waiting for one`);
  return { found, services: chosen, everything };
}

function pathOf({ logdir }: FoundLog): string {
  return logdir;
}

/** What oneshots wrote in their last run, where that is kept. */
function keptOutputs(context: Context, { oneshots }: ChosenServices): FoundLog[] {
  return oneshots.flatMap(({ live, service }) => {
    const logdir = outputLogdir(live, service.name);
    if (access(`${logdir}/${CURRENT}`, F_OK) === 0) return [{ label: service.name, logdir }];
    const name = printable(service.name);
    context.warn(
      access(`${live}/${OUTPUT_DIRECTORY}`, F_OK) === 0
        ? `nothing is kept of what ${name} wrote: it wrote nothing, or to the terminal or the descriptors of whoever ran it`
        : `nothing is kept of what ${name} wrote: its output is no pipe, or goes to whoever ran it`,
    );
    return [];
  });
}

/** A logger's lines are those of its service; only who asks for it by name gets them as its own. */
export function writersAmong(
  services: readonly NamedService[],
  everything: boolean,
): readonly NamedService[] {
  return everything ? services.filter(({ isLogger }) => !isLogger) : services;
}

function warnOfMute(
  context: Context,
  services: readonly NamedService[],
  logs: readonly ServiceLog[],
): void {
  for (const { name, directory } of services) {
    if (logs.some((log) => log.directories.includes(directory))) continue;
    context.warn(
      `${printable(name)} has no log directory that could be found: ` +
        "what it writes goes where s6-svscan writes, or to a logger that is down",
    );
  }
}

function isLogdir(word: string): boolean {
  return isPath(word) && access(`${word}/${CURRENT}`, F_OK) === 0;
}
