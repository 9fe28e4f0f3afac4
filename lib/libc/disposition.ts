/**
 * What signals do to this process: ignored or not, and dying of one. Source: sigaction(2).
 */
import { SIGXFSZ } from "../core/linux/signals.ts";
import { bindLibrary, call } from "./bind.ts";
import { getpid, kill } from "./process.ts";

const SIG_DFL = null;
const SIG_IGN = 1n;
const SIZEOF_SIGACTION = 152; // the handler comes first

const libc = bindLibrary({
  sigaction: {
    parameters: [
      "i32", // int signum
      "pointer", // const struct sigaction *act
      "buffer", // struct sigaction *oldact
    ],
    result: "i32",
  },
  signal: { parameters: ["i32", "pointer"], result: "pointer" },
});

/** Is `signal` ignored, as nohup and a shell's background jobs arrange? */
export function isIgnored(signal: number): boolean {
  const action = new BigUint64Array(SIZEOF_SIGACTION / 8);
  return call(libc.sigaction, signal, null, action) === 0 && action[0] === SIG_IGN;
}

/** Ignores `signal` from now on, whatever the runtime has arranged for it. */
export function ignore(signal: number): void {
  libc.signal(signal, Deno.UnsafePointer.create(SIG_IGN));
}

let fileSizeAction: { readonly before: Deno.PointerValue } | undefined;

/**
 * From now on a write beyond the limit of file sizes (ulimit -f) fails with EFBIG, and does not end
 * this process. What it spawns gets the default again, as of every signal.
 */
export function outliveFileSizeLimit(): void {
  fileSizeAction ??= { before: libc.signal(SIGXFSZ, Deno.UnsafePointer.create(SIG_IGN)) };
}

/** Takes that back, for the program that this process is about to become. */
export function yieldToFileSizeLimit(): void {
  if (fileSizeAction !== undefined) libc.signal(SIGXFSZ, fileSizeAction.before);
  fileSizeAction = undefined;
}

/**
 * Ends this process as `signal` ends a process that does nothing about it, so that the parent sees
 * that death.
 */
export function dieOf(signal: number): void {
  libc.signal(signal, SIG_DFL);
  kill(getpid(), signal);
}

/**
 * Stops the foreground job that this process is in, as the terminal would. What comes back puts the
 * arrangement for `signal` back.
 */
export function stopOf(signal: number): Disposable {
  const before = new BigUint64Array(SIZEOF_SIGACTION / 8);
  call(libc.sigaction, signal, null, before);
  libc.signal(signal, SIG_DFL);
  kill(0, signal);
  return {
    [Symbol.dispose]: () => {
      call(
        libc.sigaction,
        signal,
        Deno.UnsafePointer.of(before),
        new BigUint64Array(SIZEOF_SIGACTION / 8),
      );
    },
  };
}
