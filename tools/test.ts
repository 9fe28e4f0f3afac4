/**
 * `deno task test`: `check`, then every tier. `deno task test:TIER [PATH...]`: one tier, or those
 * of its files. `test:fuzz` takes `--seed N` and `--minutes N` besides: fuzz_plan.ts.
 *
 * Builds first where the tests run what the build writes, and installs the Debian packages that
 * they need. Goes on after a failure, so that one run tells all. Before the end, each failure is
 * told again. In tiers where processes meet, up to three tests that failed are run once more by
 * themselves; one that passes then is told as such, with what it failed of, since it still wants
 * mending. The last line is `N passed, N failed`, with `, N skipped` if there are any; their
 * reasons are told before it. The exit code is 1 if anything failed or no test ran.
 */
import { build } from "./build.ts";
import { ensurePackages } from "./debian.ts";
import { Fatal, reasonOf, runTool } from "./fatal.ts";
import { ROOT } from "./layout.ts";
import {
  addTallies,
  EMPTY_TALLY,
  type Failure,
  faultTally,
  summaryLine,
  type Tally,
} from "./test/junit.ts";
import { chosenRuns } from "./test/chosen_runs.ts";
import { runTests, runTestsTwice } from "./test/run_tests.ts";
import { type FuzzWords, fuzzWords, SEED_END } from "./test/fuzz_plan.ts";
import { type TierName, TIERS } from "./test/tiers.ts";

const MS_PER_MINUTE = 60_000;

const MOST_LINES_OF_A_FAILURE = 25;

function say(text: string): void {
  console.error(`test: ${text}`);
}

function isTierName(word: string): word is TierName {
  return Object.hasOwn(TIERS, word);
}

async function runCheck(): Promise<Tally> {
  say("check");
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "check"],
    cwd: ROOT,
    stdin: "null",
  }).spawn().status;
  return success ? EMPTY_TALLY : faultTally("check failed");
}

/** In CI a change is judged by the same seeds as the one before it; elsewhere they are fresh. */
function firstSeed(): number {
  return Deno.env.get("CI") === "true" ? 1 : 1 + Math.floor(Math.random() * (SEED_END - 1));
}

/** The seed that nobody has chosen is told, so that it can be. */
function planFuzz(words: readonly string[]): FuzzWords {
  const plan = fuzzWords(words, firstSeed());
  say(
    `fuzz: seeds from ${plan.args[0]}, ${
      plan.args[2]
    } seconds for each fuzzer; --seed N plays one round again`,
  );
  return plan;
}

async function runTier(name: TierName, words: readonly string[]): Promise<Tally> {
  const tier = TIERS[name];
  say(`tier ${name}`);
  const { paths, args, moreMinutes } = name === "fuzz"
    ? planFuzz(words)
    : { paths: words, args: [], moreMinutes: 0 };
  try {
    await ensurePackages(tier.packages, say);
    if (tier.builds !== undefined) await build({ architectures: tier.builds });
  } catch (error) {
    if (!(error instanceof Fatal)) throw error;
    return faultTally(`${name}: ${reasonOf(error)}`);
  }
  const deadlineMs = performance.now() + (tier.limitMinutes + moreMinutes) * MS_PER_MINUTE;
  let tally = EMPTY_TALLY;
  for (const run of chosenRuns(tier.runs, paths)) {
    tally = addTallies(
      tally,
      await (tier.secondAttempt ? runTestsTwice : runTests)(name, { ...run, args }, { deadlineMs }),
    );
  }
  return tally;
}

function tell(what: string, { file, name, text }: Failure): void {
  console.log(`${what}: ${file}: ${name}`);
  for (const line of text.split("\n").slice(0, MOST_LINES_OF_A_FAILURE)) console.log(`    ${line}`);
}

function report(tally: Tally): number {
  console.log("");
  for (const failure of tally.secondAttempts) {
    tell("passed at the second attempt, failed at first", failure);
  }
  for (const failure of tally.failures) tell("failed", failure);
  for (const name of tally.skipped) console.log(`skipped: ${name}`);
  for (const fault of tally.faults) console.log(`failed: ${fault}`);
  console.log(summaryLine(tally));
  return tally.failed > 0 || tally.passed === 0 ? 1 : 0;
}

/** What ran on an emulator is counted here, too: a failure there is a failure. */
function tellEmulated({ passed, failed }: Tally): void {
  console.log(`arm64, on an emulator: ${passed} passed, ${failed} failed`);
}

async function runAll(): Promise<Tally> {
  let tally = await runCheck();
  for (const name of Object.keys(TIERS).filter(isTierName)) {
    const own = await runTier(name, []);
    if (name === "arm64") tellEmulated(own);
    tally = addTallies(tally, own);
  }
  return tally;
}

async function main(): Promise<number> {
  const [first, ...paths] = Deno.args;
  if (first === undefined) {
    return report(await runAll());
  }
  if (!isTierName(first)) {
    throw new Fatal(`no tier ${first}; there are: ${Object.keys(TIERS).join(" ")}`);
  }
  return report(await runTier(first, paths));
}

await runTool("test", main);
