/** The two clocks: deadlines are monotonic, stamps are wall clock. */
import type { Tain } from "../core/tain.ts";
import { tainFromUnix } from "../core/tain.ts";
import { bindLibrary } from "./bind.ts";

const CLOCK_REALTIME = 0;
const CLOCK_THREAD_CPUTIME_ID = 3;

const libc = bindLibrary({ clock_gettime: { parameters: ["i32", "buffer"], result: "i32" } });

const timespec = new BigInt64Array(2);

/** Now, to the nanosecond, as a TAI stamp. */
export function wallclock(): Tain {
  libc.clock_gettime(CLOCK_REALTIME, timespec);
  return tainFromUnix(timespec[0]!, Number(timespec[1]!));
}

/** Milliseconds since some moment in the past; no change of the system's time touches it. */
export function monotonicMs(): number {
  return performance.now();
}

/** How long this thread, the one that runs JavaScript, has had a processor. */
export function cpuTimeMs(): number {
  libc.clock_gettime(CLOCK_THREAD_CPUTIME_ID, timespec);
  return Number(timespec[0]!) * 1e3 + Number(timespec[1]!) / 1e6;
}
