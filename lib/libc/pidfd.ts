/** A descriptor for a process: readable when the process is dead, whoever its parent is. Source: pidfd_open(2), Linux 5.3. */
import { bindLibrary, call } from "./bind.ts";

const SYS_pidfd_open = 434;

const libc = bindLibrary({
  syscall: {
    parameters: [
      "i64", // long number
      "i32", // pid_t pid
      "u32", // unsigned int flags
    ],
    result: "i32",
  },
});

/** A close-on-exec descriptor for the process `pid`, or `-errno` (an old kernel, or a filter that forbids it). */
export function pidfdOpen(pid: number): number {
  return call(libc.syscall, BigInt(SYS_pidfd_open), pid, 0);
}
