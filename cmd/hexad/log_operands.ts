/**
 * Which log directories the operands of `hexad logs` mean: those of services, or directories with a
 * `current` in them.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { type SCANDIR_OPTION, SCANDIR_VARIABLE } from "../../lib/core/cli/option_table.ts";
import { printable } from "../../lib/core/text/printable.ts";
import { OUTPUT_DIRECTORY, outputLogdir } from "../../lib/rc/core/live_record.ts";
import { access, F_OK } from "../../lib/libc/file.ts";
import { distinctPlaces } from "../../lib/libc/places.ts";
import { logsOf } from "../../lib/tree/service_logs.ts";
import { KeptOutput } from "../../lib/tree/kept_output.ts";
import type { NotKept } from "../../lib/keptoutput/client.ts";
import type { KeptLog } from "../../lib/logreader/kept_source.ts";
import type { FoundLog } from "../../lib/logreader/log_reading.ts";
import { isKept } from "../../lib/tree/oneshots.ts";
import { isPath, withLogger } from "../../lib/tree/services.ts";
import type { NamedService } from "../../lib/servicedir/named_service.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import type { Arguments } from "./arguments.ts";
import { chooseServices, type ChosenServices } from "./service_operands.ts";

/** What is to be read, and whose later log directories are meant too. */
export interface ChosenLogs {
  readonly found: readonly FoundLog[];
  /** Of services without a log directory, what is kept of their output. */
  readonly kept: readonly KeptLog[];
  /** Where that comes from, if such services are meant; to be followed, and disposed of. */
  readonly keptOutput: KeptOutput | undefined;
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
    const found = distinctPlaces(named, pathOf);
    return { found, kept: [], keptOutput: undefined, services: undefined, everything };
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
  const mute = writers.filter(({ directory }) =>
    !logs.some(({ directories }) => directories.includes(directory))
  );
  const keptOutput = mute.length === 0 && !everything ? undefined : new KeptOutput({
    scandir: chosen.scandir,
    services: mute,
    everything,
    follow: options.awaited,
  });
  const kept = keptOutput?.ask() ?? [];
  const reason = keptOutput?.reason;
  if (!everything) {
    for (const { name } of mute) {
      if (!kept.some(({ label }) => label === name)) context.warn(muteText(name, reason, options));
    }
  }
  const found = distinctPlaces([...named, ...outputs, ...logs], pathOf);
  const choice = { found, kept, keptOutput, services: chosen, everything };
  if (found.length + kept.length + chosen.oneshots.length > 0) return choice;
  const text = `no service of ${chosen.scandir} has a log directory`;
  if (reason === undefined && keptOutput !== undefined) {
    if (everything) context.info(`${text}, and none has written anything yet`);
    return choice;
  }
  if (!options.awaited) throw new Failure(EXIT_USAGE, `${text}: ${otherPlaces(reason)}`);
  if (everything) context.info(`${text} yet; waiting for one (${otherPlaces(reason)})`);
  return choice;
}

/** Why nothing can be shown of a service without a log directory, and what would help. */
function muteText(
  name: string,
  reason: NotKept | undefined,
  { awaited }: { readonly awaited: boolean },
): string {
  const text = `${printable(name)} has no log directory that could be found`;
  if (reason !== undefined) return `${text}: ${otherPlaces(reason)}`;
  return `${text}, and nothing that it has written is kept in memory${awaited ? " yet" : ""}`;
}

function otherPlaces(reason: NotKept | undefined): string {
  if (reason === "denied") {
    return "what it writes is kept by s6-svscan for its own user and root; be one of them";
  }
  if (reason === "silent") return "what is kept of its output could not be had: nobody answers";
  return "what it writes goes where s6-svscan writes, in a container to `docker logs`; " +
    "its last lines are kept for `hexad logs` with S6_LOGGING_PREFIX=name (/init) " +
    "or --logging-prefix=name (s6-svscan)";
}

function pathOf({ logdir }: FoundLog): string {
  return logdir;
}

/** What oneshots wrote in their last run, where that is kept. */
function keptOutputs(context: Context, { oneshots }: ChosenServices): FoundLog[] {
  return oneshots.flatMap(({ live, service }) => {
    const logdir = outputLogdir(live, service.name);
    if (isKept(logdir)) return [{ label: service.name, logdir }];
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

function isLogdir(word: string): boolean {
  return isPath(word) && isKept(word);
}
