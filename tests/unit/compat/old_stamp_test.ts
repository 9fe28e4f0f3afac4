/** Stamps without leap seconds. Source: https://cr.yp.to/libtai/tai64.html; daemontools, tai64nlocal. */
import { assertEquals } from "@std/assert";
import { stampOfOld, unixOfOld } from "../../../lib/compat/core/old_stamp.ts";

Deno.test("stampOfOld(): ten seconds ahead of Unix time, at all times", () => {
  assertEquals(stampOfOld(0), "@400000000000000a00000000");
  assertEquals(stampOfOld(1_000_000_000_500), "@400000003b9aca0a1dcd6500");
  assertEquals(unixOfOld(0x400000003b9aca0an), 1_000_000_000n);
});
