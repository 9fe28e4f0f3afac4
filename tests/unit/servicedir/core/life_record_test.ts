/** The record behind a status that tells a process from all others. */
import { assertEquals } from "@std/assert";
import { tainFromUnix } from "../../../../lib/core/time/tain.ts";
import {
  type LifeRecord,
  packStatusFile,
  STATUS_FILE_SIZE,
  unpackLifeRecord,
} from "../../../../lib/servicedir/core/life_record.ts";
import {
  packSvstatus,
  type Svstatus,
  SVSTATUS_SIZE,
  unpackSvstatus,
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
  dying: false,
  slain: false,
  draining: false,
  sweeping: false,
};
const MOST: LifeRecord = {
  world: { ...LEAST.world, isInit: true },
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
    const bytes = packStatusFile(STATUS, record);
    assertEquals(bytes.length, STATUS_FILE_SIZE);
    assertEquals(bytes.subarray(0, SVSTATUS_SIZE), packSvstatus(STATUS));
    assertEquals(unpackLifeRecord(bytes), record);
    assertEquals(unpackSvstatus(bytes), STATUS);
  });
}

for (const flag of ["dying", "slain", "draining", "sweeping"] as const) {
  Deno.test(`a record that says ${flag}, and nothing else`, () => {
    const record = { ...LEAST, [flag]: true };
    assertEquals(unpackLifeRecord(packStatusFile(STATUS, record)), record);
  });
}

Deno.test("without a record the file is C's", () =>
  assertEquals(packStatusFile(STATUS, undefined), packSvstatus(STATUS)));

Deno.test("a status alone, a part of a record and one of another version are no record", () => {
  const bytes = packStatusFile(STATUS, MOST);
  for (const size of [0, SVSTATUS_SIZE, STATUS_FILE_SIZE - 1]) {
    assertEquals(unpackLifeRecord(bytes.subarray(0, size)), undefined);
  }
  bytes[SVSTATUS_SIZE] = 2;
  assertEquals(unpackLifeRecord(bytes), undefined);
});
