/** Looks for a text in a stream that comes in pieces; the text has no newline. Pure. */
import { encodePath } from "../../core/text/path_bytes.ts";

const latin1 = new TextDecoder("latin1");

export class TextFinder {
  /** One character a byte. */
  readonly #text: string;
  /** The end of the last piece, shorter than the text. */
  #rest = "";

  constructor(text: string) {
    this.#text = latin1.decode(encodePath(text));
  }

  /** Whether the stream has had the text with this piece. */
  add(piece: Uint8Array): boolean {
    const seen = this.#rest + latin1.decode(piece);
    this.#rest = seen.slice(Math.max(0, seen.length - this.#text.length + 1));
    return seen.includes(this.#text);
  }

  /** What came before does not count any more. */
  clear(): void {
    this.#rest = "";
  }
}
