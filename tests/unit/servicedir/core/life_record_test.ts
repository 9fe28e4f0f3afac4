/** The record that tells a process from all others. */
import { assertEquals } from "@std/assert";
import { tainFromUnix } from "../../../../lib/core/time/tain.ts";
import {
  LIFE_RECORD_SIZE,
  type LifeRecord,
  packLifeRecord,
  unpackLifeRecord,
} from "../../../../lib/servicedir/core/life_record.ts";
import {
  packSvstatus,
  type Svstatus,
  SVSTATUS_SIZE,
} from "../../../../lib/servicedir/core/svstatus.ts";

const STATUS: Svstatus = {
  stamp: tainFromUnix(1_700_000_000, 5),
  readystamp: tainFromUnix(1_700_000_001, 6),
  pid: 77,
  wstat: 0x300,
  flagpaused: true,
  flagfinishing: false,
  flagwantup: true,
  flagready: false,
};
const LEAST: LifeRecord = {
  world: { bootId: "00ff".repeat(8), pidNamespace: 4026531836n, root: "64768:2", isInit: false },
  directory: "64769:18446744073709551615",
  dying: false,
  slain: false,
  draining: false,
  sweeping: false,
};
const MOST: LifeRecord = {
  world: { ...LEAST.world, isInit: true },
  directory: "18446744073709551615:1",
  started: { fromUs: 8_000_000_000_000_001, toUs: 8_000_000_000_000_002 },
  notification: { inode: 0xffff_ffff_ffff_ffffn, fd: 1023 },
  pipe: 0xffff_ffff_ffff_fffen,
  adopted: tainFromUnix(1_700_000_002, 7),
  dying: true,
  slain: true,
  draining: true,
  sweeping: true,
};

for (const [what, record] of [["least", LEAST], ["most", MOST]] as const) {
  Deno.test(`a record with the ${what} that can be in it comes back, and so does the status`, () => {
    const bytes = packLifeRecord(STATUS, record);
    assertEquals(bytes.length, LIFE_RECORD_SIZE);
    assertEquals(bytes.subarray(0, SVSTATUS_SIZE), packSvstatus(STATUS));
    assertEquals(unpackLifeRecord(bytes), { status: STATUS, life: record });
  });
}

for (const flag of ["dying", "slain", "draining", "sweeping"] as const) {
  Deno.test(`a record that says ${flag}, and nothing else`, () => {
    const record = { ...LEAST, [flag]: true };
    assertEquals(unpackLifeRecord(packLifeRecord(STATUS, record))?.life, record);
  });
}

Deno.test("a status alone, a part of a record and one of another version are no record", () => {
  const bytes = packLifeRecord(STATUS, MOST);
  for (const size of [0, SVSTATUS_SIZE, LIFE_RECORD_SIZE - 1]) {
    assertEquals(unpackLifeRecord(bytes.subarray(0, size)), undefined);
  }
  bytes[SVSTATUS_SIZE] = 1;
  assertEquals(unpackLifeRecord(bytes), undefined);
});
