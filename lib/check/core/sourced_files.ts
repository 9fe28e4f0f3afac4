/**
 * Files that scripts of an image read with `.` or `source`: they need no execute bit and no first
 * line. Source: POSIX, Shell Command Language, dot. Pure.
 */
import { lastComponent } from "../../core/text/path_name.ts";

const SOURCING = /(?:^|[;&|({]|\b(?:then|do|else)\b)[ \t]*(?:\.|source)[ \t]+["']?([^\s"';&|)]+)/gm;

export class SourcedFiles {
  readonly #words = new Set<string>();

  addScript(text: string): void {
    for (const [, word] of text.matchAll(SOURCING)) this.#words.add(word!);
  }

  /** Of a path with variables, or a relative one, the last component counts. */
  has(path: string): boolean {
    const name = lastComponent(path);
    return [...this.#words].some((word) =>
      word === path ||
      ((word.includes("$") || !word.startsWith("/")) && lastComponent(word) === name)
    );
  }
}
