/** What is remembered of accounts. The machine's own files are read, and never written. */
import { assertEquals, assertStrictEquals } from "@std/assert";
import { findAccount } from "../../../lib/credentials/account.ts";
import { rememberedAccount } from "../../../lib/credentials/remembered_account.ts";

const ACCOUNT = { form: "account", numeric: false } as const;

Deno.test("an account is what findAccount says, and the second time the same answer is given again", () => {
  const first = rememberedAccount("root", ACCOUNT);
  assertEquals(first, findAccount("root", ACCOUNT));
  assertStrictEquals(rememberedAccount("root", ACCOUNT), first);
});

Deno.test("another form of the request, and another name, get answers of their own", () => {
  assertEquals(
    rememberedAccount("root", { form: "user", numeric: false }),
    findAccount("root", { form: "user", numeric: false }),
  );
  assertEquals(rememberedAccount("4711", ACCOUNT), { unknown: ["user: 4711"] });
  assertEquals(rememberedAccount("4711", { form: "user", numeric: true }).uid, 4711);
});
