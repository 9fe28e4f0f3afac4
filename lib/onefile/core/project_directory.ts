/**
 * The directory that a set of files belongs to: there are `.env` and the files of variables whose
 * names are relative. Pure.
 */
import { baseName, dirName } from "../../core/text/path_name.ts";

/** A directory of more files beside `services.yaml`. */
export const PARTS_DIRECTORY = "services.d";

/** That of the first file; what is in `services.d` belongs to the directory around it. */
export function projectDirectory(files: readonly string[]): string {
  const directory = dirName(files[0] ?? "/");
  return baseName(directory) === PARTS_DIRECTORY ? dirName(directory) : directory;
}
