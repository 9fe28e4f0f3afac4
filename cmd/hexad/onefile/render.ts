/** hexad render: turns a file of services into directories. */
import { EXIT_USAGE } from "../../../lib/core/cli/exit_codes.ts";
import { UsageError } from "../../../lib/core/cli/getopt.ts";
import { shownFiles } from "../../../lib/importer/core/shown_files.ts";
import type { NamedTable } from "../../../lib/core/cli/option_table.ts";
import { printable } from "../../../lib/core/text/printable.ts";
import { absolutePath } from "../../../lib/importer/source.ts";
import { renderFiles, strangerIn } from "../../../lib/onefile/render_files.ts";
import { fileFindingLine } from "../../../lib/onefile/core/file_findings.ts";
import { MARK, RENDER_FORMS } from "../../../lib/onefile/core/render_services.ts";
import { servicesSchema } from "../../../lib/onefile/core/value_schema.ts";
import { updateTree } from "../../../lib/onefile/rendered_tree.ts";
import { BASE, OVERLAY_NAMES } from "../../../lib/rc/core/source/overlay_source.ts";
import { type Context, Failure } from "../../context.ts";
import { sayLine } from "../../messages.ts";
import { parseArguments } from "../arguments.ts";
import { languageOf } from "../script_language.ts";

const EXIT_FINDINGS = 1;

export const table = {
  summary:
    "Turns services.yaml into definitions for s6-rc, or into service directories. Several files are merged as Compose merges them. The same files give the same bytes.",
  usage: "[-t DIR] [-f FORM] [-o] FILE... | --schema",
  operands: "file",
  options: [
    {
      short: "t",
      long: "to",
      arg: "DIR",
      kind: "directory",
      text:
        "write them into this directory, which is new, empty, or an earlier rendering; without it, print them",
    },
    {
      short: "f",
      long: "form",
      arg: "FORM",
      kind: RENDER_FORMS,
      text: "definitions (for s6-rc, the default) or directories (for s6-svscan, without an order)",
    },
    { long: "schema", text: "print the JSON schema of such a file, for editors" },
    {
      short: "o",
      long: "overlay",
      text:
        "for an image of the overlay: scripts start in the container's environment, and services depend on base",
    },
  ],
  exits: [
    ["0", "rendered"],
    ["1", "a file has a mistake: nothing is written"],
    ["100", "wrong usage, or the directory holds something that was not rendered"],
    ["111", "system call failed"],
  ],
  example: "hexad render services.yaml --to rootfs/etc/s6-overlay/s6-rc.d --overlay",
} as const satisfies NamedTable;

export function main(context: Context): number {
  const { flag, value, operands } = parseArguments(context.argv, table);
  if (flag("schema")) {
    context.out(`${JSON.stringify(servicesSchema(), null, 2)}\n`);
    return 0;
  }
  if (operands.length === 0) throw new UsageError("a file is needed");
  const named = value("form") ?? RENDER_FORMS[0];
  const form = RENDER_FORMS.find((known) => known === named);
  if (form === undefined) {
    throw new UsageError(`no form that is known: ${named} (there are ${RENDER_FORMS.join(", ")})`);
  }
  const { findings, directories } = renderFiles(operands.map(absolutePath), {
    environment: context.env,
    language: languageOf("execline", undefined),
    withContenv: flag("overlay"),
    dependencies: flag("overlay") && form === "definitions" ? [BASE] : [],
    ...(flag("overlay") ? { reserved: OVERLAY_NAMES } : {}),
    form,
  });
  for (const finding of findings.all) sayLine(`${context.program}: ${fileFindingLine(finding)}`);
  if (findings.hasErrors) return EXIT_FINDINGS;
  const to = value("to");
  if (to === undefined) context.out(shownFiles(directories));
  else {
    const stranger = strangerIn(to);
    if (stranger !== undefined) {
      throw new Failure(
        EXIT_USAGE,
        `${printable(`${to}/${stranger}`)} is of no earlier rendering; name a directory of its own`,
      );
    }
    updateTree(to, directories);
    for (const { name } of directories.filter(({ name }) => name !== MARK)) {
      context.out(`${printable(`${to}/${name}`)}\n`);
    }
  }
  return 0;
}
