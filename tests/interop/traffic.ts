/**
 * Requests that go on, one after the other, while something happens to the server; and what became
 * of each.
 */
import { assertEquals } from "@std/assert";
import { within } from "../fixture/deadline.ts";

interface Outcome {
  readonly startMs: number;
  readonly endMs: number;
  /** Why it failed; absent if it did not. */
  readonly failure?: string;
}

export class Traffic implements AsyncDisposable {
  readonly #outcomes: Outcome[] = [];
  readonly #request: () => Promise<void>;
  readonly #loop: Promise<void>;
  #over = false;
  #wake: () => void = () => {};

  /** @param request One request; it throws if the answer is not the right one. */
  constructor(request: () => Promise<void>) {
    this.#request = request;
    this.#loop = this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#over) {
      const startMs = performance.now();
      let failure: string | undefined;
      try {
        await this.#request();
      } catch (error) {
        failure = String(error);
        // a refused connection must not starve the rest
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      this.#outcomes.push({
        startMs,
        endMs: performance.now(),
        ...(failure === undefined ? {} : { failure }),
      });
      this.#wake();
    }
  }

  get successes(): number {
    return this.#outcomes.filter(({ failure }) => failure === undefined).length;
  }

  /** Waits until `count` requests that start from now on have succeeded. */
  async succeed(count: number): Promise<void> {
    const sinceMs = performance.now();
    const done = (): boolean =>
      this.#outcomes.filter(({ startMs, failure }) => startMs >= sinceMs && failure === undefined)
        .length >= count;
    const come = async (): Promise<void> => {
      while (!done()) await new Promise<void>((resolve) => this.#wake = resolve);
    };
    await within(
      come(),
      () =>
        `${count} requests to succeed; the last outcome: ${JSON.stringify(this.#outcomes.at(-1))}`,
    );
  }

  /**
   * Asserts that no request failed but those that were under way at some moment between the two.
   */
  assertFailuresWithin(fromMs: number, toMs: number): void {
    assertEquals(
      this.#outcomes.filter(({ startMs, endMs, failure }) =>
        failure !== undefined && (endMs < fromMs || startMs > toMs)
      ),
      [],
    );
  }

  assertNoFailures(): void {
    this.assertFailuresWithin(Infinity, -Infinity);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    await this.#loop;
  }
}
