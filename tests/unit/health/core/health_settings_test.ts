import { assertEquals } from "@std/assert";
import type { HealthFileName } from "../../../../lib/health/core/health_files.ts";
import {
  type HealthSettings,
  healthSettings,
} from "../../../../lib/health/core/health_settings.ts";

/** The settings, and what was passed over. */
function read(
  files: Partial<Record<HealthFileName, string>>,
): readonly [HealthSettings | undefined, readonly string[]] {
  const faults: string[] = [];
  const settings = healthSettings(
    new Map(Object.entries(files) as [HealthFileName, string][]),
    ({ name, found }) => faults.push(`${name} ${found.id}`),
  );
  return [settings, faults];
}

Deno.test("healthSettings(): without any setting, those of Compose; the start period is the interval", () => {
  assertEquals(read({ run: "" }), [{
    check: { kind: "run" },
    rules: {
      intervalMs: 30_000,
      timeoutMs: 30_000,
      retries: 3,
      startPeriodMs: 30_000,
      startIntervalMs: 5000,
      reaction: "none",
    },
  }, []]);
});

Deno.test("healthSettings(): a short interval shortens the start interval, unless that is set", () => {
  assertEquals(read({ tcp: "80", interval: "700" })[0]!.rules.startIntervalMs, 700);
  const both = read({ tcp: "80", interval: "700", "start-interval": "900" });
  assertEquals(both[0]!.rules.startIntervalMs, 900);
});

Deno.test("healthSettings(): every setting counts", () => {
  const [settings, faults] = read({
    http: " http://localhost:8080/x ",
    "http-status": "200",
    interval: "1000",
    timeout: "2000",
    retries: "1",
    "start-period": "0",
    "start-interval": "300",
    "on-unhealthy": "essential",
  });
  assertEquals(faults, []);
  assertEquals(settings, {
    check: {
      kind: "http",
      target: { host: "localhost", port: 8080, path: "/x", authority: "localhost:8080" },
      good: [[200, 200]],
    },
    rules: {
      intervalMs: 1000,
      timeoutMs: 2000,
      retries: 1,
      startPeriodMs: 0,
      startIntervalMs: 300,
      reaction: "essential",
    },
  });
});

Deno.test("healthSettings(): what makes no sense is told and counts as missing", () => {
  const [settings, faults] = read({ tcp: "80", retries: "0", timeout: "x", "on-unhealthy": "" });
  assertEquals(faults, ["retries too-little", "timeout not-a-number", "on-unhealthy no-value"]);
  assertEquals([settings!.rules.retries, settings!.rules.timeoutMs], [3, 30_000]);
});

Deno.test("healthSettings(): of several checks the first one counts; one that makes no sense is none", () => {
  assertEquals(read({ unix: "s", tcp: "80" }), [
    { ...read({ tcp: "80" })[0]! },
    ["unix second-check"],
  ]);
  assertEquals(read({ tcp: "db:80", unix: "s" })[0]!.check, { kind: "unix", path: "s" });
  assertEquals(read({ tcp: "db:80" }), [undefined, ["tcp host-name-check"]]);
  assertEquals(read({}), [undefined, []]);
});
