/** One line at the bottom of a terminal that is written anew while other lines go past above it. */
import { textWidth } from "../terminal/text_width.ts";
import { write } from "../libc/file.ts";
import { windowSize } from "../libc/terminal.ts";
import { cutText } from "../core/text/text_table.ts";

const EVERY_MS = 1000;
// Source: ECMA-48, erase in line.
const CLEAR = "\r\x1b[K";

export class ProgressLine implements Disposable {
  readonly #fd: number;
  readonly #text: () => string;
  readonly #timer: ReturnType<typeof setInterval>;
  #isShown = false;

  /** @param text What it says now */
  constructor(fd: number, text: () => string) {
    this.#fd = fd;
    this.#text = text;
    this.#timer = setInterval(() => this.show(), EVERY_MS);
  }

  show(): void {
    const width = (windowSize(this.#fd)?.columns ?? 1) - 1;
    this.#put(CLEAR + cutText(this.#text(), width, textWidth));
    this.#isShown = true;
  }

  /** To be called before anything else is written there. */
  hide(): void {
    if (this.#isShown) this.#put(CLEAR);
    this.#isShown = false;
  }

  #put(text: string): void {
    write(this.#fd, new TextEncoder().encode(text));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.hide();
  }
}
