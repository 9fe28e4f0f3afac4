/** Which services are shown in which order, what a search finds, and how a name is addressed. */
import { assertEquals } from "@std/assert";
import { dispatch } from "../../../../lib/serve/core/dispatch.ts";
import { pathName } from "../../../../lib/serve/page/api.js";
import { matchParts } from "../../../../lib/serve/page/log_search.js";
import { chosen, sorted } from "../../../../lib/serve/page/service_order.js";
import { serviceDocument } from "../../../../lib/status/core/status_document.ts";
import { NOW, reportOf } from "../../top/core/top_reports.ts";

const SERVICES = [
  serviceDocument(reportOf("api", { memoryBytes: 5, deaths: 9, sinceUnix: 1900 }), NOW),
  serviceDocument(reportOf("cache", { memoryBytes: 50 }), NOW),
  serviceDocument(reportOf("worker", { up: false }), NOW),
  serviceDocument(reportOf("worker/log", { isLogger: true }), NOW),
];

const names = (services: typeof SERVICES): string[] => services.map(({ name }) => name);

Deno.test("sorted(): what is not well comes first, unless another order was chosen", () => {
  const by = (sort: Parameters<typeof sorted>[1]): string[] =>
    names(sorted(SERVICES, sort, ({ name }) => name === "cache" ? 9 : -1));
  assertEquals(by("well"), ["worker", "api", "cache", "worker/log"]);
  assertEquals(by("name"), ["api", "cache", "worker", "worker/log"]);
  assertEquals(by("memory")[0], "cache");
  assertEquals(by("cpu")[0], "cache");
  assertEquals(by("restarts")[0], "api");
  assertEquals(by("since")[0], "api");
  assertEquals(by("state")[0], "worker");
});

Deno.test("chosen(): by text in name or state; loggers that are well only if they are wanted", () => {
  const all = { text: "", unwell: false, loggers: false };
  assertEquals(names(chosen(SERVICES, all)), ["api", "cache", "worker"]);
  assertEquals(names(chosen(SERVICES, { ...all, loggers: true })).length, 4);
  assertEquals(names(chosen(SERVICES, { ...all, unwell: true })), ["worker"]);
  assertEquals(names(chosen(SERVICES, { ...all, text: " CACHE" })), ["cache"]);
  assertEquals(names(chosen(SERVICES, { ...all, text: "backing" })), ["worker"]);
});

Deno.test("matchParts(): every other part is what was searched for", () => {
  assertEquals(matchParts("an Error, an error", "ERROR"), ["an ", "Error", ", an ", "error", ""]);
  assertEquals(matchParts("nothing", "error"), ["nothing"]);
  assertEquals(matchParts("aaa", "a"), ["", "a", "", "a", "", "a", ""]);
  assertEquals(matchParts("a.c", "."), ["a", ".", "c"]);
  assertEquals(matchParts("İstanbul", "stan"), ["", "İstanbul", ""]);
  assertEquals(matchParts("text", ""), ["text"]);
});

Deno.test("pathName(): the server reads each name as the document told it", () => {
  for (const name of ["web", "web/log", "a b?c#d%e", "é€😀", "\udc80\udcff", "<b>&'\""]) {
    const path = `/v1/services/${pathName(name)}/deaths`;
    assertEquals(dispatch("GET", path).params, { name });
  }
});
