/**
 * The living log hosts of an s6-svscan, in its lock file, so that the next one finds them if it is
 * killed.
 *
 * bytes 0 version, 1 - 1 their number - 2-17 boot id - 18-25 PID namespace - then for each 20: pid
 * (4), and when it was started, at the earliest and at the latest, in microseconds since the boot
 * (8 and 8). All numbers are big-endian. Pure.
 */
import type { ProcessWorld, StartedBetween } from "../../servicedir/core/life_record.ts";

/** A process. */
export interface HostLife extends StartedBetween {
  readonly pid: number;
}

/** Where it stands in the lock file: behind what is about to be started. */
export const HOSTS_OFFSET = 512;
/** There is one for each file system and each user of logs. Those beyond are not found again. */
const MOST_HOSTS = 100;
const VERSION = 1;
const HEAD_SIZE = 26;
const HOST_SIZE = 20;

/** At most so many bytes. */
export const HOSTS_SIZE = HEAD_SIZE + MOST_HOSTS * HOST_SIZE;

export function packHosts(
  { bootId, pidNamespace }: ProcessWorld,
  hosts: readonly HostLife[],
): Uint8Array<ArrayBuffer> {
  const known = hosts.slice(0, MOST_HOSTS);
  const bytes = new Uint8Array(HEAD_SIZE + known.length * HOST_SIZE);
  const view = new DataView(bytes.buffer);
  bytes[0] = VERSION;
  bytes[1] = known.length;
  bytes.set(Uint8Array.fromHex(bootId), 2);
  view.setBigUint64(18, pidNamespace);
  known.forEach(({ pid, fromUs, toUs }, i) => {
    const at = HEAD_SIZE + i * HOST_SIZE;
    view.setUint32(at, pid);
    view.setBigUint64(at + 4, BigInt(fromUs));
    view.setBigUint64(at + 12, BigInt(toUs));
  });
  return bytes;
}

/** None if they are of another world, where their pids mean nothing. */
export function unpackHosts(
  bytes: Uint8Array,
  { bootId, pidNamespace }: ProcessWorld,
): readonly HostLife[] {
  if (bytes.length < HEAD_SIZE || bytes[0] !== VERSION) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isHere = bytes.subarray(2, 18).toHex() === bootId &&
    view.getBigUint64(18) === pidNamespace;
  const count = Math.min(bytes[1]!, Math.floor((bytes.length - HEAD_SIZE) / HOST_SIZE));
  return Array.from({ length: isHere ? count : 0 }, (_, i) => {
    const at = HEAD_SIZE + i * HOST_SIZE;
    return {
      pid: view.getUint32(at),
      fromUs: Number(view.getBigUint64(at + 4)),
      toUs: Number(view.getBigUint64(at + 12)),
    };
  });
}
