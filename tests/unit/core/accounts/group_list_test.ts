import { assertEquals } from "@std/assert";
import { groupListWith } from "../../../../lib/core/accounts/group_list.ts";

Deno.test("groupListWith(): the primary group is first, once", () => {
  assertEquals(groupListWith(5, []), [5]);
  assertEquals(groupListWith(5, [5, 6]), [5, 6]);
  assertEquals(groupListWith(5, [6, 7]), [5, 6, 7]);
  assertEquals(groupListWith(5, [6, 5, 7]), [5, 6, 7]);
});
