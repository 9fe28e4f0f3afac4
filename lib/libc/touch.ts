/** Marking a file as just used. Source: futimens(3). */
import { bindLibrary, call, checked } from "./bind.ts";
import { close, O_CREAT, O_NONBLOCK, O_WRONLY, tryOpen } from "./file.ts";

const NEW_FILE_MODE = 0o666;
/** In place of two times: now. */
const NOW = null;

const libc = bindLibrary({
  futimens: {
    parameters: [
      "i32", // int fd
      "pointer", // const struct timespec times[2]
    ],
    result: "i32",
  },
});

/** Sets both times of a file to now; creates the file if there is none. @throws {SyscallError} If that can't be done. */
export function touch(path: string): void {
  const action = `touch ${path}`;
  const fd = checked(action, tryOpen(path, O_WRONLY | O_NONBLOCK | O_CREAT, NEW_FILE_MODE));
  try {
    checked(action, call(libc.futimens, fd, NOW));
  } finally {
    close(fd);
  }
}
