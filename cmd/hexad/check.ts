/**
 * hexad check: looks at service directories, scan directories and images without running anything.
 */
import {
  checkDocument,
  type CheckFinding,
  findingLine,
} from "../../lib/check/core/check_finding.ts";
import {
  type NamedTable,
  SCANDIR_OPTION,
  SCANDIR_VARIABLE,
} from "../../lib/core/cli/option_table.ts";
import { schemaPath } from "../../lib/core/cli/schema_path.ts";
import { printable } from "../../lib/core/text/printable.ts";
import { mend } from "../../lib/check/mend.ts";
import { type Checked, checkOperand } from "../../lib/check/operand.ts";
import { isServicesFile, SERVICES_DIRECTORY } from "../../lib/check/core/services_file_name.ts";
import { absolutePath } from "../../lib/importer/source.ts";
import { fileKey, isDirectory as isDirectoryMode, tryStat } from "../../lib/libc/stat.ts";
import type { Context } from "../context.ts";
import { checkOptions } from "./check_options.ts";
import { parseArguments } from "./arguments.ts";
import { chosenScandir } from "./service_operands.ts";

const EXIT_FINDINGS = 1;

export const table = {
  summary:
    "Looks at service directories, scan directories, files of services and the roots of images without running anything, and tells what is wrong, with a cure.",
  usage: "[-ej] [--fix] [-r DIR] [-S DIR] [DIR|FILE...]",
  operands: "file",
  options: [
    { short: "e", long: "errors", text: "no warnings" },
    {
      long: "fix",
      text: "mend what can be mended safely: execute bits, CR LF, misspelt names; each is told",
    },
    { short: "j", long: "json", text: `one JSON document; ${schemaPath("check")} describes it` },
    {
      short: "r",
      long: "root",
      arg: "DIR",
      kind: "directory",
      text: "an image: programs, users and absolute names are looked up within it",
    },
    SCANDIR_OPTION,
  ],
  exits: [
    ["0", "all is sound, or has been mended"],
    ["1", "something is wrong"],
    ["100", "wrong usage, or no scan directory"],
    ["111", "system call failed"],
  ],
  example: "hexad check service/web\nhexad check --fix rootfs\nhexad check services.yaml",
} as const satisfies NamedTable;

/** A finding, and the operand that led to it. */
interface Located {
  readonly finding: CheckFinding;
  readonly operand: string;
}

/** What a look at files of services finds. */
type FilesChecked = Omit<Checked, "partial">;

const NOTHING_CHECKED: Checked = { findings: [], services: 0, partial: false };

export async function main(context: Context): Promise<number> {
  const { flag, value, operands } = parseArguments(context.argv, table);
  const options = await checkOptions(context, value("root"));
  const named = operands.length > 0
    ? operands
    : [chosenScandir(value("scandir"), () => context.env.get(SCANDIR_VARIABLE))];
  const located: Located[] = [];
  let services = 0;
  let inFiles = false;
  for (const operand of differentFiles(named)) {
    const isFile = isServicesFile(operand) && !isDirectory(operand);
    const own = isFile ? NOTHING_CHECKED : checkOperand(operand, options);
    const files = await (isFile ? checkFile : checkFilesIn)(operand, context.env);
    const checked = withFiles(own, files);
    services += checked.services;
    inFiles ||= files !== undefined;
    if (checked.partial) {
      context.info(
        `${
          printable(operand)
        } is no whole image: programs, users and directories were not looked for in it`,
      );
    }
    for (const finding of checked.findings) {
      if (!flag("errors") || finding.severity === "error") located.push({ finding, operand });
    }
  }
  const fixed = flag("fix")
    ? mendAll(context, located, flag("json") ? context.info : (line) => context.out(`${line}\n`))
    : new Set<CheckFinding>();
  const findings = located.map(({ finding }) => finding);
  const isFixed = (finding: CheckFinding): boolean => fixed.has(finding);
  if (flag("json")) {
    context.out(`${JSON.stringify(checkDocument(findings, { services, isFixed }))}\n`);
  } else {for (const finding of findings) {
      if (!isFixed(finding)) context.out(`${findingLine(finding)}\n`);
    }}
  const left = findings.filter((finding) => !isFixed(finding));
  context.info(summary(left, countOf(services, inFiles)));
  return left.length > 0 ? EXIT_FINDINGS : 0;
}

