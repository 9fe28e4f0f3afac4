/**
 * Which services the operands of `hexad`'s commands mean: names in the scan directory (`web`,
 * `web/log`), or paths of service directories; all services of the scan directory if there are
 * none.
 */
import { EXIT_SYSTEM, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { EACCES } from "../../lib/core/linux/errno.ts";
import { suggestion } from "../../lib/core/text/edit_distance.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { isDirectory, tryStat } from "../../lib/libc/stat.ts";
import { findScandir, NoScandirError } from "../../lib/tree/find.ts";
import { isBooting, isPath, listServices, placeOf } from "../../lib/tree/services.ts";
import type { ServicePlace } from "../../lib/servicedir/service_place.ts";
import { Failure } from "../context.ts";

export interface ChosenServices {
  /** Undefined if the operands are all paths and no scan directory was named. */
  readonly scandir: string | undefined;
  /** Those that are meant. */
  readonly places: readonly ServicePlace[];
  /** All that are in the scan directory. */
  readonly all: readonly ServicePlace[];
  /** All are meant, and more are to come: an /init boots. */
  readonly booting: boolean;
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
}

/**
 * @throws {Failure} If there is no scan directory, it can't be read, or there is no such service.
 */
export function chooseServices({ operands, scandir: named, variable }: Choice): ChosenServices {
  if (operands.length > 0 && operands.every(isPath) && named === undefined) {
    return {
      scandir: undefined,
      places: operands.map((word) => existing(placeOf(word, undefined), [])),
      all: [],
      booting: false,
    };
  }
  const scandir = chosenScandir(named, variable);
  // before the list, which is complete if it says no
  const booting = operands.length === 0 && isBooting(scandir);
  const all = servicesIn(scandir);
  if (operands.length === 0) return { scandir, places: all, all, booting };
  return {
    scandir,
    places: operands.map((word) => existing(placeOf(word, scandir), all)),
    all,
    booting,
  };
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

function servicesIn(scandir: string): ServicePlace[] {
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

function existing(place: ServicePlace, all: readonly ServicePlace[]): ServicePlace {
  const record = tryStat(place.directory);
  if (typeof record !== "number" && isDirectory(record.mode)) return place;
  if (record === -EACCES) throw new SyscallError(`look at ${place.directory}`, EACCES);
  if (typeof record !== "number") {
    throw new Failure(EXIT_USAGE, `${place.directory} is no service directory`);
  }
  if (isPath(place.name)) {
    throw new Failure(EXIT_USAGE, `there is no service directory ${place.directory}`);
  }
  const scandir = place.directory.slice(0, -place.name.length - 1);
  throw new Failure(
    EXIT_USAGE,
    `no service ${place.name} in ${scandir}${suggestion(place.name, all.map(({ name }) => name))}`,
  );
}
