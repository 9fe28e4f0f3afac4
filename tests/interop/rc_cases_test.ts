/** The cases of s6-rc with the transcripts of s6-rc 0.7.0.0, run with our programs. */
import { assertEquals } from "@std/assert";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { ACCEPTED, withAccepted, withoutExtraLines } from "./rc/accepted.ts";
import { caseNames, readCase, runCase } from "./rc/case.ts";
import { parseTranscript, transcriptDifferences } from "./rc/transcript.ts";

requireToolset(OURS);

/** A case is run when all commands of its are there. */
const NAMES = caseNames().filter((name) =>
  OURS.has("s6-rc-update") || !readCase(name).steps.join("\n").includes("s6-rc-update")
);

for (const name of NAMES) {
  const found = readCase(name);
  Deno.test(`s6-rc case ${name}: ${found.note}`, async () => {
    const expected = withAccepted(name, parseTranscript(found.expected));
    const complaints = transcriptDifferences(
      withoutExtraLines(expected),
      withoutExtraLines(await runCase(found)),
    );
    assertEquals(complaints.join("\n"), "");
  });
}

Deno.test("s6-rc cases: each accepted difference is one of a case that is there", () => {
  for (const { case: name } of ACCEPTED) assertEquals(caseNames().includes(name), true, name);
  assertEquals(NAMES.length >= 26, true);
});
