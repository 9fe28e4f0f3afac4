/**
 * Resource limits by the letters of `s6-softlimit`, and what an argument makes of a pair of limits.
 * Source: s6, doc/s6-softlimit.html, daemontools-extras/s6-softlimit.c; the numbers are Linux's
 * (on both machines), sys/resource.h. Pure.
 */

export const RLIM_INFINITY = 0xffff_ffff_ffff_ffffn;

export interface Limits {
  readonly soft: bigint;
  readonly hard: bigint;
}

export interface Resource {
  readonly name: string;
  readonly number: number;
}

/** A resource, and the limits that it is to have. */
export interface ResourceLimits {
  readonly resource: Resource;
  readonly limits: Limits;
}

const CPU: Resource = { name: "RLIMIT_CPU", number: 0 };
const FSIZE: Resource = { name: "RLIMIT_FSIZE", number: 1 };
const DATA: Resource = { name: "RLIMIT_DATA", number: 2 };
const STACK: Resource = { name: "RLIMIT_STACK", number: 3 };
const CORE: Resource = { name: "RLIMIT_CORE", number: 4 };
const RSS: Resource = { name: "RLIMIT_RSS", number: 5 };
const NPROC: Resource = { name: "RLIMIT_NPROC", number: 6 };
const NOFILE: Resource = { name: "RLIMIT_NOFILE", number: 7 };
const MEMLOCK: Resource = { name: "RLIMIT_MEMLOCK", number: 8 };
const AS: Resource = { name: "RLIMIT_AS", number: 9 };
const RTPRIO: Resource = { name: "RLIMIT_RTPRIO", number: 14 };

/** What each option letter limits. */
export const RESOURCES: Readonly<Record<string, readonly Resource[]>> = {
  a: [AS],
  c: [CORE],
  d: [DATA],
  f: [FSIZE],
  l: [MEMLOCK],
  m: [DATA, STACK, MEMLOCK, AS],
  o: [NOFILE],
  p: [NPROC],
  P: [RTPRIO],
  r: [RSS],
  s: [STACK],
  t: [CPU],
};

/** Which of the two limits are set. */
export interface LimitKinds {
  readonly soft: boolean;
  readonly hard: boolean;
}

/**
 * The limits that the argument asks for; undefined if it is neither a number of 64 bits nor `=`. A
 * soft limit never passes the hard one.
 */
export function changedLimits(
  limits: Limits,
  argument: string,
  kinds: LimitKinds,
): Limits | undefined {
  if (argument === "=") {
    const hard = kinds.hard ? RLIM_INFINITY : limits.hard;
    return { hard, soft: kinds.soft ? hard : limits.soft };
  }
  if (!/^[0-9]{1,20}$/.test(argument)) return undefined;
  const value = BigInt(argument);
  if (value > RLIM_INFINITY) return undefined;
  const hard = kinds.hard ? value : limits.hard;
  const soft = kinds.soft ? value : limits.soft;
  return { hard, soft: soft > hard ? hard : soft };
}

/** What may be set at once, of `wanted`, without taking anything away that there is now. */
export function withoutLowering(now: Limits, wanted: Limits): Limits {
  return {
    soft: wanted.soft > now.soft ? wanted.soft : now.soft,
    hard: wanted.hard > now.hard ? wanted.hard : now.hard,
  };
}
