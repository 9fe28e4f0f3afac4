import { assertEquals, assertThrows } from "@std/assert";
import { Cdb, CdbError, makeCdb } from "../../../../lib/accessrules/core/cdb.ts";
import { parseRuleRecord, type Rule, ruleRecord } from "../../../../lib/accessrules/core/rule.ts";
import { userKeys } from "../../../../lib/accessrules/core/user_keys.ts";

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

Deno.test("a database: each key is found, the first of equal ones, and no other", () => {
  const records = Array.from(
    { length: 700 },
    (_, i) => ({ key: bytes(`key${i % 650}`), data: bytes(`data${i}`) }),
  );
  const cdb = new Cdb(makeCdb(records));
  for (let i = 0; i < 650; i++) assertEquals(cdb.find(bytes(`key${i}`)), bytes(`data${i}`));
  assertEquals(cdb.find(bytes("key650")), undefined);
  assertEquals([...cdb.records()], records);
  assertEquals(new Cdb(makeCdb([])).find(bytes("x")), undefined);
});

Deno.test("a damaged database is never read beyond its end", () => {
  const whole = makeCdb([{ key: bytes("uid/0"), data: bytes("D") }]);
  for (let length = 0; length < whole.length; length += 7) {
    const cut = new Cdb(whole.subarray(0, length));
    try {
      cut.find(bytes("uid/0"));
      for (const _record of cut.records());
    } catch (error) {
      if (!(error instanceof CdbError)) throw error;
    }
  }
  const lying = whole.slice();
  new DataView(lying.buffer).setUint32(2048, 0xffffffff, true);
  assertThrows(() => new Cdb(lying).find(bytes("uid/0")), CdbError);
});

Deno.test("records of rules: what is written is read; what is none is told", () => {
  const rules: Rule[] = [
    { kind: "deny" },
    { kind: "allow", env: [], exec: bytes("") },
    { kind: "allow", env: [["A", "x=y"], ["B", undefined], ["C", ""]], exec: bytes("echo x") },
  ];
  for (const rule of rules) assertEquals(parseRuleRecord(ruleRecord(rule)!), rule);
  const large: Rule = { kind: "allow", env: [["A", "x".repeat(5000)]], exec: bytes("") };
  assertEquals(ruleRecord(large), undefined);
  assertEquals(parseRuleRecord(bytes("")), "broken");
  assertEquals(parseRuleRecord(bytes("X")), undefined);
  for (const text of ["A", "A\0\0\0", "A\0\x05\0\0", "A\0\0\0\x01", "A\0\x01x\0\0"]) {
    assertEquals(parseRuleRecord(bytes(text)), "broken", JSON.stringify(text));
  }
});

Deno.test("userKeys(): self before the number, user before group, default last", () => {
  assertEquals(userKeys({ uid: 5, gid: 6 }, { uid: 5, gid: 6 }), [
    "uid/self",
    "uid/5",
    "gid/self",
    "gid/6",
    "uid/default",
  ]);
  assertEquals(userKeys({ uid: 5, gid: 6 }, { uid: 0, gid: 0 }), ["uid/5", "gid/6", "uid/default"]);
});
