/**
 * The lines of an input, one after the other, read no further than C reads. Source: execline,
 * forstdin.c; skalibs, skagetlnsep.c, netstring_get.c.
 */
import { fromBytes, splitNetstrings } from "./core/execline_value.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { EPROTO } from "../core/linux/errno.ts";
import { read } from "../libc/file.ts";

/** What skalibs' buffer for standard input holds. */
const CAPACITY = 8191;
const NETSTRING_LENGTH = /^([0-9]+):/;
const MAX_LENGTH_DIGITS = 20;

export interface RecordOptions {
  /** Each byte of it ends a record; empty: the input is netstrings. */
  readonly delimiters: string;
  /** Drop the delimiter, and the last record if it has none. */
  readonly chomp: boolean;
  /** Pass over records that are a delimiter alone. */
  readonly crunch: boolean;
}

export class RecordReader implements Iterable<string> {
  readonly options: RecordOptions;
  /** Records so far. */
  count = 0;
  readonly #fd: number;
  /** One character a byte. */
  #buffered = "";
  #ended = false;

  constructor(fd: number, options: RecordOptions) {
    this.#fd = fd;
    this.options = options;
  }

  /** @throws {SyscallError} If the input can't be read, or should be netstrings and is not. */
  *[Symbol.iterator](): Generator<string> {
    for (;;) {
      const record = this.options.delimiters === "" ? this.#netstring() : this.#line();
      if (record === undefined) return;
      if (this.options.crunch && this.options.delimiters !== "" && record.length === 1) continue;
      const value = this.options.chomp && this.options.delimiters !== ""
        ? record.slice(0, -1)
        : record;
      this.count += 1;
      yield fromBytes(value.split("\0", 1)[0]!);
    }
  }

  /** The next line with its delimiter; undefined at the end. */
  #line(): string | undefined {
    let searched = 0;
    for (;;) {
      const end = this.#delimiterFrom(searched);
      if (end !== -1) return this.#take(end + 1);
      searched = this.#buffered.length;
      if (this.#fill()) continue;
      return searched === 0 || this.options.chomp ? undefined : this.#take(searched);
    }
  }

  #delimiterFrom(start: number): number {
    for (let at = start; at < this.#buffered.length; at++) {
      if (this.options.delimiters.includes(this.#buffered[at]!)) return at;
    }
    return -1;
  }

  #netstring(): string | undefined {
    for (;;) {
      const length = NETSTRING_LENGTH.exec(this.#buffered);
      const total = length === null ? Infinity : length[0].length + Number(length[1]) + 1;
      if (this.#buffered.length >= total) return this.#whole(this.#take(total));
      if (
        length === null && !/^[0-9]{0,20}$/.test(this.#buffered.slice(0, MAX_LENGTH_DIGITS + 1))
      ) throw noNetstring();
      if (this.#fill()) continue;
      if (this.#buffered !== "") throw noNetstring();
      return undefined;
    }
  }

  #whole(netstring: string): string {
    try {
      return splitNetstrings(netstring)[0]!;
    } catch (error) {
      throw error instanceof SyntaxError ? noNetstring() : error;
    }
  }

  #take(length: number): string {
    const taken = this.#buffered.slice(0, length);
    this.#buffered = this.#buffered.slice(length);
    return taken;
  }

  /** Reads more. False at the end. */
  #fill(): boolean {
    if (this.#ended) return false;
    const room = new Uint8Array(Math.max(CAPACITY - this.#buffered.length, CAPACITY >> 1));
    const count = checked("read standard input", read(this.#fd, room));
    this.#ended = count === 0;
    for (let at = 0; at < count; at++) this.#buffered += String.fromCharCode(room[at]!);
    return count > 0;
  }
}

function noNetstring(): SyscallError {
  return new SyscallError("read a netstring", EPROTO);
}
