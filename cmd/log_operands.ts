/** Which log directories the operands of `hexad logs` mean: those of services, or directories with a `current` in them. */
import { SCANDIR_VARIABLE } from "../lib/core/option_table.ts";
import { printable } from "../lib/core/printable.ts";
import { CURRENT } from "../lib/core/rotation.ts";
import { access, F_OK } from "../lib/libc/file.ts";
import { logdirsOfServices } from "../lib/scandir/overview.ts";
import { isPath, type ServicePlace, withLogger } from "../lib/scandir/services.ts";
import type { Context } from "./context.ts";
import { EXIT_USAGE, Failure } from "./context.ts";
import type { Arguments } from "./hexad_arguments.ts";
import { chooseServices } from "./service_operands.ts";

export interface FoundLog {
  /** Before its lines: the service's name, with the directory's if the service has several. */
  readonly label: string;
  readonly logdir: string;
}

/** @throws {Failure} If there is none, or a service that was named has none. */
export function findLogs(context: Context, { operands, value }: Arguments): FoundLog[] {
  const logdirs = operands.filter(isLogdir);
  const services = operands.filter((word) => !logdirs.includes(word));
  const named = logdirs.map((logdir) => ({ label: logdir, logdir }));
  if (operands.length > 0 && services.length === 0) return named;
  const chosen = chooseServices({ operands: services, scandir: value("scandir"), variable: () => context.env.get(SCANDIR_VARIABLE) });
  const all = [...chosen.all, ...chosen.places.flatMap(withLogger)];
  // a logger's lines are those of its service
  const writers = operands.length > 0 ? chosen.places : chosen.places.filter(({ isLogger }) => !isLogger);
  const found = [...named, ...logsOf(context, writers, all, operands.length > 0)];
  if (found.length > 0) return found;
  throw new Failure(EXIT_USAGE, `no service of ${chosen.scandir} has a log directory: what they write goes where s6-svscan writes`);
}

function logsOf(context: Context, places: readonly ServicePlace[], all: readonly ServicePlace[], named: boolean): FoundLog[] {
  const logdirs = logdirsOfServices(places, all);
  const found = new Map<string, FoundLog>();
  for (const place of places) {
    const own = logdirs.get(place.directory) ?? [];
    if (own.length === 0 && named) {
      const name = printable(place.name);
      context.warn(
        `${name} has no log directory that could be found: what it writes goes where s6-svscan writes, or to a logger that is down`,
      );
    }
    for (const logdir of own) {
      const label = own.length === 1 ? place.name : `${place.name}:${logdir.slice(logdir.lastIndexOf("/") + 1)}`;
      if (!found.has(logdir)) found.set(logdir, { label, logdir });
    }
  }
  return [...found.values()];
}

function isLogdir(word: string): boolean {
  return isPath(word) && access(`${word}/${CURRENT}`, F_OK) === 0;
}
