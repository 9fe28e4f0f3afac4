import { assertEquals } from "@std/assert";
import {
  jsonLine,
  ServiceColours,
  serviceHead,
  serviceOfLogger,
} from "../../../../lib/logreader/core/service_line.ts";

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const TIME = "2026-11-22T01:02:03.123456789Z";

Deno.test("the name stands before the line", () => {
  assertEquals(decode(serviceHead({ service: "web" })), "web | ");
});

Deno.test("on a terminal the name is coloured, and the line is not", () =>
  assertEquals(decode(serviceHead({ service: "web", colour: 95 })), "\x1b[95mweb |\x1b[0m "));

Deno.test("ServiceColours: the same service always has the same, ten have ten, and more share them", () => {
  const colours = new ServiceColours();
  const names = ["web", "db", ...Array.from({ length: 8 }, (_, at) => `worker-${at}`)];
  const first = names.map((name) => colours.of(name));
  assertEquals(new Set(first).size, 10);
  assertEquals(names.map((name) => colours.of(name)), first);
  assertEquals(first.includes(colours.of("another")), true);
  assertEquals(new ServiceColours().of("web"), colours.of("web"));
});

Deno.test("a name that is not UTF-8, or holds a newline or what a terminal obeys, is written out: a line stays one line", () => {
  for (
    const [service, shown] of [["\udcff", "\\xff"], ["a\nb", "a\\x0ab"], [
      "a\x1b[31m",
      "a\\x1b[31m",
    ], ["a\u202eb", "a\\u202eb"]] as const
  ) {
    assertEquals(decode(serviceHead({ service })), `${shown} | `);
    assertEquals(decode(serviceHead({ service, colour: 95 })).includes(`m${shown} |`), true);
  }
});

const LINES: readonly (readonly [what: string, line: Uint8Array, message: string])[] = [
  ["a line", encode("hello\n"), "hello"],
  ["an empty line", encode("\n"), ""],
  ["without a newline", encode("hello"), "hello"],
  [
    "quotes, backslashes, controls, a byte order mark",
    encode('\ufeff"a\\b"\t\x1b[1m\n'),
    '\ufeff"a\\b"\t\x1b[1m',
  ],
  ["other alphabets", encode("gr\u00fc\u00df \u{1f600}\n"), "gr\u00fc\u00df \u{1f600}"],
  ["what is not UTF-8", Uint8Array.of(0x61, 0xff, 0xc3, 0x62, 10), "a\ufffd\ufffdb"],
];

for (const [what, line, message] of LINES) {
  Deno.test(`one JSON object a line: ${what}`, () => {
    const text = decode(jsonLine("web", TIME, line));
    assertEquals([text.endsWith("\n"), text.indexOf("\n")], [true, text.length - 1]);
    assertEquals(JSON.parse(text), { time: TIME, service: "web", message });
  });
}

Deno.test("a JSON object's service is well-formed text", () => {
  assertEquals(JSON.parse(decode(jsonLine("\udcff", TIME, encode("x\n")))).service, "\ufffd");
});

for (
  const [path, service] of [
    ["web/log", "web"],
    ["/run/service/web/log", "web"],
    ["web", "web"],
    ["/srv/log", "srv"],
    ["/run/s6-rc/servicedirs/web-log", "web"],
    ["-log", "-log"],
    ["x/-log", "-log"],
    ["log", "log"],
    [
      "/log",
      "log",
    ],
  ] as const
) {
  Deno.test(`the service of a logger in ${path} is ${service}`, () =>
    assertEquals(serviceOfLogger(path), service));
}
