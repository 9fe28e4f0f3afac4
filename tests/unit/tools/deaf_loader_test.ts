import { assertEquals, assertThrows } from "@std/assert";
import { Fatal } from "../../../tools/fatal.ts";
import { deafLoader } from "../../../tools/build/deaf_loader.ts";

const COMPARISON = [0x80, 0x38, 0x4c, 0x75, 0x1a, 0x80, 0x78, 0x01, 0x44, 0x75, 0x14, 0x80, 0x78, 0x02, 0x5f, 0x75, 0x0e];

Deno.test("deafLoader() changes the L that the loader looks for and nothing else", () => {
  const loader = new Uint8Array([0x80, 0x38, 7, ...COMPARISON, 0x80]);
  const deaf = deafLoader(loader);
  assertEquals(deaf[5], "=".charCodeAt(0));
  assertEquals(deaf.filter((byte, i) => byte !== loader[i]).length, 1);
});

Deno.test("deafLoader() refuses a loader in which the comparison is missing or not unique", () => {
  assertThrows(() => deafLoader(new Uint8Array(100)), Fatal);
  assertThrows(() => deafLoader(new Uint8Array([...COMPARISON, ...COMPARISON])), Fatal);
});
