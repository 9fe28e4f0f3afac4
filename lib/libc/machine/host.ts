/**
 * What belongs to the whole machine: its name, its swap, the memory of its RAM disks. Source:
 * gethostname(2), swapon(2); linux/fs.h.
 */
import { decodePath, encodeCString, encodePath } from "../../core/text/path_bytes.ts";
import { bindLibrary, call, checked } from "../bind.ts";

/** __NEW_UTS_LEN, and a NUL. */
const HOSTNAME_BYTES = 65;
const BLKFLSBUF = 0x1261n;

const libc = bindLibrary({
  gethostname: {
    parameters: [
      "buffer", // char *name
      "usize", // size_t len
    ],
    result: "i32",
  },
  sethostname: {
    parameters: [
      "buffer", // const char *name
      "usize", // size_t len
    ],
    result: "i32",
  },
  swapon: {
    parameters: [
      "buffer", // const char *path
      "i32", // int swapflags
    ],
    result: "i32",
  },
  swapoff: { parameters: ["buffer"], result: "i32" },
  ioctl: {
    parameters: [
      "i32", // int fd
      "usize", // unsigned long request
      "usize", // unused
    ],
    result: "i32",
  },
});

/** @throws {SyscallError} If there is none to be had. */
export function hostname(): string {
  const name = new Uint8Array(HOSTNAME_BYTES);
  checked("get hostname", call(libc.gethostname, name, BigInt(name.length)));
  return decodePath(name.subarray(0, name.indexOf(0)));
}

/** 0, or `-errno`. */
export function setHostname(name: string): number {
  const bytes = encodePath(name);
  return call(libc.sethostname, bytes, BigInt(bytes.length));
}

/** Begins to use a device or file as swap. 0, or `-errno`. */
export function swapOn(path: string): number {
  return call(libc.swapon, encodeCString(path), 0);
}

/** Stops using it. 0, or `-errno`. */
export function swapOff(path: string): number {
  return call(libc.swapoff, encodeCString(path));
}

/** Drops what the kernel keeps of a block device; of a RAM disk that is all. 0, or `-errno`. */
export function flushBlockDevice(fd: number): number {
  return call(libc.ioctl, fd, BLKFLSBUF, 0n);
}
