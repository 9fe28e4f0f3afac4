/**
 * What a terminal is asked: whether it is one, and how large. Source: tty_ioctl(4), TIOCGWINSZ.
 *
 * The modes of a terminal: read, made raw, put back. Source: termios(3), glibc.
 *
 * Terminals: whether one is there, whose it is, and letting go of it. Source: ioctl_tty(2),
 * credentials(7).
 */
import { bindLibrary, call } from "./bind.ts";
import { O_NOCTTY, O_NONBLOCK, O_WRONLY } from "../core/linux/open_flags.ts";
import { tryOpen } from "./file.ts";

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
  tcgetattr: {
    parameters: [
      "i32", // int fd
      "buffer", // struct termios *termios_p
    ],
    result: "i32",
  },
  tcsetattr: {
    parameters: [
      "i32", // int fd
      "i32", // int optional_actions
      "buffer", // const struct termios *termios_p
    ],
    result: "i32",
  },
  cfmakeraw: { parameters: ["buffer"], result: "void" },
  isatty: { parameters: ["i32"], result: "i32" },
  tcgetpgrp: { parameters: ["i32"], result: "i32" },
  getpgrp: { parameters: [], result: "i32" },
  getsid: { parameters: ["i32"], result: "i32" },
});

export interface WindowSize {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Undefined if `fd` is no terminal. A terminal that does not know its size, such as a serial line,
 * has 24 by 80.
 */
export function windowSize(fd: number): WindowSize | undefined {
  const size = new Uint16Array(4); // rows, columns, and the same in pixels
  if (libc.ioctl(fd, TIOCGWINSZ, size) < 0) return undefined;
  return { rows: size[0] || 24, columns: size[1] || 80 };
}

/**
 * A descriptor of our own on the terminal `fd`, which never makes its writer wait: a terminal says
 * that it has room when it has some, and stops whoever writes more. `-errno` where it can't be
 * opened anew, as another user's can't.
 */
export function openTerminalAgain(fd: number): number {
  return tryOpen(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
}

const SIZEOF_TERMIOS = 60;
const TCSANOW = 0;

/** What `tcgetattr` gives. */
export type TerminalModes = Uint8Array<ArrayBuffer>;

/** The modes of the terminal `fd`; `-errno` if it is none. */
export function terminalModes(fd: number): TerminalModes | number {
  const modes = new Uint8Array(SIZEOF_TERMIOS);
  const result = call(libc.tcgetattr, fd, modes);
  return result < 0 ? result : modes;
}

/** Puts modes into force at once, whatever is still to be written. 0, or `-errno`. */
export function setTerminalModes(fd: number, modes: TerminalModes): number {
  return call(libc.tcsetattr, fd, TCSANOW, modes);
}

/**
 * The same modes but for this: each key comes at once and as it is, none is shown, none sends a
 * signal, and output is left as it is.
 */
export function rawModes(modes: TerminalModes): TerminalModes {
  const raw = modes.slice();
  libc.cfmakeraw(raw);
  return raw;
}

const TIOCNOTTY = 0x5422n;

export function isTerminal(fd: number): boolean {
  return libc.isatty(fd) === 1;
}

/**
 * The foreground process group of the terminal `fd`, if it is this process's controlling terminal;
 * or `-errno`.
 */
export function foregroundGroup(fd: number): number {
  return call(libc.tcgetpgrp, fd);
}

/** The process group that this process is in. */
export function ownGroup(): number {
  return libc.getpgrp();
}

/** The session that this process is in. */
export function ownSession(): number {
  return libc.getsid(0);
}

/**
 * Gives up the controlling terminal `fd`. 0, or `-errno`. If this process leads its session, the
 * whole session loses it, and the foreground group, which may be this process itself, gets SIGHUP
 * and SIGCONT.
 */
export function disownTerminal(fd: number): number {
  return call(libc.ioctl, fd, TIOCNOTTY, null);
}
