/**
 * The 35 bytes of `supervise/status`, read here without hexad's codec so that the codec is judged
 * too. bytes 0-11 tain of the last change - 12-23 tain of readiness - 24-31 pid - 32-33 wait status
 * - 34 flags
 */

export interface StatusFile {
  readonly stampSeconds: bigint;
  readonly stampNano: number;
  readonly readySeconds: bigint;
  readonly readyNano: number;
  readonly pid: number;
  readonly wstat: number;
  readonly paused: boolean;
  readonly finishing: boolean;
  readonly wantedUp: boolean;
  readonly ready: boolean;
}

/**
 * Reads the status of a service directory. @throws {Error} If it has another size than 35 bytes.
 */
export function readStatusFile(servicedir: string): StatusFile {
  const bytes = Deno.readFileSync(`${servicedir}/supervise/status`);
  if (bytes.length !== 35) {
    throw new Error(`${servicedir}/supervise/status has ${bytes.length} bytes`);
  }
  const view = new DataView(bytes.buffer);
  const flags = view.getUint8(34);
  return {
    stampSeconds: view.getBigUint64(0),
    stampNano: view.getUint32(8),
    readySeconds: view.getBigUint64(12),
    readyNano: view.getUint32(20),
    pid: Number(view.getBigUint64(24)),
    wstat: view.getUint16(32),
    paused: (flags & 1) !== 0,
    finishing: (flags & 2) !== 0,
    wantedUp: (flags & 4) !== 0,
    ready: (flags & 8) !== 0,
  };
}
