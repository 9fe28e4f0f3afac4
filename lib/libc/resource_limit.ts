/**
 * The soft and hard limit of a resource of this process. Source: getrlimit(2).
 *
 * The soft limit of open descriptors. One process that supervises a thousand services needs more
 * than the usual 1024, its children must not notice: see spawn.ts, which gives them back what we
 * were started with.
 *
 * How this process yields to others. Source: setpriority(2), nice(3).
 */
import { EACCES, EPERM } from "../core/linux/errno.ts";
import type { Limits, Resource, ResourceLimits } from "../core/linux/resource_limits.ts";
import { bindLibrary, call, checked } from "./bind.ts";

const libc = bindLibrary({
  getrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  setrlimit: { parameters: ["i32", "buffer"], result: "i32" },
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

/** @throws {SyscallError} If the kernel does not know the resource. */
export function resourceLimits({ name, number }: Resource): Limits {
  const pair = new BigUint64Array(2);
  checked(`get the limit ${name}`, call(libc.getrlimit, number, pair));
  return { soft: pair[0]!, hard: pair[1]! };
}

/** @throws {SyscallError} If the process may not: raising a hard limit is root's. */
export function setResourceLimits(
  { resource: { name, number }, limits: { soft, hard } }: ResourceLimits,
): void {
  checked(`set the limit ${name}`, call(libc.setrlimit, number, new BigUint64Array([soft, hard])));
}

/**
 * What sets these limits: everything that costs memory or a descriptor has happened before it is
 * called, since afterwards there may be none.
 *
 * @throws {SyscallError} When called, if the process may not: raising a hard limit is root's.
 */
export function limitSetter(all: Iterable<ResourceLimits>): () => void {
  const steps = [...all].map(({ resource: { name, number }, limits }) => ({
    action: `set the limit ${name}`,
    number,
    pair: new BigUint64Array([limits.soft, limits.hard]),
  }));
  const setrlimit = steps.length === 0 ? undefined : libc.setrlimit;
  return () => {
    for (const { action, number, pair } of steps) checked(action, call(setrlimit!, number, pair));
  };
}

const RLIMIT_NOFILE = 7;

let inherited: BigUint64Array<ArrayBuffer> | undefined;
let raised: BigUint64Array<ArrayBuffer> | undefined;

/** The soft limit of open descriptors that is in force now. */
export function nofileLimit(): number {
  const limit = new BigUint64Array(2);
  call(libc.getrlimit, RLIMIT_NOFILE, limit);
  const soft = limit[0]!;
  return soft > 0x7fffffffn ? 0x7fffffff : Number(soft);
}

/** Raises the soft limit to the hard one, for this process only. */
export function raiseNofileLimit(): void {
  const limit = new BigUint64Array(2);
  if (
    raised !== undefined || call(libc.getrlimit, RLIMIT_NOFILE, limit) < 0 || limit[0] === limit[1]
  ) return;
  const higher = new BigUint64Array([limit[1]!, limit[1]!]);
  if (call(libc.setrlimit, RLIMIT_NOFILE, higher) < 0) return;
  inherited = limit;
  raised = higher;
}

/** The program before us in this process has raised the limit: children get what it was given. */
export function goOnWithNofileLimit(soft: number): void {
  const limit = new BigUint64Array(2);
  if (call(libc.getrlimit, RLIMIT_NOFILE, limit) < 0 || limit[0] === BigInt(soft)) return;
  raised = limit;
  inherited = new BigUint64Array([BigInt(soft), limit[1]!]);
}

/** The limit that children get: the one that this process was started with. */
export function inheritedNofileLimit(): number {
  if (inherited === undefined) return nofileLimit();
  const soft = inherited[0]!;
  return soft > 0x7fffffffn ? 0x7fffffff : Number(soft);
}

/** Goes back to the inherited limit for good, before an exec. */
export function restoreNofileLimit(): void {
  if (inherited !== undefined) libc.setrlimit(RLIMIT_NOFILE, inherited);
  inherited = undefined;
}

/**
 * Runs `action` under the inherited limit. Nothing else may open descriptors meanwhile, so `action`
 * is synchronous and short.
 */
export function withInheritedNofileLimit<T>(action: () => T): T {
  if (inherited === undefined || raised === undefined) return action();
  libc.setrlimit(RLIMIT_NOFILE, inherited);
  try {
    return action();
  } finally {
    libc.setrlimit(RLIMIT_NOFILE, raised);
  }
}

const PRIO_PROCESS = 0;
const SELF = 0;
const LOWEST = -20;
const HIGHEST = 19;

/**
 * Adds to the niceness, of the thread that will execute the next program. 0, or `-errno` (`-EPERM`:
 * only root may lower it).
 */
export function addNiceness(increment: number): number {
  // of one's own it can't fail, so -1 is a niceness
  const niceness = libc.getpriority(PRIO_PROCESS, SELF) + increment;
  const result = call(
    libc.setpriority,
    PRIO_PROCESS,
    SELF,
    Math.max(LOWEST, Math.min(HIGHEST, niceness)),
  );
  return result === -EACCES ? -EPERM : result;
}
