/** A block of whole lines, as the selection chain looks at it: where each line begins, and the text for regular expressions. */
import { nextLine } from "../core/line_words.ts";

/** One character for each byte. What it does to the bytes 0x80 to 0x9f doesn't matter: no translated expression names a byte above 0x7f. */
const byteDecoder = new TextDecoder("windows-1252");
/** Four times as fast; where every byte has become one character, each is the same ASCII character or some other one, as above. */
const asciiDecoder = new TextDecoder();

/** The offsets of the block that is in use. */
let offsets = new Int32Array(1024);

function enlarged(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 4);
  larger.set(array);
  return larger;
}

function decode(bytes: Uint8Array<ArrayBuffer>): string {
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
   * @param bytes Whole lines, each with its newline. They must not change as long as the block is used, and only one block is in use at a time.
   * @param options `text`: it will be needed.
   */
  constructor(bytes: Uint8Array<ArrayBuffer>, options: { readonly text: boolean }) {
    this.bytes = bytes;
    const view = this.view = viewOf(bytes);
    const text = this.text = options.text ? decode(bytes) : "";
    let count = 0;
    // of a text, line ends are found faster
    for (let at = 0; at < bytes.length; at = options.text ? text.indexOf("\n", at) + 1 : nextLine(view, at)) {
      if (count + 1 >= offsets.length) offsets = enlarged(offsets);
      offsets[count++] = at;
    }
    offsets[count] = bytes.length;
    this.starts = offsets;
    this.count = count;
  }
}
