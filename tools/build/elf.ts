/**
 * Facts about an ELF file beyond its first bytes: where it keeps the addresses of imported
 * functions, and where its code is. Reads only what the loader itself uses, so a file without
 * sections will do. 64 bits, little-endian. Source: elf(5).
 */
import { Fatal } from "../fatal.ts";

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PF_X = 1;
const DT_PLTRELSZ = 2;
const DT_STRTAB = 5;
const DT_SYMTAB = 6;
const DT_RELA = 7;
const DT_RELASZ = 8;
const DT_JMPREL = 23;
const SIZEOF_PHDR = 56;
const SIZEOF_DYN = 16;
const SIZEOF_SYM = 24;
const SIZEOF_RELA = 24;

/** A mapped part of the file. */
interface Segment {
  readonly offset: number;
  readonly address: number;
  readonly size: number;
  readonly executable: boolean;
}

/** A place where the loader puts the address of an imported function. */
export interface ImportSlot {
  readonly name: string;
  /** The relocation's number in the processor's ABI. */
  readonly type: number;
  /** The address of that place. */
  readonly address: number;
  /**
   * The offset in the file of the relocation itself: address, type and symbol, addend, 8 bytes
   * each.
   */
  readonly offset: number;
}

export class Elf {
  readonly machine: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
  readonly #segments: readonly Segment[];
  readonly #dynamic: ReadonlyMap<number, number>;

  /** @param bytes The bytes of a 64-bit ELF file; writes through `view` change them */
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.machine = this.view.getUint16(18, true);
    const segments: Segment[] = [];
    const dynamic = new Map<number, number>();
    const table = this.#word(32);
    for (let i = 0; i < this.view.getUint16(56, true); i++) {
      const at = table + i * SIZEOF_PHDR;
      const type = this.view.getUint32(at, true);
      const segment = {
        offset: this.#word(at + 8),
        address: this.#word(at + 16),
        size: this.#word(at + 32),
        executable: (this.view.getUint32(at + 4, true) & PF_X) !== 0,
      };
      if (type === PT_LOAD) segments.push(segment);
      if (type === PT_DYNAMIC) this.#readDynamic(segment, dynamic);
    }
    this.#segments = segments;
    this.#dynamic = dynamic;
  }

  #word(offset: number): number {
    return Number(this.view.getBigUint64(offset, true));
  }

  #readDynamic({ offset, size }: Segment, into: Map<number, number>): void {
    for (let at = offset; at < offset + size; at += SIZEOF_DYN) {
      into.set(this.#word(at), this.#word(at + 8));
    }
  }

  /** The offset in the file of the byte that will be at `address`. */
  offsetOf(address: number): number {
    const segment = this.#segments.find((each) =>
      address >= each.address && address < each.address + each.size
    );
    if (segment === undefined) {
      throw new Fatal(`the base runtime has nothing at address ${address.toString(16)}`);
    }
    return segment.offset + address - segment.address;
  }

  /** The address of the byte at `offset` in the file. */
  addressOf(offset: number): number {
    const { offset: start, address } = this.#segments.find((each) =>
      offset >= each.offset && offset < each.offset + each.size
    )!;
    return address + offset - start;
  }

  /** The slots of the functions in `names`. */
  importSlots(names: ReadonlySet<string>): ImportSlot[] {
    const slots: ImportSlot[] = [];
    for (const [table, size] of [[DT_RELA, DT_RELASZ], [DT_JMPREL, DT_PLTRELSZ]] as const) {
      const address = this.#dynamic.get(table);
      if (address === undefined) continue;
      const start = this.offsetOf(address);
      for (let offset = start; offset < start + this.#dynamic.get(size)!; offset += SIZEOF_RELA) {
        const symbol = this.view.getUint32(offset + 12, true);
        const name = symbol === 0 ? "" : this.#symbolName(symbol);
        if (names.has(name)) {
          slots.push({
            name,
            type: this.view.getUint32(offset + 8, true),
            address: this.#word(offset),
            offset,
          });
        }
      }
    }
    return slots;
  }

  #symbolName(symbol: number): string {
    const entry = this.offsetOf(this.#dynamic.get(DT_SYMTAB)!) + symbol * SIZEOF_SYM;
    const start = this.offsetOf(this.#dynamic.get(DT_STRTAB)!) + this.view.getUint32(entry, true);
    return new TextDecoder().decode(this.bytes.subarray(start, this.bytes.indexOf(0, start)));
  }

  /**
   * The offset in the file of `size` bytes of code that consist only of `filler`. Undefined if
   * there are none.
   */
  findFiller(
    { bytes, least }: { readonly bytes: readonly number[]; readonly least: number },
    size: number,
  ): number | undefined {
    const needed = Math.ceil(Math.max(size, least) / bytes.length);
    for (const { offset, size: length } of this.#segments.filter(({ executable }) => executable)) {
      let run = 0;
      for (let at = offset; at + bytes.length <= offset + length; at += bytes.length) {
        run = bytes.every((byte, index) => this.bytes[at + index] === byte) ? run + 1 : 0;
        if (run === needed) return at + bytes.length - needed * bytes.length;
      }
    }
    return undefined;
  }
}
