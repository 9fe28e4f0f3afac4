/**
 * Finds the file systems of a log or a service directory that may hang while everything else goes
 * on. It touches nothing on them.
 */
import type { LogScript } from "../logdir/core/log_script.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { monotonicMs } from "../libc/clock.ts";
import { O_RDONLY } from "../core/linux/open_flags.ts";
import { close, readlink, readUpTo } from "../libc/file.ts";
import { tryOpenFile } from "../libc/wary_open.ts";
import { hangingMount, mayHangAlone, type Mount, parseMountinfo } from "./core/mount_table.ts";

const MOUNTINFO = "/proc/self/mountinfo";
const MAX_MOUNTINFO = 1 << 20;
/** The table is reused for this long, because many logs start at the same time. */
const FRESH_MS = 1000;

/** The files that a script writes to, by the names that it uses. */
function pathsOf({ logdirs, stanzas }: LogScript): string[] {
  const files = stanzas.flatMap(({ actions }) =>
    actions.flatMap((action) => action.kind === "status" ? [action.file] : [])
  );
  return [...logdirs.map(({ path }) => path), ...files];
}

/** Without /proc we have to assume that there is only one file system. */
export function readMountinfo(): string {
  const fd = tryOpenFile(MOUNTINFO, O_RDONLY);
  if (fd < 0) return "";
  const bytes = readUpTo(fd, MAX_MOUNTINFO); // the kernel returns a few lines at a time
  close(fd);
  return typeof bytes === "number" ? "" : decodePath(bytes);
}

function readLink(path: string): string | undefined {
  const target = readlink(path);
  return typeof target === "number" ? undefined : target;
}

export class FileSystems {
  #mounts: readonly Mount[] = [];
  /** Whether some of them may hang while everything else goes on. */
  #hasOthers = false;
  #readMs = -Infinity;

  #refresh(): void {
    const nowMs = monotonicMs();
    if (nowMs - this.#readMs < FRESH_MS) return;
    this.#readMs = nowMs;
    this.#mounts = parseMountinfo(readMountinfo());
    this.#hasOthers = this.#mounts.some((mount) => mayHangAlone(mount, this.#mounts));
  }

  /**
   * The devices, joined to one word; empty if there are none.
   *
   * @param directoryFd The directory for relative paths
   */
  of(script: LogScript, directoryFd: number): string {
    const paths = pathsOf(script);
    if (paths.length === 0) return "";
    this.#refresh();
    if (!this.#hasOthers) return "";
    const directory = paths.every((path) => path.startsWith("/"))
      ? ""
      : readLink(`/proc/self/fd/${directoryFd}`) ?? "";
    const devices = paths.flatMap((path) =>
      hangingMount(path.startsWith("/") ? path : `${directory}/${path}`, this.#mounts, readLink)
        ?.device ?? []
    );
    return [...new Set(devices)].sort().join("+");
  }

  /**
   * The file system that `name` in a directory leads to, if it may hang alone and the directory
   * itself is on another one.
   *
   * @param directoryFd An open directory
   */
  awayFrom(directoryFd: number, name: string): Mount | undefined {
    this.#refresh();
    if (!this.#hasOthers) return undefined;
    const directory = readLink(`/proc/self/fd/${directoryFd}`);
    if (directory === undefined) return undefined;
    const mount = hangingMount(`${directory}/${name}`, this.#mounts, readLink);
    return mount?.device === hangingMount(directory, this.#mounts, readLink)?.device
      ? undefined
      : mount;
  }
}
