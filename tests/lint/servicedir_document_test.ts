/** The tables of docs/servicedir.md are those of the schema. */
import { assert, assertEquals } from "@std/assert";
import { HEALTH_ROWS } from "../../lib/health/core/health_files.ts";
import {
  type FileName,
  SERVICEDIR_FILES,
  SERVICEDIR_ROWS,
  type ServicedirFile,
} from "../../lib/servicedir/core/servicedir_files.ts";

const PAGE = await Deno.readTextFile(new URL("../../docs/servicedir.md", import.meta.url));

interface PageRow {
  readonly name: string;
  readonly holds: string;
  readonly without: string;
  readonly read: string;
}

/** The cells of the first table below a heading, without its head. */
function tableOf(heading: string): readonly (readonly string[])[] {
  const section = PAGE.split(`\n## ${heading}\n`)[1]!.split("\n## ")[0]!;
  const table = section.slice(section.indexOf("\n|")).trim().split("\n\n")[0]!;
  return table.split("\n").slice(2).map((line) =>
    line.split(/(?<!\\)\|/).slice(1).map((cell) => cell.trim())
  );
}

/** The rows of the table below a heading; a row about several files counts for each. */
function rowsOf(heading: string): readonly PageRow[] {
  return tableOf(heading).flatMap((cells) => {
    const [names, holds, without, read] = cells as [string, string, string, string];
    const spread = (text: string): readonly string[] => text.split(", ");
    return spread(names).map((name) => ({
      name: name.replace(/^`|\/?`$/g, ""),
      holds,
      without,
      read,
    }));
  });
}

function expectedRows(knownBy: ServicedirFile["knownBy"]): ReadonlyMap<string, PageRow> {
  return new Map(
    SERVICEDIR_ROWS.filter(([, file]) => file.knownBy === knownBy).map(([name, { page }]) => {
      const [holds, without, read] = page!;
      return [name, { name, holds, without, read }];
    }),
  );
}

for (const [heading, knownBy] of [["Files of s6", "s6"], ["Files of hexad", "hexad"]] as const) {
  Deno.test(`docs/servicedir.md: the table "${heading}" is the schema's`, () => {
    const found = new Map(rowsOf(heading).map((row) => [row.name, row]));
    assertEquals([...found.keys()].sort(), [...expectedRows(knownBy).keys()].sort());
    for (const [name, row] of expectedRows(knownBy)) assertEquals(found.get(name), row);
  });
}

Deno.test("docs/servicedir.md: the table of health-check is the schema's", () => {
  const found = tableOf("health-check").map(([names = "", ...cells]) => [
    names.replaceAll("`", ""),
    ...cells.slice(0, 2),
  ]);
  assertEquals(found, HEALTH_ROWS.map(([name, { page }]) => [name, ...page]));
});

Deno.test("the schema: a usual value is the one that the page names, and a bound too", () => {
  for (const [name, { kind, usual, most, page }] of SERVICEDIR_ROWS) {
    if (page === undefined) continue;
    const [holds, without] = page;
    if (usual !== undefined && kind !== "signal") {
      assert(without.startsWith(String(usual)) || without === `\`${usual}\``, name);
    }
    if (most !== undefined) assert(holds.includes(String(most)), name);
  }
});

Deno.test("the schema: s6-rc-compile copies what C's page of it lists, and files of hexad", () => {
  const copied = SERVICEDIR_ROWS.filter(([, { rc }]) => rc !== undefined).map(([name]) => name);
  const ours = copied.filter((name: FileName) => SERVICEDIR_FILES[name].knownBy !== "s6");
  assertEquals(ours, [
    "flag-essential",
    "restart-policy",
    "restart-delay",
    "restart-delay-max",
    "max-restarts",
    "exit-codes-ok",
    "timeout-drain",
    "flag-kill-leftovers",
    "flag-never-twice",
    "oom-score-adj",
    "logscript",
    "health-check",
  ]);
  assertEquals(copied.length, 14 + ours.length);
});
