/**
 * The mounted file systems, and the mount that a path is on. It only compares text, because a file
 * system that hangs might never answer. Source: proc(5), /proc/PID/mountinfo. Pure.
 */
import { canonicalPath } from "../../core/text/path_canonical.ts";

export interface Mount {
  /** An absolute path. */
  readonly point: string;
  /** `MAJOR:MINOR`: the same for all mounts of one file system. */
  readonly device: string;
  readonly type: string;
}

const OCTAL = /\\([0-7]{3})/g;

/** Malformed lines are left out. */
export function parseMountinfo(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const [, , device, , point, ...rest] = line.split(" ");
    const type = rest[rest.indexOf("-") + 1];
    if (device === undefined || point === undefined || type === undefined || !rest.includes("-")) {
      return [];
    }
    return [{
      point: point.replace(OCTAL, (_, digits) => String.fromCharCode(parseInt(digits, 8))),
      device,
      type,
    }];
  });
}

/** File systems that exist only in the kernel's memory. */
const IN_MEMORY = new Set(
  "tmpfs ramfs devtmpfs proc sysfs cgroup cgroup2 devpts mqueue hugetlbfs securityfs debugfs tracefs bpf pstore configfs fusectl binfmt_misc rootfs"
    .split(" "),
);

/** Whether `path` is the mount point, or below it. */
function isWithin(path: string, point: string): boolean {
  return point === "/" || path === point || (path.startsWith(point) && path[point.length] === "/");
}

/**
 * The mount that `path` is on. `path` is absolute, without links and dots. Of several mounts at one
 * point, the last one is visible.
 */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    if (
      isWithin(path, mount.point) &&
      (found === undefined || mount.point.length >= found.point.length)
    ) found = mount;
  }
  return found;
}

/** File systems that depend on another machine or another process. */
const REMOTE = new Set(
  "nfs nfs4 cifs smb3 afs ceph 9p virtiofs lustre gfs2 ocfs2 orangefs coda".split(" "),
);

export function isRemote({ type }: Mount): boolean {
  return REMOTE.has(type) || type === "fuse" || type.startsWith("fuse.");
}

/**
 * Whether it can hang while everything else goes on. The root file system can't, because it has the
 * programs.
 */
export function mayHangAlone(mount: Mount, mounts: readonly Mount[]): boolean {
  return !IN_MEMORY.has(mount.type) && mount.device !== mountOf("/", mounts)?.device;
}

const MAX_LINKS = 40;

/**
 * The mount on which an absolute path ends, if that may hang alone. Links are followed only on
 * mounts that can't hang alone. Beyond that nothing is touched, and links count as directories.
 *
 * @param readLink Returns the target of a link; undefined if there is no link of this name
 */
export function hangingMount(
  path: string,
  mounts: readonly Mount[],
  readLink: (path: string) => string | undefined,
): Mount | undefined {
  const hanging = (at: string): Mount | undefined => {
    const mount = mountOf(at, mounts);
    return mount !== undefined && mayHangAlone(mount, mounts) ? mount : undefined;
  };
  let rest = path.split("/");
  let here = "";
  for (let links = 0; rest.length > 0;) {
    const name = rest.shift()!;
    if (name === "" || name === ".") continue;
    if (name === "..") {
      here = here.slice(0, here.lastIndexOf("/"));
      continue;
    }
    const next = `${here}/${name}`;
    const mount = hanging(next);
    if (mount !== undefined) {
      return hanging(canonicalPath([next, ...rest].join("/"), () => {})) ?? mount;
    }
    const target = links < MAX_LINKS ? readLink(next) : undefined;
    if (target === undefined) here = next;
    else {
      links++;
      rest = [...target.split("/"), ...rest];
      if (target.startsWith("/")) here = "";
    }
  }
  return hanging(here === "" ? "/" : here);
}
