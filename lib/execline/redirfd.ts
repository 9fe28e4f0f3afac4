/** redirfd: opens a file under a number. Source: execline, doc/redirfd.html, redirfd.c. */
import { ENXIO } from "../core/linux/errno.ts";
import { type ParsedOption, UsageError } from "../core/cli/getopt.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { setNonblocking } from "../libc/fd.ts";
import {
  O_APPEND,
  O_CREAT,
  O_EXCL,
  O_NOCTTY,
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
} from "../core/linux/open_flags.ts";
import { close } from "../libc/file.ts";
import { isFifo, isRegular, tryFstat, tryStat } from "../libc/stat.ts";
import { needWords, parseDescriptor, setAndGoOn } from "./arguments.ts";
import { goOn, type Link, type LinkResult } from "./link.ts";
import { NeedsProcess } from "./link_failure.ts";
import { openForChain, ownPath, type State } from "./state.ts";

const FILE_MODE = 0o666;
/** What stat(2) says of /dev/null. */
const DEV_NULL = 0x103n;

/** How the file is opened, in words, since each option sets and clears several. */
type Aspect =
  | "read"
  | "write"
  | "create"
  | "append"
  | "trunc"
  | "excl"
  | "nonblock"
  | "switch"
  | "open"
  | "autoimport";

interface Effect {
  readonly set?: readonly Aspect[];
  readonly clear?: readonly Aspect[];
}

const EFFECTS: Readonly<Record<string, Effect>> = {
  r: { set: ["read"], clear: ["write", "append", "create", "trunc", "excl"] },
  w: { set: ["write", "create", "trunc"], clear: ["read", "append", "excl"] },
  u: { set: ["read", "write"], clear: ["append", "create", "trunc", "excl"] },
  a: { set: ["write", "create", "append"], clear: ["read", "trunc", "excl"] },
  x: { set: ["write", "create", "excl"], clear: ["read", "append", "trunc"] },
  N: { clear: ["nonblock"] },
  n: { set: ["nonblock"] },
  b: { set: ["switch"] },
  f: { set: ["open"] },
  e: { clear: ["autoimport"] },
  E: { set: ["autoimport"] },
};

/** Of `--read` and `--no-read` and so on. */
const LONG_ASPECTS: ReadonlySet<string> = new Set<Aspect>([
  "read",
  "write",
  "create",
  "append",
  "trunc",
  "excl",
]);

function aspectsOf(options: readonly ParsedOption[]): ReadonlySet<Aspect> {
  const aspects = new Set<Aspect>();
  for (const { name } of options) {
    const { set = [], clear = [] } = EFFECTS[name] ?? longEffect(name);
    for (const aspect of clear) aspects.delete(aspect);
    for (const aspect of set) aspects.add(aspect);
  }
  return aspects;
}

function longEffect(name: string): Effect {
  const aspect = name.replace(/^no-/, "");
  if (!LONG_ASPECTS.has(aspect)) return {};
  return name === aspect ? { set: [aspect as Aspect] } : { clear: [aspect as Aspect] };
}

function flagsOf(aspects: ReadonlySet<Aspect>): number {
  const access = aspects.has("write") ? aspects.has("read") ? O_RDWR : O_WRONLY : O_RDONLY;
  const flag = (aspect: Aspect, value: number): number => aspects.has(aspect) ? value : 0;
  return access | flag("create", O_CREAT) | flag("append", O_APPEND) | flag("trunc", O_TRUNC) |
    flag("excl", O_EXCL) |
    flag("nonblock", O_NONBLOCK);
}

/**
 * Our descriptor. A FIFO that nobody reads is opened for writing all the same. @throws
 * {SyscallError} If that fails.
 */
function openFile(state: State, file: string, flags: number): number {
  const fd = openForChain(state, file, flags, FILE_MODE);
  if (fd !== -ENXIO || (flags & (O_WRONLY | O_RDWR)) === 0) return checked(`open ${file}`, fd);
  const reader = openForChain(state, file, O_RDONLY | O_NONBLOCK, 0);
  if (reader < 0) throw new SyscallError(`open_read ${file}`, -reader);
  const writer = openForChain(state, file, flags, FILE_MODE);
  close(reader);
  return checked(`open ${file}`, writer);
}

/** Opening a FIFO waits for its other end. */
function isFifoPath(path: string): boolean {
  const file = tryStat(path);
  return typeof file !== "number" && isFifo(file.mode);
}

/**
 * The same, of a file that is there at once, whatever somebody puts in its place meanwhile. @throws
 * {NeedsProcess} If it may be another one.
 */
function openAtOnce(state: State, file: string, flags: number): number {
  // whoever reads it would hear of us
  if (isFifoPath(ownPath(state, file))) throw new NeedsProcess();
  const fd = openForChain(state, file, flags | O_NONBLOCK | O_NOCTTY, FILE_MODE);
  if (fd < 0) throw new NeedsProcess();
  const found = tryFstat(fd);
  if (typeof found !== "number" && (isRegular(found.mode) || found.rdev === DEV_NULL)) {
    if ((flags & O_NONBLOCK) === 0) setNonblocking(fd, false);
    return fd;
  }
  close(fd);
  throw new NeedsProcess();
}

/** redirfd -[ r | w | u | a | x ] [ -n | -N ] [ -b ] [ -f ] [ -E | -e ] fd|var file prog... */
export const redirfd: Link = {
  nature: "state",
  run(call): LinkResult {
    const { state, words } = call;
    needWords(words, 3, "a descriptor, a file and a program are");
    const aspects = aspectsOf(call.options);
    if (!aspects.has("read") && !aspects.has("write")) {
      throw new UsageError("one of -r, -w, -u, -a, -x is needed");
    }
    const [target, file] = words.texts as [string, string];
    const number = aspects.has("open") ? undefined : parseDescriptor(target);
    const fd = state.mustNotWait
      ? openAtOnce(state, file, flagsOf(aspects))
      : openFile(state, file, flagsOf(aspects));
    if (aspects.has("switch")) {
      checked("change blocking mode", setNonblocking(fd, !aspects.has("nonblock")));
    }
    if (number !== undefined) {
      checked("fd_move", state.fds.put(number, fd));
      return goOn(words.slice(2));
    }
    const opened = checked("open", state.fds.add(fd));
    return setAndGoOn(call, words.slice(2), [[target, String(opened)]], aspects.has("autoimport"));
  },
};
