/**
 * Becoming another program, as chain loading and svscan's last step do: same pid, the signal state
 * of a fresh process. Source: execve(2); the search is that of execvp(3), the exit codes are those
 * of skalibs' xexec.
 */
import { EACCES, EINVAL, ENOENT, ENOTDIR } from "../core/linux/errno.ts";
import { encodeCString } from "../core/text/path_bytes.ts";
import { SIGPIPE } from "../core/linux/signals.ts";
import { argumentVector } from "./invocation.ts";
import { environPointer, variable } from "./environ.ts";
import { bindLibrary, call } from "./bind.ts";
import { outliveFileSizeLimit, yieldToFileSizeLimit } from "./disposition.ts";
import { setCloexec } from "./fd.ts";
import { restoreOomScore, withGivenOomScore } from "./oom_score.ts";
import { restoreNofileLimit } from "./resource_limit.ts";

const SIG_DFL = null;
const SIG_SETMASK = 2;
const SIZEOF_SIGSET = 128;
const DEFAULT_PATH = "/usr/bin:/bin";

const libc = bindLibrary({
  execve: {
    parameters: [
      "buffer", // const char *path
      "buffer", // char *const argv[]
      "pointer", // char *const envp[]
    ],
    result: "i32",
  },
  signal: { parameters: ["i32", "pointer"], result: "pointer" },
  sigprocmask: { parameters: ["i32", "buffer", "pointer"], result: "i32" },
});

function candidates(program: string): string[] {
  if (program.includes("/")) return [program];
  const path = variable("PATH") ?? DEFAULT_PATH;
  return path.split(":").map((directory) => directory === "" ? program : `${directory}/${program}`);
}

export interface ExecOptions {
  /** `NAME=value` strings; our own environment if absent. */
  readonly env?: readonly string[];
  /** The program, if it is not what argv[0] says. */
  readonly path?: string;
}

/**
 * Replaces this process by the program `argv[0]`, looked for in PATH unless it has a slash.
 *
 * @returns Only if it failed: `-errno`. The exit code owed is 127 for ENOENT, else 126.
 */
export function execInto(argv: readonly string[], options: ExecOptions = {}): number {
  const { env, path: program = argv[0] ?? "" } = options;
  if (program === "") return -ENOENT;
  // SAFETY: the vectors are held in locals until the call has returned, if it returns.
  const args = argumentVector(argv);
  const vars = env === undefined ? undefined : argumentVector(env);
  if (args === undefined || (env !== undefined && vars === undefined)) return -EINVAL;
  restoreNofileLimit();
  yieldToFileSizeLimit();
  restoreOomScore();
  libc.signal(SIGPIPE, SIG_DFL);
  libc.sigprocmask(SIG_SETMASK, new Uint8Array(SIZEOF_SIGSET), null);
  const envPointer = vars === undefined ? environPointer() : Deno.UnsafePointer.of(vars.pointers);
  let failure = -ENOENT;
  for (const path of candidates(program)) {
    const error = call(libc.execve, encodeCString(path), args.pointers, envPointer);
    if (error === -EACCES) failure = error;
    else if (error !== -ENOENT && error !== -ENOTDIR) return error;
  }
  return failure;
}

/** The exit code that is owed when `execInto` came back. */
export function execFailureCode(errno: number): number {
  return errno === ENOENT ? 127 : 126;
}

export interface SuccessorRequest {
  readonly path: string;
  readonly argv: readonly string[];
  /** Descriptors that go over, under the same numbers. */
  readonly kept: readonly number[];
}

/**
 * Replaces this process by a program that goes on with its work. All signals are blocked there
 * until it calls `acceptSignals`, so that none ends it before it listens. The limit of descriptors
 * stays raised, since more may be open than the usual one lets a program begin with.
 *
 * @returns Only if it failed: `-errno`. Everything is as it was then.
 * @throws {SyscallError} If a descriptor is not open; everything is as it was.
 */
export function execSuccessor({ path, argv, kept }: SuccessorRequest): number {
  const args = argumentVector(argv); // SAFETY: held in a local until the call has returned
  if (args === undefined) return -EINVAL;
  const file = encodeCString(path);
  const before = new Uint8Array(SIZEOF_SIGSET);
  const opened: number[] = [];
  libc.sigprocmask(
    SIG_SETMASK,
    new Uint8Array(SIZEOF_SIGSET).fill(0xff),
    Deno.UnsafePointer.of(before),
  );
  yieldToFileSizeLimit();
  try {
    for (const fd of kept) {
      setCloexec(fd, false);
      opened.push(fd);
    }
    const exec = (): number => call(libc.execve, file, args.pointers, environPointer());
    return withGivenOomScore(exec);
  } finally {
    for (const fd of opened) setCloexec(fd, true);
    outliveFileSizeLimit();
    libc.sigprocmask(SIG_SETMASK, before, null);
  }
}

/** Signals that have been waiting are delivered now. */
export function acceptSignals(): void {
  libc.sigprocmask(SIG_SETMASK, new Uint8Array(SIZEOF_SIGSET), null);
}
