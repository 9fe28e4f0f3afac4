import { assertEquals } from "@std/assert";
import { ScanRequests } from "../../../../lib/scandir/core/scan_requests.ts";

Deno.test("ScanRequests: the first scan is due at once, and the next when rescanMs is over", () => {
  const requests = new ScanRequests();
  assertEquals(requests.scanAtMs, 0);
  assertEquals(requests.beginScan(100, 5000), { wasAsked: false });
  assertEquals(requests.scanAtMs, 5100);
  assertEquals(requests.beginScan(5100, undefined), { wasAsked: false });
  assertEquals(requests.scanAtMs, Infinity);
});

Deno.test("ScanRequests: two who ask get one scan; one that must be repeated comes earlier", () => {
  const requests = new ScanRequests();
  requests.beginScan(0, undefined);
  assertEquals([requests.askScan(10), requests.askScan(12)], [10, 12]);
  assertEquals([requests.isScanAsked, requests.scanAtMs], [true, 12]);
  assertEquals(requests.beginScan(12, 9000), { wasAsked: true });
  assertEquals([requests.isScanAsked, requests.scanAtMs], [false, 9012]);
  requests.scanAgainIn(2, 20);
  requests.scanAgainIn(60, 20);
  assertEquals(requests.scanAtMs, 2020);
});

Deno.test("ScanRequests: a hard pruning stays hard, whoever asks for a soft one, and is taken once", () => {
  const requests = new ScanRequests();
  assertEquals(requests.takePrune(), undefined);
  requests.askPrune(false);
  requests.askPrune(true);
  requests.askPrune(false);
  assertEquals([requests.takePrune(), requests.takePrune()], [{ hard: true }, undefined]);
});
