import { assertEquals, assertThrows } from "@std/assert";
import {
  addMilliseconds,
  compareTain,
  formatTai64n,
  packTain,
  parseTai64n,
  secondsBetween,
  type Tain,
  TAIN_PACK,
  TAIN_ZERO,
  tainFromUnix,
  tainToUnix,
  unpackTain,
} from "../../../../lib/core/time/tain.ts";
import { seededRandom } from "../seeded_random.ts";

/**
 * Labels as Debian's s6-tai64nlocal reads them with TZ=UTC; it leaves the first, before 1970, as it
 * is.
 */
const moments: readonly (readonly [utc: string, label: string])[] = [
  ["1969-12-31T23:59:59Z", "@400000000000000900000005"],
  ["1970-01-01T00:00:00Z", "@400000000000000a00000005"],
  ["1972-06-30T23:59:59Z", "@4000000004b2580900000005"],
  ["1972-07-01T00:00:00Z", "@4000000004b2580b00000005"],
  ["1972-12-31T23:59:59Z", "@4000000005a4ec0a00000005"],
  ["1973-01-01T00:00:00Z", "@4000000005a4ec0c00000005"],
  ["1998-12-31T23:59:59Z", "@40000000368c101e00000005"],
  ["1999-01-01T00:00:00Z", "@40000000368c102000000005"],
  ["2016-12-31T23:59:59Z", "@40000000586846a300000005"],
  ["2017-01-01T00:00:00Z", "@40000000586846a500000005"],
  ["2026-11-22T00:03:20Z", "@400000006b02316d00000005"],
];

for (const [utc, label] of moments) {
  const unix = BigInt(Date.parse(utc) / 1000);
  Deno.test(`tainFromUnix() and tainToUnix(): ${utc} is ${label}`, () => {
    assertEquals(formatTai64n(tainFromUnix(unix, 5)), label);
    assertEquals(tainToUnix(parseTai64n(label)!), { seconds: unix, nano: 5 });
  });
}

Deno.test("tainFromUnix(): the clock and the label are 37 seconds apart today", () => {
  assertEquals(tainFromUnix(1795305800, 0).sec - (1n << 62n), 1795305837n);
});

Deno.test("tainToUnix(): the leap second itself gives the second that follows it", () => {
  assertEquals(tainToUnix(parseTai64n("@40000000586846a400000000")!).seconds, 1483228800n);
});

Deno.test("tainFromUnix() and tainToUnix(): random moments come back", () => {
  const random = seededRandom(1972);
  for (let round = 0; round < 2000; round++) {
    const unix = BigInt(random(2 ** 31));
    for (const seconds of [unix, unix + 1n, -unix]) {
      assertEquals(tainToUnix(tainFromUnix(seconds, 1)).seconds, seconds);
    }
  }
});

Deno.test("packTain() and unpackTain(): the bytes that C s6 wrote", () => {
  const bytes = Uint8Array.fromHex("ff400000006b02316b18efea43ff");
  const stamp: Tain = { sec: 0x400000006b02316bn, nano: 0x18efea43 };
  assertEquals(unpackTain(bytes, 1), stamp);
  const packed = new Uint8Array(TAIN_PACK + 2).fill(0xff);
  packTain(stamp, packed, 1);
  assertEquals(packed, bytes);
});

Deno.test("packTain() and unpackTain(): views into a larger buffer", () => {
  const whole = new Uint8Array(40);
  const view = whole.subarray(7, 33);
  packTain({ sec: 1n, nano: 2 }, view, 3);
  assertEquals(whole[17], 1);
  assertEquals(unpackTain(view, 3), { sec: 1n, nano: 2 });
});

Deno.test("unpackTain(): fewer than 12 bytes are refused", () => {
  assertThrows(() => unpackTain(new Uint8Array(11)), RangeError);
});

Deno.test("formatTai64n(): the stamp that means never", () => {
  assertEquals(formatTai64n(TAIN_ZERO), "@000000000000000000000000");
});

const labels: readonly (readonly [text: string, stamp: Tain | undefined])[] = [
  ["@400000006b02316b18efea43", { sec: 0x400000006b02316bn, nano: 0x18efea43 }],
  ["@400000006B02316B18EFEA43", { sec: 0x400000006b02316bn, nano: 0x18efea43 }],
  ["@ffffffffffffffffffffffff", { sec: 0xffffffffffffffffn, nano: 0xffffffff }],
  ["400000006b02316b18efea43", undefined],
  ["@400000006b02316b18efea4", undefined],
  ["@400000006b02316b18efea433", undefined],
  ["@400000006b02316b18efea43\n", undefined],
  ["@40000000 b02316b18efea43", undefined],
  ["@4000g0006b02316b18efea43", undefined],
  [" @400000006b02316b18efea43", undefined],
  ["@", undefined],
  ["", undefined],
];

for (const [text, stamp] of labels) {
  Deno.test(`parseTai64n(): ${JSON.stringify(text)} ${stamp === undefined ? "is none" : "is a label"}`, () => {
    assertEquals(parseTai64n(text), stamp);
  });
}

/** later, earlier, whole seconds between, order. */
const pairs: readonly (readonly [later: Tain, earlier: Tain, seconds: bigint, order: number])[] = [
  [{ sec: 10n, nano: 5 }, { sec: 10n, nano: 5 }, 0n, 0],
  [{ sec: 10n, nano: 6 }, { sec: 10n, nano: 5 }, 0n, 1],
  [{ sec: 10n, nano: 4 }, { sec: 10n, nano: 5 }, -1n, -1],
  [{ sec: 11n, nano: 4 }, { sec: 10n, nano: 5 }, 0n, 1],
  [{ sec: 11n, nano: 5 }, { sec: 10n, nano: 5 }, 1n, 1],
  [{ sec: 9n, nano: 999_999_999 }, { sec: 10n, nano: 0 }, -1n, -1],
  [{ sec: 1n << 62n, nano: 0 }, TAIN_ZERO, 1n << 62n, 1],
];

for (const [later, earlier, seconds, order] of pairs) {
  Deno.test(`secondsBetween() and compareTain(): ${later.sec}.${later.nano} and ${earlier.sec}.${earlier.nano}`, () => {
    assertEquals(secondsBetween(later, earlier), seconds);
    assertEquals(compareTain(later, earlier), order);
  });
}

for (
  const [milliseconds, sec, nano] of [
    [0, 10n, 400_000_000],
    [1, 10n, 401_000_000],
    [599.999999, 10n, 999_999_999],
    [600, 11n, 0],
    [86_400_000.5, 86_410n, 400_500_000],
    [-400, 10n, 0],
    [-401, 9n, 999_000_000],
    [-10_400, 0n, 0],
    [4_294_967_295, 4_294_977n, 695_000_000],
  ] as const
) {
  Deno.test(`addMilliseconds(): ${milliseconds} after 10.4 seconds`, () => {
    assertEquals(addMilliseconds({ sec: 10n, nano: 400_000_000 }, milliseconds), { sec, nano });
  });
}
