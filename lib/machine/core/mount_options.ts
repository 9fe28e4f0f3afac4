/**
 * Mount options, as fstab and `s6-mount -o` have them: flags of mount(2), and what is left for the
 * file system. Source: linux/mount.h; s6-linux-utils, s6-mount.c. Pure.
 */

export interface MountOptions {
  /** MS_* of mount(2). */
  readonly flags: number;
  /** For the file system, with commas between them; empty if there is nothing. */
  readonly data: string;
}

export const NO_MOUNT_OPTIONS: MountOptions = { flags: 0, data: "" };

const MS_RDONLY = 1;
const MS_NOSUID = 2;
const MS_NODEV = 4;
const MS_NOEXEC = 8;
const MS_SYNCHRONOUS = 16;
const MS_REMOUNT = 32;
const MS_MANDLOCK = 64;
const MS_DIRSYNC = 128;
const MS_NOSYMFOLLOW = 256;
const MS_NOATIME = 1024;
const MS_NODIRATIME = 2048;
const MS_BIND = 4096;
const MS_MOVE = 8192;
const MS_SILENT = 32768;
const MS_UNBINDABLE = 1 << 17;
const MS_PRIVATE = 1 << 18;
const MS_SLAVE = 1 << 19;
const MS_SHARED = 1 << 20;
const MS_RELATIME = 1 << 21;
const MS_STRICTATIME = 1 << 24;
const MS_LAZYTIME = 1 << 25;

const PROPAGATION = MS_UNBINDABLE | MS_PRIVATE | MS_SLAVE | MS_SHARED;

/** Flags by the option that sets them. */
const SETS: Readonly<Record<string, number>> = {
  bind: MS_BIND,
  dirsync: MS_DIRSYNC,
  lazytime: MS_LAZYTIME,
  mandlock: MS_MANDLOCK,
  move: MS_MOVE,
  noatime: MS_NOATIME,
  nodev: MS_NODEV,
  nodiratime: MS_NODIRATIME,
  noexec: MS_NOEXEC,
  nosuid: MS_NOSUID,
  nosymfollow: MS_NOSYMFOLLOW,
  private: MS_PRIVATE,
  relatime: MS_RELATIME,
  remount: MS_REMOUNT,
  ro: MS_RDONLY,
  shared: MS_SHARED,
  silent: MS_SILENT,
  slave: MS_SLAVE,
  strictatime: MS_STRICTATIME,
  sync: MS_SYNCHRONOUS,
  unbindable: MS_UNBINDABLE,
};

/** Flags by the option that takes them away. */
const CLEARS: Readonly<Record<string, number>> = {
  async: MS_SYNCHRONOUS,
  atime: MS_NOATIME,
  defaults: MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_SYNCHRONOUS,
  dev: MS_NODEV,
  diratime: MS_NODIRATIME,
  exec: MS_NOEXEC,
  loud: MS_SILENT,
  nobind: MS_BIND,
  nodirsync: MS_DIRSYNC,
  nolazytime: MS_LAZYTIME,
  nomandlock: MS_MANDLOCK,
  nomove: MS_MOVE,
  norelatime: MS_RELATIME,
  nostrictatime: MS_STRICTATIME,
  rw: MS_RDONLY,
  suid: MS_NOSUID,
  symfollow: MS_NOSYMFOLLOW,
};

/** What `list`, options with commas between them, makes of `before`. The last word on a flag counts. */
export function withMountOptions(before: MountOptions, list: string): MountOptions {
  return list.split(",").reduce(withMountOption, before);
}

function withMountOption({ flags, data }: MountOptions, option: string): MountOptions {
  if (Object.hasOwn(CLEARS, option)) return { flags: flags & ~CLEARS[option]!, data };
  if (Object.hasOwn(SETS, option)) {
    const added = SETS[option]!;
    const kept = (added & PROPAGATION) === 0 ? flags : flags & ~PROPAGATION;
    return { flags: kept | added, data };
  }
  return { flags, data: [data, option].filter((part) => part !== "").join(",") };
}
