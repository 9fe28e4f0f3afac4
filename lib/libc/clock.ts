/**
 * The two clocks: deadlines are monotonic, stamps are wall clock.
 *
 * Setting the time of day. Source: clock_settime(2).
 *
 * The calendar of the C library: TZ and /etc/localtime as every other program on the machine reads
 * them. They are read once. Source: localtime_r(3), tzset(3), struct tm of glibc.
 */
import type { CalendarTime } from "../core/time/calendar_time.ts";
import { type Tain, tainFromUnix } from "../core/time/tain.ts";
import { bindLibrary, call } from "./bind.ts";

const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;
const CLOCK_THREAD_CPUTIME_ID = 3;
const CLOCK_BOOTTIME = 7;

const libc = bindLibrary({
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  clock_settime: {
    parameters: [
      "i32", // clockid_t clockid
      "buffer", // const struct timespec *tp
    ],
    result: "i32",
  },
  localtime_r: {
    parameters: [
      "buffer", // const time_t *timep
      "buffer", // struct tm *result
    ],
    result: "pointer",
  },
  gmtime_r: { parameters: ["buffer", "buffer"], result: "pointer" },
  mktime: { parameters: ["buffer"], result: "i64" }, // struct tm *tm,
});

const timespec = new BigInt64Array(2);

/** Now, to the nanosecond, as a TAI stamp. */
export function wallclock(): Tain {
  libc.clock_gettime(CLOCK_REALTIME, timespec);
  return tainFromUnix(timespec[0]!, Number(timespec[1]!));
}

/** Now, in milliseconds of Unix time. */
export function unixMs(): number {
  libc.clock_gettime(CLOCK_REALTIME, timespec);
  return Number(timespec[0]!) * 1e3 + Number(timespec[1]!) / 1e6;
}

/** Milliseconds since some moment in the past; no change of the system's time touches it. */
export function monotonicMs(): number {
  return performance.now();
}

/** Microseconds since the boot, suspended time included: the clock of `/proc/PID/stat`. */
export function bootUs(): number {
  libc.clock_gettime(CLOCK_BOOTTIME, timespec);
  return Number(timespec[0]!) * 1e6 + Math.floor(Number(timespec[1]!) / 1e3);
}

/** The moment from which `monotonicMs` counts, on the clock that all programs of a machine share. */
export function monotonicOriginMs(): number {
  libc.clock_gettime(CLOCK_MONOTONIC, timespec);
  return Number(timespec[0]!) * 1e3 + Number(timespec[1]!) / 1e6 - monotonicMs();
}

/** How long this thread, the one that runs JavaScript, has had a processor. */
export function cpuTimeMs(): number {
  libc.clock_gettime(CLOCK_THREAD_CPUTIME_ID, timespec);
  return Number(timespec[0]!) * 1e3 + Number(timespec[1]!) / 1e6;
}

/** Sets the system's clock to a time since 1970, without leap seconds. 0, or `-errno`. */
export function setSystemClock(seconds: bigint, nanoseconds: number): number {
  return call(libc.clock_settime, CLOCK_REALTIME, BigInt64Array.of(seconds, BigInt(nanoseconds)));
}

const SIZEOF_TM = 56;
/** Index of the field that says whether summer time is in force; -1: not known. */
const TM_ISDST = 8;

/** tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year; the fields after these are of no use here. */
const tm = new Int32Array(SIZEOF_TM / 4);
const time = new BigInt64Array(1);

/** The time in UTC or in the local zone; undefined for a year of more than 31 bits. */
export function calendarTime(
  unixSeconds: bigint,
  options: { readonly local: boolean },
): CalendarTime | undefined {
  time[0] = unixSeconds;
  const found = options.local ? libc.localtime_r(time, tm) : libc.gmtime_r(time, tm);
  if (found === null) return undefined;
  return {
    year: 1900 + tm[5]!,
    month: 1 + tm[4]!,
    day: tm[3]!,
    hour: tm[2]!,
    minute: tm[1]!,
    second: tm[0]!,
  };
}

/** The local time. @throws {RangeError} For a year of more than 31 bits. */
export function localTime(unixSeconds: bigint): CalendarTime {
  const time = calendarTime(unixSeconds, { local: true });
  if (time === undefined) throw new RangeError(`no year is that far away: ${unixSeconds} seconds`);
  return time;
}

/**
 * The Unix seconds of a local time; of one that comes twice, when clocks are set back, that which
 * the C library thinks more likely.
 */
export function unixTime({ year, month, day, hour, minute, second }: CalendarTime): bigint {
  const fields = new Int32Array(SIZEOF_TM / 4);
  fields.set([second, minute, hour, day, month - 1, year - 1900]);
  fields[TM_ISDST] = -1;
  return BigInt(libc.mktime(fields));
}
