/** Mounting, for a /run that is missing or unusable. Source: mount(2), statvfs(3); linux/mount.h. */
import { encodeCString } from "../core/path_bytes.ts";
import { bindLibrary, call } from "./bind.ts";
import { mountFlags, ST_NOEXEC, ST_RDONLY } from "./statvfs.ts";

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
});

/** Mounts an empty tmpfs from which programs can be executed, mode 0755. 0, or `-errno`. */
export function mountTmpfs(path: string): number {
  const name = encodeCString("tmpfs");
  return call(libc.mount, name, encodeCString(path), name, BigInt(MS_NODEV | MS_NOSUID), encodeCString("mode=0755"));
}

/** Takes `noexec` and `ro` off the mount at `path` and leaves its other flags. 0, or `-errno` (`-EINVAL`: no mount point). */
export function remountExecutable(path: string): number {
  const flags = mountFlags(path);
  const kept = flags & SHARED_FLAGS & ~(ST_NOEXEC | ST_RDONLY) | ((flags & ST_RELATIME) !== 0 ? MS_RELATIME : 0);
  const none = encodeCString("");
  return call(libc.mount, none, encodeCString(path), none, BigInt(MS_REMOUNT | MS_BIND | kept), none);
}
