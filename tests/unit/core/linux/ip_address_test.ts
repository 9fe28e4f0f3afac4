import { assertEquals } from "@std/assert";
import { formatIp, parseIp } from "../../../../lib/core/linux/ip_address.ts";

/** What is read, and how it is written. */
const ADDRESSES: readonly (readonly [string, string])[] = [
  ["0.0.0.0", "0.0.0.0"],
  ["127.0.0.1", "127.0.0.1"],
  ["255.255.255.255", "255.255.255.255"],
  ["::", "::"],
  ["::1", "::1"],
  ["1::", "1::"],
  ["2001:DB8::8:800:200C:417A", "2001:db8::8:800:200c:417a"],
  ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
  ["0:0:0:0:0:0:0:0", "::"],
  ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
  ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ["::ffff:192.0.2.1", "::ffff:c000:201"],
  ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ["1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"],
  ["00ff::0001", "ff::1"],
];

for (const [read, written] of ADDRESSES) {
  Deno.test(`parseIp, formatIp: ${read}`, () => assertEquals(formatIp(parseIp(read)!), written));
}

const REFUSED = [
  "",
  "1.2.3",
  "1.2.3.4.5",
  "1.2.3.256",
  "1.2.3.",
  "1.2.3.4 ",
  "1.2.3.-4",
  "1.2.3.0004",
  ":",
  ":1",
  "1:",
  ":::",
  "1::2::3",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4::5:6:7:8",
  "12345::",
  "g::",
  "::1.2.3",
  "1.2.3.4::",
  "::1.2.3.4:5",
  "1:2:3:4:5:6:7:1.2.3.4",
  "fe80::1%lo",
];

for (const text of REFUSED) {
  Deno.test(`parseIp: ${JSON.stringify(text)} is no address`, () =>
    assertEquals(parseIp(text), undefined));
}
