/**
 * A file in blocks of whole lines, from some place on: memory is bounded by a block and the longest
 * line.
 */
import { checked } from "../libc/bind.ts";
import { pread } from "../libc/fd.ts";
import type { OpenLogFile } from "./log_file.ts";

const LF = 10;
/** A longer line comes in pieces. */
export const LONGEST_LINE = 1 << 20;

/** The bytes of the file from `offset` up to `end`, as they are. */
function* plainChunks(
  fd: number,
  offset: number,
  end: number,
  blockBytes: number,
): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = offset; at < end;) {
    const chunk = new Uint8Array(Math.min(blockBytes, end - at));
    const count = checked("read", pread(fd, chunk, at));
    if (count === 0) return; // cut meanwhile
    yield chunk.subarray(0, count);
    at += count;
  }
}

/**
 * What gunzip makes of the file. @throws {TypeError} If it is no gzip file, or only a part of one.
 */
async function* gunzippedChunks(
  file: OpenLogFile,
  blockBytes: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const packed = ReadableStream.from(plainChunks(file.fd, 0, file.size, blockBytes));
  yield* packed.pipeThrough(new DecompressionStream("gzip"));
}

export interface BlockOptions {
  /** Of a file that is not compressed. */
  readonly offset?: number;
  /**
   * Of a file that is not compressed: where to stop. Default: where it ended when it was opened.
   */
  readonly end?: number;
  readonly blockBytes: number;
}

/** Calls for each block of whole lines; the last line of the file need not be finished. */
export async function* lineBlocks(
  file: OpenLogFile,
  { offset = 0, end, blockBytes }: BlockOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const chunks = file.compression === "gzip"
    ? gunzippedChunks(file, blockBytes)
    : plainChunks(file.fd, offset, end ?? file.size, blockBytes);
  let rest = new Uint8Array(0);
  for await (const chunk of chunks) {
    const joined = rest.length === 0 ? chunk : concat(rest, chunk);
    const newline = joined.lastIndexOf(LF);
    const whole = newline >= 0 ? newline + 1 : joined.length > LONGEST_LINE ? joined.length : 0;
    if (whole > 0) yield joined.subarray(0, whole);
    rest = joined.slice(whole);
  }
  if (rest.length > 0) yield rest;
}

export function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** Cuts a block into its lines, without their newlines. */
export function linesOf(block: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const lines: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < block.length;) {
    const newline = block.indexOf(LF, at);
    const end = newline < 0 ? block.length : newline;
    lines.push(block.subarray(at, end));
    at = end + 1;
  }
  return lines;
}
