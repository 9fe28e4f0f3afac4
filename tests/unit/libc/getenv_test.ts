import { assertEquals } from "@std/assert";
import { getenv } from "../../../lib/libc/environ.ts";

Deno.test("getenv: the bytes of a variable; an empty one is not a missing one", () => {
  Deno.env.set("HEXAD_TEST_VALUE", "é b");
  Deno.env.set("HEXAD_TEST_EMPTY", "");
  try {
    assertEquals(getenv("HEXAD_TEST_VALUE"), new TextEncoder().encode("é b"));
    assertEquals(getenv("HEXAD_TEST_EMPTY"), new Uint8Array());
    assertEquals(getenv("HEXAD_TEST_MISSING"), undefined);
  } finally {
    Deno.env.delete("HEXAD_TEST_VALUE");
    Deno.env.delete("HEXAD_TEST_EMPTY");
  }
});
