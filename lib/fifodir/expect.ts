/**
 * Waiting for events that match: an expectation per fifodir, over the text of the events that came
 * since the subscription.
 */
import { listen } from "./listen.ts";

export interface Expectation {
  readonly fifodir: string;
  /** Is this, all events so far, what is waited for? Asked whenever new ones have come. */
  matches(events: Uint8Array<ArrayBuffer>): boolean;
}

export interface ExpectOptions {
  /** One expectation that is met is enough. */
  readonly any: boolean;
  /** 0 for no limit. */
  readonly timeoutMs: number;
  /** Called when no event can be missed any more. */
  onSubscribed(): void;
}

/**
 * Waits until the expectations are met. Returns the events of each up to the moment when it was met
 * (empty if it was not), or undefined if the time was up.
 *
 * @throws {SyscallError} If a fifodir can't be listened to; and whatever `onSubscribed` throws.
 */
export async function expectEvents(
  expectations: readonly Expectation[],
  options: ExpectOptions,
): Promise<readonly Uint8Array<ArrayBuffer>[] | undefined> {
  const seen = expectations.map(() => new Uint8Array(0));
  const met = expectations.map(() => false);
  const inTime = await listen(expectations.map(({ fifodir }) => fifodir), {
    timeoutMs: options.timeoutMs,
    onSubscribed(): boolean {
      options.onSubscribed();
      return expectations.length === 0;
    },
    onEvents(index, events): boolean {
      if (met[index] || events.length === 0) return false;
      seen[index] = joined(seen[index]!, events);
      met[index] = expectations[index]!.matches(seen[index]);
      return options.any ? met[index] : met.every((each) => each);
    },
  });
  return inTime ? seen.map((events, index) => met[index] ? events : new Uint8Array(0)) : undefined;
}

function joined(
  first: Uint8Array<ArrayBuffer>,
  second: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
