/**
 * Where `deno compile` has put the program: after the base, with a trailer that holds its size
 * (until 2.8), or in a note that the kernel does not map (2.9). Source: libsui.
 */
import { Fatal } from "../fatal.ts";

export type AppendedForm = "trailer" | "note";

const MAGIC = new TextEncoder().encode("d3n0l4nd");
const NOTE_OWNER = "SUI\0";
const PT_NOTE = 4;
const SIZEOF_PHDR = 56;
const SIZEOF_NOTE_HEADER = 12;

function startsWith(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  return part.every((byte, index) => bytes[at + index] === byte);
}

function hasTrailer(bytes: Uint8Array, view: DataView): boolean {
  const size = Number(view.getBigUint64(bytes.length - 8, true));
  const start = bytes.length - size;
  if (size < MAGIC.length || start <= 0) return false;
  return startsWith(bytes, start, MAGIC);
}

function hasNote(bytes: Uint8Array, view: DataView): boolean {
  const table = Number(view.getBigUint64(32, true));
  for (let index = 0; index < view.getUint16(56, true); index++) {
    const at = table + index * SIZEOF_PHDR;
    if (view.getUint32(at, true) !== PT_NOTE) continue;
    const offset = Number(view.getBigUint64(at + 8, true));
    if (startsWith(bytes, offset + SIZEOF_NOTE_HEADER, new TextEncoder().encode(NOTE_OWNER))) {
      return true;
    }
  }
  return false;
}

/**
 * @param bytes The bytes of a compiled program for 64-bit Linux
 * @throws {Fatal} If it holds no program in either form: the base has another minor version, or a
 *   step in between has cut the program off.
 */
export function appendedForm(bytes: Uint8Array<ArrayBuffer>): AppendedForm {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (hasNote(bytes, view)) return "note";
  if (hasTrailer(bytes, view)) return "trailer";
  throw new Fatal("the compiled program has nothing appended that its base could find");
}
