/** What a terminal is asked: whether it is one, and how large. Source: tty_ioctl(4), TIOCGWINSZ. */
import { bindLibrary } from "./bind.ts";
import { O_NOCTTY, O_NONBLOCK, O_WRONLY, tryOpen } from "./file.ts";

const TIOCGWINSZ = 0x5413n;

const libc = bindLibrary({
  ioctl: {
    parameters: [
      "i32", // int fd
      "usize", // unsigned long request
      "buffer", // struct winsize *size
    ],
    result: "i32",
  },
});

export interface WindowSize {
  readonly rows: number;
  readonly columns: number;
}

/** Undefined if `fd` is no terminal. A terminal that does not know its size, such as a serial line, has 24 by 80. */
export function windowSize(fd: number): WindowSize | undefined {
  const size = new Uint16Array(4); // rows, columns, and the same in pixels
  if (libc.ioctl(fd, TIOCGWINSZ, size) < 0) return undefined;
  return { rows: size[0] || 24, columns: size[1] || 80 };
}

/** Is `fd` a terminal? */
export function isTerminal(fd: number): boolean {
  return libc.ioctl(fd, TIOCGWINSZ, new Uint16Array(4)) === 0;
}

/**
 * A descriptor of our own on the terminal `fd`, which never makes its writer wait: a terminal says that it has room when it has some, and stops
 * whoever writes more. `-errno` where it can't be opened anew, as another user's can't.
 */
export function openTerminalAgain(fd: number): number {
  return tryOpen(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
}
