/**
 * Which services the operands of `hexad`'s commands mean: names in the scan directory (`web`,
 * `web/log`), or paths of service directories; all services of the scan directory if there are
 * none.
 */
import { EXIT_SYSTEM, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { EACCES } from "../../lib/core/linux/errno.ts";
import { suggestion } from "../../lib/core/text/edit_distance.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { distinctPlaces } from "../../lib/libc/places.ts";
import { isDirectory, tryStat } from "../../lib/libc/stat.ts";
import { findScandir, NoScandirError } from "../../lib/tree/find.ts";
import { isBooting, isPath, listServices, serviceNamed } from "../../lib/tree/services.ts";
import type { RecordedOmission } from "../../lib/rc/core/live_record.ts";
import { chooseOneshots } from "../../lib/tree/choose_oneshots.ts";
import { oneshotHint } from "../../lib/status/core/oneshot_report.ts";
import type { FoundOneshot } from "../../lib/tree/oneshots.ts";
import type { NamedService } from "../../lib/servicedir/named_service.ts";
import { Failure } from "../context.ts";

export interface ChosenServices {
  /** Undefined if the operands are all paths and no scan directory was named. */
  readonly scandir: string | undefined;
  /** Those that are meant. */
  readonly services: readonly NamedService[];
  /** All that are in the scan directory. */
  readonly all: readonly NamedService[];
  /** All are meant, and more are to come: an /init boots. */
  readonly booting: boolean;
  /** Oneshots of s6-rc that are meant; none where nobody has asked for them. */
  readonly oneshots: readonly FoundOneshot[];
  /** Definitions that were not taken in, if all are meant. */
  readonly leftOut: readonly RecordedOmission[];
}

export interface Choice {
  readonly operands: readonly string[];
  /** The value of `-S`. */
  readonly scandir: string | undefined;
  /**
   * The value of $S6_SCANDIR; asked only if it matters, since reading the environment takes its
   * time.
   */
  variable(): string | undefined;
  /** An operand may be the name of a oneshot. */
  readonly withOneshots?: boolean;
}

/**
 * @throws {Failure} If there is no scan directory, it can't be read, or there is no such service.
 */
export function chooseServices(
  { operands, scandir: named, variable, withOneshots = false }: Choice,
): ChosenServices {
  const nothing = { booting: false, oneshots: [], leftOut: [] };
  if (operands.length > 0 && operands.every(isPath) && named === undefined) {
    return {
      scandir: undefined,
      services: distinct(operands.map((word) => existing(serviceNamed(word, undefined), []))),
      all: [],
      ...nothing,
    };
  }
  const scandir = chosenScandir(named, variable);
  // before the list, which is complete if it says no
  const booting = operands.length === 0 && isBooting(scandir);
  const all = servicesIn(scandir);
  const found = withOneshots
    ? chooseOneshots(scandir, all, operands)
    : { oneshots: [], known: [], leftOut: [] };
  const { oneshots, known, leftOut } = found;
  if (operands.length === 0) return { scandir, services: all, all, booting, oneshots, leftOut };
  const isOneshot = (word: string): boolean =>
    oneshots.some(({ service }) => service.name === word);
  const names = [...all.map(({ name }) => name), ...known];
  return {
    ...nothing,
    scandir,
    services: distinct(
      operands.filter((word) => !isOneshot(word)).map((word) => {
        const service = serviceNamed(word, scandir);
        if (!withOneshots) refuseOneshot(service, scandir, all);
        return existing(service, names);
      }),
    ),
    all,
    oneshots,
  };
}

/** A service that was named twice is meant once. */
function distinct(services: readonly NamedService[]): NamedService[] {
  return distinctPlaces(services, ({ directory }) => directory);
}

/** The same services, and the oneshots as they are now. */
export function oneshotsAgain(chosen: ChosenServices, operands: readonly string[]): ChosenServices {
  if (chosen.scandir === undefined) return chosen;
  return { ...chosen, ...chooseOneshots(chosen.scandir, chosen.all, operands) };
}

/** @throws {Failure} If there is none. */
export function chosenScandir(
  named: string | undefined,
  variable: () => string | undefined,
): string {
  try {
    return findScandir(named, named === undefined ? variable() : undefined).path;
  } catch (error) {
    if (error instanceof NoScandirError) throw new Failure(EXIT_USAGE, error.message);
    throw error;
  }
}

function servicesIn(scandir: string): NamedService[] {
  try {
    return listServices(scandir);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    const cure = error.errno === EACCES ? "; be the user whose services they are, or root" : "";
    throw new Failure(
      EXIT_SYSTEM,
      `unable to list the services of ${scandir}: ${error.reason}${cure}`,
    );
  }
}

/** @throws {Failure} If there is no such service, but a oneshot of that name. */
function refuseOneshot(
  { name, directory }: NamedService,
  scandir: string,
  all: readonly NamedService[],
): void {
  if (isPath(name) || typeof tryStat(directory) !== "number") return;
  if (chooseOneshots(scandir, all, [name]).oneshots.length === 0) return;
  throw new Failure(EXIT_USAGE, oneshotHint(name));
}

function existing(service: NamedService, known: readonly string[]): NamedService {
  const record = tryStat(service.directory);
  if (typeof record !== "number" && isDirectory(record.mode)) return service;
  if (record === -EACCES) throw new SyscallError(`look at ${service.directory}`, EACCES);
  if (typeof record !== "number") {
    throw new Failure(EXIT_USAGE, `${service.directory} is no service directory`);
  }
  if (isPath(service.name)) {
    throw new Failure(EXIT_USAGE, `there is no service directory ${service.directory}`);
  }
  const scandir = service.directory.slice(0, -service.name.length - 1);
  throw new Failure(
    EXIT_USAGE,
    `no service ${service.name} in ${scandir}${suggestion(service.name, known)}`,
  );
}
