/** How this process yields to others. Source: setpriority(2), nice(3). */
import { EACCES, EPERM } from "../core/errno.ts";
import { bindLibrary, call } from "./bind.ts";

const PRIO_PROCESS = 0;
const SELF = 0;
const LOWEST = -20;
const HIGHEST = 19;

const libc = bindLibrary({
  getpriority: { parameters: ["i32", "u32"], result: "i32" },
  setpriority: {
    parameters: [
      "i32", // int which
      "u32", // id_t who
      "i32", // int prio
    ],
    result: "i32",
  },
});

/** Adds to the niceness, of the thread that will execute the next program. 0, or `-errno` (`-EPERM`: only root may lower it). */
export function addNiceness(increment: number): number {
  const niceness = libc.getpriority(PRIO_PROCESS, SELF) + increment; // of one's own it can't fail, so -1 is a niceness
  const result = call(libc.setpriority, PRIO_PROCESS, SELF, Math.max(LOWEST, Math.min(HIGHEST, niceness)));
  return result === -EACCES ? -EPERM : result;
}
