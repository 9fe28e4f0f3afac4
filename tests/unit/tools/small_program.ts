/**
 * An ELF file for x86-64 with nothing in it but what the loader needs for the functions that it
 * imports. All of it is one segment, 0x1000 above its place in the file.
 */

export interface Import {
  readonly name: string;
  /** The number of the relocation. */
  readonly type: number;
}

const BASE = 0x1000;
const SIZEOF_EHDR = 64;
const SIZEOF_PHDR = 56;
const SIZEOF_SYM = 24;
const SIZEOF_RELA = 24;
const EM_X86_64 = 62;
const DT_PLTRELSZ = 2;
const DT_STRTAB = 5;
const DT_SYMTAB = 6;
const DT_RELA = 7;
const DT_RELASZ = 8;
const DT_JMPREL = 23;
const JUMP_SLOT = 7;

/**
 * Where the slots begin that the loader would fill, as addresses: one of 8 bytes for each import.
 */
export const SLOTS = 0x100000;

/** @param code what the file ends with, as its program would */
export function smallProgram(
  imports: readonly Import[],
  code: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const names = [...new Set(imports.map(({ name }) => name))];
  const strings = new TextEncoder().encode(`\0${names.map((name) => `${name}\0`).join("")}`);
  const [rela, plt] = [
    imports.filter(({ type }) => type !== JUMP_SLOT),
    imports.filter(({ type }) => type === JUMP_SLOT),
  ];
  const dynamicAt = SIZEOF_EHDR + 2 * SIZEOF_PHDR;
  const symbolsAt = dynamicAt + 7 * 16;
  const relaAt = symbolsAt + (names.length + 1) * SIZEOF_SYM;
  const stringsAt = relaAt + imports.length * SIZEOF_RELA;
  const codeAt = stringsAt + strings.length;
  const bytes = new Uint8Array(codeAt + code.length);
  const view = new DataView(bytes.buffer);
  const word = (at: number, value: number): void => view.setBigUint64(at, BigInt(value), true);
  view.setUint16(18, EM_X86_64, true);
  word(32, SIZEOF_EHDR);
  view.setUint16(56, 2, true);
  const header = (
    at: number,
    type: number,
    flags: number,
    place: readonly [offset: number, size: number],
  ): void => {
    view.setUint32(at, type, true);
    view.setUint32(at + 4, flags, true);
    word(at + 8, place[0]);
    word(at + 16, place[0] + BASE);
    word(at + 32, place[1]);
  };
  header(SIZEOF_EHDR, 1, 5, [0, bytes.length]);
  header(SIZEOF_EHDR + SIZEOF_PHDR, 2, 4, [dynamicAt, 6 * 16]);
  const pltAt = relaAt + rela.length * SIZEOF_RELA;
  const tables: readonly (readonly [tag: number, value: number])[] = [
    [DT_STRTAB, stringsAt + BASE],
    [DT_SYMTAB, symbolsAt + BASE],
    [DT_RELA, relaAt + BASE],
    [DT_RELASZ, rela.length * SIZEOF_RELA],
    [DT_JMPREL, pltAt + BASE],
    [DT_PLTRELSZ, plt.length * SIZEOF_RELA],
  ];
  for (const [i, [tag, value]] of tables.entries()) {
    word(dynamicAt + i * 16, tag);
    word(dynamicAt + i * 16 + 8, value);
  }
  for (const i of names.keys()) {
    const before = names.slice(0, i).reduce((sum, each) => sum + each.length + 1, 1);
    view.setUint32(symbolsAt + (i + 1) * SIZEOF_SYM, before, true);
  }
  for (const [i, { name, type }] of [...rela, ...plt].entries()) {
    word(relaAt + i * SIZEOF_RELA, SLOTS + i * 8);
    view.setUint32(relaAt + i * SIZEOF_RELA + 8, type, true);
    view.setUint32(relaAt + i * SIZEOF_RELA + 12, names.indexOf(name) + 1, true);
  }
  bytes.set(strings, stringsAt);
  bytes.set(code, codeAt);
  return bytes;
}

/** The relocations of such a program, as the loader reads them. */
export function relocations(
  bytes: Uint8Array<ArrayBuffer>,
  count: number,
): { type: number; symbol: number; addend: number }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dynamicAt = SIZEOF_EHDR + 2 * SIZEOF_PHDR;
  const relaAt = Number(view.getBigUint64(dynamicAt + 2 * 16 + 8, true)) - BASE;
  return Array.from({ length: count }, (_, i) => ({
    type: view.getUint32(relaAt + i * SIZEOF_RELA + 8, true),
    symbol: view.getUint32(relaAt + i * SIZEOF_RELA + 12, true),
    addend: Number(view.getBigInt64(relaAt + i * SIZEOF_RELA + 16, true)),
  }));
}

/** Where in the file the byte is that is at `address` when it runs. */
export function offsetOf(address: number): number {
  return address - BASE;
}
