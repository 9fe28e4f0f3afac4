/**
 * What a run of `deno test` came to, out of the JUnit file that it writes. Steps are part of their test and are not counted.
 *
 * A test that is ignored must say why in its name: `... (skipped: no kernel support for pid namespaces)`. One that doesn't counts as failed.
 * Pure.
 */

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** The names of the ignored tests, with their reasons. */
  readonly skipped: readonly string[];
  /** What is wrong with the run itself, a line each; counted in `failed`. */
  readonly faults: readonly string[];
}

export const EMPTY_TALLY: Tally = { passed: 0, failed: 0, skipped: [], faults: [] };

/** One thing that went wrong outside of any test. */
export function faultTally(fault: string): Tally {
  return { ...EMPTY_TALLY, failed: 1, faults: [fault] };
}

export function addTallies(a: Tally, b: Tally): Tally {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: [...a.skipped, ...b.skipped],
    faults: [...a.faults, ...b.faults],
  };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", apos: "'", gt: ">", lt: "<", quot: '"' };

function unescape(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name) => ENTITIES[name] ?? whole);
}

interface TestCase {
  readonly name: string;
  readonly file: string;
  readonly outcome: "passed" | "failed" | "skipped";
}

function parseCases(xml: string): TestCase[] {
  const cases = xml.matchAll(/<testcase name="([^"]*)" classname="([^"]*)"[^>]*>(.*?)<\/testcase>/gs);
  return Array.from(cases, ([, name = "", file = "", body = ""]) => {
    const outcome = /<(failure|error)[ >]/.test(body) ? "failed" : body.includes("<skipped") ? "skipped" : "passed";
    return { name: unescape(name), file: unescape(file), outcome };
  });
}

/** A step is called `test > step`. */
function isStep(one: TestCase, names: ReadonlySet<string>): boolean {
  const parts = one.name.split(" > ");
  return parts.some((_, index) => index > 0 && names.has(`${one.file} ${parts.slice(0, index).join(" > ")}`));
}

export function tallyOf(xml: string): Tally {
  const cases = parseCases(xml);
  const names = new Set(cases.map(({ file, name }) => `${file} ${name}`));
  const tests = cases.filter((one) => !isStep(one, names));
  const skipped = tests.filter(({ outcome }) => outcome === "skipped").map(({ name }) => name);
  const faults = skipped.filter((name) => !/\(skipped: .+\)$/.test(name)).map((name) => `ignored without a reason: ${name}`);
  return {
    passed: tests.filter(({ outcome }) => outcome === "passed").length,
    failed: tests.filter(({ outcome }) => outcome === "failed").length + faults.length,
    skipped: skipped.filter((name) => /\(skipped: .+\)$/.test(name)),
    faults,
  };
}

/** The last line of `deno task test`. */
export function summaryLine({ passed, failed, skipped }: Tally): string {
  const tail = skipped.length === 0 ? "" : `, ${skipped.length} skipped`;
  return `${passed} passed, ${failed} failed${tail}`;
}
