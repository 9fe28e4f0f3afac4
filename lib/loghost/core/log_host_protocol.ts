/**
 * The protocol between s6-svscan and a log host: one message in each packet, over a socket that
 * preserves packets.
 *
 * byte 0: kind - then its fields: numbers are u32 or i32, little endian; a text is its length (u32)
 * and its bytes, as in a path name. The first message in both directions is `hello`: if the binary
 * is replaced while s6-svscan runs, the two may have different versions, and then no other message
 * is understood. `start` comes with two descriptors: the input, and the directory for relative
 * paths; `reader` and `counts` with one. Pure.
 */
import { decodePath, encodePath } from "../../core/text/path_bytes.ts";

/**
 * Raise it with every change of this file that an older log host or s6-svscan would misunderstand.
 */
export const LOG_HOST_VERSION = 4;

/** The largest packet. Larger ones are neither sent nor accepted. */
export const MAX_PACKET = 65536;

/** The number of a log, which the same s6-svscan never uses again. 0 is the log host itself. */
export type LogId = number;

/** A request to run one log. */
export interface LogOrder {
  readonly id: LogId;
  /** The service whose lines these are. */
  readonly service: string;
  /** The logger's standard error is the console, not the log host's standard error. */
  readonly stderrIsConsole: boolean;
  /** `o` writes to the log host's own standard output. */
  readonly ownOutput: boolean;
  /** Its last lines are kept for those who ask for them. */
  readonly keeps: boolean;
  /** The words after s6-log: options and directives. */
  readonly words: readonly string[];
}

/** From s6-svscan to a log host. */
export type LogHostRequest =
  | { readonly kind: "hello"; readonly version: number }
  | { readonly kind: "start"; readonly order: LogOrder }
  /** Do to this log what the signal would do to a separate s6-log. */
  | { readonly kind: "signal"; readonly id: LogId; readonly signal: number }
  /**
   * The writer has gone: end this log once it has read what is there now, even if another process
   * holds the pipe open.
   */
  | { readonly kind: "readRest"; readonly id: LogId }
  /** Close the inherited standard output and error, because their reader waits for end of file. */
  | { readonly kind: "releaseOutput" }
  /** Somebody asks for the last lines of services without a logger: lib/keptoutput. */
  | { readonly kind: "reader" }
  /** Somebody asks what has been counted: lib/counters. */
  | { readonly kind: "counts" };

/** From a log host to s6-svscan. */
export type LogHostReport =
  | { readonly kind: "hello"; readonly version: number }
  /** Everything that the script writes to is open, and input is being read. */
  | { readonly kind: "ready"; readonly id: LogId }
  /**
   * This log has ended, with the wait status that an s6-log would have had. `reason`: why it could
   * not begin, otherwise empty.
   */
  | { readonly kind: "ended"; readonly id: LogId; readonly wstat: number; readonly reason: string }
  | { readonly kind: "warning"; readonly id: LogId; readonly text: string }
  /** The regular expressions of this log take so long that others have to wait. */
  | { readonly kind: "slow"; readonly id: LogId }
  /** Who asked what has been counted has been told, or can't be. */
  | { readonly kind: "counted" };

type Field = number | string | boolean | readonly string[];

function encode(kind: number, ...fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const parts = fields.flatMap((field) =>
    typeof field === "object" ? [field.length, ...field] : [field]
  );
  const encoded = parts.map((part) => typeof part === "string" ? encodePath(part) : Number(part));
  const size = encoded.reduce<number>(
    (sum, part) => sum + 4 + (typeof part === "number" ? 0 : part.length),
    1,
  );
  if (size > MAX_PACKET) {
    throw new RangeError(`a message of ${size} bytes is larger than ${MAX_PACKET}`);
  }
  const packet = new Uint8Array(size);
  const view = new DataView(packet.buffer);
  packet[0] = kind;
  let at = 1;
  for (const part of encoded) {
    view.setUint32(at, typeof part === "number" ? part : part.length, true);
    at += 4;
    if (typeof part === "number") continue;
    packet.set(part, at);
    at += part.length;
  }
  return packet;
}

/** Reads the fields of a packet, one after the other. */
class Fields {
  readonly #packet: Uint8Array;
  #at = 1;

  constructor(packet: Uint8Array) {
    this.#packet = packet;
  }

