/**
 * A descriptor for a process: readable when the process is dead, whoever its parent is. Source:
 * pidfd_open(2), Linux 5.3.
 */
import { bindLibrary, call } from "./bind.ts";

const SYS_pidfd_send_signal = 424;
const SYS_pidfd_open = 434;

const libc = bindLibrary({
  syscall: {
    parameters: [
      "i64", // long number
      "i32", // pid_t pid; or int pidfd
      "i64", // unsigned int flags; or int sig
      "i64", // siginfo_t *info, NULL
      "i64", // unsigned int flags
    ],
    result: "i32",
  },
});

/**
 * A close-on-exec descriptor for the process `pid`, or `-errno` (an old kernel, or a filter that
 * forbids it).
 */
export function pidfdOpen(pid: number): number {
  return call(libc.syscall, BigInt(SYS_pidfd_open), pid, 0n, 0n, 0n);
}

/**
 * Sends a signal to the process that the descriptor stands for, whoever has its number now. 0, or
 * `-errno` (`-ESRCH`: it is dead).
 */
export function pidfdSendSignal(pidfd: number, signal: number): number {
  return call(libc.syscall, BigInt(SYS_pidfd_send_signal), pidfd, BigInt(signal), 0n, 0n);
}
