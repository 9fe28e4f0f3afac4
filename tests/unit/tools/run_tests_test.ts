import { assert, assertEquals } from "@std/assert";
import { EMPTY_TALLY, type Tally } from "../../../tools/test/junit.ts";
import { filesOf, runTests, runTestsTwice } from "../../../tools/test/run_tests.ts";
import { withDirectory } from "./scratch_directory.ts";

const PLENTY_MS = 60_000;

/** Runs a test file of that source; paths in the tally's faults are replaced by the file's name. */
async function tallyOfSource(source: string, deadlineMs: number): Promise<Tally> {
  let tally: Tally | undefined;
  await withDirectory(async (directory) => {
    await Deno.writeTextFile(`${directory}/x_test.ts`, source);
    const run = { flags: ["--allow-run"], paths: [`${directory}/x_test.ts`] };
    const { faults, failures: _, ...counts } = await runTests("unit", run, {
      deadlineMs,
      show: false,
    });
    tally = {
      ...counts,
      failures: [],
      faults: faults.map((fault) => fault.replace(`${directory}/`, "")),
    };
  });
  return tally!;
}

// deno-fmt-ignore
const CASES: readonly (readonly [what: string, source: string, tally: Tally])[] = [
  ["counts what passed, failed and was skipped",
    `Deno.test("a", () => {}); Deno.test("b", () => { throw 1; }); Deno.test.ignore("c (skipped: why)", () => {});`,
    { ...EMPTY_TALLY, passed: 1, failed: 1, skipped: ["c (skipped: why)"], faults: [] }],
  ["counts a module that can't be loaded", `throw new Error("top");`,
    { ...EMPTY_TALLY, passed: 0, failed: 1, skipped: [], faults: ["unit: deno test failed outside of any test in x_test.ts"] }],
  ["counts a run without a test", `export {};`,
    { ...EMPTY_TALLY, passed: 0, failed: 1, skipped: [], faults: ["unit: no test ran in x_test.ts"] }],
  ["counts a test that exits", `Deno.test("a", () => {}); Deno.test({ name: "b", sanitizeExit: false, fn() { Deno.exit(0); } });`,
    { ...EMPTY_TALLY, passed: 1, failed: 1, skipped: [], faults: [] }],
  ["counts a run that is killed", `Deno.test("a", () => Deno.kill(Deno.pid, "SIGKILL"));`,
    { ...EMPTY_TALLY, passed: 0, failed: 1, skipped: [], faults: ["unit: deno test ended early on x_test.ts"] }],
];

for (const [what, source, tally] of CASES) {
  Deno.test(`runTests() ${what}`, async () =>
    assertEquals(await tallyOfSource(source, performance.now() + PLENTY_MS), tally));
}

Deno.test("runTests() stops a run that is not done by its deadline", async () => {
  const tally = await tallyOfSource(
    `Deno.test("a", () => new Promise((resolve) => setInterval(resolve, 1e9)));`,
    performance.now(),
  );
  assertEquals(tally, {
    ...EMPTY_TALLY,
    passed: 0,
    failed: 1,
    skipped: [],
    faults: ["unit: x_test.ts took too long and was stopped"],
  });
});

const FAILS_AT_FIRST = `
  Deno.test("fails (always)", () => { throw new Error("always"); });
  Deno.test("fails [at first] a/b", () => {
    try { Deno.mkdirSync("DIRECTORY/seen"); } catch { return; }
    throw new Error("at first");
  });
  Deno.test("fails", () => {});
`;