  number(): number {
    const at = this.#at;
    if (at + 4 > this.#packet.length) throw new SyntaxError("message cut short");
    this.#at += 4;
    return new DataView(this.#packet.buffer, this.#packet.byteOffset + at, 4).getUint32(0, true);
  }

  text(): string {
    const length = this.number();
    const start = this.#at;
    if (length > this.#packet.length - start) throw new SyntaxError("message cut short");
    this.#at += length;
    return decodePath(this.#packet.subarray(start, start + length));
  }

  texts(): string[] {
    const count = this.number();
    // each takes at least four bytes
    if (count > this.#packet.length) throw new SyntaxError("message cut short");
    return Array.from({ length: count }, () => this.text());
  }

  /** @throws {SyntaxError} If bytes are left. */
  end<T>(message: T): T {
    if (this.#at !== this.#packet.length) {
      throw new SyntaxError("message with something behind its end");
    }
    return message;
  }
}

const HELLO = 1;
const START = 2;
const SIGNAL = 3;
const RELEASE_OUTPUT = 4;
const READY = 5;
const ENDED = 6;
const WARNING = 7;
const READ_REST = 8;
const SLOW = 9;
const READER = 10;
const COUNTS = 11;
const COUNTED = 12;

/** @throws {RangeError} If it is larger than a packet may be. */
export function encodeRequest(request: LogHostRequest): Uint8Array<ArrayBuffer> {
  switch (request.kind) {
    case "hello":
      return encode(HELLO, request.version);
    case "start": {
      const { id, service, stderrIsConsole, ownOutput, keeps, words } = request.order;
      return encode(START, id, service, stderrIsConsole, ownOutput, keeps, words);
    }
    case "signal":
      return encode(SIGNAL, request.id, request.signal);
    case "readRest":
      return encode(READ_REST, request.id);
    case "releaseOutput":
      return encode(RELEASE_OUTPUT);
    case "reader":
      return encode(READER);
    case "counts":
      return encode(COUNTS);
    default:
      return request satisfies never;
  }
}

/** @throws {SyntaxError} If the packet is not a request. */
export function decodeRequest(packet: Uint8Array): LogHostRequest {
  const fields = new Fields(packet);
  switch (packet[0]) {
    case HELLO: // every version reads it, whatever else it holds
      return { kind: "hello", version: fields.number() };
    case START: {
      const [id, service] = [fields.number(), fields.text()];
      const flag = (): boolean => fields.number() !== 0;
      const [stderrIsConsole, ownOutput, keeps] = [flag(), flag(), flag()];
      return fields.end({
        kind: "start",
        order: { id, service, stderrIsConsole, ownOutput, keeps, words: fields.texts() },
      });
    }
    case SIGNAL:
      return fields.end({ kind: "signal", id: fields.number(), signal: fields.number() });
    case READ_REST:
      return fields.end({ kind: "readRest", id: fields.number() });
    case RELEASE_OUTPUT:
      return fields.end({ kind: "releaseOutput" });
    case READER:
      return fields.end({ kind: "reader" });
    case COUNTS:
      return fields.end({ kind: "counts" });
    default:
      throw new SyntaxError(`unknown kind of request: ${packet[0] ?? "none"}`);
  }
}

/** The longest text in a report. Longer ones are cut, because a report must always fit. */
const MAX_TEXT = 4096;

/** Cuts a reason or a warning that is too long. */
export function encodeReport(report: LogHostReport): Uint8Array<ArrayBuffer> {
  switch (report.kind) {
    case "hello":
      return encode(HELLO, report.version);
    case "ready":
      return encode(READY, report.id);
    case "ended":
      return encode(ENDED, report.id, report.wstat, report.reason.slice(0, MAX_TEXT));
    case "warning":
      return encode(WARNING, report.id, report.text.slice(0, MAX_TEXT));
    case "slow":
      return encode(SLOW, report.id);
    case "counted":
      return encode(COUNTED);
    default:
      return report satisfies never;
  }
}

/** @throws {SyntaxError} If the packet is not a report. */
export function decodeReport(packet: Uint8Array): LogHostReport {
  const fields = new Fields(packet);
  switch (packet[0]) {
    case HELLO:
      return { kind: "hello", version: fields.number() };
    case READY:
      return fields.end({ kind: "ready", id: fields.number() });
    case ENDED:
      return fields.end({
        kind: "ended",
        id: fields.number(),
        wstat: fields.number(),
        reason: fields.text(),
      });
    case WARNING:
      return fields.end({ kind: "warning", id: fields.number(), text: fields.text() });
    case SLOW:
      return fields.end({ kind: "slow", id: fields.number() });
    case COUNTED:
      return fields.end({ kind: "counted" });
    default:
      throw new SyntaxError(`unknown kind of report: ${packet[0] ?? "none"}`);
  }
}
