/** What is written down before a spawn. */
import { assertEquals } from "@std/assert";
import {
  INTENT_SIZE,
  isOfWorld,
  packIntent,
  type SpawnIntent,
  unpackIntent,
} from "../../../../lib/supervise/core/spawn_intent.ts";

const INTENT: SpawnIntent = {
  program: "run",
  devino: "64768:18446744073709551615",
  atUs: 8_000_000_000_000_001,
  bootId: "00ff".repeat(8),
  pidNamespace: 4026531836n,
};

for (const program of ["run", "finish"] as const) {
  Deno.test(`the intent to start ./${program} comes back`, () => {
    const bytes = packIntent({ ...INTENT, program });
    assertEquals(bytes.length, INTENT_SIZE);
    assertEquals(unpackIntent(bytes), { ...INTENT, program });
  });
}

Deno.test("an empty file, a part and another version are no intent", () => {
  const bytes = packIntent(INTENT);
  assertEquals(unpackIntent(new Uint8Array(INTENT_SIZE)), undefined);
  assertEquals(unpackIntent(bytes.subarray(0, INTENT_SIZE - 1)), undefined);
  bytes[0] = 2;
  assertEquals(unpackIntent(bytes), undefined);
});

Deno.test("an intent counts in the boot and the namespace in which it was written", () => {
  const world = { ...INTENT, root: "1:2", isInit: false };
  assertEquals(isOfWorld(INTENT, world), true);
  assertEquals(isOfWorld(INTENT, { ...world, bootId: "ff00".repeat(8) }), false);
  assertEquals(isOfWorld(INTENT, { ...world, pidNamespace: 1n }), false);
});
