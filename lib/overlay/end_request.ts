/**
 * The request to end a container: whether somebody has asked for the end, how urgently, and with
 * which exit code. Everything that waits in a container's life looks here.
 */
import type { OverlayPort } from "./port.ts";

export class EndRequest {
  readonly #port: Pick<OverlayPort, "say" | "recordExitCode">;
  readonly #asked = Promise.withResolvers<void>();
  readonly #askedAgain = Promise.withResolvers<void>();
  readonly #hurried = Promise.withResolvers<void>();
  #isAsked = false;
  #isHurried = false;
  #essentialCode: number | undefined;

  constructor(port: Pick<OverlayPort, "say" | "recordExitCode">) {
    this.#port = port;
  }

  get isAsked(): boolean {
    return this.#isAsked;
  }

  /** Nobody is to be waited for any longer. */
  get isHurried(): boolean {
    return this.#isHurried;
  }

  /** Resolves when the end is asked for. */
  get asked(): Promise<void> {
    return this.#asked.promise;
  }

  /** Resolves when the end is asked for a second time. */
  get askedAgain(): Promise<void> {
    return this.#askedAgain.promise;
  }

  get hurried(): Promise<void> {
    return this.#hurried.promise;
  }

  /** The exit code of the essential service that ended first; the container's too then. */
  get essentialCode(): number | undefined {
    return this.#essentialCode;
  }

  /** Asks for the end. A second time only cuts a drain short. */
  ask(reason: string): void {
    if (this.#isAsked) return this.#askedAgain.resolve();
    this.#isAsked = true;
    this.#port.say("info", "init", `stopping: ${reason}`);
    this.#asked.resolve();
  }

  /** Asks for the end at once. */
  hurry(reason: string): void {
    this.ask(reason);
    this.#isHurried = true;
    this.#hurried.resolve();
  }

  /**
   * An essential service has ended for good. The container ends with the exit code of the first
   * one, whatever others record later.
   */
  essentialEnded(code: number): void {
    this.#essentialCode ??= code;
    this.#port.recordExitCode(code);
    this.ask(`an essential service has ended with exit code ${code}`);
  }

  /** The container can't go on. */
  fail(reason: string, code: number): void {
    this.#port.say("error", "init", reason);
    this.#port.recordExitCode(code);
    this.ask("it could not go on");
  }
}
