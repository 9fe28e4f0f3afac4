import { assertEquals, assertThrows } from "@std/assert";
import { bearerToken, sessionCookie } from "../../../../lib/serve/core/access_rules.ts";
import { dispatch, Query } from "../../../../lib/serve/core/dispatch.ts";
import { EventRing } from "../../../../lib/serve/core/event_ring.ts";
import { isOwnHost, isOwnOrigin } from "../../../../lib/serve/core/host_check.ts";
import { isLoopback, parseListenAddress } from "../../../../lib/serve/core/listen_address.ts";
import { LogPlace, parseLogPlace } from "../../../../lib/serve/core/log_place.ts";
import { Problem } from "../../../../lib/serve/core/problem.ts";
import { ROUTES } from "../../../../lib/serve/core/routes.ts";

Deno.test("parseListenAddress(): addresses, no names, and which are this machine's alone", () => {
  const kinds = {
    "127.0.0.1:9266": true,
    "127.9.9.9:0": true,
    "[::1]:80": true,
    "[0:0::1]:80": true,
    "unix:/run/x": true,
    "0.0.0.0:80": false,
    "[::]:80": false,
    "10.0.0.1:65535": false,
    "[::ffff:127.0.0.1]:80": false,
  };
  for (const [text, expected] of Object.entries(kinds)) {
    assertEquals(isLoopback(parseListenAddress(text)!), expected, text);
  }
  const wrong = ["", "localhost:80", "127.0.0.1", "127.0.0.1:65536", "1.2.3:80", "256.0.0.1:80"];
  for (const text of [...wrong, "::1:80", "[::g]:80", "unix:x", `unix:/${"x".repeat(107)}`]) {
    assertEquals(parseListenAddress(text), undefined, text);
  }
});

Deno.test("isOwnHost(), isOwnOrigin(): names that nobody else can have pointed here", () => {
  const own = [
    "localhost",
    "LOCALHOST:9266",
    "127.0.0.1:1",
    "[::1]:9266",
    "app.localhost",
    "Box:1",
  ];
  for (const host of [...own, "", null]) assertEquals(isOwnHost(host, ["box"]), true, `${host}`);
  for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "a b"]) {
    assertEquals(isOwnHost(host, ["box"]), false, host);
  }
  assertEquals(isOwnOrigin("http://localhost:9266", "localhost:9266"), true);
  assertEquals(isOwnOrigin("https://box", "box:443"), true);
  assertEquals(isOwnOrigin("http://evil.example", "localhost:9266"), false);
  assertEquals(isOwnOrigin("null", "localhost:9266"), false);
});

Deno.test("dispatch(), Query: names are decoded, and what the table does not know is refused", () => {
  assertEquals(dispatch("HEAD", "/v1/services/web%2Flog").params, { name: "web/log" });
  assertEquals(dispatch("GET", "/v1/services/%ff").params, { name: "\udcff" });
  const status = (method: string, path: string): number =>
    assertThrows(() => dispatch(method, path), Problem).status;
  assertEquals(status("GET", "/v1/services/"), 404);
  assertEquals(status("GET", "/v1/services/a/b/c"), 404);
  assertEquals(status("GET", "/v1/services/%zz"), 400);
  assertEquals(status("POST", "/v1/services"), 405);
  const query = (text: string): Query => new Query(ROUTES.log, new URLSearchParams(text));
  assertEquals([query("follow").flag("follow"), query("follow=false").flag("follow")], [
    true,
    false,
  ]);
  for (const text of ["x=1", "lines=1&lines=2", "follow=maybe", "constructor=1"]) {
    assertThrows(() => query(text), Problem);
  }
});

Deno.test("EventRing: what came after an event, or that this can't be told", () => {
  const ring = new EventRing<number>("a", 3);
  const ids = [1, 2, 3, 4, 5, 6, 7].map((event) => ring.add(event).id);
  const since = (id: string): number[] | undefined => ring.since(id)?.map(({ event }) => event);
  assertEquals(since(ids[6]!), []);
  assertEquals(since(ids[3]!), [5, 6, 7]);
  assertEquals(since(ids[2]!), undefined);
  for (const id of ["b-7", "a-8", "a-", "a-x", "a--1", ""]) assertEquals(since(id), undefined, id);
});

Deno.test("LogPlace: lines of the same moment are told apart, and those that a client has are left out", () => {
  const [a, b] = ["2026-12-01T00:00:00.000000001Z", "2026-12-01T00:00:00.000000002Z"];
  const moments = [a, a, null, b, b];
  const first = new LogPlace();
  const ids = moments.map((moment) => first.next(moment!)?.id);
  assertEquals(ids, [`${a}/1`, `${a}/2`, undefined, `${b}/1`, `${b}/2`]);
  const again = new LogPlace(parseLogPlace(ids[1]!));
  assertEquals(moments.map((moment) => again.next(moment!)?.id), [
    undefined,
    undefined,
    undefined,
    `${b}/1`,
    `${b}/2`,
  ]);
  for (const id of ["", "x/1", `${a}/0`, `${a}`]) assertEquals(parseLogPlace(id), undefined, id);
});

Deno.test("bearerToken(), sessionCookie(): what stands in headers", () => {
  assertEquals(bearerToken("bearer  abc "), "abc");
  for (const header of [null, "", "Basic abc", "Bearer", "Bearer a b"]) {
    assertEquals(bearerToken(header), undefined, `${header}`);
  }
  assertEquals(sessionCookie("a=1; hexad-session=2.x; b=3"), "2.x");
  assertEquals(sessionCookie("xhexad-session=1"), undefined);
});
