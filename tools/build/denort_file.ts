/** Facts about a base runtime's file: the machine that it is for, and its Deno version. Pure. */

const ELF_HEADER_SIZE = 64;
const ELF_MAGIC = 0x7f454c46;
const ELFCLASS64 = 2;

/** Whether the file is a 64-bit ELF file for the machine of that number. Source: elf(5). */
export function isElfFor(machine: number, bytes: Uint8Array<ArrayBuffer>): boolean {
  if (bytes.length < ELF_HEADER_SIZE) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(0) === ELF_MAGIC && view.getUint8(4) === ELFCLASS64 &&
    view.getUint16(18, true) === machine;
}

function newer(a: string, b: string): string {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 || left[at]! > right[at]! ? a : b;
}

/**
 * The version in a Deno runtime's user agent (`Deno/2.6.10`), or undefined if the file is not one.
 */
export function denoVersionIn(bytes: Uint8Array<ArrayBuffer>): string | undefined {
  const text = new TextDecoder("latin1").decode(bytes);
  const found = Array.from(text.matchAll(/Deno\/(\d+\.\d+\.\d+)/g), (match) => match[1]!);
  return found.length === 0 ? undefined : found.reduce(newer);
}
