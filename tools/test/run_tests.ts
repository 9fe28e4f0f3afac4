/** Runs `deno test`, shows what it says as it says it, and counts what it came to. */
import { ROOT } from "../layout.ts";
import {
  addTallies,
  afterSecondAttempt,
  EMPTY_TALLY,
  type Failure,
  faultTally,
  type Tally,
  tallyOf,
} from "./junit.ts";
import type { TestRun } from "./tiers.ts";

/** A test that hangs is given this long to end after SIGTERM. */
const KILL_DELAY_MS = 10_000;

/** Returns undefined if the run ended before it wrote its file. */
async function readTally(
  path: string,
  isAsked?: (name: string) => boolean,
): Promise<Tally | undefined> {
  const xml = await Deno.readTextFile(path);
  return xml === "" ? undefined : tallyOf(xml, isAsked);
}

/** Waits for the child's end; a child that is not done by the deadline is stopped. */
async function waitUntil(
  child: Deno.ChildProcess,
  deadlineMs: number,
): Promise<{ readonly ok: boolean; readonly late: boolean }> {
  let late = false;
  let killTimer: ReturnType<typeof setTimeout> | undefined;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGTERM");
    killTimer = setTimeout(() => child.kill("SIGKILL"), KILL_DELAY_MS);
  }, Math.max(0, deadlineMs - performance.now()));
  const { success } = await child.status;
  clearTimeout(timer);
  clearTimeout(killTimer);
  return { ok: success, late };
}

export interface RunOptions {
  /** On performance.now()'s clock. */
  readonly deadlineMs: number;
  /** Whether what `deno test` says is shown. Default: it is. */
  readonly show?: boolean;
  /** Run and count these tests only. Default: all. */
  readonly only?: ReadonlySet<string>;
}

function filterFlags(only: ReadonlySet<string> | undefined): string[] {
  if (only === undefined) return [];
  const names = Array.from(only, (name) => name.replace(/[\\^$.*+?()[\]{}|\/]/g, "\\$&"));
  return [`--filter=/^(${names.join("|")})$/`];
}

function argumentsOf({ args = [] }: TestRun): string[] {
  return args.length === 0 ? [] : ["--", ...args];
}

/** @param label what is run, for the message of a fault */
export async function runTests(
  label: string,
  run: TestRun,
  { deadlineMs, show = true, only }: RunOptions,
): Promise<Tally> {
  const report = await Deno.makeTempFile({ prefix: "hexad-tests-", suffix: ".xml" });
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        "--no-check",
        `--junit-path=${report}`,
        ...(run.besides === undefined ? [] : ["--parallel"]),
        ...run.flags,
        ...filterFlags(only),
        ...run.paths,
        ...argumentsOf(run),
      ],
      cwd: ROOT,
      ...(run.besides === undefined ? {} : { env: { DENO_JOBS: String(run.besides) } }),
      stdin: "null",
      stdout: show ? "inherit" : "null",
      stderr: show ? "inherit" : "null",
    }).spawn();
    const { ok, late } = await waitUntil(child, deadlineMs);
    const tally = await readTally(report, only && ((name) => only.has(name)));
    const paths = run.paths.join(" ");
    if (late) {
      return addTallies(
        tally ?? EMPTY_TALLY,
        faultTally(`${label}: ${paths} took too long and was stopped`),
      );
    }
    if (tally === undefined) return faultTally(`${label}: deno test ended early on ${paths}`);
    // a module that fails when it is loaded is in no count of tests
    if (!ok && tally.failed === 0) {
      return addTallies(
        tally,
        faultTally(`${label}: deno test failed outside of any test in ${paths}`),
      );
    }
    if (tally.passed + tally.failed === 0) {
      return addTallies(tally, faultTally(`${label}: no test ran in ${paths}`));
    }
    return tally;
  } finally {
    await Deno.remove(report);
  }
}

/** More failures than that are no accident of the machine. */
const MOST_SECOND_ATTEMPTS = 3;

/**
 * The files of these tests; undefined if one was made by a function of a file that holds no tests
 * itself.
 */
function pathsOf(failures: readonly Failure[]): string[] | undefined {
  const files = new Set(failures.map(({ file }) => file));
  return [...files].every((file) => file.endsWith("_test.ts")) ? [...files] : undefined;
}

/**
 * As runTests(); one to three tests that failed are run once more by themselves, when nothing else
 * goes on. What failed at first is told in the tally, and passes only as a second attempt.
 */
export async function runTestsTwice(
  label: string,
  run: TestRun,
  options: RunOptions,
): Promise<Tally> {
  const first = await runTests(label, run, options);
  if (first.failures.length === 0 || first.failures.length > MOST_SECOND_ATTEMPTS) return first;
  const again: TestRun = {
    flags: run.flags,
    paths: pathsOf(first.failures) ?? run.paths,
    ...(run.args === undefined ? {} : { args: run.args }),
  };
  const only = new Set(first.failures.map(({ name }) => name));
  return afterSecondAttempt(
    first,
    await runTests(`${label}, second attempt`, again, { ...options, only }),
  );
}
