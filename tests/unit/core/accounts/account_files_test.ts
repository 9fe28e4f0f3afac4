import { assertEquals } from "@std/assert";
import {
  gidOfGroup,
  groupOfGid,
  primaryGidOfUid,
  userAccount,
} from "../../../../lib/core/accounts/account_files.ts";

const GROUP =
  "root:x:0:\n# comment:x:5:\n\nbroken\nodd:x:abc:\nodd:x:12:\nlog:x:4:syslog,adm\nlog2:x:4:\nbig:x:4294967295:";
const PASSWD =
  "root:x:0:0:root:/root:/bin/sh\nbad:x:7\nbad:x:7:x::/:\nweb:x:33:34:www:/var/www:/usr/sbin/nologin";

Deno.test("gidOfGroup() finds a group by name", () => assertEquals(gidOfGroup(GROUP, "log"), 4));
Deno.test("gidOfGroup() passes over entries without a number", () =>
  assertEquals(gidOfGroup(GROUP, "odd"), 12));
Deno.test("gidOfGroup() finds no comment, no broken line, and no number that means none", () => {
  assertEquals(
    ["# comment", "comment", "broken", "big", "", "nobody"].map((name) => gidOfGroup(GROUP, name)),
    Array(6).fill(undefined),
  );
});

Deno.test("groupOfGid() gives the first name of a number", () =>
  assertEquals(groupOfGid(GROUP, 4), "log"));
Deno.test("groupOfGid() knows no other numbers", () =>
  assertEquals(groupOfGid(GROUP, 5), undefined));

Deno.test("primaryGidOfUid() gives a user's group", () =>
  assertEquals(primaryGidOfUid(PASSWD, 33), 34));
Deno.test("primaryGidOfUid() passes over broken entries", () =>
  assertEquals(primaryGidOfUid(PASSWD, 7), undefined));
Deno.test("an empty file has nobody", () => {
  assertEquals([primaryGidOfUid("", 0), groupOfGid("", 0), gidOfGroup("", "")], [
    undefined,
    undefined,
    undefined,
  ]);
});

const USERS =
  "root:x:0:0:root:/root:/bin/sh\n#log:x:9:9::/:\nlog:x:bad:7::/:\nlog:x:4294967295:7::/:\nlog:x:1007:1008::/:/bin/false\nlog:x:5:5::/:\nshort:x\n";

Deno.test("userAccount() takes the first whole entry of that name", () => {
  assertEquals(userAccount(USERS, "root"), { uid: 0, gid: 0 });
  assertEquals(userAccount(USERS, "log"), { uid: 1007, gid: 1008 });
});

Deno.test("userAccount() knows no other names", () => {
  assertEquals(userAccount(USERS, "short"), undefined);
  assertEquals(userAccount(USERS, ""), undefined);
  assertEquals(userAccount("", "root"), undefined);
});
