/**
 * The one place where the C library is opened and where `errno` is read.
 *
 * The runtime compiles a trampoline for each blocking symbol, which takes a fifth of a millisecond
 * and makes a call a quarter of a microsecond cheaper. Only a function that is called for every
 * line of a log is worth that. The runtime makes none for a function that takes a structure, so all
 * others get one more parameter at the end, a structure of one byte: in the C calling conventions
 * of x86-64 and arm64 the caller puts it into a register, or on the stack behind the others, and a
 * function that does not expect it does not look there.
 *
 * Each symbol gets a handle of its own, opened when it is first called: a command pays for what it
 * uses and for nothing else.
 *
 * `errno` belongs to the thread. It is right only when it is read in the expression after a
 * blocking call, with nothing allocated in between; after a nonblocking call it can't be read at
 * all. `call` is that expression, and nobody else looks at it.
 */
import { EINVAL, strerror } from "../core/linux/errno.ts";
import { NO_C_STRING } from "../core/text/path_bytes.ts";

const LIBC = "libc.so.6";

/**
 * A system call that failed: what was being done, in the words that the user sees, and C's error
 * number.
 */
export class SyscallError extends Error {
  override readonly name = "SyscallError";
  /** What was attempted, e.g. `open ./run`. */
  readonly action: string;
  readonly errno: number;

  /** @param cure What the user can do about it, if that is known. */
  constructor(action: string, errno: number, cure = "") {
    super(`unable to ${action}: ${strerror(errno)}${cure === "" ? "" : `; ${cure}`}`);
    this.action = action;
    this.errno = errno;
  }

  /** The error number in words, e.g. `Permission denied`. */
  get reason(): string {
    return strerror(this.errno);
  }
}

type Symbols<S extends Deno.ForeignLibraryInterface> = Deno.DynamicLibrary<S>["symbols"];

/** The parameter that keeps the runtime from compiling a trampoline, and what is passed for it. */
const UNEXPECTED = { struct: ["u8"] } as const;
const NOTHING = new Uint8Array(1);

export interface BindOptions {
  /** The functions are called so often that compiling trampolines pays. */
  readonly hot?: boolean;
}

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * The functions of libc named in `symbols`, each bound when it is first touched.
 *
 * @throws {Error} On first use, if this libc lacks the symbol.
 */
export function bindLibrary<const S extends Deno.ForeignLibraryInterface>(
  symbols: S,
  options: BindOptions = {},
): Symbols<S> {
  const bound = {};
  for (const key of Object.keys(symbols)) {
    Object.defineProperty(bound, key, {
      configurable: true,
      enumerable: true,
      get(): unknown {
        const value = bindOne(key, symbols[key]!, options.hot === true);
        Object.defineProperty(bound, key, { value, enumerable: true });
        return value;
      },
    });
  }
  return bound as Symbols<S>;
}

function bindOne(
  key: string,
  symbol: Deno.ForeignFunction | Deno.ForeignStatic,
  hot: boolean,
): unknown {
  const open = (wanted: Deno.ForeignFunction | Deno.ForeignStatic): unknown =>
    (Deno.dlopen(LIBC, { [key]: wanted } as Deno.ForeignLibraryInterface).symbols as Record<
      string,
      unknown
    >)[key];
  if ("type" in symbol || symbol.nonblocking || hot) return open(symbol);
  const called = open({ ...symbol, parameters: [...symbol.parameters, UNEXPECTED] }) as AnyFunction;
  return (...args: unknown[]): unknown => called(...args, NOTHING);
}

const libc = bindLibrary({ __errno_location: { parameters: [], result: "pointer" } });

let errnoView: Int32Array | undefined;

function openErrno(): Int32Array {
  const location = libc.__errno_location();
  if (location === null) throw new Error("libc has no errno");
  // SAFETY: errno of the main thread lives as long as the process, and all of our JavaScript runs on that thread.
  errnoView = new Int32Array(Deno.UnsafePointerView.getArrayBuffer(location, 4));
  return errnoView;
}

/**
 * Calls a blocking function of libc. Returns what it returned, or `-errno` where it returned -1;
 * `-EINVAL`, without a call, if a string among the arguments holds a NUL.
 */
export function call<A extends unknown[]>(fn: (...args: A) => number, ...args: A): number {
  if (args.includes(NO_C_STRING)) return -EINVAL;
  const view = errnoView ?? openErrno();
  const result = fn(...args);
  return result === -1 ? -view[0]! : result;
}

/**
 * The result of `call`, or the error that it stands for.
 *
 * @throws {SyscallError} If `result` is negative.
 */
export function checked(action: string, result: number): number {
  if (result < 0) throw new SyscallError(action, -result);
  return result;
}
