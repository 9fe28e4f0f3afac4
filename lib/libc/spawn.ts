/**
 * Starting a child with posix_spawn. JavaScript must not run in a forked child, so there is no
 * fork: everything that the child needs is said beforehand as attributes and file actions.
 *
 * Unless it is to have our signal state, a child starts with all signals at their defaults and none
 * blocked (the runtime ignores SIGPIPE, and that would be inherited). It has the limit of open
 * descriptors that we were started with, and no descriptor of ours but those it is given.
 */
import { EINVAL } from "../core/linux/errno.ts";
import { encodeCString, NO_C_STRING } from "../core/text/path_bytes.ts";
import { SIGPIPE } from "../core/linux/signals.ts";
import { argumentVector } from "./invocation.ts";
import { environPointer } from "./environ.ts";
import { bindLibrary } from "./bind.ts";
import { dupAbove } from "./fd.ts";
import { O_RDWR } from "../core/linux/open_flags.ts";
import { close as closeFd } from "./file.ts";
import { inNewPidNamespace } from "./mount.ts";
import { settleOomScore, settleOwnOomScore } from "./oom_score.ts";
import { withInheritedNofileLimit } from "./resource_limit.ts";

const POSIX_SPAWN_SETPGROUP = 0x02;
const POSIX_SPAWN_SETSIGDEF = 0x04;
const POSIX_SPAWN_SETSIGMASK = 0x08;
const POSIX_SPAWN_SETSID = 0x80;
const SIZEOF_ATTR = 336; // posix_spawnattr_t
const SIZEOF_ACTIONS = 80; // posix_spawn_file_actions_t
const SIZEOF_SIGSET = 128; // sigset_t
/** Those that the C library keeps for itself, and ignores in a child by default. */
const INTERNAL_SIGNALS = [32, 33];
/** What is ignored or caught here for reasons of our own. */
const OUR_SIGNALS = new Uint8Array(SIZEOF_SIGSET);
for (const signal of [SIGPIPE, ...INTERNAL_SIGNALS]) {
  OUR_SIGNALS[(signal - 1) >> 3]! |= 1 << ((signal - 1) & 7);
}

const libc = bindLibrary({
  posix_spawn: {
    parameters: [
      "buffer", // pid_t *pid
      "buffer", // const char *path
      "buffer", // const posix_spawn_file_actions_t *file_actions
      "buffer", // const posix_spawnattr_t *attrp
      "buffer", // char *const argv[]
      "pointer", // char *const envp[]
    ],
    result: "i32", // 0, or the error number itself
  },
  posix_spawnp: {
    parameters: ["buffer", "buffer", "buffer", "buffer", "buffer", "pointer"],
    result: "i32",
  },
  posix_spawnattr_init: { parameters: ["buffer"], result: "i32" },
  posix_spawnattr_setflags: { parameters: ["buffer", "i16"], result: "i32" },
  posix_spawnattr_setsigdefault: { parameters: ["buffer", "buffer"], result: "i32" },
  posix_spawn_file_actions_init: { parameters: ["buffer"], result: "i32" },
  posix_spawn_file_actions_adddup2: {
    parameters: [
      "buffer", // posix_spawn_file_actions_t *file_actions
      "i32", // int fildes
      "i32", // int newfildes
    ],
    result: "i32",
  },
  posix_spawn_file_actions_addchdir_np: { parameters: ["buffer", "buffer"], result: "i32" },
  posix_spawn_file_actions_addfchdir_np: { parameters: ["buffer", "i32"], result: "i32" },
  posix_spawn_file_actions_addopen: {
    parameters: [
      "buffer", // posix_spawn_file_actions_t *file_actions
      "i32", // int fildes
      "buffer", // const char *path
      "i32", // int oflag
      "u32", // mode_t mode
    ],
    result: "i32",
  },
  posix_spawn_file_actions_addtcsetpgrp_np: {
    parameters: [
      "buffer", // posix_spawn_file_actions_t *file_actions
      "i32", // int tcfd
    ],
    result: "i32",
  },
  posix_spawn_file_actions_addclose: { parameters: ["buffer", "i32"], result: "i32" },
  posix_spawn_file_actions_destroy: { parameters: ["buffer"], result: "i32" },
});

export interface SpawnRequest {
  /**
   * The program: a path, or with `searchPath` a name to look for in PATH. Relative to the process's
   * directory, which the child inherits.
   */
  readonly path: string;
  readonly argv: readonly string[];
  /** `NAME=value` strings; our own environment if absent. */
  readonly env?: readonly string[];
  /** `[target, source]` pairs: in the child, descriptor `target` is a copy of our `source`. */
  readonly fds?: readonly (readonly [target: number, source: number])[];
  /** Descriptors to close in the child, after the copies. */
  readonly close?: readonly number[];
  /** Make the child the leader of a new session. */
  readonly newSession?: boolean;
  /**
   * With a new session: a terminal that this opens and that becomes the session's, if it is
   * nobody's. It is opened after the copies, so `/proc/self/fd/0` is the child's own standard
   * input.
   */
  readonly controllingTerminal?: string;
  /**
   * Make the child the leader of a new process group, in the foreground of the terminal that our
   * `foregroundOf` is.
   */
  readonly foregroundOf?: number;
  /** Make the child PID 1 of a new PID namespace. */
  readonly newPidNamespace?: boolean;
  readonly searchPath?: boolean;
  /** The directory in which the child starts: its path or a descriptor of ours; ours if absent. */
  readonly directory?: string | number;
  /**
   * Let the child have our signal state, but for what the runtime has made of SIGPIPE, instead of a
   * fresh one.
   */
  readonly keepSignals?: boolean;
  /**
   * Its oom_score_adj: ours, since it is one of us; or the caller gives it its value. Absent: that
   * of all children (oom_score.ts).
   */
  readonly oomScore?: "ours" | "caller's";
}

