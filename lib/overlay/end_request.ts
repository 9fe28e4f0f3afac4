/**
 * The request to end a container: whether the end has been requested, how urgently, and with which
 * exit code. Every wait in a container's life checks it.
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

  /** Whether to stop waiting for anything. */
  get isHurried(): boolean {
    return this.#isHurried;
  }

  /** Resolves when the end is requested. */
  get asked(): Promise<void> {
    return this.#asked.promise;
  }

  /** Resolves when the end is requested a second time. */
  get askedAgain(): Promise<void> {
    return this.#askedAgain.promise;
  }

  get hurried(): Promise<void> {
    return this.#hurried.promise;
  }

  /** The exit code of the essential service that ended first. It is then also the container's. */
  get essentialCode(): number | undefined {
    return this.#essentialCode;
  }

  /** Requests the end. A second request only cuts a drain short. */
  ask(reason: string): void {
    if (this.#isAsked) return this.#askedAgain.resolve();
    this.#isAsked = true;
    this.#port.say("info", "init", `stopping: ${reason}`);
    this.#asked.resolve();
  }

  /** Requests the end at once. */
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

  /** Ends the container because it can't go on. */
  fail(reason: string, code: number): void {
    this.#port.say("error", "init", reason);
    this.#port.recordExitCode(code);
    this.ask("it could not go on");
  }
}
