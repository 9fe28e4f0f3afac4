import { assertEquals } from "@std/assert";
import { HEARTBEAT, serverSent } from "../../../../lib/serve/core/server_sent.ts";
import { eventStreamParser } from "../../../../lib/serve/page/event_stream.js";

const STREAM = [
  "\ufeff: a comment\r\n\r\n",
  "event: begin\nid: 1\ndata: {}\n\n",
  "data: one\rdata:two\r\r",
  "data\n\n",
  "id: 2\n\n",
  "data: after an id alone\n\n",
  "id: a\0b\ndata: x\n\nevent: none\n\n",
].join("");

const EVENTS = [
  { type: "begin", data: "{}", id: "1" },
  { type: "message", data: "one\ntwo", id: "1" },
  { type: "message", data: "", id: "1" },
  { type: "message", data: "after an id alone", id: "2" },
  { type: "message", data: "x", id: "2" },
];

Deno.test("eventStreamParser() reads the same events however the stream is cut", () => {
  assertEquals(eventStreamParser()(STREAM), EVENTS);
  const one = eventStreamParser();
  assertEquals([...STREAM].flatMap((letter) => one(letter)), EVENTS);
  for (let at = 0; at <= STREAM.length; at++) {
    const parse = eventStreamParser();
    assertEquals(
      [...parse(STREAM.slice(0, at)), ...parse(STREAM.slice(at))],
      EVENTS,
      `cut at ${at}`,
    );
  }
});

Deno.test("eventStreamParser() reads what the server writes", () => {
  const document = { text: 'a line\nand "another" \u2028 one' };
  const text = HEARTBEAT + serverSent({ event: "trouble", id: "x-1", document }) + HEARTBEAT;
  const [event, ...others] = eventStreamParser()(text);
  assertEquals([event?.type, event?.id, JSON.parse(event?.data ?? "")], [
    "trouble",
    "x-1",
    document,
  ]);
  assertEquals(others, []);
});
