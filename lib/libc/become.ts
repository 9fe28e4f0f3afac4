/**
 * The end of a chain: this process becomes a program whose descriptors have other numbers than
 * ours.
 *
 * The runtime's own descriptors may be under the numbers that the program is to have. They are
 * overwritten only for the exec, and put back if that fails, since there may be something else to
 * do then. Source: execve(2).
 */
import { EACCES, EINVAL, EISDIR, ENOENT, ENOTDIR, EPERM } from "../core/linux/errno.ts";
import { encodeCString } from "../core/text/path_bytes.ts";
import { SIGPIPE } from "../core/linux/signals.ts";
import { argumentVector } from "./invocation.ts";
import { bindLibrary, call, checked } from "./bind.ts";
import { dup2, dupAbove, isOpen, setCloexec } from "./fd.ts";
import { close } from "./file.ts";
import { isInherited } from "./replace_descriptors.ts";
import type { ResourceLimits } from "../core/linux/resource_limits.ts";
import { limitSetter } from "./resource_limit.ts";

const SIG_DFL = null;

const libc = bindLibrary({
  execve: {
    parameters: [
      "buffer", // const char *path
      "buffer", // char *const argv[]
      "buffer", // char *const envp[]
    ],
    result: "i32",
  },
  signal: { parameters: ["i32", "pointer"], result: "pointer" },
});

export interface BecomeRequest {
  /** Where the program may be, in the order in which that is tried. */
  readonly paths: readonly string[];
  readonly argv: readonly string[];
  /** `NAME=value` strings. */
  readonly env: readonly string[];
  /** In the program, `target` is a copy of our `source`. */
  readonly copies: readonly (readonly [target: number, source: number])[];
  /** Numbers that the program would inherit and must not. */
  readonly closed: readonly number[];
  /** Limits that it gets. */
  readonly limits: Iterable<ResourceLimits>;
}

/**
 * Replaces this process. The signal mask stays, and so do ignored signals, but for SIGPIPE, which
 * the runtime ignores.
 *
 * @returns Only if it failed: `-errno`. Descriptors are then as they were, limits are not.
 * @throws {SyscallError} If the descriptors can't be arranged, or the limits can't be set.
 */
export function become({ paths, argv, env, copies, closed, limits }: BecomeRequest): number {
  // SAFETY: the vectors are held in locals until the call has returned, if it returns.
  const args = argumentVector(argv);
  const vars = argumentVector(env);
  if (args === undefined || vars === undefined) return -EINVAL;
  const files = paths.map(encodeCString);
  const { execve } = libc;
  const setLimits = limitSetter(limits);
  const undo = arrange(copies, closed);
  const pipeAction = libc.signal(SIGPIPE, SIG_DFL);
  let failure = 0;
  try {
    setLimits();
    for (const file of files) {
      const error = call(execve, file, args.pointers, vars.pointers);
      if (error === -ENOENT) continue;
      failure = error;
      if (error !== -EACCES && error !== -EPERM && error !== -EISDIR && error !== -ENOTDIR) break;
    }
  } finally {
    libc.signal(SIGPIPE, pipeAction);
    undo();
  }
  return failure === 0 ? -ENOENT : failure;
}

/** Makes descriptors what they shall be. Returns what makes them what they were. */
function arrange(copies: BecomeRequest["copies"], closed: readonly number[]): () => void {
  const above = Math.max(...copies.flat(), 2) + 1;
  const targets = new Set(copies.map(([target]) => target));
  const undo: (() => void)[] = [];
  const temporary: number[] = [];
  const aside = (fd: number): number => {
    const copy = checked(`copy descriptor ${fd}`, dupAbove(fd, above));
    temporary.push(copy);
    return copy;
  };
  // a source whose number is also a target is copied out of the way first
  const sources = copies.map(([target, source]) =>
    source !== target && targets.has(source) ? aside(source) : source
  );
  copies.forEach(([target], i) => {
    const source = sources[i]!;
    if (source === target) {
      setCloexec(target, false);
      undo.push(() => setCloexec(target, true));
      return;
    }
    const inherited = isInherited(target);
    const before = isOpen(target) ? aside(target) : undefined;
    undo.push(() => {
      if (before === undefined) return close(target);
      dup2(before, target);
      if (!inherited) setCloexec(target, true);
    });
    checked(`move a descriptor to ${target}`, dup2(source, target));
  });
  for (const fd of closed) {
    setCloexec(fd, true);
    undo.push(() => setCloexec(fd, false));
  }
  return () => {
    for (const step of undo.reverse()) step();
    for (const fd of temporary) close(fd);
  };
}
