import { assertEquals, assertRejects } from "@std/assert";
import { Turns } from "../../../lib/libc/durable_file.ts";

/** Work that lasts until it is told to end. */
class Works {
  readonly begun: string[] = [];
  readonly #ends = new Map<string, PromiseWithResolvers<string>>();

  begin(name: string): Promise<string> {
    this.begun.push(name);
    const end = Promise.withResolvers<string>();
    this.#ends.set(name, end);
    return end.promise;
  }

  end(name: string): void {
    this.#ends.get(name)!.resolve(`${name} done`);
  }

  fail(name: string): void {
    this.#ends.get(name)!.reject(new RangeError(name));
  }
}

/** All that was to be done at once has been. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

Deno.test("Turns: as many as may, at once; the others in their order, as places become free", async () => {
  const [turns, works] = [new Turns(2), new Works()];
  const results = ["a", "b", "c", "d"].map((name) => turns.take(() => works.begin(name)));
  await settled();
  assertEquals(works.begun, ["a", "b"]);
  works.end("b");
  await settled();
  assertEquals(works.begun, ["a", "b", "c"]);
  works.end("a");
  await settled();
  for (const name of ["c", "d"]) works.end(name);
  assertEquals(await Promise.all(results), ["a done", "b done", "c done", "d done"]);
});

Deno.test("Turns: work that fails gives its place back, and tells who wanted it", async () => {
  const [turns, works] = [new Turns(1), new Works()];
  const first = assertRejects(() => turns.take(() => works.begin("a")), RangeError, "a");
  const second = turns.take(() => works.begin("b"));
  works.fail("a");
  await first;
  await settled();
  works.end("b");
  assertEquals(await second, "b done");
});

Deno.test("Turns: after everybody has gone there are as many places as before", async () => {
  const [turns, works] = [new Turns(2), new Works()];
  for (const name of ["a", "b", "c"]) {
    const done = turns.take(() => works.begin(name));
    works.end(name);
    await done;
  }
  void turns.take(() => works.begin("d"));
  void turns.take(() => works.begin("e"));
  void turns.take(() => works.begin("f"));
  await settled();
  assertEquals(works.begun, ["a", "b", "c", "d", "e"]);
});