Deno.test("runTestsTwice() runs what failed once more, and nothing else, and tells what it was", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/x_test.ts`;
    await Deno.writeTextFile(path, FAILS_AT_FIRST.replace("DIRECTORY", directory));
    const run = { flags: ["--allow-write"], paths: [path] };
    const tally = await runTestsTwice("unit", run, {
      deadlineMs: performance.now() + PLENTY_MS,
      show: false,
    });
    assertEquals([tally.passed, tally.failed, tally.faults], [2, 1, []]);
    assertEquals(tally.failures.map(({ name }) => name), ["fails (always)"]);
    assertEquals(tally.secondAttempts.map(({ name }) => name), ["fails [at first] a/b"]);
    assert(tally.secondAttempts[0]?.text.startsWith("Error: at first"));
  });
});

Deno.test("runTestsTwice() gives no second attempt to more than three", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/x_test.ts`;
    const source =
      `for (const name of ["a", "b", "c", "d"]) Deno.test(name, () => Deno.mkdirSync("${directory}/seen/" + name));`;
    await Deno.writeTextFile(path, source);
    const tally = await runTestsTwice("unit", { flags: ["--allow-write"], paths: [path] }, {
      deadlineMs: performance.now() + PLENTY_MS,
      show: false,
    });
    assertEquals([tally.passed, tally.failed, tally.secondAttempts], [0, 4, []]);
  });
});

Deno.test("runTestsTwice() finds a test again that a function of another file makes", async () => {
  await withDirectory(async (directory) => {
    const seen = `${directory}/seen`;
    const body =
      `try { Deno.mkdirSync("${seen}"); } catch { return; } throw new Error("at first");`;
    await Deno.writeTextFile(
      `${directory}/cases.ts`,
      `export function define(name) { Deno.test(name, () => { ${body} }); }`,
    );
    await Deno.writeTextFile(
      `${directory}/x_test.ts`,
      `import { define } from "./cases.ts"; define("ours: a");`,
    );
    const tally = await runTestsTwice("unit", {
      flags: ["--allow-write"],
      paths: [`${directory}/x_test.ts`],
    }, {
      deadlineMs: performance.now() + PLENTY_MS,
      show: false,
    });
    assertEquals([tally.passed, tally.failed, tally.secondAttempts.length, tally.faults], [
      1,
      0,
      1,
      [],
    ]);
  });
});

/** Waits for the other file's word, which comes only if both run at the same time. */
function meeting(own: string, other: string): string {
  return `
  Deno.test("${own} meets ${other}", async () => {
    Deno.writeTextFileSync(new URL("${own}", import.meta.url), Deno.env.get("HEXAD_TEST_RUN"));
    for (;;) {
      try {
        Deno.readTextFileSync(new URL("${other}", import.meta.url));
        return;
      } catch { await new Promise((resolve) => setTimeout(resolve, 10)); }
    }
  });`;
}

Deno.test("runTests() runs files beside each other, each in a process of its own, and counts all of them", async () => {
  await withDirectory(async (directory) => {
    const write = (name: string, text: string) => Deno.writeTextFile(`${directory}/${name}`, text);
    await Deno.mkdir(`${directory}/deep`);
    await write("a_test.ts", meeting("a", "b"));
    await write("b_test.ts", meeting("b", "a"));
    await write("deep/c_test.ts", `Deno.test("c", () => { throw new Error("c"); });`);
    await write("ignored_test.ts", `Deno.test("never", () => { throw new Error("never"); });`);
    await write("no_tests.ts", `Deno.test("no", () => { throw new Error("no"); });`);
    const run = {
      flags: ["--allow-all", `--ignore=${directory}/ignored_test.ts`],
      paths: [`${directory}/b_test.ts`, directory],
      besides: 2,
    };
    assertEquals(filesOf(run), ["b", "a", "deep/c"].map((name) => `${directory}/${name}_test.ts`));
    const tally = await runTests("unit", run, {
      deadlineMs: performance.now() + PLENTY_MS,
      show: false,
    });
    assertEquals([tally.passed, tally.failed, tally.faults], [2, 1, []]);
    assertEquals(tally.failures.map(({ name }) => name), ["c"]);
    assertEquals(await Deno.readTextFile(`${directory}/a`), String(Deno.pid));
  });
});