const attributes = new Map<number, Uint8Array<ArrayBuffer>>();

function attributesFor(
  { newSession, foregroundOf, keepSignals }: SpawnRequest,
): Uint8Array<ArrayBuffer> {
  const grouping = newSession
    ? POSIX_SPAWN_SETSID
    : foregroundOf === undefined
    ? 0
    : POSIX_SPAWN_SETPGROUP;
  const flags = POSIX_SPAWN_SETSIGDEF | (keepSignals ? 0 : POSIX_SPAWN_SETSIGMASK) | grouping;
  let attr = attributes.get(flags);
  if (attr === undefined) {
    attr = new Uint8Array(SIZEOF_ATTR);
    // leaves an empty signal mask, and 0 as the process group: the child's own
    libc.posix_spawnattr_init(attr);
    libc.posix_spawnattr_setflags(attr, flags);
    libc.posix_spawnattr_setsigdefault(
      attr,
      keepSignals ? OUR_SIGNALS : new Uint8Array(SIZEOF_SIGSET).fill(0xff),
    );
    attributes.set(flags, attr);
  }
  return attr;
}

type FdPair = readonly [target: number, source: number];

/**
 * The copies happen one after the other, so a source must not be overwritten before its turn: one
 * whose number is an earlier target is copied out of the way. Returns what to copy, and what to
 * close again, or `-errno`.
 */
function untangle(
  pairs: readonly FdPair[],
): { readonly fds: readonly FdPair[]; readonly copies: readonly number[] } | number {
  const copies: number[] = [];
  const above = Math.max(...pairs.flat()) + 1;
  const fds: FdPair[] = [];
  for (const [i, [target, source]] of pairs.entries()) {
    const overwritten = pairs.slice(0, i).some(([earlier]) => earlier === source);
    const copy = overwritten ? dupAbove(source, above) : source;
    if (copy < 0) return copy;
    if (overwritten) copies.push(copy);
    fds.push([target, copy]);
  }
  return { fds, copies };
}

/** Opens the terminal under a number that the child has no use for, and closes it again. */
function addTerminal(actions: Uint8Array<ArrayBuffer>, path: string, fd: number): void {
  libc.posix_spawn_file_actions_addopen(actions, fd, encodeCString(path), O_RDWR, 0);
  libc.posix_spawn_file_actions_addclose(actions, fd);
}

function withFileActions(
  request: SpawnRequest,
  spawn: (actions: Uint8Array<ArrayBuffer> | null) => number,
): number {
  const { fds = [], close = [], directory, controllingTerminal, foregroundOf } = request;
  const terminal = controllingTerminal ?? foregroundOf;
  if (fds.length === 0 && close.length === 0 && directory === undefined && terminal === undefined) {
    return spawn(null);
  }
  const untangled = untangle(fds);
  if (typeof untangled === "number") return untangled;
  const actions = new Uint8Array(SIZEOF_ACTIONS);
  libc.posix_spawn_file_actions_init(actions);
  try {
    // before a copy can take its number
    if (typeof directory === "number") {
      libc.posix_spawn_file_actions_addfchdir_np(actions, directory);
    }
    for (const [target, source] of untangled.fds) {
      const error = libc.posix_spawn_file_actions_adddup2(actions, source, target);
      if (error !== 0) return -error;
    }
    if (foregroundOf !== undefined) {
      libc.posix_spawn_file_actions_addtcsetpgrp_np(actions, foregroundOf);
    }
    if (controllingTerminal !== undefined) {
      addTerminal(
        actions,
        controllingTerminal,
        Math.max(2, ...fds.map(([target]) => target)) + 1,
      );
    }
    if (typeof directory === "string") {
      const name = encodeCString(directory);
      if (name === NO_C_STRING) return -EINVAL;
      libc.posix_spawn_file_actions_addchdir_np(actions, name);
    }
    for (const fd of close) libc.posix_spawn_file_actions_addclose(actions, fd);
    return spawn(actions);
  } finally {
    libc.posix_spawn_file_actions_destroy(actions);
    for (const copy of untangled.copies) closeFd(copy);
  }
}

/**
 * Starts a program. Returns its pid, or `-errno`: what exec or the preparation failed with, and
 * then there is no child; EINVAL if a string contains a NUL.
 */
export function spawn(request: SpawnRequest): number {
  const path = encodeCString(request.path);
  // SAFETY: both vectors are held in locals until the call has returned.
  const argv = argumentVector(request.argv);
  const env = request.env === undefined ? undefined : argumentVector(request.env);
  if (
    path === NO_C_STRING || argv === undefined || (request.env !== undefined && env === undefined)
  ) return -EINVAL;
  const attr = attributesFor(request);
  const envPointer = env === undefined ? environPointer() : Deno.UnsafePointer.of(env.pointers);
  const start = request.searchPath ? libc.posix_spawnp : libc.posix_spawn;
  const pid = new Int32Array(1);
  settleOwnOomScore();
  return withFileActions(request, (actions) => {
    const begin = () =>
      withInheritedNofileLimit(() => start(pid, path, actions, attr, argv.pointers, envPointer));
    const error = request.newPidNamespace ? inNewPidNamespace(begin) : begin();
    if (error !== 0) return -error;
    if (request.oomScore === undefined) settleOomScore(pid[0]!);
    return pid[0]!;
  });
}
