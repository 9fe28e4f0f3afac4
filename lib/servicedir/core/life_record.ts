/**
 * What tells a process of a service from all others, for a supervisor that comes after the present
 * one was killed. It stands behind the 35 bytes of `supervise/status`, which C's programs read and
 * no more of it, and is written with them in one step: so it costs no system call, and never
 * contradicts the status.
 *
 * bytes 35 version, 1 - 36 flags: 1 dying, 2 slain, 4 draining, 8 sweeping, 16 the supervisor is
 * PID 1 - 37-44 and 45-52 when the process was started, at the earliest and at the latest - 53-60
 * inode of its notification pipe, 0 for none - 61-64 that pipe's number in the service - 65-76
 * when a later supervisor adopted it, 0 if none has (tain) - 77-92 boot id - 93-100 PID namespace -
 * 101-116 device and inode of the supervisor's root directory - 117-124 inode of the pipe between it
 * and its logger or its producer, 0 for none. All numbers are big-endian.
 *
 * The start is known as two moments around the spawn rather than as `/proc/PID/stat` tells it:
 * nothing has to be read. The pid was this process's own between them, so whatever process has that
 * pid and has started between them is this one. Pure.
 */
import { packTain, type Tain, TAIN_ZERO, unpackTain } from "../../core/time/tain.ts";
import { packSvstatus, type Svstatus, SVSTATUS_SIZE } from "./svstatus.ts";

/** Where a pid, and a time since the boot, mean something. */
export interface ProcessWorld {
  /** 32 hexadecimal digits. */
  readonly bootId: string;
  /** The inode of the namespace. */
  readonly pidNamespace: bigint;
  /** Device and inode, with a colon between. */
  readonly root: string;
  /** This process is PID 1 there, so all others die with it. */
  readonly isInit: boolean;
}

/** Two moments, in microseconds since the boot, with suspended time. */
export interface StartedBetween {
  readonly fromUs: number;
  readonly toUs: number;
}

/** What the port knows of its process. */
export interface LifeMark {
  readonly world: ProcessWorld;
  /** Absent: none was started, or it is a log of a log host, which is no process of its own. */
  readonly started?: StartedBetween;
  /** The pipe on which it has to report; `fd`: its number in the service. */
  readonly notification?: { readonly inode: bigint; readonly fd: number };
  /** The inode of the pipe to its logger, or of a logger from its producer. */
  readonly pipe?: bigint;
  /** Absent: its supervisor has started it. */
  readonly adopted?: Tain;
}

export interface LifeRecord extends LifeMark {
  /** Its down-signal was sent. */
  readonly dying: boolean;
  /** SIGKILL was sent. */
  readonly slain: boolean;
  /** It waits for its down-signal. */
  readonly draining: boolean;
  /** It is dead, and what it left is being killed. */
  readonly sweeping: boolean;
}

/** The size of `supervise/status` with a record. */
export const STATUS_FILE_SIZE = 125;

const VERSION = 1;
const DYING = 1;
const SLAIN = 2;
const DRAINING = 4;
const SWEEPING = 8;
const IS_INIT = 16;

/** The content of `supervise/status`. */
export function packStatusFile(
  status: Svstatus,
  record: LifeRecord | undefined,
): Uint8Array<ArrayBuffer> {
  const short = packSvstatus(status);
  if (record === undefined) return short;
  const { world, started, notification, pipe, adopted } = record;
  const bytes = new Uint8Array(STATUS_FILE_SIZE);
  bytes.set(short);
  const view = new DataView(bytes.buffer);
  bytes[35] = VERSION;
  bytes[36] = (record.dying ? DYING : 0) | (record.slain ? SLAIN : 0) |
    (record.draining ? DRAINING : 0) | (record.sweeping ? SWEEPING : 0) |
    (world.isInit ? IS_INIT : 0);
  view.setBigUint64(37, BigInt(started?.fromUs ?? 0));
  view.setBigUint64(45, BigInt(started?.toUs ?? 0));
  view.setBigUint64(53, notification?.inode ?? 0n);
  view.setUint32(61, notification?.fd ?? 0);
  packTain(adopted ?? TAIN_ZERO, bytes, 65);
  bytes.set(Uint8Array.fromHex(world.bootId), 77);
  view.setBigUint64(93, world.pidNamespace);
  const [device, inode] = world.root.split(":");
  view.setBigUint64(101, BigInt(device!));
  view.setBigUint64(109, BigInt(inode!));
  view.setBigUint64(117, pipe ?? 0n);
  return bytes;
}

/** Undefined if none, or none that we know, stands behind the status. */
export function unpackLifeRecord(bytes: Uint8Array): LifeRecord | undefined {
  if (bytes.length < STATUS_FILE_SIZE || bytes[SVSTATUS_SIZE] !== VERSION) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, STATUS_FILE_SIZE);
  const flags = bytes[36]!;
  const toUs = Number(view.getBigUint64(45));
  const inode = view.getBigUint64(53);
  const pipe = view.getBigUint64(117);
  const adopted = unpackTain(bytes, 65);
  return {
    world: {
      bootId: bytes.subarray(77, 93).toHex(),
      pidNamespace: view.getBigUint64(93),
      root: `${view.getBigUint64(101)}:${view.getBigUint64(109)}`,
      isInit: (flags & IS_INIT) !== 0,
    },
    ...(toUs === 0 ? {} : { started: { fromUs: Number(view.getBigUint64(37)), toUs } }),
    ...(inode === 0n ? {} : { notification: { inode, fd: view.getUint32(61) } }),
    ...(pipe === 0n ? {} : { pipe }),
    ...(adopted.sec === 0n ? {} : { adopted }),
    dying: (flags & DYING) !== 0,
    slain: (flags & SLAIN) !== 0,
    draining: (flags & DRAINING) !== 0,
    sweeping: (flags & SWEEPING) !== 0,
  };
}
