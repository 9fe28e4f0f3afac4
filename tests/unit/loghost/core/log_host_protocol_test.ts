import { assertEquals, assertThrows } from "@std/assert";
import type {
  LogHostReport,
  LogHostRequest,
} from "../../../../lib/loghost/core/log_host_protocol.ts";
import {
  decodeReport,
  decodeRequest,
  encodeReport,
  encodeRequest,
  MAX_PACKET,
} from "../../../../lib/loghost/core/log_host_protocol.ts";
import { MAX_LOGSCRIPT } from "../../../../lib/logdir/core/logscript_file.ts";
import { seededRandom } from "../../core/seeded_random.ts";

const REQUESTS: readonly LogHostRequest[] = [
  { kind: "hello", version: 7 },
  {
    kind: "start",
    order: {
      id: 1,
      service: "web",
      stderrIsConsole: false,
      ownOutput: true,
      keeps: true,
      words: ["-b", "--", "T", "/var/log/web"],
    },
  },
  {
    kind: "start",
    order: {
      id: 0xffffffff,
      service: "\udcff w\u00e4b",
      stderrIsConsole: true,
      ownOutput: false,
      keeps: false,
      words: ["", "+\n"],
    },
  },
  { kind: "signal", id: 5, signal: 14 },
  { kind: "readRest", id: 6 },
  { kind: "releaseOutput" },
];

const REPORTS: readonly LogHostReport[] = [
  { kind: "hello", version: 3 },
  { kind: "ready", id: 3 },
  { kind: "ended", id: 3, wstat: 111 << 8, reason: "unable to open /x: Permission denied" },
  { kind: "ended", id: 3, wstat: 9, reason: "" },
  { kind: "warning", id: 0, text: "\udc80" },
  { kind: "slow", id: 3 },
];

for (const request of REQUESTS) {
  Deno.test(`a request comes out as it went in: ${request.kind}`, () =>
    assertEquals(decodeRequest(encodeRequest(request)), request));
}

for (const report of REPORTS) {
  Deno.test(`a report comes out as it went in: ${report.kind}`, () =>
    assertEquals(decodeReport(encodeReport(report)), report));
}

Deno.test("the bytes of a signal: kind, id, number", () => {
  assertEquals([...encodeRequest({ kind: "signal", id: 258, signal: 15 })], [
    3,
    2,
    1,
    0,
    0,
    15,
    0,
    0,
    0,
  ]);
});

Deno.test("a message that is cut short anywhere, or that has something behind it, is refused", () => {
  const packets = [...REQUESTS.map(encodeRequest), ...REPORTS.map(encodeReport)];
  for (const [i, packet] of packets.entries()) {
    const decode = i < REQUESTS.length ? decodeRequest : decodeReport;
    for (let length = 0; length < packet.length; length++) {
      assertThrows(() => decode(packet.subarray(0, length)), SyntaxError);
    }
    if (packet[0] !== 1) {
      assertThrows(() => decode(new Uint8Array([...packet, 0])), SyntaxError, "behind its end");
    }
  }
});

Deno.test("a hello of another version may have more in it", () => {
  assertEquals(
    decodeRequest(new Uint8Array([...encodeRequest({ kind: "hello", version: 9 }), 1, 2, 3])),
    { kind: "hello", version: 9 },
  );
});

Deno.test("what is no message at all is refused, and never takes long", () => {
  const random = seededRandom(1);
  for (let i = 0; i < 2000; i++) {
    const bytes = Uint8Array.from({ length: random(40) }, () => random(256));
    for (const decode of [decodeRequest, decodeReport]) {
      try {
        decode(bytes);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
  }
});

Deno.test("the largest logscript fits into a packet; what does not fit is refused", () => {
  const order = {
    id: 1,
    service: "x".repeat(1019),
    stderrIsConsole: false,
    ownOutput: false,
    keeps: false,
  };
  const words = Array.from({ length: MAX_LOGSCRIPT / 2 }, () => "x");
  assertEquals(
    encodeRequest({ kind: "start", order: { ...order, words } }).length < MAX_PACKET,
    true,
  );
  assertThrows(
    () => encodeRequest({ kind: "start", order: { ...order, words: ["x".repeat(MAX_PACKET)] } }),
    RangeError,
  );
});

Deno.test("a report always fits: its text is cut", () => {
  const report = decodeReport(
    encodeReport({ kind: "warning", id: 1, text: "\u20ac".repeat(MAX_PACKET) }),
  );
  assertEquals(report.kind === "warning" && report.text, "\u20ac".repeat(4096));
});
