/**
 * What a process that supervises writes down before each spawn: which service it is about to start.
 * It spawns one after the other, so one place is enough for all its services, and the status that
 * is written after the spawn makes it void. Only if the process is killed between the two does the
 * next one look for what was started: lib/supervise/core/takeover.ts.
 *
 * bytes 0 version, 1 - 1 program: 0 ./run, 1 ./finish - 2-17 device and inode of the service
 * directory - 18-25 microseconds since the boot - 26-41 boot id - 42-49 PID namespace, all
 * big-endian. Pure.
 */
import type { ProcessWorld } from "../../servicedir/core/life_record.ts";

export type Program = "run" | "finish";

export interface SpawnIntent {
  readonly program: Program;
  /** Device and inode of the service directory, with a colon between. */
  readonly devino: string;
  /** Microseconds since the boot. */
  readonly atUs: number;
  readonly bootId: string;
  readonly pidNamespace: bigint;
}

export const INTENT_SIZE = 50;
/** Where it stands in the lock file: in that of one service a `life_record.ts` stands before it. */
export const INTENT_OFFSET = 256;
const VERSION = 1;

export function packIntent(
  { program, devino, atUs, bootId, pidNamespace }: SpawnIntent,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(INTENT_SIZE);
  const view = new DataView(bytes.buffer);
  const [device, inode] = devino.split(":");
  bytes[0] = VERSION;
  bytes[1] = program === "run" ? 0 : 1;
  view.setBigUint64(2, BigInt(device!));
  view.setBigUint64(10, BigInt(inode!));
  view.setBigUint64(18, BigInt(atUs));
  bytes.set(Uint8Array.fromHex(bootId), 26);
  view.setBigUint64(42, pidNamespace);
  return bytes;
}

/** Undefined if nothing was written down in a form that we know. */
export function unpackIntent(bytes: Uint8Array): SpawnIntent | undefined {
  if (bytes.length < INTENT_SIZE || bytes[0] !== VERSION) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, INTENT_SIZE);
  return {
    program: bytes[1] === 0 ? "run" : "finish",
    devino: `${view.getBigUint64(2)}:${view.getBigUint64(10)}`,
    atUs: Number(view.getBigUint64(18)),
    bootId: bytes.subarray(26, 42).toHex(),
    pidNamespace: view.getBigUint64(42),
  };
}

/** Whether it was written in this world: elsewhere its time and its processes mean nothing. */
export function isOfWorld(intent: SpawnIntent, world: ProcessWorld): boolean {
  return intent.bootId === world.bootId && intent.pidNamespace === world.pidNamespace;
}
