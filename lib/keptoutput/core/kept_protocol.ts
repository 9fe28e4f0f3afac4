/**
 * The protocol between the log host that keeps the last lines of services without a logger, and
 * whoever asks for them: one message in each packet.
 *
 * The request is JSON. An answer is a byte that says its kind, then its fields, little endian:
 * - hello: u32 version, and what tells this log host from all others
 * - name: u32 number, and the service that it stands for from now on
 * - lines: u32 number, f64 offset (see output_ring.ts), and bytes, which may end within a line
 * - held: everything that was kept has been sent; what follows is written later
 *
 * Neither side trusts the other. Pure.
 */
import { decodePath, encodePath } from "../../core/text/path_bytes.ts";

/** The name of the socket in `.s6-svscan`. */
export const KEPT_SOCKET = "output";

const VERSION = 1;

/** The most bytes of lines in a packet. */
export const MOST_LINES = 1 << 15;
/** The largest packet. */
export const MOST_PACKET = 1 << 16;
/** The most services whose lines a client takes, and the most bytes of a line without an end. */
const MOST_NAMES = 200_000;
const LONGEST_REST = 1 << 17;
const LF = 10;

export interface KeptRequest {
  /** Of each service the last lines, so many at most; absent: all. */
  readonly lines?: number;
  /** Go on with what is written later. */
  readonly follow: boolean;
}

export function encodeKeptRequest(request: KeptRequest): Uint8Array<ArrayBuffer> {
  return encodePath(JSON.stringify({ version: VERSION, ...request }));
}

/** @throws {SyntaxError} If it is no request. */
export function decodeKeptRequest(packet: Uint8Array): KeptRequest {
  const fields = JSON.parse(decodePath(packet)) as Readonly<Record<string, unknown>> | null;
  if (typeof fields !== "object" || fields === null) throw new SyntaxError("no object");
  const { version, lines, follow } = fields;
  if (version !== VERSION) throw new SyntaxError(`version ${version}, not ${VERSION}`);
  if (typeof follow !== "boolean") throw new SyntaxError("invalid follow");
  if (lines === undefined) return { follow };
  if (typeof lines !== "number" || !Number.isInteger(lines) || lines < 0) {
    throw new SyntaxError("invalid lines");
  }
  return { lines, follow };
}

const HELLO = 1;
const NAME = 2;
const LINES = 3;
const HELD = 4;
const NUMBER_AT = 1;
const TEXT_AT = 5;
const OFFSET_AT = 5;
const BYTES_AT = 13;

function answer(kind: number, number: number, text: string): Uint8Array<ArrayBuffer> {
  const bytes = encodePath(text);
  const packet = new Uint8Array(TEXT_AT + bytes.length);
  packet[0] = kind;
  new DataView(packet.buffer).setUint32(NUMBER_AT, number, true);
  packet.set(bytes, TEXT_AT);
  return packet;
}

export function helloAnswer(host: string): Uint8Array<ArrayBuffer> {
  return answer(HELLO, VERSION, host);
}

export function nameAnswer(number: number, name: string): Uint8Array<ArrayBuffer> {
  return answer(NAME, number, name);
}

export function linesAnswer(
  number: number,
  offset: number,
  bytes: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const packet = new Uint8Array(BYTES_AT + bytes.length);
  packet[0] = LINES;
  const view = new DataView(packet.buffer);
  view.setUint32(NUMBER_AT, number, true);
  view.setFloat64(OFFSET_AT, offset, true);
  packet.set(bytes, BYTES_AT);
  return packet;
}

export function heldAnswer(): Uint8Array<ArrayBuffer> {
  return new Uint8Array([HELD]);
}

export type KeptEvent =
  | {
    readonly kind: "lines";
    readonly name: string;
    /** Whole lines. */
    readonly bytes: Uint8Array<ArrayBuffer>;
    /** So many bytes before them are missing: they were no longer kept when it was their turn. */
    readonly missing: number;
  }
  | { readonly kind: "held" };

interface Written {
  readonly name: string;
  /** The offset of the next byte; undefined before the first. */
  next: number | undefined;
  /** The beginning of a line. */
  rest: Uint8Array<ArrayBuffer>;
}

const NOTHING = new Uint8Array(0);

/**
 * Makes lines of a log host's answers. When a connection is lost and there is another one, the same
 * reader goes on: what it had already is left out.
 */
export class KeptReader {
  #host: string | undefined;
  readonly #written = new Map<number, Written>();

  /** Undefined if the packet completes nothing. @throws {SyntaxError} If it is no answer. */
  add(packet: Uint8Array<ArrayBuffer>): KeptEvent | undefined {
    const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
    if (packet[0] === HELD) return { kind: "held" };
    if (packet.length < TEXT_AT) throw new SyntaxError("an answer that is too short");
    const number = view.getUint32(NUMBER_AT, true);
    switch (packet[0]) {
      case HELLO:
        if (number !== VERSION) throw new SyntaxError(`version ${number}, not ${VERSION}`);
        this.#greet(decodePath(packet.subarray(TEXT_AT)));
        return undefined;
      case NAME:
        this.#name(number, decodePath(packet.subarray(TEXT_AT)));
        return undefined;
      case LINES:
        if (packet.length < BYTES_AT) throw new SyntaxError("an answer that is too short");
        return this.#lines(number, view.getFloat64(OFFSET_AT, true), packet.slice(BYTES_AT));
      default:
        throw new SyntaxError("an unknown answer");
    }
  }

  #greet(host: string): void {
    if (host !== this.#host) this.#written.clear();
    for (const written of this.#written.values()) {
      if (written.next === undefined) continue;
      written.next -= written.rest.length;
      written.rest = NOTHING;
    }
    this.#host = host;
  }

  #name(number: number, name: string): void {
    if (this.#written.get(number)?.name === name) return;
    if (this.#written.size >= MOST_NAMES) throw new SyntaxError("too many services");
    this.#written.set(number, { name, next: undefined, rest: NOTHING });
  }

  #lines(
    number: number,
    offset: number,
    bytes: Uint8Array<ArrayBuffer>,
  ): KeptEvent | undefined {
    const written = this.#written.get(number);
    if (written === undefined) throw new SyntaxError("lines of nobody");
    const known = written.next === undefined ? 0 : Math.max(0, written.next - offset);
    const fresh = bytes.subarray(Math.min(bytes.length, known));
    if (fresh.length === 0) return undefined;
    const missing = written.next === undefined ? 0 : Math.max(0, offset - written.next);
    if (missing > 0) written.rest = NOTHING;
    written.next = offset + bytes.length;
    const joined = new Uint8Array(written.rest.length + fresh.length);
    joined.set(written.rest);
    joined.set(fresh, written.rest.length);
    const whole = joined.lastIndexOf(LF) + 1;
    if (joined.length - whole > LONGEST_REST) throw new SyntaxError("a line without an end");
    written.rest = joined.slice(whole);
    if (whole === 0 && missing === 0) return undefined;
    return { kind: "lines", name: written.name, bytes: joined.subarray(0, whole), missing };
  }
}
