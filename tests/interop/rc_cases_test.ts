/** The cases of s6-rc with the transcripts of s6-rc 0.7.0.0, run with our programs. */
import { assertEquals } from "@std/assert";
import { withAccepted } from "./rc/accepted.ts";
import { readCase, runCase } from "./rc/case.ts";
import { parseTranscript, transcriptDifferences } from "./rc/transcript.ts";

/** Cases that need no more than the sources and the compiled form. */
const COMPILED = [
  "02-no-type",
  "06-bundle-contents",
  "08-dependency-cycles",
  "10-reserved-names",
  "12-timeouts",
  "16-pipeline-errors",
  "18-usage",
  "20-db",
];

for (const name of COMPILED) {
  const found = readCase(name);
  Deno.test(`s6-rc case ${name}: ${found.note}`, async () => {
    const expected = withAccepted(name, parseTranscript(found.expected));
    assertEquals(transcriptDifferences(expected, await runCase(found)).join("\n"), "");
  });
}
