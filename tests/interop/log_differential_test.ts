/**
 * Pairs of script and input, made from seeds, through Debian's s6-log and ours: what is there
 * afterwards is the same, byte for byte up to stamps. Where lines come one by one, C rotates after
 * the line that fills a file, so file is compared with file; where they come at once, C looks at a
 * file's size only after each block that it writes, so what is compared are the archives and
 * `current` behind each other.
 */
import { assertEquals, assertLess } from "@std/assert";
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";
import { generalCase, type LogCase, rotationCase } from "./log_generator.ts";
import { assertSame, type Feed, type Outcome, runLogger, withoutFileEnds } from "./log_outcome.ts";

/** Runs at a time: most of a run's time is our start, and that waits too. */
const AT_ONCE = 3;

async function outcome(toolset: Toolset, { args, input }: LogCase, feed: Feed): Promise<Outcome> {
  requireToolset(toolset);
  using tree = makeTree();
  return await runLogger(toolset, tree.root, args, input, feed);
}

/**
 * Ours does not depend on how lines come: no archive is longer than a file that its last line has
 * filled.
 */
function assertTight(outcome: Outcome): void {
  for (const { files } of Object.values(outcome.logdirs)) {
    for (const file of files) {
      assertLess(file.lastIndexOf("\n", file.length - 2) + 1, 10000, "bytes before the last line");
    }
  }
}

async function compare(pair: LogCase, feed: Feed): Promise<void> {
  const [ours, theirs] = await Promise.all([
    outcome(OURS, pair, feed),
    outcome(THEIRS, pair, feed),
  ]);
  if (feed === "line by line") return assertSame(ours, theirs, pair.name);
  assertSame(withoutFileEnds(ours), withoutFileEnds(theirs), pair.name);
  assertTight(ours);
}

async function compareAll(pairs: readonly LogCase[], feed: Feed): Promise<void> {
  const left = [...pairs];
  const work = async (): Promise<void> => {
    for (let pair = left.shift(); pair !== undefined; pair = left.shift()) {
      await compare(pair, feed);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

function seeds(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

for (let first = 1; first <= 141; first += 20) {
  Deno.test(`scripts of every kind, input at once: seeds ${first} to ${first + 19}`, async () => {
    await compareAll(seeds(first, 20).map(generalCase), "at once");
  });
}

for (let first = 1001; first <= 1041; first += 20) {
  Deno.test(`rotation and trimming, input line by line: seeds ${first} to ${first + 19}`, async () => {
    await compareAll(seeds(first, 20).map(rotationCase), "line by line");
  });
}

Deno.test("a last line without newline: C forgets it, ours ends it", async () => {
  const pair: LogCase = {
    name: "s6-log 1 ./log",
    args: ["1", "./log"],
    input: new TextEncoder().encode("one\ntwo"),
  };
  const [ours, theirs] = await Promise.all([
    outcome(OURS, pair, "at once"),
    outcome(THEIRS, pair, "at once"),
  ]);
  assertEquals([theirs.stdout, theirs.logdirs["log"]!.files], ["one\n", ["one\n"]]);
  assertEquals([ours.stdout, ours.logdirs["log"]!.files], ["one\ntwo\n", ["one\ntwo\n"]]);
});
