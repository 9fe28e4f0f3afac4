/** Waiting for children, with nothing else to do meanwhile. */
import { ECHILD, EINTR } from "../core/errno.ts";
import { bindLibrary, call, checked } from "./bind.ts";

const P_ALL = 0;
const WNOHANG = 1;
const WEXITED = 4;
const WNOWAIT = 0x01000000;

const libc = bindLibrary({
  waitid: {
    parameters: [
      "i32", // idtype_t idtype
      "u32", // id_t id
      "buffer", // siginfo_t *infop
      "i32", // int options
    ],
    result: "i32",
  },
  waitpid: {
    parameters: [
      "i32", // pid_t pid
      "buffer", // int *wstatus
      "i32", // int options
    ],
    result: "i32",
  },
});

/** Blocks until the child `pid` is dead. Returns its wait status. @throws {SyscallError} If it is no child of ours. */
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

/** Has this process any child, alive or dead? */
export function hasChildren(): boolean {
  return call(libc.waitid, P_ALL, 0, null, WNOHANG | WEXITED | WNOWAIT) !== -ECHILD;
}
