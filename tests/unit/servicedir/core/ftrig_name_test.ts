import { assertEquals, assertThrows } from "@std/assert";
import { ftrigName, isFtrigName } from "../../../../lib/servicedir/core/ftrig_name.ts";
import { parseTai64n } from "../../../../lib/core/time/tain.ts";

/** Seen in a fifodir while Debian's s6-ftrig-wait waited. */
const SEEN = "ftrig1:@400000006b0231811c5c6bb1:mn1SfU";

Deno.test("ftrigName(): the name that C s6 makes", () => {
  assertEquals(ftrigName(parseTai64n("@400000006b0231811c5c6bb1")!, "mn1SfU"), SEEN);
});

for (const suffix of ["", "12345", "1234567", "abcdé6"]) {
  Deno.test(`ftrigName(): a suffix ${JSON.stringify(suffix)} is refused`, () => {
    assertThrows(
      () => ftrigName(parseTai64n("@400000006b0231811c5c6bb1")!, suffix),
      RangeError,
      "6 bytes",
    );
  });
}

const names: readonly (readonly [name: string, is: boolean])[] = [
  [SEEN, true],
  ["ftrig1:@handmade.fifo.of.39.bytes.......", false],
  ["ftrig1:@handmade.fifo.of.39.bytes......", true],
  [`.${SEEN}`, false],
  [SEEN.slice(0, -1), false],
  [`${SEEN}x`, false],
  [SEEN.replace("@", "0"), false],
  [SEEN.replace("ftrig1", "ftrig2"), false],
  ["ftrig1:@400000006b0231811c5c6bb1:mn1Sé", true],
  ["ftrig1:@400000006b0231811c5c6bb1:mn1Sfé", false],
  ["ftrig1:@400000006b0231811c5c6bb1:mn1Sf\udcff", true],
  ["", false],
];

for (const [name, is] of names) {
  Deno.test(`isFtrigName(): ${JSON.stringify(name)} is ${is ? "one" : "none"}`, () =>
    assertEquals(isFtrigName(name), is));
}
