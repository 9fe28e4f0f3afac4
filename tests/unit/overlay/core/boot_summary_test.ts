/** The line that closes a boot. */
import { assertEquals } from "@std/assert";
import { bootSummary } from "../../../../lib/overlay/core/boot_summary.ts";

Deno.test("bootSummary(): counts services and not steps, and names what took longest of both", () => {
  const init = { name: "init-app", tookMs: 240, isStep: false };
  const scripts = { name: "legacy-cont-init", tookMs: 1960, isStep: true };
  assertEquals(bootSummary([], 0, 0), "0 services in 0.0 s");
  assertEquals(bootSummary([], 1, 70), "1 service in 0.1 s");
  assertEquals(bootSummary([init], 2, 400), "3 services in 0.4 s, slowest init-app 0.2 s");
  assertEquals(
    bootSummary([init, scripts], 0, 2000),
    "1 service in 2.0 s, slowest legacy-cont-init 2.0 s",
  );
});
