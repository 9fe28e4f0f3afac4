/**
 * Processes that entered our PID namespace from outside, as with `docker exec`: no parent in here
 * is told of their death. Their pidfds report it; if the kernel gives none, we look again at
 * intervals.
 */
import { startTimer } from "../fifodir/timer.ts";
import type { Poller } from "../libc/epoll.ts";
import { close } from "../libc/file.ts";
import { pidfdOpen } from "../libc/pidfd.ts";

const LOOK_AGAIN_MS = 100;

export interface StrangersWorld {
  readonly poller: Pick<Poller, "watch" | "unwatch">;
  /** A descriptor of the process, or `-errno`. */
  open(pid: number): number;
  later(delayMs: number, onTime: () => void): Disposable;
}

export function strangersWorld(poller: Poller): StrangersWorld {
  return { poller, open: pidfdOpen, later: startTimer };
}

/**
 * Calls `onEnd` when one of them has died, or may have. Returns a function that stops the watch.
 *
 * @throws Whatever watching throws; nothing is watched then.
 */
export function watchStrangers(
  pids: readonly number[],
  { poller, open, later }: StrangersWorld,
  onEnd: () => void,
): () => void {
  using begun = new DisposableStack();
  let timer: Disposable | undefined;
  const lookLater = (): void => {
    timer = later(LOOK_AGAIN_MS, () => {
      lookLater();
      onEnd();
    });
  };
  begun.defer(() => timer?.[Symbol.dispose]());
  for (const pid of pids) {
    const fd = open(pid);
    if (fd < 0) {
      // refused, or already gone: looking again finds out
      if (timer === undefined) lookLater();
      continue;
    }
    begun.defer(() => close(fd));
    poller.watch(fd, () => {
      poller.unwatch(fd);
      onEnd();
    });
    begun.defer(() => poller.unwatch(fd));
  }
  const all = begun.move();
  return () => all.dispose();
}
