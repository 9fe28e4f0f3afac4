/** hexad boot: what the services of s6-rc waited for when they were brought up, and how long. */
import { UsageError } from "../../lib/core/cli/getopt.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { schemaPath } from "../../lib/core/cli/schema_path.ts";
import { SCANDIR_OPTION, SCANDIR_VARIABLE } from "../../lib/core/cli/option_table.ts";
import { printable } from "../../lib/core/text/printable.ts";
import { tableLines } from "../../lib/core/text/text_table.ts";
import { loadBoot } from "../../lib/rc/load_boot.ts";
import { bootHeadline } from "../../lib/status/core/boot_chart.ts";
import { bootDocument } from "../../lib/status/core/boot_document.ts";
import { bootSvg } from "../../lib/status/core/boot_svg.ts";
import { bootTables } from "../../lib/status/core/boot_text.ts";
import { omissionText } from "../../lib/status/core/oneshot_report.ts";
import { textWidth } from "../../lib/terminal/text_width.ts";
import { listServices } from "../../lib/tree/services.ts";
import { type Context, Failure } from "../context.ts";
import { parseArguments } from "./arguments.ts";
import { outputForm } from "./output_form.ts";
import { chosenScandir } from "./service_operands.ts";

const EXIT_NOTHING = 1;

export const table = {
  summary:
    "Shows how the services of s6-rc came up: what waited, what ran, the chain that the end waited for, and the slowest.",
  usage: "[-j | --svg] [-S DIR]",
  operands: "none",
  options: [
    SCANDIR_OPTION,
    {
      short: "j",
      long: "json",
      text: `one JSON document; ${schemaPath("boot")} describes it`,
    },
    { long: "svg", text: "a picture: hexad boot --svg >boot.svg" },
  ],
  exits: [
    ["0", "shown"],
    ["1", "nothing is known: s6-rc has started nothing there"],
    ["100", "wrong usage, or no scan directory"],
    ["111", "system call failed"],
  ],
  example: "hexad boot\nhexad boot --svg >boot.svg",
} as const satisfies NamedTable;

export function main(context: Context): number {
  const { flag, value } = parseArguments(context.argv, table);
  if (flag("json") && flag("svg")) throw new UsageError("only one of --json and --svg is possible");
  const scandir = chosenScandir(value("scandir"), () => context.env.get(SCANDIR_VARIABLE));
  const loaded = loadBoot(scandir, listServices(scandir));
  if (loaded === undefined) {
    throw new Failure(EXIT_NOTHING, `s6-rc has started nothing in ${scandir}, as far as is known`);
  }
  const { chart, live, record } = loaded;
  if (flag("json")) {
    context.out(`${JSON.stringify(bootDocument(chart, live, record), null, 2)}\n`);
  } else if (flag("svg")) context.out(bootSvg(chart));
  else {
    const { width, paint } = outputForm(context);
    const options = { ...(width === undefined ? {} : { width }), textWidth, paint };
    const tables = bootTables(chart).map(({ columns, rows }) =>
      tableLines(columns, rows, options).map((line) => `${line.trimEnd()}\n`).join("")
    );
    context.out([`${bootHeadline(chart)}\n`, ...tables].join("\n"));
    for (const left of record.leftOut) {
      context.warn(`${printable(left.name)} was left out: ${printable(omissionText(left))}`);
    }
  }
  return 0;
}
