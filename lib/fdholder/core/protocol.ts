/**
 * What a holder of descriptors and its clients say to each other. Requests begin with a letter:
 *
 * - `S` limit, name: hold this descriptor. `D` name: let go of it
 * - `R` 1 or 0 (let go of it, too), name: give it
 * - `L`: list the names. `?`: give all, with limits
 * - `!` number: so many descriptors follow. `.` then a limit and a name for each: here are some
 *
 * A name is its length in a byte, the bytes and a NUL; a limit is a packed tain, numbers have 4
 * bytes, big-endian. Answers begin with an error number, or 0. Source: s6, s6-fdholderd.c,
 * s6_fdholder_*.c. Pure.
 */
import { EPROTO } from "../../core/linux/errno.ts";
import { decodePath, encodePath } from "../../core/text/path_bytes.ts";
import { packTain, type Tain, TAIN_PACK, unpackTain } from "../../core/time/tain.ts";
import { type Message, MOST_FDS } from "../../unixmessage/core/frames.ts";

/** The longest name, in bytes. */
export const MOST_NAME_BYTES = 255;
/** A limit, a name's length, the name, a NUL. */
const MOST_ENTRY_BYTES = TAIN_PACK + 1 + MOST_NAME_BYTES + 1;
/** The longest request. */
export const MOST_REQUEST_BYTES = 1 + MOST_FDS * MOST_ENTRY_BYTES;

/** One descriptor that is held. */
export interface Held {
  readonly name: string;
  readonly fd: number;
  /** When it is let go of. */
  readonly limit: Tain;
}

export type Request =
  | ({ readonly kind: "store" } & Held)
  | { readonly kind: "delete"; readonly name: string }
  | { readonly kind: "retrieve"; readonly name: string; readonly deletes: boolean }
  | { readonly kind: "list" }
  | { readonly kind: "get dump" }
  | { readonly kind: "set dump"; readonly count: number }
  | { readonly kind: "dumped"; readonly entries: readonly Held[] };

/** Can it be a name? */
export function isName(name: string): boolean {
  const { length } = encodePath(name);
  return length > 0 && length <= MOST_NAME_BYTES && !name.includes("\0");
}

