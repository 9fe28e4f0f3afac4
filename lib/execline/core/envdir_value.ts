/**
 * What a file of an environment directory says: the value of the variable that is called like it.
 * Source: s6, doc/s6-envdir.html; skalibs, envdir_internal_clamp and _noclamp. Pure.
 */

const NUL = 0;
const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;

/** How much of a file counts by default, in bytes. */
export const ENVDIR_CLAMP = 4095;

export interface EnvdirOptions {
  /** The whole file and not only its first line. */
  readonly verbatim: boolean;
  /** Keep blanks at the end of the line; with `verbatim`, the newline at the end of the file. */
  readonly keepEnd: boolean;
  /** The byte that stands for NUL, which no variable can hold. */
  readonly nulByte: number;
}

/** Is a file of that name a variable? */
export function isVariableFile(name: string): boolean {
  return !name.startsWith(".") && !name.includes("=");
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === CR;
}

function lineEnd(bytes: Uint8Array, keepEnd: boolean): number {
  const newline = bytes.indexOf(LF);
  let end = newline === -1 ? bytes.length : newline;
  while (!keepEnd && end > 0 && isBlank(bytes[end - 1]!)) end--;
  return end;
}

/** The value; undefined if the file is empty, which means that the variable is to be removed. */
export function envdirValue(
  bytes: Uint8Array,
  { verbatim, keepEnd, nulByte }: EnvdirOptions,
): Uint8Array | undefined {
  if (bytes.length === 0) return undefined;
  const endsInNewline = bytes.at(-1) === LF;
  const end = !verbatim
    ? lineEnd(bytes, keepEnd)
    : endsInNewline && !keepEnd
    ? bytes.length - 1
    : bytes.length;
  return bytes.slice(0, end).map((byte) => byte === NUL ? nulByte : byte);
}
