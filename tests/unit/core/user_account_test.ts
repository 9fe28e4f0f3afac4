import { assertEquals } from "@std/assert";
import { userAccount } from "../../../lib/core/user_account.ts";

const PASSWD = "root:x:0:0:root:/root:/bin/sh\n#log:x:9:9::/:\nlog:x:bad:7::/:\nlog:x:1007:1008::/:/bin/false\nlog:x:5:5::/:\nshort:x\n";

Deno.test("userAccount() takes the first whole entry of that name", () => {
  assertEquals(userAccount(PASSWD, "root"), { uid: 0, gid: 0 });
  assertEquals(userAccount(PASSWD, "log"), { uid: 1007, gid: 1008 });
});

Deno.test("userAccount() knows no other names", () => {
  assertEquals(userAccount(PASSWD, "short"), undefined);
  assertEquals(userAccount(PASSWD, ""), undefined);
  assertEquals(userAccount("", "root"), undefined);
});
