/** Waiting for one child, with nothing else to do meanwhile. */
import { EINTR } from "../core/errno.ts";
import { bindLibrary, call, checked } from "./bind.ts";

const libc = bindLibrary({
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
