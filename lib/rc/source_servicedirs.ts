/** Makes the service directories of a live folder directly from the definitions of longruns. */
import { placeLink } from "../files/place_link.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { withUmask } from "../libc/cwd.ts";
import { access, F_OK, mkdir } from "../libc/file.ts";
import { isMountedNoexec } from "../libc/mount.ts";
import { type Longrun, ONESHOT_RUNNER } from "./core/database.ts";
import { markDown } from "./live_folder.ts";
import { copyDefinition } from "./write_compiled.ts";

const PROGRAMS = ["run", "finish"];
const MASK = 0o022;

function makeDirectory(folder: string, name: string): string {
  const servicedir = `${folder}/servicedirs/${name}`;
  checked(`create directory ${servicedir}`, mkdir(servicedir, 0o755));
  return servicedir;
}

/** Makes the working directory of oneshots. @throws {SyscallError} If it can't be made. */
export function makeRunnerDirectory(folder: string): void {
  withUmask(MASK, () => makeDirectory(folder, ONESHOT_RUNNER));
}

/** @throws {SyscallError} If a directory can't be made. */
export function makeServicedirs(
  folder: string,
  services: readonly Longrun[],
  warn: (text: string) => void,
): void {
  const isNoexec = isMountedNoexec(folder);
  withUmask(MASK, () => {
    for (const { name, path } of services) {
      const servicedir = makeDirectory(folder, name);
      try {
        copyDefinition(path, servicedir);
        if (isNoexec) linkPrograms(path, servicedir);
      } catch (error) {
        // only this service's start fails
        if (!(error instanceof SyscallError)) throw error;
        warn(`${error.message} (the service ${name} can't be started)`);
      }
      markDown(servicedir, true, servicedir);
    }
  });
}

/** Replaces copies of `run` and `finish` that can't be executed with links to the originals. */
function linkPrograms(from: string, servicedir: string): void {
  for (const program of PROGRAMS) {
    const copy = `${servicedir}/${program}`;
    if (access(copy, F_OK) === 0) {
      placeLink(`${from}/${program}`, copy, { kind: "symbolic", force: true });
    }
  }
}
