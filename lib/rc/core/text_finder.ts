/** Searches a stream that arrives in pieces for a text without a newline. Pure. */
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

  /** Returns whether this piece completes the text. */
  add(piece: Uint8Array): boolean {
    const seen = this.#rest + latin1.decode(piece);
    this.#rest = seen.slice(Math.max(0, seen.length - this.#text.length + 1));
    return seen.includes(this.#text);
  }

  /** Forgets what came before. */
  clear(): void {
    this.#rest = "";
  }
}
