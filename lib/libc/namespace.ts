/**
 * PID namespaces, for `flag-newpidns`: leave our namespace for children, spawn one, come back, all in one synchronous stretch.
 * Source: unshare(2), setns(2), pid_namespaces(7).
 */
import { bindLibrary, call } from "./bind.ts";
import { close, O_RDONLY, tryOpen } from "./file.ts";

const CLONE_NEWPID = 0x20000000;

const libc = bindLibrary({
  unshare: { parameters: ["i32"], result: "i32" },
  setns: { parameters: ["i32", "i32"], result: "i32" },
});

/**
 * Runs `spawn` so that the child it makes is PID 1 of a namespace of its own.
 *
 * @returns What `spawn` returned (0 or an error number), or the error number of what kept us from trying.
 */
export function inNewPidNamespace(spawn: () => number): number {
  const own = tryOpen("/proc/self/ns/pid", O_RDONLY);
  if (own < 0) return -own;
  try {
    const left = call(libc.unshare, CLONE_NEWPID);
    if (left < 0) return -left;
    try {
      return spawn();
    } finally {
      libc.setns(own, CLONE_NEWPID);
    }
  } finally {
    close(own);
  }
}
