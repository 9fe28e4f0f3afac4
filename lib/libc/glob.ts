/**
 * Names of files by pattern, as the C library finds them. Nobody calls setlocale here, so they are
 * sorted by bytes. Source: glob(3), glibc.
 *
 * Shell patterns, as the C library matches them. Source: fnmatch(3), glibc.
 */
import { decodePath, encodeCString, NO_C_STRING } from "../core/text/path_bytes.ts";
import { bindLibrary } from "./bind.ts";
import { isOpen, setCloexec } from "./fd.ts";
import { O_PATH } from "../core/linux/open_flags.ts";
import { close, tryOpen } from "./file.ts";

const SIZEOF_GLOB = 72; // glob_t: gl_pathc, gl_pathv, gl_offs, gl_flags, five functions

export const GLOB_ERR = 1;
export const GLOB_MARK = 2;
export const GLOB_NOSORT = 4;
export const GLOB_NOCHECK = 16;
export const GLOB_NOESCAPE = 64;
const GLOB_NOMATCH = 3;

const libc = bindLibrary({
  glob: {
    parameters: [
      "buffer", // const char *pattern
      "i32", // int flags
      "function", // int (*errfunc)(const char *epath, int eerrno)
      "buffer", // glob_t *pglob
    ],
    result: "i32",
  },
  globfree: { parameters: ["buffer"], result: "void" },
  strlen: { parameters: ["pointer"], result: "usize" },
  fnmatch: {
    parameters: [
      "buffer", // const char *pattern
      "buffer", // const char *string
      "i32", // int flags
    ],
    result: "i32",
  },
});

/** int errfunc(const char *epath, int eerrno) */
const ERRFUNC = {
  parameters: ["pointer", "i32"],
  result: "i32",
} as const satisfies Deno.UnsafeCallbackDefinition;

/** @param path A directory that could not be read. */
export type OnUnreadable = (path: string, errno: number) => void;

/**
 * The names that match; undefined if reading a directory failed and GLOB_ERR is set, or memory is
 * short.
 */
export function glob(
  pattern: string,
  flags: number,
  onUnreadable?: OnUnreadable,
): string[] | undefined {
  const patternBytes = encodeCString(pattern);
  if (patternBytes === NO_C_STRING) return (flags & GLOB_NOCHECK) === 0 ? [] : [pattern];
  const record = new BigUint64Array(SIZEOF_GLOB / 8);
  const callback = onUnreadable === undefined ? undefined : unreadableCallback(onUnreadable);
  try {
    const result = libc.glob(patternBytes, flags, callback?.pointer ?? null, record);
    if (result === GLOB_NOMATCH) return [];
    return result === 0 ? names(record) : undefined;
  } finally {
    libc.globfree(record);
    callback?.close();
  }
}

/**
 * With its first callback the runtime opens a file of its own, and forgets to keep it from
 * children.
 */
function unreadableCallback(onUnreadable: OnUnreadable): Deno.UnsafeCallback<typeof ERRFUNC> {
  const free = tryOpen("/", O_PATH);
  if (free >= 0) close(free);
  const callback = new Deno.UnsafeCallback(ERRFUNC, (path, errno) => {
    onUnreadable(path === null ? "" : text(path), errno);
    return 0;
  });
  if (free >= 0 && isOpen(free)) setCloexec(free, true);
  return callback;
}

function names(record: BigUint64Array<ArrayBuffer>): string[] {
  const vector = Deno.UnsafePointer.create(record[1]!);
  if (vector === null) return [];
  const view = new Deno.UnsafePointerView(vector);
  return Array.from({ length: Number(record[0]) }, (_, i) => text(view.getPointer(8 * i)!));
}

function text(pointer: Deno.PointerObject): string {
  const bytes = new Uint8Array(Number(libc.strlen(pointer)));
  if (bytes.length > 0) Deno.UnsafePointerView.copyInto(pointer, bytes);
  return decodePath(bytes);
}

/** A slash is matched by a slash only. */
export const FNM_PATHNAME = 1;
/** A backslash is nothing special. */
export const FNM_NOESCAPE = 2;
/** A leading period is matched by a period only. */
export const FNM_PERIOD = 4;

const FNM_NOMATCH = 1;

/**
 * Does `text` match? undefined if the pattern is none. What contains a NUL is no pattern, and
 * nothing's name.
 */
export function fnmatch(pattern: string, text: string, flags: number): boolean | undefined {
  const [patternBytes, textBytes] = [encodeCString(pattern), encodeCString(text)];
  if (patternBytes === NO_C_STRING) return undefined;
  if (textBytes === NO_C_STRING) return false;
  const result = libc.fnmatch(patternBytes, textBytes, flags);
  return result === 0 ? true : result === FNM_NOMATCH ? false : undefined;
}
