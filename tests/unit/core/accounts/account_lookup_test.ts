import { assertEquals } from "@std/assert";
import type { AccountForm, AccountLookup } from "../../../../lib/core/accounts/account_lookup.ts";
import { lookUpAccount, supplementaryGids } from "../../../../lib/core/accounts/account_lookup.ts";

const FILES = {
  passwd:
    "root:x:0:0:root:/root:/bin/sh\n# comment\nbroken:x:many:1::/:\nweb:x:1000:1001:,,,:/srv:/bin/false\n42:x:7:8::/:\n",
  group:
    "root:x:0:\nweb:x:1001:\nlogs:x:4:syslog,web\nadm:x:5:web\nnear:x:6:webmaster\nbroken:x:y:web\nnologin\n",
};

const CASES: readonly (readonly [
  account: string,
  form: AccountForm,
  numeric: boolean,
  expected: AccountLookup,
])[] = [
  ["web", "account", false, { uid: 1000, gid: 1001, gids: [4, 5], unknown: [] }],
  ["root", "account", false, { uid: 0, gid: 0, gids: [], unknown: [] }],
  ["web", "user", false, { uid: 1000, unknown: [] }],
  ["logs", "group", false, { gid: 4, unknown: [] }],
  ["web:logs", "both", false, { uid: 1000, gid: 4, unknown: [] }],
  ["web", "both", false, { uid: 1000, unknown: [] }],
  [":logs", "both", false, { gid: 4, unknown: [] }],
  ["web:", "both", false, { uid: 1000, unknown: [] }],
  ["web:logs", "account", false, { unknown: ["user: web:logs"] }],
  ["nobody", "account", false, { unknown: ["user: nobody"] }],
  ["broken", "account", false, { unknown: ["user: broken"] }],
  ["", "account", false, { unknown: ["user: "] }],
  ["nogroup", "group", false, { unknown: ["group: nogroup"] }],
  ["no:such", "both", false, { unknown: ["group: such", "user: no"] }],
  ["web:12", "both", false, { uid: 1000, unknown: ["group: 12"] }],
  ["web:12", "both", true, { uid: 1000, gid: 12, unknown: [] }],
  ["9:12", "both", true, { uid: 9, gid: 12, unknown: [] }],
  ["42", "user", true, { uid: 7, unknown: [] }],
  ["43", "account", true, { uid: 43, unknown: [] }],
  ["-1", "user", true, { unknown: ["user: -1"] }],
];

for (const [account, form, numeric, expected] of CASES) {
  Deno.test(`lookUpAccount(): ${JSON.stringify(account)} as ${form}${numeric ? ", or a number" : ""}`, () => {
    assertEquals(lookUpAccount(account, { form, numeric }, FILES), expected);
  });
}

Deno.test("supplementaryGids(): only whole names count, in the order of the file", () => {
  assertEquals(supplementaryGids(FILES.group, "web"), [4, 5]);
  assertEquals(supplementaryGids(FILES.group, "syslog"), [4]);
  assertEquals(supplementaryGids("", "web"), []);
});
