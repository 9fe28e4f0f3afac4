import { assertEquals, assertThrows } from "@std/assert";
import {
  decodeKeptRequest,
  encodeKeptRequest,
  heldAnswer,
  helloAnswer,
  KeptReader,
  linesAnswer,
  nameAnswer,
} from "../../../../lib/keptoutput/core/kept_protocol.ts";

const encoder = new TextEncoder();

function told(reader: KeptReader, packet: Uint8Array<ArrayBuffer>): string | undefined {
  const event = reader.add(packet);
  if (event === undefined || event.kind === "held") return event?.kind;
  const missing = event.missing > 0 ? ` after ${event.missing} missing` : "";
  return `${event.name}: ${new TextDecoder().decode(event.bytes)}${missing}`;
}

function lines(number: number, offset: number, text: string): Uint8Array<ArrayBuffer> {
  return linesAnswer(number, offset, encoder.encode(text));
}

Deno.test("KeptReader: pieces become whole lines, by their services", () => {
  const reader = new KeptReader();
  assertEquals(told(reader, helloAnswer("1 @now")), undefined);
  assertEquals(told(reader, nameAnswer(1, "web")), undefined);
  assertEquals(told(reader, nameAnswer(2, "d\udcffb")), undefined);
  assertEquals(told(reader, lines(1, 100, "one\ntw")), "web: one\n");
  assertEquals(told(reader, lines(2, 0, "other\n")), "d\udcffb: other\n");
  assertEquals(told(reader, heldAnswer()), "held");
  assertEquals(told(reader, lines(1, 106, "o\n")), "web: two\n");
  assertEquals(told(reader, lines(1, 208, "late\n")), "web: late\n after 100 missing");
});

Deno.test("KeptReader: after a lost connection, what it had is left out; another log host begins anew", () => {
  const reader = new KeptReader();
  const begin = (host: string): void => {
    reader.add(helloAnswer(host));
    reader.add(nameAnswer(1, "web"));
  };
  begin("1");
  assertEquals(told(reader, lines(1, 0, "one\ntw")), "web: one\n");
  begin("1");
  assertEquals(told(reader, lines(1, 0, "one\ntwo\n")), "web: two\n");
  begin("1");
  assertEquals(told(reader, lines(1, 0, "one\ntwo\n")), undefined);
  begin("2");
  assertEquals(told(reader, lines(1, 0, "three\n")), "web: three\n");
});

Deno.test("KeptReader: garbage is no answer, and a line without an end does not grow for ever", () => {
  const reader = new KeptReader();
  for (const packet of [[], [9, 0, 0, 0, 0], [1], [3, 1, 0, 0, 0], [1, 9, 0, 0, 0]]) {
    assertThrows(() => reader.add(new Uint8Array(packet)), SyntaxError);
  }
  assertThrows(() => reader.add(lines(7, 0, "x\n")), SyntaxError, "nobody");
  reader.add(nameAnswer(1, "web"));
  const piece = "x".repeat(1 << 15);
  assertThrows(
    () => {
      for (let i = 0; i < 10; i++) reader.add(lines(1, i * piece.length, piece));
    },
    SyntaxError,
    "without an end",
  );
});

Deno.test("a request is what it was, and anything else is none", () => {
  for (const request of [{ follow: true }, { follow: false, lines: 3 }]) {
    assertEquals(decodeKeptRequest(encodeKeptRequest(request)), request);
  }
  for (
    const text of [
      "",
      "null",
      "1",
      "{}",
      '{"version":2,"follow":true}',
      '{"version":1,"follow":1}',
      '{"version":1,"follow":true,"lines":-1}',
      '{"version":1,"follow":true,"lines":"all"}',
    ]
  ) assertThrows(() => decodeKeptRequest(encoder.encode(text)), SyntaxError);
});
