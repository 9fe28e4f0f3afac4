/** What hexad check says of definitions for s6-rc. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { findingLine } from "../../../lib/check/core/check_finding.ts";
import { makeTree } from "../../fixture/tree.ts";
import { BROKEN_DEFINITIONS, SOUND_DEFINITIONS } from "./broken_definitions.ts";
import { check, place } from "./check_tree.ts";

for (const { what, spec, operand, found, says } of [...SOUND_DEFINITIONS, ...BROKEN_DEFINITIONS]) {
  Deno.test(`definitions of an image: ${what}`, () => {
    using tree = makeTree(spec);
    const { findings } = check(operand, tree.root);
    assertEquals(findings.map(place), found, findings.map(findingLine).join("\n"));
    if (says !== undefined) assertStringIncludes(findingLine(findings[0]!), says);
  });
}
