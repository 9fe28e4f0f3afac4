/** A block of whole lines, as the selection chain looks at it: where each line begins, and the text for regular expressions. */
const LF = 10;
/** One character for each byte. What it does to the bytes 0x80 to 0x9f doesn't matter: no translated expression names a byte above 0x7f. */
const byteDecoder = new TextDecoder("windows-1252");
/** Three times as fast; where every byte has become one character, each is the same ASCII character or some other one, as above. */
const asciiDecoder = new TextDecoder();

/** The offsets of the block that is in use. */
let offsets = new Int32Array(1024);

function enlarged(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 4);
  larger.set(array);
  return larger;
}

export class Block {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly count: number;
  /** The offset of each line, and behind the last one the length of the block. */
  readonly starts: Int32Array<ArrayBuffer>;
  #text: string | undefined;

  /** @param bytes Whole lines, each with its newline. They must not change as long as the block is used, and only one block is in use at a time. */
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
    let count = 0;
    for (let at = 0; at < bytes.length; at = bytes.indexOf(LF, at) + 1) {
      if (count + 1 >= offsets.length) offsets = enlarged(offsets);
      offsets[count++] = at;
    }
    offsets[count] = bytes.length;
    this.starts = offsets;
    this.count = count;
  }

  get text(): string {
    return this.#text ??= this.#decode();
  }

  #decode(): string {
    const text = asciiDecoder.decode(this.bytes);
    return text.length === this.bytes.length ? text : byteDecoder.decode(this.bytes);
  }
}
