/** Sessions, process groups and the terminal's foreground. Source: setpgid(2), tcsetpgrp(3). */
import { SIGTTOU } from "../core/signals.ts";
import { bindLibrary, call } from "./bind.ts";

/** SIG_IGN as a pointer's value. */
const SIG_IGN = 1n;

const libc = bindLibrary({
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

/** Makes this process the leader of a new process group. 0, or `-errno`. */
export function leadNewGroup(): number {
  return call(libc.setpgid, 0, 0);
}

/**
 * Makes the process group `pgid` the foreground group of the terminal `ttyFd`. 0, or `-errno`.
 *
 * Asked from a background group, the kernel stops that group until it is continued; `grab` takes the terminal without that.
 */
export function setForegroundGroup(ttyFd: number, pgid: number, options: { readonly grab: boolean }): number {
  if (!options.grab) return call(libc.tcsetpgrp, ttyFd, pgid);
  const before = libc.signal(SIGTTOU, Deno.UnsafePointer.create(SIG_IGN));
  const result = call(libc.tcsetpgrp, ttyFd, pgid);
  libc.signal(SIGTTOU, before);
  return result;
}
