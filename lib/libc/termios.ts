/** The modes of a terminal: read, made raw, put back. Source: termios(3), x86-64 and glibc. */
import { bindLibrary, call } from "./bind.ts";

const SIZEOF_TERMIOS = 60;
const TCSANOW = 0;

const libc = bindLibrary({
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
});

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

/** The same modes but for this: each key comes at once and as it is, none is shown, none sends a signal, and output is left as it is. */
export function rawModes(modes: TerminalModes): TerminalModes {
  const raw = modes.slice();
  libc.cfmakeraw(raw);
  return raw;
}
