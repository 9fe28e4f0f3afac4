/**
 * A block of whole lines, as the selection chain looks at it: where each line begins, and the text
 * for regular expressions.
 */
import { nextLine } from "./core/line_words.ts";

/**
 * One character for each byte. What it does to the bytes 0x80 to 0x9f doesn't matter: no translated
 * expression names a byte above 0x7f.
 */
const byteDecoder = new TextDecoder("windows-1252");
/**
 * Four times as fast; where every byte has become one character, each is the same ASCII character
 * or some other one, as above.
 */
const asciiDecoder = new TextDecoder();

/** The most lines in a block: what is made of each line, a stamp or a name, is so much at most. */
export const MAX_LINES = 4096;

/** The offsets of the block that is in use. */
const offsets = new Int32Array(MAX_LINES + 1);

/** The text of `bytes` for regular expressions. */
export function textOf(bytes: Uint8Array<ArrayBuffer>): string {
  const text = asciiDecoder.decode(bytes);
  return text.length === bytes.length ? text : byteDecoder.decode(bytes);
}

/** The same bytes, to be read in words. */
export function viewOf(bytes: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export class Block {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
  /** Empty unless it was asked for. */
  readonly text: string;
  readonly count: number;
  /** The offset of each line, and behind the last one the length of the block. */
  readonly starts: Int32Array<ArrayBuffer>;

  /**
   * The first lines of `lines`.
   *
   * @param lines Whole ones, each with its newline. They must not change as long as the block is
   *   used, and only one block is in use at a time.
   * @param text Of `lines`; empty if it won't be needed.
   * @param mostBytes From so many on it has no further line.
   */
  constructor(lines: Uint8Array<ArrayBuffer>, text: string, mostBytes = Infinity) {
    const view = viewOf(lines);
    const hasText = text !== "";
    let [count, at] = [0, 0];
    // of a text, line ends are found faster
    const end = Math.min(lines.length, mostBytes);
    for (
      ;
      at < end && count < MAX_LINES;
      at = hasText ? text.indexOf("\n", at) + 1 : nextLine(view, at)
    ) offsets[count++] = at;
    offsets[count] = at;
    const isAll = at === lines.length;
    this.bytes = isAll ? lines : lines.subarray(0, at);
    this.view = isAll ? view : viewOf(this.bytes);
    this.text = isAll ? text : text.slice(0, at);
    this.starts = offsets;
    this.count = count;
  }
}
