/**
 * The result of a run of `deno test`, from the JUnit file that it writes. Steps are part of their
 * test and are not counted.
 *
 * A test that is ignored must say why in its name: `... (skipped: no kernel support for pid
 * namespaces)`. One that doesn't counts as failed. Pure.
 */

export interface Failure {
  readonly file: string;
  readonly name: string;
  /** The exceptions in it and in its steps. */
  readonly text: string;
}

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** The tests among `failed`; the rest of them are faults. */
  readonly failures: readonly Failure[];
  /**
   * Tests that failed at first but passed when they were run again by themselves, with their first
   * failures. They count as passed.
   */
  readonly secondAttempts: readonly Failure[];
  /** The names of the ignored tests, with their reasons. */
  readonly skipped: readonly string[];
  /** Errors of the run itself, one line each; counted in `failed`. */
  readonly faults: readonly string[];
}

export const EMPTY_TALLY: Tally = {
  passed: 0,
  failed: 0,
  failures: [],
  secondAttempts: [],
  skipped: [],
  faults: [],
};

/** The tally of one error outside any test. */
export function faultTally(fault: string): Tally {
  return { ...EMPTY_TALLY, failed: 1, faults: [fault] };
}

export function addTallies(a: Tally, b: Tally): Tally {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    failures: [...a.failures, ...b.failures],
    secondAttempts: [...a.secondAttempts, ...b.secondAttempts],
    skipped: [...a.skipped, ...b.skipped],
    faults: [...a.faults, ...b.faults],
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  apos: "'",
  gt: ">",
  lt: "<",
  quot: '"',
};

function unescape(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name) => ENTITIES[name] ?? whole);
}

interface TestCase {
  readonly name: string;
  readonly file: string;
  readonly outcome: "passed" | "failed" | "skipped";
  /** The exception; empty if there was none. */
  readonly text: string;
}

function parseCases(xml: string): TestCase[] {
  const cases = xml.matchAll(
    /<testcase name="([^"]*)" classname="([^"]*)"[^>]*>(.*?)<\/testcase>/gs,
  );
  return Array.from(cases, ([, name = "", file = "", body = ""]) => {
    const outcome = /<(failure|error)[ >]/.test(body)
      ? "failed"
      : body.includes("<skipped")
      ? "skipped"
      : "passed";
    const text = /<(?:failure|error)[^>]*>(.*?)<\/(?:failure|error)>/s.exec(body)?.[1] ?? "";
    return { name: unescape(name), file: unescape(file), outcome, text: unescape(text) };
  });
}

/** Whether it is a step, which has a name like `test > step`. */
function isStep(one: TestCase, names: ReadonlySet<string>): boolean {
  const parts = one.name.split(" > ");
  return parts.some((_, index) =>
    index > 0 && names.has(`${one.file} ${parts.slice(0, index).join(" > ")}`)
  );
}

function failureOf({ file, name, text }: TestCase, cases: readonly TestCase[]): Failure {
  const steps = cases.filter((one) =>
    one.outcome === "failed" && one.file === file && one.name.startsWith(`${name} > `)
  );
  return {
    file,
    name,
    text: [text, ...steps.map((step) => `${step.name}: ${step.text}`)].join("\n"),
  };
}

/** The tally after the failed tests have been run again with the result `second`. */
export function afterSecondAttempt(first: Tally, second: Tally): Tally {
  const isFailedAgain = ({ file, name }: Failure) =>
    second.failures.some((again) => again.file === file && again.name === name);
  // if the second run has a fault, or counts other tests than requested, no test is cleared
  if (second.faults.length > 0 || second.passed + second.failed !== first.failures.length) {
    return first;
  }
  const cleared = first.failures.filter((failure) => !isFailedAgain(failure));
  return {
    ...first,
    passed: first.passed + cleared.length,
    failed: first.failed - cleared.length,
    failures: first.failures.filter(isFailedAgain),
    secondAttempts: [...first.secondAttempts, ...cleared],
  };
}

/**
 * @param isAsked Selects tests by name, because tests that a filter leaves out appear in the file
 *   as ignored
 */
export function tallyOf(xml: string, isAsked: (name: string) => boolean = () => true): Tally {
  const cases = parseCases(xml);
  const names = new Set(cases.map(({ file, name }) => `${file} ${name}`));
  const tests = cases.filter((one) => !isStep(one, names) && isAsked(one.name));
  const failures = tests.filter(({ outcome }) => outcome === "failed").map((one) =>
    failureOf(one, cases)
  );
  const skipped = tests.filter(({ outcome }) => outcome === "skipped").map(({ name }) => name);
  const faults = skipped.filter((name) => !/\(skipped: .+\)$/.test(name)).map((name) =>
    `ignored without a reason: ${name}`
  );
  return {
    passed: tests.filter(({ outcome }) => outcome === "passed").length,
    failed: failures.length + faults.length,
    failures,
    secondAttempts: [],
    skipped: skipped.filter((name) => /\(skipped: .+\)$/.test(name)),
    faults,
  };
}

/** The last line of `deno task test`. */
export function summaryLine({ passed, failed, secondAttempts, skipped }: Tally): string {
  const second = secondAttempts.length === 0
    ? ""
    : ` (${secondAttempts.length} at the second attempt)`;
  const tail = skipped.length === 0 ? "" : `, ${skipped.length} skipped`;
  return `${passed} passed${second}, ${failed} failed${tail}`;
}
