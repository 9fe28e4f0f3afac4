/**
 * A descriptor for a process: readable when the process is dead, whoever its parent is. Source:
 * pidfd_open(2), Linux 5.3; linux/pidfd.h, PIDFD_GET_INFO.
 */
import { bindLibrary, call } from "./bind.ts";

const SYS_pidfd_send_signal = 424;
const SYS_pidfd_open = 434;
/** PIDFD_SIGNAL_PROCESS_GROUP, of Linux 6.9: the headers of many machines lack it. */
const TO_THE_GROUP = 4n;
/** The size of struct pidfd_info as it was first; the kernel fills in so much. */
const SIZEOF_INFO = 64;
/** PIDFD_GET_INFO: _IOWR(0xff, 11, struct pidfd_info) */
const GET_INFO = 0xc000_ff0bn | BigInt(SIZEOF_INFO << 16);
/** PIDFD_INFO_EXIT */
const INFO_EXIT = 8n;
const INFO_EXIT_CODE = 60;

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
  ioctl: { parameters: ["i32", "usize", "buffer"], result: "i32" },
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

/** The same to the group whose leader it is; `-EINVAL` before Linux 6.9. */
export function pidfdSendGroupSignal(pidfd: number, signal: number): number {
  return call(
    libc.syscall,
    BigInt(SYS_pidfd_send_signal),
    pidfd,
    BigInt(signal),
    0n,
    TO_THE_GROUP,
  );
}

/**
 * The wait status of a dead process, whoever its parent is. "later": its parent has not reaped it
 * yet; the descriptor hangs up when it has. "unknown": the kernel does not tell (before 6.15).
 */
export function pidfdEnd(pidfd: number): number | "later" | "unknown" {
  const info = new DataView(new ArrayBuffer(SIZEOF_INFO));
  info.setBigUint64(0, INFO_EXIT, true);
  const result = call(libc.ioctl, pidfd, GET_INFO, new Uint8Array(info.buffer));
  if (result < 0) return "unknown";
  const isTold = (info.getBigUint64(0, true) & INFO_EXIT) !== 0n;
  return isTold ? info.getInt32(INFO_EXIT_CODE, true) & 0xffff : "later";
}
