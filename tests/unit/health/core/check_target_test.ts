import { assertEquals } from "@std/assert";
import {
  addressesOf,
  isAmong,
  isSocketPath,
  parseEndpoint,
  parseHttpUrl,
  parseStatuses,
} from "../../../../lib/health/core/check_target.ts";
import { formatIp } from "../../../../lib/core/linux/ip_address.ts";

const ENDPOINTS: readonly (readonly [text: string, host: string | undefined, port?: number])[] = [
  ["80", "127.0.0.1", 80],
  ["65535", "127.0.0.1", 65535],
  ["localhost:8080", "localhost", 8080],
  ["10.0.0.1:1", "10.0.0.1", 1],
  ["[::1]:80", "::1", 80],
  ["db:5432", "db", 5432],
  ["", undefined],
  ["0", undefined],
  ["65536", undefined],
  ["host", undefined],
  [":80", undefined],
  ["::1:80", undefined],
  ["host:80/x", undefined],
  ["a b:80", undefined],
  ["-1", undefined],
];
for (const [text, host, port] of ENDPOINTS) {
  Deno.test(`parseEndpoint(): ${JSON.stringify(text)}`, () => {
    assertEquals(parseEndpoint(text), host === undefined ? undefined : { host, port: port! });
  });
}

const URLS: readonly (readonly [text: string, expected: string | undefined])[] = [
  ["http://localhost", "localhost 80 / localhost"],
  ["http://localhost/", "localhost 80 / localhost"],
  ["HTTP://127.0.0.1:8080/a/b?c=d#e", "127.0.0.1 8080 /a/b?c=d 127.0.0.1:8080"],
  ["http://[::1]:81/x", "::1 81 /x [::1]:81"],
  ["http://[::1]/x", "::1 80 /x [::1]"],
  ["http://h?x", "h 80 /?x h"],
  ["http://h:0/", undefined],
  ["http://h:99999/", undefined],
  ["http:///x", undefined],
  ["http://user@h/", undefined],
  ["http://h/a b", undefined],
  ["http://h/\r\nX: y", undefined],
  ["https://h/", undefined],
  ["/x", undefined],
];
for (const [text, expected] of URLS) {
  Deno.test(`parseHttpUrl(): ${JSON.stringify(text)}`, () => {
    const url = parseHttpUrl(text);
    const told = url && `${url.host} ${url.port} ${url.path} ${url.authority}`;
    assertEquals(told, expected);
  });
}

Deno.test("addressesOf(): addresses and localhost, and no other name", () => {
  const told = (host: string): readonly string[] | undefined => addressesOf(host)?.map(formatIp);
  assertEquals(told("localhost"), ["127.0.0.1", "::1"]);
  assertEquals(told("192.0.2.1"), ["192.0.2.1"]);
  assertEquals(told("2001:db8::1"), ["2001:db8::1"]);
  assertEquals(told("db"), undefined);
});

Deno.test("parseStatuses() and isAmong(): single statuses and ranges", () => {
  assertEquals(parseStatuses("200-299, 404"), [[200, 299], [404, 404]]);
  for (const text of ["", "2xx", "200-", "299-200", "600", "99", "200,,300"]) {
    assertEquals(parseStatuses(text), undefined, text);
  }
  const good = parseStatuses("200-299,404")!;
  assertEquals([199, 200, 299, 300, 404].map((status) => isAmong(status, good)), [
    false,
    true,
    true,
    false,
    true,
  ]);
});

Deno.test("isSocketPath(): what fits into an address, in bytes", () => {
  assertEquals([isSocketPath(""), isSocketPath("x".repeat(107)), isSocketPath("ä".repeat(54))], [
    false,
    true,
    false,
  ]);
});
