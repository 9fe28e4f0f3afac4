import { assertEquals } from "@std/assert";
import type { Tally } from "../../../tools/test/junit.ts";
import { runTests } from "../../../tools/test/run_tests.ts";
import { withDirectory } from "./scratch_directory.ts";

const PLENTY_MS = 60_000;

/** Runs a test file of that source; paths in the tally's faults are replaced by the file's name. */
async function tallyOfSource(source: string, deadlineMs: number): Promise<Tally> {
  let tally: Tally | undefined;
  await withDirectory(async (directory) => {
    await Deno.writeTextFile(`${directory}/x_test.ts`, source);
    const run = { flags: ["--allow-run"], paths: [`${directory}/x_test.ts`] };
    const { faults, ...counts } = await runTests("unit", run, { deadlineMs, show: false });
    tally = { ...counts, faults: faults.map((fault) => fault.replace(`${directory}/`, "")) };
  });
  return tally!;
}

// deno-fmt-ignore
const CASES: readonly (readonly [what: string, source: string, tally: Tally])[] = [
  ["counts what passed, failed and was skipped",
    `Deno.test("a", () => {}); Deno.test("b", () => { throw 1; }); Deno.test.ignore("c (skipped: why)", () => {});`,
    { passed: 1, failed: 1, skipped: ["c (skipped: why)"], faults: [] }],
  ["counts a module that can't be loaded", `throw new Error("top");`,
    { passed: 0, failed: 1, skipped: [], faults: ["unit: deno test failed outside of any test in x_test.ts"] }],
  ["counts a run without a test", `export {};`,
    { passed: 0, failed: 1, skipped: [], faults: ["unit: no test ran in x_test.ts"] }],
  ["counts a test that exits", `Deno.test("a", () => {}); Deno.test({ name: "b", sanitizeExit: false, fn() { Deno.exit(0); } });`,
    { passed: 1, failed: 1, skipped: [], faults: [] }],
  ["counts a run that is killed", `Deno.test("a", () => Deno.kill(Deno.pid, "SIGKILL"));`,
    { passed: 0, failed: 1, skipped: [], faults: ["unit: deno test ended early on x_test.ts"] }],
];

for (const [what, source, tally] of CASES) {
  Deno.test(`runTests() ${what}`, async () => assertEquals(await tallyOfSource(source, performance.now() + PLENTY_MS), tally));
}

Deno.test("runTests() stops a run that is not done by its deadline", async () => {
  const tally = await tallyOfSource(`Deno.test("a", () => new Promise((resolve) => setInterval(resolve, 1e9)));`, performance.now());
  assertEquals(tally, { passed: 0, failed: 1, skipped: [], faults: ["unit: x_test.ts took too long and was stopped"] });
});
