import { assertEquals } from "@std/assert";
import {
  addTallies,
  afterSecondAttempt,
  EMPTY_TALLY,
  faultTally,
  summaryLine,
  type Tally,
  tallyOf,
} from "../../../tools/test/junit.ts";

const THROWS = {
  file: "./a_test.ts",
  name: "throws",
  text: "Error: x\n<skipped/>\nthrows > second: Error: y",
};

const XML = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="7" failures="2" errors="0" time="0.019">
    <testsuite name="./a_test.ts" tests="7" disabled="2" errors="0" failures="2">
        <testcase name="says &lt;x&gt;" classname="./a_test.ts" time="0.007" line="1" col="6">
        </testcase>
        <testcase name="a &gt; b is no step" classname="./a_test.ts" time="0.007" line="1" col="6">
        </testcase>
        <testcase name="throws" classname="./a_test.ts" time="0.006" line="2" col="6">
            <failure message="Uncaught Error: x">Error: x
&lt;skipped/&gt;</failure>
        </testcase>
        <testcase name="needs a loop device (skipped: not root)" classname="./a_test.ts" time="0.000" line="3" col="11">
            <skipped/>
        </testcase>
        <testcase name="says &lt;x&gt; &gt; first" classname="./a_test.ts" time="0.000" line="1" col="44">
        </testcase>
        <testcase name="throws &gt; second" classname="./a_test.ts" time="0.001" line="4" col="46">
            <failure message="Uncaught Error: y">Error: y</failure>
        </testcase>
    </testsuite>
</testsuites>
`;

Deno.test("tallyOf() counts tests and leaves their steps out", () => {
  assertEquals(tallyOf(XML), {
    ...EMPTY_TALLY,
    passed: 2,
    failed: 1,
    failures: [THROWS],
    skipped: ["needs a loop device (skipped: not root)"],
  });
});

Deno.test("tallyOf() takes a test that is ignored without a reason for a failure", () => {
  assertEquals(tallyOf(XML.replace(" (skipped: not root)", "")), {
    ...EMPTY_TALLY,
    passed: 2,
    failed: 2,
    failures: [THROWS],
    faults: ["ignored without a reason: needs a loop device"],
  });
});

Deno.test("tallyOf() of an empty run is empty", () => {
  assertEquals(
    tallyOf(
      `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="deno test" tests="0">\n</testsuites>`,
    ),
    EMPTY_TALLY,
  );
});

Deno.test("summaryLine() tells of skipped tests only if there are any", () => {
  const tally = addTallies(tallyOf(XML), faultTally("check failed"));
  assertEquals(summaryLine(tally), "2 passed, 2 failed, 1 skipped");
  assertEquals(summaryLine(EMPTY_TALLY), "0 passed, 0 failed");
});

const FIRST: Tally = {
  ...EMPTY_TALLY,
  passed: 7,
  failed: 2,
  failures: [THROWS, { ...THROWS, name: "other" }],
};

Deno.test("afterSecondAttempt() clears what passed then, and keeps what it failed of", () => {
  const second: Tally = {
    ...EMPTY_TALLY,
    passed: 1,
    failed: 1,
    failures: [{ ...THROWS, text: "again" }],
  };
  const left = afterSecondAttempt(FIRST, second);
  assertEquals(left, {
    ...EMPTY_TALLY,
    passed: 8,
    failed: 1,
    failures: [THROWS],
    secondAttempts: [{ ...THROWS, name: "other" }],
  });
  assertEquals(summaryLine(left), "8 passed (1 at the second attempt), 1 failed");
});

Deno.test("afterSecondAttempt() clears nothing when the second run went wrong", () => {
  assertEquals(afterSecondAttempt(FIRST, faultTally("took too long")), FIRST);
  assertEquals(afterSecondAttempt(FIRST, { ...EMPTY_TALLY, passed: 1 }), FIRST);
});
