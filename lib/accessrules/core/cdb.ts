/**
 * Constant databases: keys with data in one file. Layout, all numbers of 4 bytes, little-endian:
 *
 * - 2048 bytes: 256 times the place of a hash table and its number of slots
 * - the records: length of the key, length of the data, the key, the data
 * - the hash tables: slots with a hash and the place of a record, or zeros
 *
 * A file that is made here has the bytes of one that skalibs makes. Source:
 * https://cr.yp.to/cdb/cdb.txt; skalibs, cdbmake_finish.c, cdb_findnext.c. Pure.
 */

const HEADER = 2048;
const TABLES = 256;
const PAIR = 8;
const HASH_START = 5381;

export interface CdbRecord {
  readonly key: Uint8Array;
  readonly data: Uint8Array;
}

/** The file is damaged, or is none of this kind. */
export class CdbError extends Error {
  override readonly name = "CdbError";
}

function hashOf(key: Uint8Array): number {
  return key.reduce((hash, byte) => (((hash << 5) + hash) ^ byte) >>> 0, HASH_START);
}

interface Slot {
  readonly hash: number;
  readonly place: number;
}

/** A hash table with its slots in their places: twice as many as there are records. */
function tableOf(slots: readonly Slot[]): readonly (Slot | undefined)[] {
  const size = 2 * slots.length;
  const table = new Array<Slot | undefined>(size).fill(undefined);
  for (const slot of slots) {
    let at = (slot.hash >>> 8) % size;
    while (table[at] !== undefined) at = (at + 1) % size;
    table[at] = slot;
  }
  return table;
}

/** The bytes of a database with these records, in their order. */
export function makeCdb(records: readonly CdbRecord[]): Uint8Array<ArrayBuffer> {
  const size = records.reduce((sum, { key, data }) => sum + PAIR + key.length + data.length, 0);
  const bytes = new Uint8Array(HEADER + size + 2 * PAIR * records.length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const putPair = (one: number, other: number): void => {
    view.setUint32(at, one, true);
    view.setUint32(at + 4, other, true);
    at += PAIR;
  };
  const slots = Array.from({ length: TABLES }, (): Slot[] => []);
  at = HEADER;
  for (const { key, data } of records) {
    const hash = hashOf(key);
    slots[hash % TABLES]!.push({ hash, place: at });
    putPair(key.length, data.length);
    bytes.set(key, at);
    bytes.set(data, at + key.length);
    at += key.length + data.length;
  }
  slots.forEach((some, i) => {
    view.setUint32(PAIR * i, at, true);
    view.setUint32(PAIR * i + 4, 2 * some.length, true);
    for (const slot of tableOf(some)) putPair(slot?.hash ?? 0, slot?.place ?? 0);
  });
  return bytes;
}

/** A database to look into. What it says of places is not believed. */
export class Cdb {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * The data of the first record with the key; undefined if there is none. @throws {CdbError} If
   * the file is damaged.
   */
  find(key: Uint8Array): Uint8Array | undefined {
    const hash = hashOf(key);
    const [table, slots] = this.#pair(PAIR * (hash % TABLES));
    for (let i = 0; i < slots; i++) {
      const at = table + PAIR * (((hash >>> 8) + i) % slots);
      const [slotHash, place] = this.#pair(at);
      if (place === 0) return undefined;
      if (slotHash !== hash) continue;
      const record = this.#record(place);
      if (sameBytes(record.key, key)) return record.data;
    }
    return undefined;
  }

  /** All records, in their order. @throws {CdbError} If the file is damaged. */
  *records(): Generator<CdbRecord> {
    const end = this.#pair(0)[0];
    for (let at = HEADER; at + PAIR <= end;) {
      const record = this.#record(at);
      at += PAIR + record.key.length + record.data.length;
      yield record;
    }
  }

  #record(at: number): CdbRecord {
    const [keyLength, dataLength] = this.#pair(at);
    const key = this.#span(at + PAIR, keyLength);
    return { key, data: this.#span(at + PAIR + keyLength, dataLength) };
  }

  #pair(at: number): readonly [number, number] {
    this.#span(at, PAIR);
    return [this.#view.getUint32(at, true), this.#view.getUint32(at + 4, true)];
  }

  #span(at: number, length: number): Uint8Array {
    if (at + length > this.#bytes.length) throw new CdbError("it is no constant database");
    return this.#bytes.subarray(at, at + length);
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
