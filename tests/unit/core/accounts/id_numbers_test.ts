import { assertEquals } from "@std/assert";
import { parseDefaultIds, parseId, parseIdList } from "../../../../lib/core/accounts/id_numbers.ts";

Deno.test("parseId(): decimal numbers up to the largest id, and nothing else", () => {
  assertEquals(parseId("0"), 0);
  assertEquals(parseId("65534"), 65534);
  assertEquals(parseId("4294967294"), 0xfffffffe);
  for (const text of ["", "-1", "+1", " 1", "1 ", "0x10", "4294967295", "99999999999", "nobody"]) {
    assertEquals(parseId(text), undefined, text);
  }
});

Deno.test("parseIdList(): ids between commas; an empty text is an empty list; gaps are none", () => {
  assertEquals(parseIdList(""), []);
  assertEquals(parseIdList("1"), [1]);
  assertEquals(parseIdList("3,2,1"), [3, 2, 1]);
  for (const text of [",", "1,", ",1", "1,,2", "1 2", "1,a"]) {
    assertEquals(parseIdList(text), undefined, text);
  }
});

Deno.test("parseDefaultIds(): what is missing or empty is 0 or no group", () => {
  const none = { uid: 0, gid: 0, gids: [] };
  assertEquals(parseDefaultIds(""), none);
  assertEquals(parseDefaultIds("5"), { ...none, uid: 5 });
  assertEquals(parseDefaultIds(":6"), { ...none, gid: 6 });
  assertEquals(parseDefaultIds("5:6:7,8"), { uid: 5, gid: 6, gids: [7, 8] });
  assertEquals(parseDefaultIds("::7"), { ...none, gids: [7] });
  for (const text of ["a", "5:b", "5:6:c", "5:6:7:8"]) {
    assertEquals(parseDefaultIds(text), undefined, text);
  }
});
