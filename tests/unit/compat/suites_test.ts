/** The commands of other suites: their lists, the registry, the tarballs and the documents agree. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  COMMANDS,
  COMPAT_COMMANDS,
  COMPAT_LINKS,
  LINKS,
  SUITES,
  TOOLS,
} from "../../../cmd/registry.ts";
import { table } from "../../../cmd/hexad/program/table.ts";
import { text } from "../../../lib/core/cli/help/compat.ts";
import { placesOf } from "../../../tools/build/command_places.ts";

const NAMES = Object.values(SUITES).flat().sort();

Deno.test("each command of a suite is in the registry, and in hexad-compat alone", () => {
  assertEquals([...Object.keys(COMPAT_COMMANDS), ...Object.keys(COMPAT_LINKS)].sort(), NAMES);
  for (const name of NAMES) {
    assertEquals([COMMANDS, TOOLS, LINKS].some((group) => Object.hasOwn(group, name)), false, name);
    const place = SUITES.baseimage!.includes(name) ? "sbin" : "bin";
    assertEquals(placesOf(name, "compat"), SUITES.dockerfiles!.includes(name) ? [] : [place]);
    for (const tarball of ["base", "overlay", "symlinks"] as const) {
      assertEquals(placesOf(name, tarball), [], `${name} in ${tarball}`);
    }
  }
});

Deno.test("the suites are those of --compat, and docs/commands.md and hexad help compat name each command", async () => {
  const kinds = table.options.flatMap((option) => option.long === "compat" ? option.kind : []);
  assertEquals<readonly string[]>(kinds, Object.keys(SUITES));
  const document = await Deno.readTextFile(
    new URL("../../../docs/commands.md", import.meta.url),
  );
  for (const [suite, names] of Object.entries(SUITES)) {
    for (const name of names) {
      assertStringIncludes(document.replace(/ +/g, " "), `| \`${name}\` | ${suite} |`);
      assertEquals(new RegExp(`\\b${name}\\b`).test(text), true, name);
    }
  }
});
