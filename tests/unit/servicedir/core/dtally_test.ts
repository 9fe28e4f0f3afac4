import { assertEquals } from "@std/assert";
import {
  appendDeath,
  type Death,
  DTALLY_PACK,
  MAX_DEATH_TALLY,
  packDtally,
  unpackDtally,
} from "../../../../lib/servicedir/core/dtally.ts";
import { parseTai64n } from "../../../../lib/core/time/tain.ts";
import { seededRandom } from "../../core/seeded_random.ts";

/** A file that Debian's s6-supervise 2.11.3 wrote: exit codes 0, 1, 2, a SIGSEGV, exit code 4. */
const FILE = "400000006b02316c08f7fa640000" + "400000006b02316c1b01d5080100" +
  "400000006b02316c2d3075710200" +
  "400000006b02316d0391de518b0b" + "400000006b02316d15da6cb40400";

const DEATHS: readonly Death[] = [
  { stamp: parseTai64n("@400000006b02316c08f7fa64")!, exitcode: 0, sig: 0 },
  { stamp: parseTai64n("@400000006b02316c1b01d508")!, exitcode: 1, sig: 0 },
  { stamp: parseTai64n("@400000006b02316c2d307571")!, exitcode: 2, sig: 0 },
  { stamp: parseTai64n("@400000006b02316d0391de51")!, exitcode: 139, sig: 11 },
  { stamp: parseTai64n("@400000006b02316d15da6cb4")!, exitcode: 4, sig: 0 },
];

Deno.test("unpackDtally(): as C s6 wrote it", () =>
  assertEquals(unpackDtally(Uint8Array.fromHex(FILE)), DEATHS));

Deno.test("packDtally(): the same bytes as C s6", () =>
  assertEquals(packDtally(DEATHS).toHex(), FILE));

Deno.test("packDtally() and unpackDtally(): nobody died", () => {
  assertEquals(packDtally([]).length, 0);
  assertEquals(unpackDtally(new Uint8Array()), []);
});

for (const size of [1, 13, 15, 27, 69, 71]) {
  Deno.test(`unpackDtally(): ${size} bytes are no tally`, () => {
    const bytes = new Uint8Array(size);
    bytes.set(Uint8Array.fromHex(FILE).subarray(0, size));
    assertEquals(unpackDtally(bytes), []);
  });
}

Deno.test("unpackDtally(): random bytes never throw, and come back", () => {
  const random = seededRandom(14);
  for (let round = 0; round < 1000; round++) {
    const bytes = Uint8Array.from({ length: 14 * random(6) }, () => random(256));
    assertEquals(packDtally(unpackDtally(bytes)), bytes);
  }
});

const LAST = DEATHS[4]!;

const appends: readonly (readonly [
  what: string,
  before: readonly Death[],
  max: number,
  after: readonly Death[],
])[] = [
  ["the first death", [], 100, [LAST]],
  ["room left", DEATHS.slice(0, 4), 5, DEATHS],
  ["full: the oldest goes", DEATHS, 5, [...DEATHS.slice(1), LAST]],
  ["the limit was lowered: only the newest stay", DEATHS, 2, [LAST, LAST]],
  ["a limit of one", DEATHS, 1, [LAST]],
  ["a limit of 0 keeps none", DEATHS, 0, []],
];

for (const [what, before, max, after] of appends) {
  Deno.test(`appendDeath(): ${what}`, () =>
    assertEquals(unpackDtally(appendDeath(packDtally(before), LAST, max)), after));
}

Deno.test("appendDeath(): never more than 4096", () => {
  const many = new Array<Death>(MAX_DEATH_TALLY).fill(LAST);
  assertEquals(
    appendDeath(packDtally(many), LAST, 1_000_000).length,
    MAX_DEATH_TALLY * DTALLY_PACK,
  );
});

Deno.test("appendDeath(): a tally of another size counts for nothing", () => {
  assertEquals(unpackDtally(appendDeath(new Uint8Array(15), LAST, 100)), [LAST]);
});
