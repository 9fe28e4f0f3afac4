/**
 * What tells a process of a service from all others, for a supervisor that comes after the present
 * one was killed. It stands in `supervise/lock`, which C leaves empty, and which is open as long as
 * the supervisor lives: so writing it is one system call, and `supervise/status` remains C's. The
 * status that is announced next is part of it, so the two can be held against each other.
 *
 * bytes 0-34 the status - 35 version, 2 - 36 flags: 1 dying, 2 slain, 4 draining, 8 sweeping, 16 the
 * supervisor is PID 1 - 37-44 and 45-52 when the process was started, at the earliest and at the
 * latest - 53-60 inode of its notification pipe, 0 for none - 61-64 that pipe's number in the
 * service - 65-76 when a later supervisor adopted it, 0 if none has (tain) - 77-92 boot id - 93-100
 * PID namespace - 101-116 device and inode of the supervisor's root directory - 117-132 of the
 * service directory, for a copy of it is another one - 133-140 inode of the pipe between it and its
 * logger or its producer, 0 for none. All numbers are big-endian.
 *
 * The start is known as two moments around the spawn rather than as `/proc/PID/stat` tells it:
 * nothing has to be read. The pid was this process's own between them, so whatever process has that
 * pid and has started between them is this one. Pure.
 */
import { packTain, type Tain, TAIN_ZERO, unpackTain } from "../../core/time/tain.ts";
import { packSvstatus, type Svstatus, SVSTATUS_SIZE, unpackSvstatus } from "./svstatus.ts";

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
  /** Device and inode of the service directory, with a colon between. */
  readonly directory: string;
  /** Absent: none was started, or it is a log of a log host, which is no process of its own. */
  readonly started?: StartedBetween;
  /** The pipe on which it has to report; `fd`: its number in the service. */
  readonly notification?: { readonly inode: bigint; readonly fd: number };
  /** The inode of the pipe to its logger, or of a logger from its producer. */
  readonly pipe?: bigint;
  /** Absent: its supervisor has started it. */
  readonly adopted?: Tain;
}

/** How far its supervisor is with it. */
export interface LifeStage {
  /** Its down-signal was sent. */
  readonly dying: boolean;
  /** SIGKILL was sent. */
  readonly slain: boolean;
  /** It waits for its down-signal. */
  readonly draining: boolean;
  /** It is dead, and what it left is being killed. */
  readonly sweeping: boolean;
}

export interface LifeRecord extends LifeMark, LifeStage {}

/** With the status that was announced next. */
export interface RecordedLife {
  readonly status: Svstatus;
  readonly life: LifeRecord;
}

/** The size of a record. */
export const LIFE_RECORD_SIZE = 141;

const VERSION = 2;
const DYING = 1;
const SLAIN = 2;
const DRAINING = 4;
const SWEEPING = 8;
const IS_INIT = 16;

/** A record as bytes, with the status that belongs to it. */
export function packLifeRecord(status: Svstatus, record: LifeRecord): Uint8Array<ArrayBuffer> {
  const { world, started, notification, pipe, adopted } = record;
  const bytes = new Uint8Array(LIFE_RECORD_SIZE);
  bytes.set(packSvstatus(status));
  const view = new DataView(bytes.buffer);
  bytes[SVSTATUS_SIZE] = VERSION;
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
  setFileKey(view, 101, world.root);
  setFileKey(view, 117, record.directory);
  view.setBigUint64(133, pipe ?? 0n);
  return bytes;
}

function setFileKey(view: DataView, at: number, key: string): void {
  const [device, inode] = key.split(":");
  view.setBigUint64(at, BigInt(device!));
  view.setBigUint64(at + 8, BigInt(inode!));
}

function fileKeyAt(view: DataView, at: number): string {
  return `${view.getBigUint64(at)}:${view.getBigUint64(at + 8)}`;
}

/** Undefined if it is none, or none that we know. */
export function unpackLifeRecord(bytes: Uint8Array): RecordedLife | undefined {
  if (bytes.length < LIFE_RECORD_SIZE || bytes[SVSTATUS_SIZE] !== VERSION) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, LIFE_RECORD_SIZE);
  const flags = bytes[36]!;
  const toUs = Number(view.getBigUint64(45));
  const inode = view.getBigUint64(53);
  const pipe = view.getBigUint64(133);
  const adopted = unpackTain(bytes, 65);
  const life = {
    world: {
      bootId: bytes.subarray(77, 93).toHex(),
      pidNamespace: view.getBigUint64(93),
      root: fileKeyAt(view, 101),
      isInit: (flags & IS_INIT) !== 0,
    },
    directory: fileKeyAt(view, 117),
    ...(toUs === 0 ? {} : { started: { fromUs: Number(view.getBigUint64(37)), toUs } }),
    ...(inode === 0n ? {} : { notification: { inode, fd: view.getUint32(61) } }),
    ...(pipe === 0n ? {} : { pipe }),
    ...(adopted.sec === 0n ? {} : { adopted }),
    dying: (flags & DYING) !== 0,
    slain: (flags & SLAIN) !== 0,
    draining: (flags & DRAINING) !== 0,
    sweeping: (flags & SWEEPING) !== 0,
  };
  return { status: unpackSvstatus(bytes.subarray(0, SVSTATUS_SIZE)), life };
}
