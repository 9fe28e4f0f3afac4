/** The container tier: each file that holds tests is run by itself, and none is forgotten. */
import { assertEquals } from "@std/assert";

const DIRECTORY = new URL("../container/", import.meta.url);

Deno.test("tests/container: whatever holds tests is called NAME_test.ts", () => {
  const others = [...Deno.readDirSync(DIRECTORY)].map(({ name }) => name).filter((name) =>
    name.endsWith(".ts") && !name.endsWith("_test.ts") &&
    /^\s*Deno\.test\(/m.test(Deno.readTextFileSync(new URL(name, DIRECTORY)))
  );
  assertEquals(others, []);
});
