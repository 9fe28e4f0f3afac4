/**
 * Which log services get a logscript in place of their `run`. Whom they log as depends on who runs
 * the tests.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { logscriptFor } from "../../../lib/overlay/hosted_logutil.ts";
import { makeTree, type TreeSpec } from "../../fixture/tree.ts";

const RUN = "#!/bin/sh\nexec logutil-service /var/log/web\n";

function logscriptOf(spec: TreeSpec, script = "t  n5"): string | undefined {
  using tree = makeTree(spec);
  return logscriptFor(tree.path("log"), () => script);
}

Deno.test("a run that only becomes logutil-service: its options, the directives of now, its directory, each quoted", () => {
  assertMatch(
    logscriptOf({ "log/run!": RUN })!,
    /^("user:(nobody|65534:65534)" )?"-b" "--" "t" "n5" "\/var\/log\/web"\n$/,
  );
  assertMatch(logscriptOf({ "log/run": RUN }, '!"a\\b" e')!, / "--" "!\\"a\\\\b\\"" "e" "\/var/);
});

Deno.test("a run that is a link to such a script: what the link leads to counts", () => {
  assertEquals(
    logscriptOf({ "log/run=": "../shared", "shared!": RUN }),
    logscriptOf({ "log/run!": RUN }),
  );
});

for (
  const [what, spec] of [
    ["a run that does more", { "log/run!": `${RUN}echo\n` }],
    ["a run that is a directory", { "log/run/": "" }],
    ["a run that is a FIFO, which nobody writes into", { "log/run|": "" }],
    ["a run that is a link to nothing", { "log/run=": "nowhere" }],
    ["no run", { "log/": "" }],
    ["lock-fd", { "log/run!": RUN, "log/lock-fd": "3\n" }],
    ["flag-newpidns", { "log/run!": RUN, "log/flag-newpidns": "" }],
    ["a logscript beside it, which does not count then either", {
      "log/run!": RUN,
      "log/logscript": "./main\n",
    }],
  ] as const satisfies readonly (readonly [string, TreeSpec])[]
) {
  Deno.test(`${what}: it is run as it is`, () => {
    using tree = makeTree(spec);
    assertEquals(logscriptFor(tree.path("log"), () => "n5"), undefined);
  });
}
