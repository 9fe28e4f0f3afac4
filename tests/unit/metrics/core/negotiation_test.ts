/** Which format a client gets for what it says that it takes. */
import { assertEquals } from "@std/assert";
import { formatFor } from "../../../../lib/metrics/core/negotiation.ts";

const OM = "application/openmetrics-text";

const CASES: readonly (readonly [string | null, "openmetrics" | "text"])[] = [
  [null, "text"],
  ["", "text"],
  ["*/*", "text"],
  ["text/html,application/xhtml+xml,*/*;q=0.8", "text"],
  [OM, "openmetrics"],
  [`${OM}; version=1.0.0; charset=utf-8`, "openmetrics"],
  [`${OM};version="1.0.0"`, "openmetrics"],
  [`${OM};version=0.0.1`, "text"],
  [`${OM};version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.9`, "text"],
  [`text/plain;version=0.0.4;q=0.5,${OM};version=1.0.0`, "openmetrics"],
  [`${OM};q=0`, "text"],
  [`${OM};q=0, */*`, "text"],
  [`${OM};q=0.3, */*;q=0.1`, "openmetrics"],
  [`${OM};q=nonsense`, "text"],
  ["APPLICATION/OpenMetrics-Text", "openmetrics"],
  ["application/vnd.google.protobuf;proto=x", "text"],
  // Prometheus 2.42
  [
    `${OM};version=1.0.0,${OM};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
    "openmetrics",
  ],
  [";;;q==,,;q=,", "text"],
  [`${"x/y,".repeat(5000)}${OM}`, "text"],
];

for (const [accept, format] of CASES) {
  Deno.test(`Accept: ${accept?.slice(0, 70)}: ${format}`, () => {
    assertEquals(formatFor(accept), format);
  });
}
