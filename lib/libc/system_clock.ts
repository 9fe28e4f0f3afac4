/** Setting the time of day. Source: clock_settime(2). */
import { bindLibrary, call } from "./bind.ts";

const CLOCK_REALTIME = 0;

const libc = bindLibrary({
  clock_settime: {
    parameters: [
      "i32", // clockid_t clockid
      "buffer", // const struct timespec *tp
    ],
    result: "i32",
  },
});

/** Sets the system's clock to a time since 1970, without leap seconds. 0, or `-errno`. */
export function setSystemClock(seconds: bigint, nanoseconds: number): number {
  return call(libc.clock_settime, CLOCK_REALTIME, BigInt64Array.of(seconds, BigInt(nanoseconds)));
}
