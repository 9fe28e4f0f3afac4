/** The record of living log hosts. */
import { assertEquals, assertLessOrEqual } from "@std/assert";
import {
  type HostLife,
  HOSTS_SIZE,
  packHosts,
  unpackHosts,
} from "../../../../lib/loghost/core/host_record.ts";
import type { ProcessWorld } from "../../../../lib/servicedir/core/life_record.ts";

const HERE: ProcessWorld = {
  bootId: "00ff".repeat(8),
  pidNamespace: 4026531836n,
  root: "1:2",
  isInit: false,
};
const HOSTS: readonly HostLife[] = [
  { pid: 1, fromUs: 0, toUs: 1 },
  { pid: 2 ** 31 - 1, fromUs: 8_000_000_000_000_001, toUs: 8_000_000_000_000_002 },
];

for (const hosts of [[], HOSTS.slice(0, 1), HOSTS]) {
  Deno.test(`${hosts.length} log hosts come back as they were`, () =>
    assertEquals(unpackHosts(packHosts(HERE, hosts), HERE), hosts));
}

for (
  const [what, world] of [
    ["another boot", { ...HERE, bootId: "01ff".repeat(8) }],
    ["another PID namespace", { ...HERE, pidNamespace: 4026531837n }],
  ] as const
) {
  Deno.test(`log hosts of ${what} are none of ours`, () =>
    assertEquals(unpackHosts(packHosts(world, HOSTS), HERE), []));
}

Deno.test("a longer record was there before: what stands behind this one does not count", () => {
  const bytes = packHosts(HERE, HOSTS);
  bytes.set(packHosts(HERE, HOSTS.slice(1)));
  assertEquals(unpackHosts(bytes, HERE), HOSTS.slice(1));
});

Deno.test("what is cut, empty or of another version tells of no host that is not whole", () => {
  const bytes = packHosts(HERE, HOSTS);
  for (let length = 0; length < bytes.length; length++) {
    assertLessOrEqual(unpackHosts(bytes.subarray(0, length), HERE).length, 1);
  }
  bytes[0] = 2;
  assertEquals(unpackHosts(bytes, HERE), []);
});

Deno.test("of very many, as many are told as there is room for", () => {
  const many = Array.from({ length: 300 }, (_, i) => ({ pid: i + 1, fromUs: i, toUs: i }));
  const bytes = packHosts(HERE, many);
  assertEquals(bytes.length, HOSTS_SIZE);
  assertEquals(unpackHosts(bytes, HERE), many.slice(0, 100));
});
