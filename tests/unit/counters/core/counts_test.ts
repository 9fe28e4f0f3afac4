/** What is counted reaches whoever asks as it was, and nonsense does not. */
import { assertEquals, assertThrows } from "@std/assert";
import { deathCause, type ProcessCounts } from "../../../../lib/counters/core/counts.ts";
import {
  countPackets,
  joinedCounts,
  MOST_PACKET,
  parseCounts,
} from "../../../../lib/counters/core/counts_protocol.ts";
import { BOUNDS_SECONDS, Histogram } from "../../../../lib/counters/core/histogram.ts";

const LOG = { bytes: 1, lines: 2, leftOut: 3, rotations: 4, failures: 5, waiting: 6 };

function scanner(names: readonly string[]): ProcessCounts {
  const none = new Histogram().taken;
  return {
    from: "s6-svscan",
    pid: 1,
    heap: { usedBytes: 10, totalBytes: 20 },
    tree: { starts: none, readiness: none },
    services: names.map((name) => ({
      name,
      deaths: { sigsegv: 1 },
      health: { success: 1, failure: 0, unable: 0, seconds: 0.5 },
    })),
    logs: [],
  };
}

Deno.test("causes of death", () => {
  const cases: [number, boolean, string][] = [
    [0, false, "exit_success"],
    [1 << 8, false, "exit_failure"],
    [126 << 8, false, "exit_exec"],
    [127 << 8, false, "exit_exec"],
    [111 << 8, false, "exit_failure"],
    [9, true, "oom"],
    [9, false, "sigkill"],
    [11 | 0x80, false, "sigsegv"],
    [40, false, "sig40"],
  ];
  for (const [wstat, oom, cause] of cases) assertEquals(deathCause(wstat, oom), cause);
});

Deno.test("a histogram counts what is at most a bound with it, and the rest behind the last", () => {
  const histogram = new Histogram();
  for (const ms of [0, 1, 1.1, 60_000, 60_001, -5]) histogram.add(ms);
  const { counts, sumSeconds } = histogram.taken;
  assertEquals([counts[0], counts[1], counts.at(-2), counts.at(-1)], [3, 1, 1, 1]);
  assertEquals(counts.length, BOUNDS_SECONDS.length + 1);
  assertEquals(Math.round(sumSeconds * 1e4), 1_200_031);
});

Deno.test("many services take several packets, and come together again; names may hold any bytes", () => {
  const names = Array.from({ length: 1000 }, (_, i) => `${"n".repeat(240)}${i}\udcff"\n`);
  const told: ProcessCounts[] = [
    scanner(names),
    {
      from: "log host",
      pid: 2,
      heap: { usedBytes: 1, totalBytes: 2 },
      services: [],
      logs: [{ service: "web", ...LOG }],
    },
  ];
  const packets = told.flatMap(countPackets);
  assertEquals(packets.every(({ length }) => length <= MOST_PACKET), true);
  assertEquals(joinedCounts(packets.map(parseCounts)), told);
});

Deno.test("of a process that was cut short nothing is taken", () => {
  const packets = countPackets(scanner(Array.from({ length: 100 }, (_, i) => `s${i}`)));
  assertEquals(joinedCounts(packets.slice(0, -1).map(parseCounts)), []);
});

Deno.test("what has not the right form is left out, and what is no answer is refused", () => {
  const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  for (
    const nonsense of [null, 1, [], { version: 2 }, { version: 1, from: "x", pid: 1, heap: {} }]
  ) {
    assertThrows(() => parseCounts(encode(nonsense)), SyntaxError);
  }
  assertThrows(() => parseCounts(new TextEncoder().encode("{")), SyntaxError);
  const parsed = parseCounts(encode({
    version: 1,
    ...scanner([]),
    tree: { starts: { counts: [1], sumSeconds: 1 } },
    services: [{ name: 1 }, { name: "a", deaths: { 'x"y': 1 } }, { name: "b", deaths: { oom: 1 } }],
    logs: [{ service: "web" }, { service: "db", ...LOG, bytes: -1 }, { service: "ok", ...LOG }],
  }));
  assertEquals([parsed.services, parsed.logs, parsed.tree, parsed.last], [
    [{ name: "b", deaths: { oom: 1 } }],
    [{ service: "ok", ...LOG }],
    undefined,
    false,
  ]);
});
