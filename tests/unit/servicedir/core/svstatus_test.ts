import { assertEquals, assertThrows } from "@std/assert";
import {
  packSvstatus,
  type Svstatus,
  SVSTATUS_SIZE,
  unpackSvstatus,
} from "../../../../lib/servicedir/core/svstatus.ts";
import { parseTai64n, TAIN_ZERO } from "../../../../lib/core/time/tain.ts";
import { seededRandom } from "../../core/seeded_random.ts";

/** Files that Debian's s6-supervise 2.11.3 wrote, and what its s6-svstat said about them. */
const files: readonly (readonly [
  what: string,
  hex: string,
  stamps: readonly [string, string],
  rest: Omit<Svstatus, "stamp" | "readystamp">,
])[] = [
  [
    "never started, wanted down",
    "400000006b02316b18efea43400000006b02316b18efea43" + "0000000000000000" + "0000" + "08",
    ["@400000006b02316b18efea43", "@400000006b02316b18efea43"],
    {
      pid: 0,
      wstat: 0,
      flagpaused: false,
      flagfinishing: false,
      flagwantup: false,
      flagready: true,
    },
  ],
  [
    "up (pid 6833)",
    "400000006b02316b19ca04ff400000006b02316b1892f578" + "0000000000001ab1" + "0000" + "04",
    ["@400000006b02316b19ca04ff", "@400000006b02316b1892f578"],
    {
      pid: 6833,
      wstat: 0,
      flagpaused: false,
      flagfinishing: false,
      flagwantup: true,
      flagready: false,
    },
  ],
  [
    "up (pid 6834), ready",
    "400000006b02316b190a15ea400000006b02316b190c9691" + "0000000000001ab2" + "0000" + "0c",
    ["@400000006b02316b190a15ea", "@400000006b02316b190c9691"],
    {
      pid: 6834,
      wstat: 0,
      flagpaused: false,
      flagfinishing: false,
      flagwantup: true,
      flagready: true,
    },
  ],
  [
    "up (pid 6839), paused",
    "400000006b02316b1929106f400000006b02316b19229e29" + "0000000000001ab7" + "0000" + "05",
    ["@400000006b02316b1929106f", "@400000006b02316b19229e29"],
    {
      pid: 6839,
      wstat: 0,
      flagpaused: true,
      flagfinishing: false,
      flagwantup: true,
      flagready: false,
    },
  ],
  [
    "down (exitcode 3), finish script running as pid 6854",
    "400000006b02316c088192a2400000006b02316b19c8b656" + "0000000000001ac6" + "0300" + "02",
    ["@400000006b02316c088192a2", "@400000006b02316b19c8b656"],
    {
      pid: 6854,
      wstat: 0x300,
      flagpaused: false,
      flagfinishing: true,
      flagwantup: false,
      flagready: false,
    },
  ],
  [
    "down (exitcode 7), ready",
    "400000006b02316c0807ab08400000006b02316c0834e5b3" + "0000000000000000" + "0700" + "08",
    ["@400000006b02316c0807ab08", "@400000006b02316c0834e5b3"],
    {
      pid: 0,
      wstat: 0x700,
      flagpaused: false,
      flagfinishing: false,
      flagwantup: false,
      flagready: true,
    },
  ],
  [
    "down (signal SIGKILL), ready",
    "400000006b02316c08360d99400000006b02316c08a502d7" + "0000000000000000" + "0009" + "08",
    ["@400000006b02316c08360d99", "@400000006b02316c08a502d7"],
    {
      pid: 0,
      wstat: 9,
      flagpaused: false,
      flagfinishing: false,
      flagwantup: false,
      flagready: true,
    },
  ],
];

for (const [what, hex, [stamp, readystamp], rest] of files) {
  const status: Svstatus = {
    stamp: parseTai64n(stamp)!,
    readystamp: parseTai64n(readystamp)!,
    ...rest,
  };
  Deno.test(`unpackSvstatus(): as C s6 wrote it: ${what}`, () =>
    assertEquals(unpackSvstatus(Uint8Array.fromHex(hex)), status));
  Deno.test(`packSvstatus(): the same bytes as C s6: ${what}`, () =>
    assertEquals(packSvstatus(status).toHex(), hex));
}

Deno.test("unpackSvstatus(): flags that nobody defined are ignored", () => {
  const bytes = new Uint8Array(SVSTATUS_SIZE);
  bytes[34] = 0xf0;
  const clear = {
    pid: 0,
    wstat: 0,
    flagpaused: false,
    flagfinishing: false,
    flagwantup: false,
    flagready: false,
  };
  assertEquals(unpackSvstatus(bytes), { stamp: TAIN_ZERO, readystamp: TAIN_ZERO, ...clear });
});

for (const size of [0, 1, 34, 36, 70]) {
  Deno.test(`unpackSvstatus(): ${size} bytes are refused`, () => {
    assertThrows(
      () => unpackSvstatus(new Uint8Array(size)),
      SyntaxError,
      `a status is 35 bytes, not ${size}`,
    );
  });
}

Deno.test("unpackSvstatus(): random bytes never throw, and a status comes back", () => {
  const random = seededRandom(35);
  for (let round = 0; round < 2000; round++) {
    const bytes = Uint8Array.from({ length: SVSTATUS_SIZE }, () => random(256));
    const status = unpackSvstatus(bytes);
    assertEquals(unpackSvstatus(packSvstatus(status)), status);
  }
});
