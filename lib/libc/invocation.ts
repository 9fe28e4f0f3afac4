/**
 * With which arguments this process was started; its name is in program_name.ts.
 *
 * The `char *const argv[]` of exec and spawn, out of strings that may carry any byte but NUL.
 *
 * The file of the program that runs here. The kernel knows it, whatever has become of its name: an
 * upgrade replaces the file, and what runs goes on starting itself from the file that it was
 * started from. Source: proc(5).
 */
import { decodePath, encodeCString, NO_C_STRING } from "../core/text/path_bytes.ts";
import { lastComponent } from "../core/text/path_name.ts";
import { readlink } from "./file.ts";
import { tryStat } from "./stat.ts";

/**
 * The arguments after the program's name, byte for byte. The runtime replaces what is not UTF-8 by
 * U+FFFD; only then the kernel's own copy is read, since that costs two milliseconds.
 */
export function exactArguments(): readonly string[] {
  if (!Deno.args.some((argument) => argument.includes("\ufffd"))) return Deno.args;
  const words: string[] = [];
  const line = Deno.readFileSync("/proc/self/cmdline");
  for (let at = 0; at < line.length;) {
    const end = line.indexOf(0, at);
    words.push(decodePath(line.subarray(at, end)));
    at = end + 1;
  }
  return words.slice(words.length - Deno.args.length);
}

export interface ArgumentVector {
  /** The array of pointers, ended by a null pointer. */
  readonly pointers: BigUint64Array<ArrayBuffer>;
  /** SAFETY: the strings that `pointers` points into; whoever holds the vector keeps both alive. */
  readonly strings: Uint8Array<ArrayBuffer>;
}

/** `undefined` if a string contains NUL. */
export function argumentVector(strings: readonly string[]): ArgumentVector | undefined {
  const encoded = strings.map(encodeCString);
  if (encoded.includes(NO_C_STRING)) return undefined;
  const block = new Uint8Array(encoded.reduce((sum, bytes) => sum + bytes.length, 1));
  const base = BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(block)));
  const pointers = new BigUint64Array(encoded.length + 1);
  let offset = 0;
  encoded.forEach((bytes, i) => {
    block.set(bytes, offset);
    pointers[i] = base + BigInt(offset);
    offset += bytes.length;
  });
  return { pointers, strings: block };
}

/**
 * As a path, it is the file of the process that opens or executes it, so a child before its exec
 * may have it too.
 */
export const OWN_FILE = "/proc/self/exe";

/**
 * A path by which the program can be started: its own while that leads to it, so that a list of
 * processes tells it, else the kernel's link.
 */
export function ownProgram(): string {
  const path = readlink(OWN_FILE);
  const [own, there] = [tryStat(OWN_FILE), typeof path === "string" ? tryStat(path) : path];
  if (typeof path !== "string" || typeof own === "number" || typeof there === "number") {
    return OWN_FILE;
  }
  return own.ino === there.ino && own.dev === there.dev ? path : OWN_FILE;
}

/** How the kernel marks the path of a file that has been removed or replaced. */
const DELETED = " (deleted)";

/**
 * The path at which an upgrade has put what is to follow this program: that of our own file, by
 * the link `name` beside it if there is one, so that a list of processes shows that name.
 * `undefined` if there is no /proc.
 */
export function successorProgram(name: string): string | undefined {
  const own = readlink(OWN_FILE);
  if (typeof own === "number") return undefined;
  const path = own.endsWith(DELETED) ? own.slice(0, -DELETED.length) : own;
  const link = path.slice(0, -lastComponent(path).length) + name;
  const [file, linked] = [tryStat(path), tryStat(link)];
  if (typeof file === "number" || typeof linked === "number") return path;
  return file.ino === linked.ino && file.dev === linked.dev ? link : path;
}
