/** Which tree `hexad up` and `hexad down` mean: that of a file, in a place that the file decides. */
import { EXIT_SYSTEM, EXIT_USAGE } from "../../../lib/core/cli/exit_codes.ts";
import { EEXIST } from "../../../lib/core/linux/errno.ts";
import { dirName } from "../../../lib/core/text/path_name.ts";
import { type ProjectPlace, projectPlace } from "../../../lib/foreground/core/project_place.ts";
import { checked } from "../../../lib/libc/bind.ts";
import { realPath } from "../../../lib/libc/cwd.ts";
import { setenv, variable } from "../../../lib/libc/environ.ts";
import { mkdir, symlink } from "../../../lib/libc/file.ts";
import { ownProgram } from "../../../lib/libc/invocation.ts";
import { geteuid, waitFor } from "../../../lib/libc/process.ts";
import { spawn } from "../../../lib/libc/spawn.ts";
import { isDirectory, tryLstat, tryStat } from "../../../lib/libc/stat.ts";
import { Failure } from "../../context.ts";
import { selfCommand } from "../../self.ts";

const USUAL = ["services.yaml", "services.yml", "services.json"];
const ONLY_OURS = 0o700;
const OTHERS = 0o077;

/** The files of a project, absolute; without any, the usual one of this directory. */
export function projectFiles(given: readonly string[]): readonly string[] {
  const names = given.length > 0 ? given : USUAL.filter(isThere).slice(0, 1);
  if (names.length === 0) {
    throw new Failure(EXIT_USAGE, `there is no ${USUAL[0]} here; name a file with --file`);
  }
  // by whatever way the directory was entered, it is the same project
  return names.map((name) => `${realPath(dirName(name))}/${name.slice(name.lastIndexOf("/") + 1)}`);
}

function isThere(name: string): boolean {
  return typeof tryStat(name) !== "number";
}

/** @param files Absolute */
export function placeOf(files: readonly string[]): ProjectPlace {
  const parent = variable("XDG_RUNTIME_DIR") ?? variable("TMPDIR") ?? "/tmp";
  return projectPlace(files[0]!, parent, geteuid());
}

/**
 * Puts our commands where the services' scripts find them: a machine for development need not have
 * them in PATH. They come first, since the scripts use what C's lack, such as names of groups.
 */
export function linkCommands({ bin }: ProjectPlace): void {
  const made = mkdir(bin, ONLY_OURS);
  if (made !== -EEXIST) checked(`create directory ${bin}`, made);
  const linked = symlink(ownProgram(), `${bin}/hexad`);
  if (linked !== -EEXIST) checked(`create ${bin}/hexad`, linked);
  const pid = checked(
    `link the commands in ${bin}`,
    spawn({ ...selfCommand("hexad", ["--install", bin]), fds: [] }),
  );
  if (waitFor(pid) !== 0) throw new Failure(EXIT_SYSTEM, `unable to link the commands in ${bin}`);
  setenv("PATH", `${bin}:${variable("PATH") ?? "/usr/bin:/bin"}`);
}

/** Makes the directory, or takes that of an earlier tree: nobody else may have made it. */
export function takePlace({ directory, scandir }: ProjectPlace): void {
  for (const path of [directory, scandir]) {
    const made = mkdir(path, ONLY_OURS);
    if (made !== -EEXIST) checked(`create directory ${path}`, made);
    const found = tryLstat(path);
    const isOurs = typeof found !== "number" && isDirectory(found.mode) &&
      found.uid === geteuid() && (found.mode & OTHERS) === 0;
    if (!isOurs) {
      throw new Failure(EXIT_USAGE, `${path} is another user's, or open to others; remove it`);
    }
  }
}
