/**
 * The place where s6-overlay 3 keeps its copies of services.d, for scripts that look there. In
 * hexad the copies are in the scan directory, and links point to them. Source: s6-overlay 3.2.3,
 * s6-rc/scripts/services-up.
 */
import { checked, SyscallError } from "../libc/bind.ts";
import { mkdir, symlink } from "../libc/file.ts";

export interface LegacyLinks {
  readonly scandir: string;
  readonly names: readonly string[];
  warn(text: string): void;
}

/**
 * Makes the directory, and in it a link for each service. A failure is only a warning, because
 * services work without the links.
 */
export function linkLegacyServices(directory: string, { scandir, names, warn }: LegacyLinks): void {
  if (names.length === 0) return;
  try {
    checked(`create directory ${directory}`, mkdir(directory, 0o755));
    for (const name of names) {
      checked(`link ${directory}/${name}`, symlink(`${scandir}/${name}`, `${directory}/${name}`));
    }
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    warn(error.message);
  }
}
