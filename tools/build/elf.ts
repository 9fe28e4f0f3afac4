/**
 * What the build must know of an ELF file: where it ends, and which Deno it is.
 *
 * `deno compile` appends the program to its base, so the base is what lies before the ELF file's own end: the section header table, which
 * the linker writes last. Offsets are those of the 64-bit header. Source: elf(5). Pure.
 */

const HEADER_SIZE = 64;
const MAGIC = 0x7f454c46;
const CLASS_64 = 2;
const LITTLE_ENDIAN = 1;
const EM_X86_64 = 62;

/**
 * The size in bytes of the ELF file at the start of `bytes`.
 * @throws {SyntaxError} If that is no 64-bit x86-64 ELF file.
 */
export function elfSize(bytes: Uint8Array<ArrayBuffer>): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_SIZE || view.getUint32(0) !== MAGIC) throw new SyntaxError("not an ELF file");
  if (view.getUint8(4) !== CLASS_64 || view.getUint8(5) !== LITTLE_ENDIAN || view.getUint16(18, true) !== EM_X86_64) {
    throw new SyntaxError("not a program for x86-64");
  }
  const sectionsAt = Number(view.getBigUint64(0x28, true));
  const end = sectionsAt + view.getUint16(0x3a, true) * view.getUint16(0x3c, true);
  if (end > bytes.length) throw new SyntaxError("an ELF file that was cut short");
  return end;
}

function newer(a: string, b: string): string {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 || left[at]! > right[at]! ? a : b;
}

/** The version that a Deno runtime names in its user agent (`Deno/2.6.10`), or undefined if the file is none. */
export function denoVersionIn(bytes: Uint8Array<ArrayBuffer>): string | undefined {
  const text = new TextDecoder("latin1").decode(bytes);
  const found = Array.from(text.matchAll(/Deno\/(\d+\.\d+\.\d+)/g), (match) => match[1]!);
  return found.length === 0 ? undefined : found.reduce(newer);
}
