import { assertEquals } from "@std/assert";
import { readEnvironment } from "../../../lib/libc/environ.ts";

Deno.test("readEnvironment: what was set is there, and what was removed is not", () => {
  Deno.env.set("HEXAD_TEST_SET", "a=b c");
  Deno.env.set("HEXAD_TEST_EMPTY", "");
  Deno.env.set("HEXAD_TEST_GONE", "x");
  Deno.env.delete("HEXAD_TEST_GONE");
  const variables = readEnvironment();
  assertEquals(variables.get("HEXAD_TEST_SET"), "a=b c");
  assertEquals(variables.get("HEXAD_TEST_EMPTY"), "");
  assertEquals(variables.has("HEXAD_TEST_GONE"), false);
});

Deno.test("readEnvironment: bytes that are not UTF-8 are kept", async () => {
  const script = new URL("environ_probe.ts", import.meta.url).pathname;
  const args = ["-c", `X=$(printf 'a\\377b') exec "$0" run -A "${script}"`, Deno.execPath()];
  const { stdout, success } = await new Deno.Command("/bin/sh", { args }).output();
  assertEquals(success, true);
  assertEquals(stdout, new Uint8Array([0x61, 0xff, 0x62]));
});
