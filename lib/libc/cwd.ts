/** The name of the process's directory. Source: getcwd(2), x86-64. */
import { ENOENT } from "../core/errno.ts";
import { decodePath } from "../core/path_bytes.ts";
import { bindLibrary, call, checked, SyscallError } from "./bind.ts";

const SYS_GETCWD = 79;
const PATH_MAX = 4096;

// the C library's getcwd() has no error number where `call` looks for it
const libc = bindLibrary({
  syscall: {
    parameters: [
      "i64", // long number
      "buffer", // char *buf
      "usize", // unsigned long size
    ],
    result: "i32",
  },
});

/** An absolute path. @throws {SyscallError} If the directory has none: it was removed, or lies outside of our root. */
export function workingDirectory(): string {
  const buffer = new Uint8Array(PATH_MAX);
  const length = checked("getcwd", call(libc.syscall, BigInt(SYS_GETCWD), buffer, BigInt(buffer.length)));
  const path = decodePath(buffer.subarray(0, length - 1));
  if (!path.startsWith("/")) throw new SyscallError("getcwd", ENOENT);
  return path;
}
