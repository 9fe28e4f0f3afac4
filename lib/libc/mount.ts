/**
 * Mounting, for a /run that is missing or unusable. Source: mount(2), statvfs(3); linux/mount.h.
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
  unshare: { parameters: ["i32"], result: "i32" },
  setns: { parameters: ["i32", "i32"], result: "i32" },
  statvfs: { parameters: ["buffer", "buffer"], result: "i32" },
});

/** Mounts an empty tmpfs from which programs can be executed, mode 0755. 0, or `-errno`. */
export function mountTmpfs(path: string): number {
  const name = encodeCString("tmpfs");
  return call(
    libc.mount,
    name,
    encodeCString(path),
    name,
    BigInt(MS_NODEV | MS_NOSUID),
    encodeCString("mode=0755"),
  );
}

/**
 * Takes `noexec` and `ro` off the mount at `path` and leaves its other flags. 0, or `-errno`
 * (`-EINVAL`: no mount point).
 */
export function remountExecutable(path: string): number {
  const flags = mountFlags(path);
  const kept = flags & SHARED_FLAGS & ~(ST_NOEXEC | ST_RDONLY) |
    ((flags & ST_RELATIME) !== 0 ? MS_RELATIME : 0);
  const none = encodeCString("");
  return call(
    libc.mount,
    none,
    encodeCString(path),
    none,
    BigInt(MS_REMOUNT | MS_BIND | kept),
    none,
  );
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
