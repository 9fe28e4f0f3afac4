/**
 * Mounting and unmounting; a /run that is missing or unusable. Source: mount(2), umount(2),
 * statvfs(3); linux/mount.h.
 *
 * PID namespaces, for `flag-newpidns`: leave our namespace for children, spawn one, come back, all
 * in one synchronous stretch. Source: unshare(2), setns(2), pid_namespaces(7).
 *
 * How a file system is mounted. Source: statvfs(3).
 */
import { encodeCString } from "../core/text/path_bytes.ts";
import { bindLibrary, call } from "./bind.ts";
import { O_RDONLY } from "../core/linux/open_flags.ts";
import { close, tryOpen } from "./file.ts";

const MS_REMOUNT = 32;
const MS_BIND = 4096;
const MS_NODEV = 4;
const MS_NOSUID = 2;
const MS_RELATIME = 1 << 21;
const ST_RELATIME = 4096;
/** Flags that statvfs and mount number alike: nosuid, nodev, noatime, nodiratime. */
const SHARED_FLAGS = 2 | 4 | 1024 | 2048;

const libc = bindLibrary({
  mount: {
    parameters: [
      "buffer", // const char *source
      "buffer", // const char *target
      "buffer", // const char *filesystemtype
      "u64", // unsigned long mountflags
      "buffer", // const void *data
    ],
    result: "i32",
  },
  umount: { parameters: ["buffer"], result: "i32" },
  unshare: { parameters: ["i32"], result: "i32" },
  setns: { parameters: ["i32", "i32"], result: "i32" },
  statvfs: { parameters: ["buffer", "buffer"], result: "i32" },
});

export interface MountRequest {
  /** A device, a directory, or a word where the type needs neither. */
  readonly source: string;
  readonly target: string;
  readonly type: string;
  /** MS_*. */
  readonly flags: number;
  /** Options for the file system, with commas between them. */
  readonly data: string;
}

/** Mounts, or changes a mount. 0, or `-errno`. */
export function mount({ source, target, type, flags, data }: MountRequest): number {
  return call(
    libc.mount,
    encodeCString(source),
    encodeCString(target),
    encodeCString(type),
    BigInt(flags),
    encodeCString(data),
  );
}

/** Takes the file system away that is mounted at `target`. 0, or `-errno`. */
export function unmount(target: string): number {
  return call(libc.umount, encodeCString(target));
}

/** Mounts an empty tmpfs from which programs can be executed, mode 0755. 0, or `-errno`. */
export function mountTmpfs(path: string): number {
  return mount({
    source: "tmpfs",
    target: path,
    type: "tmpfs",
    flags: MS_NODEV | MS_NOSUID,
    data: "mode=0755",
  });
}

/**
 * Takes `noexec` and `ro` off the mount at `path` and leaves its other flags. 0, or `-errno`
 * (`-EINVAL`: no mount point).
 */
export function remountExecutable(path: string): number {
  const flags = mountFlags(path);
  const kept = flags & SHARED_FLAGS & ~(ST_NOEXEC | ST_RDONLY) |
    ((flags & ST_RELATIME) !== 0 ? MS_RELATIME : 0);
  return mount({
    source: "",
    target: path,
    type: "",
    flags: MS_REMOUNT | MS_BIND | kept,
    data: "",
  });
}

const CLONE_NEWPID = 0x20000000;

/**
 * Runs `spawn` so that the child it makes is PID 1 of a namespace of its own.
 *
 * @returns What `spawn` returned (0 or an error number), or the error number of what kept us from
 *   trying.
 */
export function inNewPidNamespace(spawn: () => number): number {
  const own = tryOpen("/proc/self/ns/pid", O_RDONLY);
  if (own < 0) return -own;
  try {
    const left = call(libc.unshare, CLONE_NEWPID);
    if (left < 0) return -left;
    try {
      return spawn();
    } finally {
      libc.setns(own, CLONE_NEWPID);
    }
  } finally {
    close(own);
  }
}

const F_FLAG_OFFSET = 72;

export const ST_RDONLY = 1;
export const ST_NOEXEC = 8;

/** The flags (ST_*) of the mount that `path` is on; 0 where that can't be told. */
export function mountFlags(path: string): number {
  const record = new DataView(new ArrayBuffer(112));
  if (call(libc.statvfs, encodeCString(path), new Uint8Array(record.buffer)) < 0) return 0;
  return Number(record.getBigUint64(F_FLAG_OFFSET, true));
}

/**
 * Does the file system of `path` forbid the execution of programs? False where that can't be told.
 */
export function isMountedNoexec(path: string): boolean {
  return (mountFlags(path) & ST_NOEXEC) !== 0;
}
