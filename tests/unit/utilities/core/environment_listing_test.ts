import { assertEquals } from "@std/assert";
import { environmentListing } from "../../../../lib/utilities/core/environment_listing.ts";
import { encodePath } from "../../../../lib/core/text/path_bytes.ts";

const ENV = ["A=1", "B=é\udcff", "C="];

const LISTINGS:
  readonly (readonly [delimiter: number | undefined, atEnd: boolean, listing: string])[] = [
    [10, true, "A=1\nB=é\udcff\nC=\n"],
    [10, false, "A=1\nB=é\udcff\nC="],
    [0, true, "A=1\0B=é\udcff\0C=\0"],
    [undefined, true, "3:A=1,5:B=é\udcff,2:C=,"],
    [undefined, false, "3:A=1,5:B=é\udcff,2:C=,"],
  ];

for (const [delimiter, atEnd, listing] of LISTINGS) {
  Deno.test(`environmentListing(): delimiter ${delimiter}, ${atEnd ? "also" : "not"} at the end`, () => {
    assertEquals(environmentListing(ENV, { delimiter, atEnd }), encodePath(listing));
    assertEquals(environmentListing([], { delimiter, atEnd }).length, 0);
  });
}
