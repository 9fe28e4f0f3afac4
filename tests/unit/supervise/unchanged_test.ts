import { assert, assertEquals } from "@std/assert";
import { changeMs } from "../../../lib/libc/stat.ts";
import { Unchanged } from "../../../lib/supervise/unchanged.ts";

const CHANGED = 1_700_000_000_000.25;

Deno.test("Unchanged: what was found in a directory at rest is known until its ctime is another", () => {
  const unchanged = new Unchanged<string>(() => CHANGED + 3001);
  assertEquals(unchanged.since(CHANGED), undefined);
  unchanged.found(CHANGED, "nothing");
  assertEquals(unchanged.since(CHANGED), "nothing");
  assertEquals(unchanged.since(CHANGED + 0.001), undefined);
  assertEquals(unchanged.since(CHANGED - 5000), undefined); // an older directory in its place
});

for (
  const [what, age] of [["a moment ago", 4], ["as a coarse clock tells it", 3000], [
    "in the future",
    -60_000,
  ]] as const
) {
  Deno.test(`Unchanged: nothing is known of a directory that has changed ${what}`, () => {
    const unchanged = new Unchanged<string>(() => CHANGED + age);
    unchanged.found(CHANGED, "nothing");
    assertEquals(unchanged.since(CHANGED), undefined);
  });
}

Deno.test("Unchanged: a look at a directory that has changed lately forgets the one before", () => {
  let nowMs = CHANGED + 10_000;
  const unchanged = new Unchanged<string>(() => nowMs);
  unchanged.found(CHANGED, "nothing");
  nowMs += 10_000;
  unchanged.found(nowMs - 5, "a listener");
  assertEquals([unchanged.since(CHANGED), unchanged.since(nowMs - 5)], [undefined, undefined]);
});

Deno.test("changeMs(): a directory changes by each name that comes, goes or takes another's place, whatever times it is given", async () => {
  const directory = await Deno.makeTempDir();
  const seen = new Set<number>();
  const look = async (what: string, change: () => Promise<unknown>): Promise<void> => {
    const before = changeMs(directory)!;
    // the clock of the file system has ticks; nothing else can change the time
    do await change(); while (changeMs(directory) === before);
    assert(!seen.has(changeMs(directory)!), what);
    seen.add(changeMs(directory)!);
  };
  try {
    const [a, b] = [`${directory}/a`, `${directory}/b`];
    await look("made", async () => {
      await Deno.remove(a).catch(() => {});
      await Deno.writeTextFile(a, "");
    });
    await look("renamed", async () => {
      await Deno.rename(a, b);
      await Deno.rename(b, a);
    });
    await look("given the old times", () => Deno.utime(directory, 1, 1));
    assertEquals(changeMs(`${directory}/none`), undefined);
    assertEquals(changeMs(-1), undefined);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