const letter = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function numberBytes(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

function nameBytes(name: string): Uint8Array {
  const bytes = encodePath(name);
  return joined(Uint8Array.of(bytes.length), bytes, Uint8Array.of(0));
}

function entryBytes({ limit, name }: Held): Uint8Array {
  const packed = new Uint8Array(TAIN_PACK);
  packTain(limit, packed);
  return joined(packed, nameBytes(name));
}

/** The message of a request. */
export function requestMessage(request: Request): Message {
  switch (request.kind) {
    case "store":
      return { content: joined(letter("S"), entryBytes(request)), fds: [request.fd] };
    case "delete":
      return { content: joined(letter("D"), nameBytes(request.name)), fds: [] };
    case "retrieve": {
      const flag = Uint8Array.of(request.deletes ? 1 : 0);
      return { content: joined(letter("R"), flag, nameBytes(request.name)), fds: [] };
    }
    case "list":
      return { content: letter("L"), fds: [] };
    case "get dump":
      return { content: letter("?"), fds: [] };
    case "set dump":
      return { content: joined(letter("!"), numberBytes(request.count)), fds: [] };
    case "dumped":
      return dumpMessage(request.entries, letter("."));
  }
}

/** At most MOST_FDS entries, as a dump has them. */
export function dumpMessage(entries: readonly Held[], before = new Uint8Array(0)): Message {
  return {
    content: joined(before, ...entries.map(entryBytes)),
    fds: entries.map(({ fd }) => fd),
  };
}

/** Entries, as many as fit into a message each. */
export function inMessages(entries: readonly Held[]): readonly (readonly Held[])[] {
  return Array.from(
    { length: Math.ceil(entries.length / MOST_FDS) },
    (_, i) => entries.slice(i * MOST_FDS, (i + 1) * MOST_FDS),
  );
}

/** Takes a message apart from its beginning; every step that can't be is undefined. */
class Cursor {
  #at = 0;
  constructor(readonly bytes: Uint8Array<ArrayBuffer>) {}

  get isAtEnd(): boolean {
    return this.#at === this.bytes.length;
  }

  take(count: number): Uint8Array<ArrayBuffer> | undefined {
    if (this.bytes.length - this.#at < count) return undefined;
    this.#at += count;
    return this.bytes.subarray(this.#at - count, this.#at);
  }

  number(): number | undefined {
    const bytes = this.take(4);
    return bytes && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  }

  name(): string | undefined {
    const bytes = this.take(this.take(1)?.[0] ?? Infinity);
    if (bytes === undefined || bytes.length === 0 || bytes.includes(0)) return undefined;
    return this.take(1)?.[0] === 0 ? decodePath(bytes) : undefined;
  }

  entry(fd: number): Held | undefined {
    const limit = this.take(TAIN_PACK);
    const name = this.name();
    return limit && name !== undefined ? { limit: unpackTain(limit), name, fd } : undefined;
  }

  /** One for each descriptor, and nothing more. */
  entries(fds: readonly number[]): readonly Held[] | undefined {
    const entries = fds.map((fd) => this.entry(fd));
    return this.isAtEnd && entries.every((entry) => entry !== undefined) ? entries : undefined;
  }
}

/** What a client asks for; undefined if that is no request. */
export function parseRequest({ content, fds }: Message): Request | undefined {
  const cursor = new Cursor(content);
  const request = parsed(cursor, fds);
  return cursor.isAtEnd ? request : undefined;
}

function parsed(cursor: Cursor, fds: readonly number[]): Request | undefined {
  const kind = String.fromCharCode(...(cursor.take(1) ?? []));
  if (kind === "S" && fds.length === 1) {
    const entry = cursor.entry(fds[0]!);
    return entry && { kind: "store", ...entry };
  }
  if (kind === "." && fds.length > 0) {
    const entries = cursor.entries(fds);
    return entries && { kind: "dumped", entries };
  }
  if (fds.length > 0) return undefined;
  switch (kind) {
    case "D": {
      const name = cursor.name();
      return name === undefined ? undefined : { kind: "delete", name };
    }
    case "R": {
      const deletes = cursor.take(1)?.[0] !== 0;
      const name = cursor.name();
      return name === undefined ? undefined : { kind: "retrieve", name, deletes };
    }
    case "L":
      return { kind: "list" };
    case "?":
      return { kind: "get dump" };
    case "!": {
      const count = cursor.number();
      return count === undefined ? undefined : { kind: "set dump", count };
    }
    default:
      return undefined;
  }
}

/** An answer that is nothing but an error number; 0: it is done. */
export function plainAnswer(errno: number): Message {
  return { content: Uint8Array.of(errno), fds: [] };
}

/** The answer to a "retrieve". */
export function retrievedAnswer(fd: number): Message {
  return { content: Uint8Array.of(0), fds: [fd] };
}

/** The answer to a "list". */
export function listAnswer(names: readonly string[]): Message {
  const nul = Uint8Array.of(0);
  const listed = names.flatMap((name) => [encodePath(name), nul]);
  return { content: joined(nul, numberBytes(names.length), ...listed), fds: [] };
}

/** The answer to a "get dump", before the dump: how many messages come, with how many entries. */
export function getDumpAnswer(entries: readonly Held[]): Message {
  const messages = numberBytes(inMessages(entries).length);
  return { content: joined(Uint8Array.of(0), messages, numberBytes(entries.length)), fds: [] };
}

/** The answer to a "set dump": how many messages are expected. */
export function setDumpAnswer(count: number): Message {
  const messages = numberBytes(Math.ceil(count / MOST_FDS));
  return { content: joined(Uint8Array.of(0), messages), fds: [] };
}

/** The error number that an answer is; 0 if it is one of those that say more. */
export function answeredErrno({ content, fds }: Message): number {
  const [errno] = content;
  return errno === undefined || (errno !== 0 && fds.length > 0) ? EPROTO : errno;
}

/** The names in the answer to a "list"; undefined if it is none. */
export function parseListAnswer({ content, fds }: Message): readonly string[] | undefined {
  const cursor = new Cursor(content.subarray(1));
  const count = cursor.number();
  const names: string[] = [];
  let from = 5;
  for (let end = content.indexOf(0, from); end >= 0; end = content.indexOf(0, from)) {
    names.push(decodePath(content.subarray(from, end)));
    from = end + 1;
  }
  return fds.length === 0 && from === content.length && names.length === count ? names : undefined;
}

/** The numbers in an answer to a "get dump" or "set dump"; undefined if it has not so many. */
export function parseNumbers(
  { content, fds }: Message,
  howMany: number,
): readonly number[] | undefined {
  const cursor = new Cursor(content.subarray(1));
  const numbers = Array.from({ length: howMany }, () => cursor.number());
  return fds.length === 0 && cursor.isAtEnd && numbers.every((number) => number !== undefined)
    ? numbers
    : undefined;
}

/** The entries of a message of a dump; undefined if it is none. */
export function parseDumpMessage({ content, fds }: Message): readonly Held[] | undefined {
  return new Cursor(content).entries(fds);
}
