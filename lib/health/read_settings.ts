/** Reads `health-check/` of the service directory that the process is in. */
import { firstLine } from "../core/linux/config_file.ts";
import { ENOENT } from "../core/linux/errno.ts";
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { SyscallError } from "../libc/bind.ts";
import { readSmallDirectory } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { HEALTH_DIRECTORY, HEALTH_ROWS, type HealthFileName } from "./core/health_files.ts";
import { HEALTH_FILE_LIMIT, type HealthSettings, healthSettings } from "./core/health_settings.ts";

/**
 * Undefined if it says nothing to check. A file that can't be read or makes no sense is a warning,
 * and counts as a missing one.
 */
export function readHealthSettings(warn: (text: string) => void): HealthSettings | undefined {
  const lines = new Map<HealthFileName, string>();
  const attempt = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      if (error.errno !== ENOENT) warn(`${error.message} (going on without it)`);
    }
  };
  attempt(() => {
    const names = readSmallDirectory(HEALTH_DIRECTORY);
    for (const [name, { kind }] of HEALTH_ROWS) {
      if (names !== undefined && !names.includes(name)) continue;
      if (kind === "program") lines.set(name, "");
      else attempt(() => readLine(name, lines));
    }
  });
  const settings = healthSettings(lines, ({ name, found }) => {
    warn(`invalid ${HEALTH_DIRECTORY}/${name}: ${found.cause} (passing it over)`);
  });
  if (settings === undefined) {
    warn(`invalid ${HEALTH_DIRECTORY}: ${diagnosis("no-check").cause} (not checking the service)`);
  }
  return settings;
}

function readLine(name: HealthFileName, lines: Map<HealthFileName, string>): void {
  const bytes = readSmallFile(`${HEALTH_DIRECTORY}/${name}`, HEALTH_FILE_LIMIT);
  if (bytes !== undefined) lines.set(name, firstLine(bytes));
}
