/**
 * A program on a pseudo-terminal of its own, as in a window: what is typed reaches it as from a
 * keyboard, ^C and ^Z too.
 */
import { type Background, start } from "../fixture/command.ts";
import type { Output } from "../fixture/output.ts";

/** What the keys send. */
export const CTRL_C = "\x03";
export const CTRL_D = "\x04";
export const CTRL_Z = "\x1a";

export class PseudoTerminal implements AsyncDisposable {
  readonly #script: Background;

  /** @param env Added to the test's own. */
  constructor(words: readonly string[], env: Readonly<Record<string, string>>) {
    const command = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    this.#script = start("script", [
      "--quiet",
      "--return",
      "--flush",
      "--command",
      `exec ${command}`,
      "/dev/null",
    ], {
      env: { TERM: "dumb", SHELL: "/bin/sh", ...env },
    });
  }

  /** All that is shown. */
  get screen(): Output {
    return this.#script.stdout;
  }

  async type(keys: string): Promise<void> {
    const writer = this.#script.stdin.getWriter();
    await writer.write(new TextEncoder().encode(keys));
    writer.releaseLock();
  }

  /** The program's exit code, when it has ended. */
  ended(): Promise<number> {
    return this.#script.ended();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#script[Symbol.asyncDispose]();
  }
}
