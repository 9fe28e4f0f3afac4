/** hexad graph: which service waits for which, and why one is started. */
import { UsageError } from "../../lib/core/cli/getopt.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { schemaPath } from "../../lib/core/cli/schema_path.ts";
import { printable } from "../../lib/core/text/printable.ts";
import { suggestion } from "../../lib/core/text/edit_distance.ts";
import { findingsOf } from "../../lib/rc/core/source/finding.ts";
import { dotText } from "../../lib/rc/core/graph_dot.ts";
import { graphDocument } from "../../lib/rc/core/graph_document.ts";
import { treeLines } from "../../lib/rc/core/graph_tree.ts";
import { whyLines } from "../../lib/rc/core/graph_why.ts";
import type { ReadDatabase } from "../../lib/rc/core/source/leave_out.ts";
import { loadGraph } from "../../lib/rc/load_graph.ts";
import { type Context, Failure } from "../context.ts";
import { parseArguments } from "./arguments.ts";

const EXIT_LEFT_OUT = 1;
const EXIT_UNKNOWN = 3;

export const table = {
  summary:
    "Shows the dependencies of services for s6-rc: as a tree, for Graphviz, or as JSON; or why one service is started.",
  usage: "[-t | -d | -j] [--why NAME] [DIR...]",
  operands: "directory",
  options: [
    {
      short: "t",
      long: "tree",
      text: "what nothing needs at the left, and below each what it waits for; the default",
    },
    { short: "d", long: "dot", text: "a graph for Graphviz: hexad graph --dot | dot -Tsvg" },
    { short: "j", long: "json", text: `one JSON document; ${schemaPath("graph")} describes it` },
    {
      long: "why",
      arg: "NAME",
      kind: "text",
      text: "why this service is started, what it waits for and who needs it",
    },
  ],
  exits: [
    ["0", "shown"],
    ["1", "shown, and something is broken and left out"],
    ["3", "no such service"],
    ["4", "a compiled database is invalid"],
    ["100", "wrong usage"],
    ["111", "system call failed"],
  ],
  example:
    "hexad graph\nhexad graph --why init-services rootfs\nhexad graph --dot /etc/s6-overlay/s6-rc.d | dot -Tsvg >services.svg",
} as const satisfies NamedTable;

export function main(context: Context): number {
  const { flag, value, operands } = parseArguments(context.argv, table);
  const forms = (["tree", "dot", "json"] as const).filter((form) => flag(form));
  const name = value("why");
  if (forms.length + (name === undefined ? 0 : 1) > 1) {
    throw new UsageError("only one of --tree, --dot, --json and --why is possible");
  }
  const loaded = loadGraph(operands);
  if ("problem" in loaded) throw new Failure(loaded.exitCode, loaded.problem);
  if (flag("json")) context.out(`${JSON.stringify(graphDocument(loaded))}\n`);
  else {
    tellLeftOut(context, loaded);
    if (name !== undefined) context.out(text(whyOf(loaded, name)));
    else context.out(flag("dot") ? dotText(loaded.database) : text(treeLines(loaded.database)));
  }
  return loaded.leftOut.length > 0 ? EXIT_LEFT_OUT : 0;
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function tellLeftOut(context: Context, { notes, leftOut }: ReadDatabase): void {
  for (const { file, line, cause, cure } of findingsOf(notes)) {
    context.warn(
      `${file}${line === undefined ? "" : `:${line}`}: ${cause}${cure === "" ? "" : `; ${cure}`}`,
    );
  }
  for (const { name, becauseOf } of leftOut) {
    context.warn(
      name === becauseOf
        ? `${name} is left out: it is broken`
        : `${name} is left out because of ${becauseOf}`,
    );
  }
}

function whyOf({ database, leftOut }: ReadDatabase, name: string): string[] {
  const lines = whyLines(database, name);
  if (lines !== undefined) return lines;
  const left = leftOut.find((each) => each.name === name);
  if (left !== undefined) {
    return [`${name} is left out: ${left.finding?.cause ?? `it needs ${left.becauseOf}`}`];
  }
  const known = [...database.services.map((service) => service.name), ...database.bundles.keys()];
  throw new Failure(
    EXIT_UNKNOWN,
    `there is no service or bundle ${name}${suggestion(name, known)}`,
  );
}
