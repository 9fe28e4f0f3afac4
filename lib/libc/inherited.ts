/** Descriptors that this process was started with, apart from those that the runtime has opened for itself. */
import { bindLibrary, call } from "./bind.ts";
import { fstat, isFifo } from "./stat.ts";
import { O_WRONLY } from "./file.ts";
import { statusFlags } from "./fd.ts";

const F_GETFD = 1;
const FD_CLOEXEC = 1;
const O_ACCMODE = 3;

const libc = bindLibrary({ fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" } });

/** Is `fd` open and no descriptor of the runtime's own? What was inherited is never close-on-exec, what we open always is. */
export function isInherited(fd: number): boolean {
  const flags = call(libc.fcntl, fd, F_GETFD, 0);
  return flags >= 0 && (flags & FD_CLOEXEC) === 0;
}

/** Is `fd` the writing end of a pipe, and nothing else? */
export function isWritingEnd(fd: number): boolean {
  const flags = statusFlags(fd);
  return flags >= 0 && (flags & O_ACCMODE) === O_WRONLY && isFifo(fstat(fd).mode);
}
