import { assertEquals } from "@std/assert";
import { includesBytes, lowerCaseBytes } from "../../../../lib/core/text/bytes.ts";
import { seededRandom } from "../seeded_random.ts";

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

Deno.test("includesBytes(): of random strings, what String.includes() says", () => {
  const random = seededRandom(0xb5);
  const word = (length: number): string =>
    Array.from({ length: random(length) }, () => "ab\0"[random(3)]).join("");
  for (let round = 0; round < 20_000; round++) {
    const [text, needle] = [word(12), word(5)];
    assertEquals(
      includesBytes(bytesOf(text), bytesOf(needle)),
      text.includes(needle),
      JSON.stringify([text, needle]),
    );
  }
});

Deno.test("lowerCaseBytes(): letters of ASCII and nothing else", () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  assertEquals(lowerCaseBytes(all), all.map((byte) => byte >= 65 && byte <= 90 ? byte + 32 : byte));
});
