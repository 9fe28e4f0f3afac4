/** The soft and hard limit of a resource of this process. Source: getrlimit(2). */
import type { Limits, Resource, ResourceLimits } from "../core/resource_limits.ts";
import { bindLibrary, call, checked } from "./bind.ts";

const libc = bindLibrary({
  getrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  setrlimit: { parameters: ["i32", "buffer"], result: "i32" },
});

/** @throws {SyscallError} If the kernel does not know the resource. */
export function resourceLimits({ name, number }: Resource): Limits {
  const pair = new BigUint64Array(2);
  checked(`get the limit ${name}`, call(libc.getrlimit, number, pair));
  return { soft: pair[0]!, hard: pair[1]! };
}

/** @throws {SyscallError} If the process may not: raising a hard limit is root's. */
export function setResourceLimits({ resource: { name, number }, limits: { soft, hard } }: ResourceLimits): void {
  checked(`set the limit ${name}`, call(libc.setrlimit, number, new BigUint64Array([soft, hard])));
}

/**
 * What sets these limits: everything that costs memory or a descriptor has happened before it is called, since afterwards there may be none.
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
