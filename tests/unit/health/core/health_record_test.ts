import { assert, assertEquals } from "@std/assert";
import {
  healthOf,
  type HealthRecord,
  MAX_HEALTH_RECORD,
  packHealth,
  parseHealth,
} from "../../../../lib/health/core/health_record.ts";

const STAMP = { sec: 0x400000006b023dc3n, nano: 7 };
const LATER = { sec: 0x400000006b023dc5n, nano: 8 };
const RECORD: HealthRecord = {
  life: STAMP,
  state: "unhealthy",
  since: LATER,
  failures: 3,
  why: "exit code 1",
  output: "one\ntwo",
};

Deno.test("supervise/health is read as it was written", () => {
  assertEquals(parseHealth(packHealth(RECORD)), RECORD);
  const healthy: HealthRecord = { life: STAMP, state: "healthy", since: STAMP, failures: 0 };
  assertEquals(parseHealth(packHealth(healthy)), healthy);
});

Deno.test("supervise/health of another life is none", () => {
  assertEquals(healthOf(packHealth(RECORD), STAMP), RECORD);
  assertEquals(healthOf(packHealth(RECORD), LATER), undefined);
});

Deno.test("supervise/health: whatever a check writes, the record stays one, and small", () => {
  const output = `\u001b[2J\nstate healthy\n${"\u0000".repeat(5000)}`;
  const bytes = packHealth({ ...RECORD, why: `a\nstate healthy${"x".repeat(9000)}`, output });
  assert(bytes.length < MAX_HEALTH_RECORD);
  assertEquals(parseHealth(bytes)!.state, "unhealthy");
});

for (
  const text of ["", "state healthy\n", "life x\nstate healthy\nsince y\n", "\u0000".repeat(99)]
) {
  Deno.test(`supervise/health: ${JSON.stringify(text.slice(0, 20))} is no record`, () => {
    assertEquals(parseHealth(new TextEncoder().encode(text)), undefined);
  });
}

Deno.test("supervise/health: lines that a later version writes are passed over", () => {
  const bytes = new Uint8Array([
    ...new TextEncoder().encode("latency 12\n\nx\n"),
    ...packHealth(RECORD),
  ]);
  assertEquals(parseHealth(bytes), RECORD);
});
