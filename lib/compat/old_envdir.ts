/** The directory of variables of runit and daemontools. */
import { firstBytes } from "../credentials/envdir.ts";
import type { Change } from "../execline/core/chain_environment.ts";
import { isVariableFile } from "../execline/core/envdir_value.ts";
import { readDirectory } from "../libc/file.ts";
import { isDirectory, tryStat } from "../libc/stat.ts";
import { orEmpty } from "../libc/wary_open.ts";
import { oldValue } from "./core/old_value.ts";
import { attempt } from "./old_failure.ts";

export interface OldEnvdirRequest {
  /** What is said before the reason if the directory can't be read. */
  readonly unable: string;
  /** Called for a directory in the directory, which then is passed over; else it is a failure. */
  readonly onDirectory?: (path: string) => void;
}

/**
 * What the files ask for. @throws {LinkFailure} If the directory or one of them can't be read.
 * Nothing must be applied then.
 */
export function oldEnvdir(
  directory: string,
  { unable, onDirectory }: OldEnvdirRequest,
): Change[] {
  const changes: Change[] = [];
  for (const name of attempt(unable, () => readDirectory(directory)).filter(isVariableFile)) {
    const path = `${directory}/${name}`;
    const file = onDirectory === undefined ? undefined : tryStat(path);
    if (typeof file === "object" && isDirectory(file.mode)) {
      onDirectory?.(path);
      continue;
    }
    const read = () => orEmpty(() => firstBytes(path, Infinity));
    changes.push([name, oldValue(attempt(`unable to read ${path}`, read))]);
  }
  return changes;
}
