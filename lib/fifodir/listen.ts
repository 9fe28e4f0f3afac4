/**
 * Listening in several fifodirs at once until enough has happened or the time is up. No polling:
 * one epoll and at most one timer. The FIFOs are gone when it is over, also when an error or a
 * signal ends it.
 */
import { Poller } from "../libc/epoll.ts";
import { raiseNofileLimit } from "../libc/resource_limit.ts";
import { beforeFatalSignal } from "./fatal_signals.ts";
import { subscribe, type Subscription } from "./subscribe.ts";
import { startTimer } from "./timer.ts";

const MANY = 256; // the usual soft limit of descriptors is 1024

export interface ListenOptions {
  /** From the call on; 0 for no limit. */
  readonly timeoutMs: number;
  /**
   * Called once, when every fifodir is listened to: nothing that happens from now on can be missed.
   * Returns whether that is enough already.
   */
  onSubscribed(): boolean | Promise<boolean>;
  /**
   * Called with the events that came in the fifodir of that index. Returns whether it is enough.
   */
  onEvents(index: number, events: Uint8Array<ArrayBuffer>): boolean;
}

/**
 * Listens until one of the callbacks says that it is enough (true), or the time is up (false).
 *
 * @throws {SyscallError} If a fifodir can't be listened to; and whatever a callback throws.
 */
export async function listen(
  fifodirs: readonly string[],
  options: ListenOptions,
): Promise<boolean> {
  if (fifodirs.length > MANY) raiseNofileLimit();
  using stack = new DisposableStack();
  const subscriptions: Subscription[] = [];
  stack.use(
    beforeFatalSignal(() =>
      subscriptions.forEach((subscription) => subscription[Symbol.dispose]())
    ),
  );
  const poller = stack.use(new Poller());
  let timedOut = false;
  if (options.timeoutMs > 0) {
    stack.use(startTimer(options.timeoutMs, () => {
      timedOut = true;
      poller.stop();
    }));
  }
  for (const fifodir of fifodirs) subscriptions.push(stack.use(subscribe(fifodir)));
  if (await options.onSubscribed()) return true;
  if (timedOut) return false;
  let failure: { readonly error: unknown } | undefined;
  subscriptions.forEach((subscription, index) => {
    poller.watch(subscription.fd, () => {
      try {
        if (options.onEvents(index, subscription.readEvents())) poller.stop();
      } catch (error) {
        failure = { error };
        poller.stop();
      }
    });
  });
  await poller.run();
  if (failure !== undefined) throw failure.error;
  return !timedOut;
}
