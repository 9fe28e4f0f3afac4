/**
 * Processes: signals, deaths, identity.
 *
 * Waiting for children, with nothing else to do meanwhile.
 *
 * Sessions, process groups and the terminal's foreground. Source: setpgid(2), tcsetpgrp(3).
 */
import { ECHILD, EINTR } from "../core/linux/errno.ts";
import { SIGTTOU } from "../core/linux/signals.ts";
import { bindLibrary, call, checked } from "./bind.ts";

const WNOHANG = 1;
const WEXITED = 4;
const WNOWAIT = 0x1000000;
const P_ALL = 0;
const SIZEOF_SIGINFO = 128;
const PR_SET_CHILD_SUBREAPER = 36;

const libc = bindLibrary({
  kill: { parameters: ["i32", "i32"], result: "i32" },
  waitpid: {
    parameters: [
      "i32", // pid_t pid
      "buffer", // int *wstatus
      "i32", // int options
    ],
    result: "i32",
  },
  waitid: {
    parameters: [
      "i32", // idtype_t idtype
      "u32", // id_t id
      "buffer", // siginfo_t *infop
      "i32", // int options
    ],
    result: "i32",
  },
  getpid: { parameters: [], result: "i32" },
  getppid: { parameters: [], result: "i32" },
  getuid: { parameters: [], result: "u32" },
  geteuid: { parameters: [], result: "u32" },
  getegid: { parameters: [], result: "u32" },
  setsid: { parameters: [], result: "i32" },
  prctl: { parameters: ["i32", "usize", "usize", "usize", "usize"], result: "i32" },
  setpgid: {
    parameters: [
      "i32", // pid_t pid
      "i32", // pid_t pgid
    ],
    result: "i32",
  },
  tcsetpgrp: {
    parameters: [
      "i32", // int fd
      "i32", // pid_t pgrp
    ],
    result: "i32",
  },
  signal: {
    parameters: [
      "i32", // int signum
      "pointer", // sighandler_t handler
    ],
    result: "pointer",
  },
});

export interface Death {
  readonly pid: number;
  /** The raw wait status; see lib/core/linux/wstat.ts. */
  readonly wstat: number;
}

const wstatus = new Int32Array(1);

/** Sends a signal to a process, or to a whole group if `pid` is negative. 0, or `-errno`. */
export function kill(pid: number, signal: number): number {
  return call(libc.kill, pid, signal);
}

function waitNoHang(pid: number): Death | undefined {
  for (;;) {
    const result = call(libc.waitpid, pid, wstatus, WNOHANG);
    if (result > 0) return { pid: result, wstat: wstatus[0]! };
    if (result === -EINTR) continue;
    if (result === 0 || result === -ECHILD) return undefined;
    checked("wait for children", result);
  }
}

/** Reaps one dead child, whichever; `undefined` if none is dead now. Never waits. */
export function waitAny(): Death | undefined {
  return waitNoHang(-1);
}

/**
 * Reaps the child `pid` if it is dead. Returns its wait status, or `undefined` if it lives or is no
 * child. Never waits.
 */
export function waitPid(pid: number): number | undefined {
  return waitNoHang(pid)?.wstat;
}

/** Has this process children, alive or dead and not reaped? */
export function hasChildren(): boolean {
  return call(
    libc.waitid,
    P_ALL,
    0,
    new Uint8Array(SIZEOF_SIGINFO),
    WEXITED | WNOHANG | WNOWAIT,
  ) !== -ECHILD;
}

export function getpid(): number {
  return libc.getpid();
}

export function getppid(): number {
  return libc.getppid();
}

export function getuid(): number {
  return libc.getuid();
}

export function geteuid(): number {
  return libc.geteuid();
}

export function getegid(): number {
  return libc.getegid();
}

/**
 * Makes this process the leader of a new session. The session, or `-errno` (`-EPERM`: it leads a
 * group already).
 */
export function setsid(): number {
  return call(libc.setsid);
}

/**
 * From now on orphans among our descendants become our children. PID 1 has that from the kernel.
 * 0, or `-errno` (`-EINVAL`: the kernel is older than 3.4, or an emulator does not know this).
 */
export function trySetChildSubreaper(): number {
  if (Deno.pid === 1) return 0;
  return call(libc.prctl, PR_SET_CHILD_SUBREAPER, 1n, 0n, 0n, 0n);
}

/** The same. @throws {SyscallError} If it can't be had. */
export function setChildSubreaper(): void {
  checked("become the reaper of orphans", trySetChildSubreaper());
}

/**
 * Blocks until the child `pid` is dead. Returns its wait status. @throws {SyscallError} If it is no
 * child of ours.
 */
export function waitFor(pid: number): number {
  const wstatus = new Int32Array(1);
  for (;;) {
    const result = call(libc.waitpid, pid, wstatus, 0);
    if (result === -EINTR) continue;
    checked(`wait for process ${pid}`, result);
    return wstatus[0]!;
  }
}

/** Blocks until any child is dead. Its pid and wait status; undefined if there is no child. */
export function waitForAny(): { readonly pid: number; readonly wstat: number } | undefined {
  const wstatus = new Int32Array(1);
  for (;;) {
    const pid = call(libc.waitpid, -1, wstatus, 0);
    if (pid === -EINTR) continue;
    if (pid === -ECHILD) return undefined;
    return { pid: checked("wait for children", pid), wstat: wstatus[0]! };
  }
}

/** SIG_IGN as a pointer's value. */
const SIG_IGN = 1n;

/** Makes this process the leader of a new process group. 0, or `-errno`. */
export function leadNewGroup(): number {
  return call(libc.setpgid, 0, 0);
}

/**
 * Makes the process group `pgid` the foreground group of the terminal `ttyFd`. 0, or `-errno`.
 *
 * Asked from a background group, the kernel stops that group until it is continued; `grab` takes
 * the terminal without that.
 */
export function setForegroundGroup(
  ttyFd: number,
  pgid: number,
  options: { readonly grab: boolean },
): number {
  if (!options.grab) return call(libc.tcsetpgrp, ttyFd, pgid);
  const before = libc.signal(SIGTTOU, Deno.UnsafePointer.create(SIG_IGN));
  const result = call(libc.tcsetpgrp, ttyFd, pgid);
  libc.signal(SIGTTOU, before);
  return result;
}
