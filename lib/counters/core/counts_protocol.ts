/**
 * How s6-svscan and its log hosts tell what they have counted: whoever connects to the socket need
 * not ask. Each process sends packets of JSON, each with what the process says of itself and a part
 * of its services and logs; the last one has `last`. The end of the connection is the end of the
 * answer: all processes have let go of it.
 *
 * A reader does not trust them: what has not the right form is left out. Pure.
 */
import { decodePath, encodePath } from "../../core/text/path_bytes.ts";
import type { HealthCounts, LogCounts, ProcessCounts, ServiceCounts } from "./counts.ts";
import { BOUNDS_SECONDS, type HistogramCounts } from "./histogram.ts";

/** The name of the socket in `.s6-svscan`. */
export const COUNTS_SOCKET = "counts";

const VERSION = 1;
/** The largest packet that a reader takes. */
export const MOST_PACKET = 1 << 16;
/** Services and logs in a packet: each takes some 200 bytes, and a name has 255 at most. */
const AT_ONCE = 64;

/** The packets that tell it, one at least. */
export function countPackets(counts: ProcessCounts): Uint8Array<ArrayBuffer>[] {
  const { services, logs } = counts;
  const parts = Math.max(1, Math.ceil(Math.max(services.length, logs.length) / AT_ONCE));
  return Array.from({ length: parts }, (_, part) => {
    const [from, to] = [part * AT_ONCE, (part + 1) * AT_ONCE];
    return encodePath(JSON.stringify({
      version: VERSION,
      ...counts,
      services: services.slice(from, to),
      logs: logs.slice(from, to),
      last: part === parts - 1,
    }));
  });
}

export interface CountsPacket extends ProcessCounts {
  readonly last: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** @throws {SyntaxError} If it is none. */
export function parseCounts(packet: Uint8Array): CountsPacket {
  const fields: unknown = JSON.parse(decodePath(packet));
  if (!isFields(fields) || fields.version !== VERSION) throw new SyntaxError("no counts");
  const { from, pid, heap, services, logs, tree, last } = fields;
  if (
    (from !== "s6-svscan" && from !== "log host") || !isCount(pid) || !isFields(heap) ||
    !isCount(heap.usedBytes) || !isCount(heap.totalBytes)
  ) throw new SyntaxError("no counts of a process");
  return {
    from,
    pid,
    heap: { usedBytes: heap.usedBytes, totalBytes: heap.totalBytes },
    ...(isFields(tree) && isHistogram(tree.starts) && isHistogram(tree.readiness)
      ? { tree: { starts: tree.starts, readiness: tree.readiness } }
      : {}),
    services: listOf(services).filter(isService),
    logs: listOf(logs).filter(isLog),
    last: last === true,
  };
}

/** The answer of each process in one piece; those of which packets are missing are left out. */
export function joinedCounts(packets: readonly CountsPacket[]): ProcessCounts[] {
  const byPid = Map.groupBy(packets, ({ pid }) => pid);
  return [...byPid.values()].filter((parts) => parts.at(-1)!.last).map((parts) => {
    const { last: _, ...counts } = parts.at(-1)!;
    return {
      ...counts,
      services: parts.flatMap(({ services }) => services),
      logs: parts.flatMap(({ logs }) => logs),
    };
  });
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isHistogram(value: unknown): value is HistogramCounts {
  return isFields(value) && isCount(value.sumSeconds) &&
    listOf(value.counts).length === BOUNDS_SECONDS.length + 1 &&
    listOf(value.counts).every(isCount);
}

function isService(value: unknown): value is ServiceCounts {
  if (!isFields(value) || typeof value.name !== "string") return false;
  const { deaths, health } = value;
  return (deaths === undefined ||
    isFields(deaths) && Object.values(deaths).every(isCount) &&
      Object.keys(deaths).every((cause) => /^[a-z0-9_]{1,32}$/.test(cause))) &&
    (health === undefined || isHealth(health));
}

const HEALTH_FIELDS = [
  "success",
  "failure",
  "unable",
  "seconds",
] as const satisfies readonly (keyof HealthCounts)[];

function isHealth(value: unknown): value is HealthCounts {
  return isFields(value) && HEALTH_FIELDS.every((field) => isCount(value[field]));
}

const LOG_FIELDS = [
  "bytes",
  "lines",
  "leftOut",
  "rotations",
  "failures",
  "waiting",
] as const satisfies readonly Exclude<keyof LogCounts, "service">[];

function isLog(value: unknown): value is LogCounts {
  return isFields(value) && typeof value.service === "string" &&
    LOG_FIELDS.every((field) => isCount(value[field]));
}
