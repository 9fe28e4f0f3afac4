/**
 * The soft limit of open descriptors. One process that supervises a thousand services needs more than the usual 1024, its children must
 * not notice: see spawn.ts, which gives them back what we were started with.
 */
import { bindLibrary, call } from "./bind.ts";

const RLIMIT_NOFILE = 7;

const libc = bindLibrary({
  getrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  setrlimit: { parameters: ["i32", "buffer"], result: "i32" },
});

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
  if (raised !== undefined || call(libc.getrlimit, RLIMIT_NOFILE, limit) < 0 || limit[0] === limit[1]) return;
  const higher = new BigUint64Array([limit[1]!, limit[1]!]);
  if (call(libc.setrlimit, RLIMIT_NOFILE, higher) < 0) return;
  inherited = limit;
  raised = higher;
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

/** Runs `action` under the inherited limit. Nothing else may open descriptors meanwhile, so `action` is synchronous and short. */
export function withInheritedNofileLimit<T>(action: () => T): T {
  if (inherited === undefined || raised === undefined) return action();
  libc.setrlimit(RLIMIT_NOFILE, inherited);
  try {
    return action();
  } finally {
    libc.setrlimit(RLIMIT_NOFILE, raised);
  }
}
