/** Terminals: whether one is there, whose it is, and letting go of it. Source: ioctl_tty(2), credentials(7). */
import { bindLibrary, call } from "./bind.ts";

const TIOCNOTTY = 0x5422n;

const libc = bindLibrary({
  isatty: { parameters: ["i32"], result: "i32" },
  tcgetpgrp: { parameters: ["i32"], result: "i32" },
  getpgrp: { parameters: [], result: "i32" },
  getsid: { parameters: ["i32"], result: "i32" },
  ioctl: { parameters: ["i32", "usize", "pointer"], result: "i32" },
});

export function isTerminal(fd: number): boolean {
  return libc.isatty(fd) === 1;
}

/** The foreground process group of the terminal `fd`, if it is this process's controlling terminal; or `-errno`. */
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
 * Gives up the controlling terminal `fd`. 0, or `-errno`. If this process leads its session, the whole session loses it, and the foreground
 * group, which may be this process itself, gets SIGHUP and SIGCONT.
 */
export function disownTerminal(fd: number): number {
  return call(libc.ioctl, fd, TIOCNOTTY, null);
}
