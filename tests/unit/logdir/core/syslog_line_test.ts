import { assertEquals } from "@std/assert";
import { writeDatagramLine } from "../../../../lib/logdir/core/syslog_datagram.ts";
import { namedLines, syslogCode } from "../../../../lib/logdir/core/syslog_line.ts";

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function text(block: Uint8Array): string {
  return String.fromCharCode(...block);
}

const CODES: readonly (readonly [string, string | undefined])[] = [
  ["<0>", "kern.emerg: "],
  ["<13>x", "user.notice: "],
  ["<12>", "user.warn: "],
  ["<83>", "authpriv.err: "],
  ["<88>", "ftp.emerg: "],
  ["<96>", "unknown.emerg: "],
  ["<128>", "local0.emerg: "],
  ["<191>", "local7.debug: "],
  ["<192>", "mark.emerg: "],
  ["<1023>", "unknown.debug: "],
  ["<1024>", "kern.emerg: "],
  ["<0000013>", "user.notice: "],
  ["<4294967295>", "unknown.debug: "],
  ["<4294967296>", undefined],
  ["<>", undefined],
  ["<13", undefined],
  ["<13 >", undefined],
  ["<-1>", undefined],
  ["13>", undefined],
  ["", undefined],
];

for (const [line, name] of CODES) {
  Deno.test(`syslogCode: ${line || "nothing"} is ${name ?? "no code"}`, () => {
    assertEquals(
      syslogCode(bytes(line), 0),
      name === undefined ? undefined : { name, length: line.indexOf(">") + 1 },
    );
  });
}

const STAMP = "@400000006b02450522bb639c ";

const NAMED: readonly (readonly [string, string])[] = [
  ["<13>a\n", "H: user.notice: a\n"],
  ["a<13>\n", "H: a<13>\n"],
  ["\n", "H: \n"],
  [`${STAMP}<4>b\n`, `${STAMP}H: kern.warn: b\n`],
  [`${STAMP}\n`, `${STAMP}H: \n`],
  [`${STAMP.trimEnd()}\n`, `H: ${STAMP.trimEnd()}\n`],
  [
    `${STAMP.slice(0, 20)} <4>${"b".repeat(20)}\n`,
    `H: ${STAMP.slice(0, 20)} <4>${"b".repeat(20)}\n`,
  ],
  ["<13>a\n<191>\xff\r\n", "H: user.notice: a\nH: local7.debug: \xff\r\n"],
];

for (const [block, expected] of NAMED) {
  Deno.test(`namedLines: ${JSON.stringify(block)}`, () =>
    assertEquals(text(namedLines(bytes(block), bytes("H: "))), expected));
}

Deno.test("namedLines: short lines with long heads", () => {
  const head = "h".repeat(1000);
  assertEquals(
    text(namedLines(bytes("<0>\n".repeat(50)), bytes(head))),
    `${head}kern.emerg: \n`.repeat(50),
  );
});

function datagramLine(
  datagram: string,
  form: { readonly raw: boolean; readonly head?: string },
): string {
  const out = new Uint8Array(1000);
  return text(
    out.subarray(
      0,
      writeDatagramLine(bytes(datagram), form.head ?? "", { maxBytes: 10, raw: form.raw }, out),
    ),
  );
}

const DATAGRAMS: readonly (readonly [string, string])[] = [
  ["<13>a", "user.notice: a\n"],
  ["a\n\0\n", "a\n"],
  ["\0a\nb\0", "~a~b\n"],
  ["\0\0", "\n"],
  ["<13>", "user.notice: \n"],
  ["<13>\0", "user.notice: \n"],
  ["0123456789", "0123456789\n"],
  ["0123456789x", "0123456789...\n"],
  ["012345678\nx", "012345678...\n"],
  ["<13>456789xyz", "user.notice: 456789...\n"],
  ["<1234567890>", "<123456789...\n"],
  ["\xff\xc3", "\xff\xc3\n"],
];

for (const [datagram, expected] of DATAGRAMS) {
  Deno.test(`writeDatagramLine: ${JSON.stringify(datagram)}`, () =>
    assertEquals(datagramLine(datagram, { raw: false }), expected));
}

Deno.test("writeDatagramLine: raw, and with a head", () => {
  assertEquals(datagramLine("<13>a\0", { raw: true, head: "::1_514: " }), "::1_514: <13>a\n");
  assertEquals(
    datagramLine("<13>a\0", { raw: false, head: "::1_514: " }),
    "::1_514: user.notice: a\n",
  );
});
