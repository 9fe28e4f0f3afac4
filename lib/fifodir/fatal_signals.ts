/**
 * What must not be left behind when a signal ends the process: a listener's FIFO in somebody's
 * fifodir.
 */
import { SIGNALS } from "../core/linux/signals.ts";
import { dieOf, ignore, isIgnored } from "../libc/disposition.ts";

const FATAL = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGALRM", "SIGUSR1", "SIGUSR2"] as const;

/**
 * From now on the signals that end a process call `cleanUp` first; the process then dies of the
 * signal all the same. Signals that were ignored when the process was started stay ignored.
 * Disposing takes that back.
 */
export function beforeFatalSignal(cleanUp: () => void): Disposable {
  const ignored = FATAL.filter((name) => isIgnored(SIGNALS[name]));
  const listeners = FATAL.filter((name) => !ignored.includes(name)).map((name) => {
    const listener = () => {
      cleanUp();
      dieOf(SIGNALS[name]);
    };
    Deno.addSignalListener(name, listener);
    return { name, listener };
  });
  // with the first listener the runtime has taken over SIGHUP and SIGINT too
  for (const name of ignored) ignore(SIGNALS[name]);
  return {
    [Symbol.dispose]: () => {
      for (const { name, listener } of listeners) Deno.removeSignalListener(name, listener);
    },
  };
}
