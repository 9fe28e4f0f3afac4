import { assertEquals, assertThrows } from "@std/assert";
import { appendedForm } from "../../../tools/build/appended_program.ts";
import { Fatal } from "../../../tools/fatal.ts";

const MAGIC = new TextEncoder().encode("d3n0l4nd");

function withTrailer(base: Uint8Array, program: Uint8Array): Uint8Array<ArrayBuffer> {
  const trailer = new Uint8Array(16);
  new DataView(trailer.buffer).setBigUint64(8, BigInt(program.length + trailer.length), true);
  return new Uint8Array([...base, ...program, ...trailer]);
}

/** A header with one entry in its table of segments. */
function elf(segmentType: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(128 + content.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(32, 64n, true);
  view.setUint16(56, 1, true);
  view.setUint32(64, segmentType, true);
  view.setBigUint64(72, 128n, true);
  bytes.set(content, 128);
  return bytes;
}

const PT_NOTE = 4;
const note = (owner: string): Uint8Array =>
  new Uint8Array([4, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, ...new TextEncoder().encode(owner), 0]);

Deno.test("appendedForm() finds a program behind its base", () => {
  assertEquals(appendedForm(withTrailer(elf(1, new Uint8Array()), MAGIC)), "trailer");
});

Deno.test("appendedForm() finds a program in a note", () => {
  assertEquals(appendedForm(elf(PT_NOTE, note("SUI"))), "note");
});

Deno.test("appendedForm() refuses a file without a program, or with half of one", () => {
  const whole = withTrailer(elf(1, new Uint8Array()), MAGIC);
  for (
    const bytes of [
      elf(1, new Uint8Array()),
      elf(PT_NOTE, note("GNU")),
      elf(1, note("SUI")),
      whole.slice(0, -1),
      withTrailer(elf(1, new Uint8Array()), new TextEncoder().encode("something")),
    ]
  ) {
    assertThrows(() => appendedForm(bytes), Fatal, "nothing appended");
  }
});
