/** Runs `deno test`, shows its output as it comes, and counts the results. */
import { resolve } from "@std/path";
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

/** How long a hanging test gets to end after SIGTERM. */
const KILL_DELAY_MS = 10_000;

/** Returns undefined if the run ended before it wrote its file. */
async function readTally(
  path: string,
  isAsked?: (name: string) => boolean,
): Promise<Tally | undefined> {
  const xml = await Deno.readTextFile(path);
  return xml === "" ? undefined : tallyOf(xml, isAsked);
}

/** Waits for the child's end. Stops a child that is not done by the deadline. */
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

/** A variable for all tests of a run that identifies the run by the pid of this process. */
const RUN_MARK = "HEXAD_TEST_RUN";

const OUTPUTS: Readonly<Record<string, "inherit" | "null" | "piped">> = {
  "true": "inherit",
  "false": "null",
  "in the end": "piped",
};

/** Processes that a test has left running may hold the outputs open for ever. */
const WORDS_LIMIT_MS = 5000;

type Words = Promise<readonly Uint8Array<ArrayBuffer>[]>;

function wordsOf(child: Deno.ChildProcess): Words {
  return Promise.all([child.stdout.bytes(), child.stderr.bytes()]);
}

async function showWords(words: Words): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<void>((resolve) => timer = setTimeout(resolve, WORDS_LIMIT_MS));
  const said = await Promise.race([words, limit]);
  clearTimeout(timer);
  if (said === undefined) {
    console.error("test: something that a test has started holds what deno test has said");
  }
  for (const bytes of said ?? []) Deno.stdout.writeSync(bytes);
}

export interface RunOptions {
  /** On performance.now()'s clock. */
  readonly deadlineMs: number;
  /** Whether the output of `deno test` is shown, or shown only at the end. Default: as it comes. */
  readonly show?: boolean | "in the end";
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

/** Runs all files of a run in one process. */
async function runAll(
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
        "--preload=tests/fixture/suppressed_errors.ts",
        `--junit-path=${report}`,
        ...run.flags,
        ...filterFlags(only),
        ...run.paths,
        ...argumentsOf(run),
      ],
      cwd: ROOT,
      env: { [RUN_MARK]: String(Deno.pid) },
      stdin: "null",
      stdout: OUTPUTS[String(show)]!,
      stderr: OUTPUTS[String(show)]!,
    }).spawn();
    const words = show === "in the end" ? wordsOf(child) : undefined;
    const { ok, late } = await waitUntil(child, deadlineMs);
    if (words !== undefined) await showWords(words);
    const tally = await readTally(report, only && ((name) => only.has(name)));
    const paths = run.paths.join(" ");
    if (late) {
      return addTallies(
        tally ?? EMPTY_TALLY,
        faultTally(`${label}: ${paths} took too long and was stopped`),
      );
    }
    if (tally === undefined) return faultTally(`${label}: deno test ended early on ${paths}`);
    // a module that fails to load is not counted among the tests
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

function isIgnored(path: string, flags: readonly string[]): boolean {
  return flags.some((flag) =>
    flag.startsWith("--ignore=") &&
    flag.slice("--ignore=".length).split(",").some((ignored) =>
      path === ignored || path.startsWith(`${ignored}/`)
    )
  );
}

function filesBelow(path: string): string[] {
  const place = resolve(ROOT, path);
  if (Deno.statSync(place).isFile) return [path];
  const entries = [...Deno.readDirSync(place)].sort((a, b) => a.name < b.name ? -1 : 1);
  return entries.flatMap(({ name, isDirectory }) =>
    isDirectory
      ? filesBelow(`${path}/${name}`)
      : name.endsWith("_test.ts")
      ? [`${path}/${name}`]
      : []
  );
}

/** The test files of a run, in the order of its paths, without duplicates. */
export function filesOf({ paths, flags }: TestRun): string[] {
  return [...new Set(paths.flatMap(filesBelow))].filter((path) => !isIgnored(path, flags));
}

/** Runs each file of a run in its own process, as many at a time as the run allows. */
async function runSideBySide(
  label: string,
  run: TestRun & { readonly besides: number },
  options: RunOptions,
): Promise<Tally> {
  const { besides, ...rest } = run;
  const waiting = filesOf(run);
  let tally = waiting.length === 0
    ? faultTally(`${label}: no test file in ${run.paths.join(" ")}`)
    : EMPTY_TALLY;
  const show = options.show === false ? false : "in the end";
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const one = await runAll(label, { ...rest, paths: [file] }, { ...options, show });
      tally = addTallies(tally, one);
    }
  };
  await Promise.all(Array.from({ length: besides }, work));
  return tally;
}

/**
 * Runs the tests of a run and counts the results.
 *
 * @param label The name of the run, for the message of a fault
 */
export function runTests(label: string, run: TestRun, options: RunOptions): Promise<Tally> {
  const { besides } = run;
  return besides === undefined
    ? runAll(label, run, options)
    : runSideBySide(label, { ...run, besides }, options);
}

/** More failures than this are not an accident of the machine. */
const MOST_SECOND_ATTEMPTS = 3;

/**
 * The files of these tests; undefined if a test was defined by a function in a file that is not a
 * test file.
 */
function pathsOf(failures: readonly Failure[]): string[] | undefined {
  const files = new Set(failures.map(({ file }) => file));
  return [...files].every((file) => file.endsWith("_test.ts")) ? [...files] : undefined;
}

/**
 * Like runTests(), but runs one to three failed tests again by themselves, when nothing else is
 * running. The tally lists those that pass then as second attempts.
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