/** Each file and directory once, by the first of its names. */
function differentFiles(names: readonly string[]): Iterable<string> {
  const known = new Map<string, string>();
  for (const name of names) {
    const found = tryStat(name);
    const key = typeof found === "number" ? name : fileKey(found);
    if (!known.has(key)) known.set(key, name);
  }
  return known.values();
}

function isDirectory(path: string): boolean {
  const found = tryStat(path);
  return typeof found !== "number" && isDirectoryMode(found.mode);
}

/** A file of services; its reader is large, and other checks need none of it. */
async function checkFile(
  operand: string,
  env: ReadonlyMap<string, string>,
): Promise<FilesChecked> {
  const { checkServicesFiles } = await import("../../lib/check/services_file_check.ts");
  const file = absolutePath(operand);
  const shown = (found: string): string => found === file ? operand : found;
  return checkServicesFiles([file], shown, env);
}

/** The files of services in the root of an image; undefined: there are none. */
async function checkFilesIn(
  operand: string,
  env: ReadonlyMap<string, string>,
): Promise<FilesChecked | undefined> {
  if (!isDirectory(`${operand}${SERVICES_DIRECTORY}`)) return undefined;
  const [{ checkServicesFiles, servicesFilesIn }, { OVERLAY_NAMES }] = await Promise.all([
    import("../../lib/check/services_file_check.ts"),
    import("../../lib/rc/core/source/overlay_source.ts"),
  ]);
  const root = absolutePath(operand).replace(/\/+$/, "");
  const files = servicesFilesIn(root);
  const shownRoot = operand.replace(/\/+$/, "");
  const shown = (file: string): string => `${shownRoot}${file.slice(root.length)}`;
  return checkServicesFiles(files, shown, env, OVERLAY_NAMES);
}

function withFiles(checked: Checked, files: FilesChecked | undefined): Checked {
  return files === undefined ? checked : {
    ...checked,
    services: checked.services + files.services,
    findings: [...checked.findings, ...files.findings],
  };
}

/**
 * Mends what can be mended and tells it. One file may need more than one thing; its name comes
 * last.
 */
function mendAll(
  context: Context,
  located: readonly Located[],
  tell: (line: string) => void,
): Set<CheckFinding> {
  const fixed = new Set<CheckFinding>();
  const able = located.filter(({ finding }) => finding.mend !== undefined);
  const order = [...able].sort((a, b) =>
    Number(a.finding.mend!.kind === "rename") - Number(b.finding.mend!.kind === "rename")
  );
  for (const { finding, operand } of order) {
    const below = finding.file === operand
      ? ""
      : finding.file.slice(operand.replace(/\/+$/, "").length + 1);
    const result = mend(operand, below, finding.mend!);
    if ("done" in result) {
      fixed.add(finding);
      tell(`${printable(finding.file)}: fixed: ${result.done}`);
    } else {
      context.warn(`${printable(finding.file)} is left as it is: ${result.left}`);
    }
  }
  return fixed;
}

/** How many were looked at; services of a file have no directory yet. */
function countOf(services: number, inFiles: boolean): string {
  if (inFiles) return count(services, "service");
  return `${services} service director${services === 1 ? "y" : "ies"}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function summary(left: readonly CheckFinding[], services: string): string {
  if (left.length === 0) return `${services}: sound`;
  const errors = left.filter(({ severity }) => severity === "error").length;
  return `${services}: ${count(errors, "error")}, ${count(left.length - errors, "warning")}`;
}
