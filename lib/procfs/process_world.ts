/** The boot, the PID namespace and the root directory in which this process lives. */
import type { ProcessWorld } from "../servicedir/core/life_record.ts";
import { readlink } from "../libc/file.ts";
import { getpid } from "../libc/process.ts";
import { fileKey, tryStat } from "../libc/stat.ts";
import { readProcFile } from "./processes.ts";

const BOOT_ID = "/proc/sys/kernel/random/boot_id";
const BOOT_ID_LENGTH = 36;

/** Undefined if there is no /proc of our PID namespace: nothing can be told of processes then. */
export function processWorld(): ProcessWorld | undefined {
  if (readlink("/proc/self") !== String(getpid())) return undefined;
  const namespace = readlink("/proc/self/ns/pid");
  const digits = typeof namespace === "string" ? /^pid:\[([0-9]+)\]$/.exec(namespace)?.[1] : "";
  const bootId = new TextDecoder().decode(readProcFile(BOOT_ID, BOOT_ID_LENGTH))
    .replaceAll("-", "");
  const root = tryStat("/");
  if (!digits || !/^[0-9a-f]{32}$/.test(bootId) || typeof root === "number") return undefined;
  return {
    bootId,
    pidNamespace: BigInt(digits),
    root: fileKey(root),
    isInit: getpid() === 1,
  };
}
