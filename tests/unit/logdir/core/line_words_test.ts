import { assertEquals } from "@std/assert";
import {
  COPY_SLACK,
  copyLine,
  copyShort,
  nextLine,
} from "../../../../lib/logdir/core/line_words.ts";
import { seededRandom } from "../../core/seeded_random.ts";

/** Bytes near a newline among them: those are what a word's arithmetic could take for one. */
const BYTES = [
  0,
  9,
  10,
  11,
  12,
  13,
  0x0a ^ 0x80,
  0x0b ^ 0x80,
  127,
  128,
  255,
  120,
  120,
  120,
  120,
  120,
];

function randomBlock(random: (below: number) => number, length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, () => BYTES[random(BYTES.length)]!);
}

function viewOf(bytes: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

Deno.test("nextLine(): where a search for the newline byte by byte ends, from every place of 500 random blocks", () => {
  const random = seededRandom(3);
  for (let run = 0; run < 500; run++) {
    const block = randomBlock(random, random(40));
    const slice = viewOf(block.subarray(random(block.length + 1)));
    for (let at = 0; at <= slice.byteLength; at++) {
      const rest = new Uint8Array(slice.buffer, slice.byteOffset + at, slice.byteLength - at);
      const found = rest.indexOf(10);
      assertEquals(
        nextLine(slice, at),
        found < 0 ? slice.byteLength : at + found + 1,
        `${block} from ${at}`,
      );
    }
  }
});

Deno.test("nextLine(): each pair of bytes before and behind a newline", () => {
  for (let before = 0; before < 256; before++) {
    if (before === 10) continue;
    for (let behind = 0; behind < 256; behind++) {
      assertEquals(
        nextLine(viewOf(Uint8Array.of(120, before, 10, behind, 120, 120, 120, 120)), 0),
        3,
      );
      assertEquals(
        nextLine(viewOf(Uint8Array.of(before, before, before, before, 10, behind, 120, 120)), 0),
        5,
      );
    }
  }
});

Deno.test("copyLine(): the line up to its newline, and nothing before it is touched", () => {
  const random = seededRandom(4);
  for (let run = 0; run < 500; run++) {
    const block = randomBlock(random, 1 + random(40));
    const at = random(block.length);
    const into = random(10);
    const out = new Uint8Array(into + block.length + COPY_SLACK).fill(1);
    const end = copyLine(viewOf(block), at, viewOf(out), into);
    assertEquals(end, nextLine(viewOf(block), at));
    assertEquals(
      out.subarray(0, into + end - at),
      Uint8Array.of(...Array(into).fill(1), ...block.subarray(at, end)),
    );
  }
});

Deno.test("copyShort(): the bytes asked for, and nothing before them is touched", () => {
  const random = seededRandom(5);
  for (let run = 0; run < 500; run++) {
    const block = randomBlock(random, random(30));
    const start = random(block.length + 1);
    const end = start + random(block.length - start + 1);
    const into = random(10);
    const out = new Uint8Array(into + end - start + COPY_SLACK).fill(1);
    copyShort(viewOf(block), start, end, viewOf(out), into);
    assertEquals(
      out.subarray(0, into + end - start),
      Uint8Array.of(...Array(into).fill(1), ...block.subarray(start, end)),
    );
  }
});
