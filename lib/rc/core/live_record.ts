/**
 * What the supervising process knows of a live folder's services, on disk for others to read:
 * `LIVE/hexad-record` is the present state, and `LIVE/hexad-boot` the state when the first change
 * was over. It is a JSON document with one entry for each service: its last transition, and why it
 * failed or was not tried. Times are milliseconds of the monotonic clock; `monotonicMs` and
 * `unixMs` are the same moment on both clocks.
 *
 * Its size is bounded by the number of definitions, and it holds no environments or arguments. A
 * reader does not trust it: whatever does not have the right form is left out. Pure.
 */
import type { Stamps } from "./engine_state.ts";
import type { Direction } from "./graph.ts";

export const RECORD_FILE = "hexad-record";
export const BOOT_FILE = "hexad-boot";
export const RECORD_FORMAT = 1;
/** Below the live folder: a log directory for each oneshot whose output is kept. */
export const OUTPUT_DIRECTORY = "output";
/** Larger files are not read. Two thousand definitions take a sixteenth of this. */
export const MAX_RECORD = 1 << 24;

export type Progress = "up" | "down" | "starting" | "stopping" | "waiting";

const PROGRESSES: readonly unknown[] = [
  "up",
  "down",
  "starting",
  "stopping",
  "waiting",
] satisfies Progress[];

export interface RecordedService extends Stamps {
  readonly name: string;
  readonly type: "oneshot" | "longrun";
  /** It is one of /init's own steps, and not a service of the image. */
  readonly isStep: boolean;
  readonly progress: Progress;
  /** Why its last transition failed. */
  readonly failure?: { readonly direction: Direction; readonly code: number; readonly why: string };
  /** It was never tried. `because`: the service that failed; absent if time ran out. */
  readonly untried?: { readonly direction: Direction; readonly because?: string };
  /** The condition that is not met. */
  readonly skipped?: string;
}

/** A definition that was left out. */
export interface RecordedOmission {
  readonly name: string;
  /** The broken definition: itself, or one that it needs. */
  readonly because: string;
  /** What is wrong with it, if it is itself broken. */
  readonly why?: string;
}

export interface LiveRecord {
  readonly format: typeof RECORD_FORMAT;
  /** The supervising process. */
  readonly pid: number;
  /** Before each service's name in the scan directory. */
  readonly prefix: string;
  readonly monotonicMs: number;
  readonly unixMs: number;
  /** Whether something is being changed. */
  readonly busy: boolean;
  /** When the first change began; absent: nothing has been changed yet. */
  readonly beganMs?: number;
  readonly leftOut: readonly RecordedOmission[];
  readonly services: readonly RecordedService[];
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

function isMsOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === "number" && Number.isFinite(value);
}

function isDirection(value: unknown): value is Direction {
  return value === "up" || value === "down";
}

function isService(value: unknown): value is RecordedService {
  if (!isFields(value)) return false;
  const { name, type, isStep, progress, failure, untried, skipped } = value;
  return typeof name === "string" && (type === "oneshot" || type === "longrun") &&
    typeof isStep === "boolean" && PROGRESSES.includes(progress) && isTextOrAbsent(skipped) &&
    [value.wishedMs, value.startedMs, value.spawnedMs, value.endedMs].every(isMsOrAbsent) &&
    (failure === undefined ||
      isFields(failure) && isDirection(failure.direction) && Number.isInteger(failure.code) &&
        typeof failure.why === "string") &&
    (untried === undefined ||
      isFields(untried) && isDirection(untried.direction) && isTextOrAbsent(untried.because));
}

function isOmission(value: unknown): value is RecordedOmission {
  return isFields(value) && typeof value.name === "string" && typeof value.because === "string" &&
    isTextOrAbsent(value.why);
}

/** Undefined if the text is not a record of this format. */
export function parseRecord(text: string): LiveRecord | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!isFields(fields) || fields.format !== RECORD_FORMAT) return undefined;
  const { pid, prefix, monotonicMs, unixMs, busy, beganMs, leftOut, services } = fields;
  if (
    typeof pid !== "number" || !Number.isInteger(pid) || typeof prefix !== "string" ||
    typeof busy !== "boolean" ||
    monotonicMs === undefined || !isMsOrAbsent(monotonicMs) || unixMs === undefined ||
    !isMsOrAbsent(unixMs) || !isMsOrAbsent(beganMs) || !Array.isArray(leftOut) ||
    !Array.isArray(services)
  ) return undefined;
  return {
    ...(fields as unknown as LiveRecord),
    leftOut: leftOut.filter(isOmission),
    services: services.filter(isService),
  };
}

/** Converts a time of the record to Unix milliseconds. */
export function unixMsOf({ unixMs, monotonicMs }: LiveRecord, ms: number): number {
  return unixMs + (ms - monotonicMs);
}

/** Where the output of a oneshot's last run is, in the form of a log directory. */
export function outputLogdir(live: string, name: string): string {
  return `${live}/${OUTPUT_DIRECTORY}/${name}`;
}
