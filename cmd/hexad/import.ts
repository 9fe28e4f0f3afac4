/** hexad import: makes service directories of other supervisors' configurations. */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { shownFiles } from "../../lib/importer/core/shown_files.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { schemaPath } from "../../lib/core/cli/schema_path.ts";
import { printable } from "../../lib/core/text/printable.ts";
import { importJson, reportText } from "../../lib/importer/core/import_report.ts";
import { Refusal } from "../../lib/grammars/core/refusal.ts";
import { type Imported, type LogForm, nameFault } from "../../lib/importer/core/service_plan.ts";
import {
  ALL_FORMATS,
  type AnyFormat,
  anyFormatOf,
  type AnyImported,
  importAny,
} from "../../lib/convert/convert.ts";
import { importRcTree, isRcTree } from "../../lib/importer/rc_tree.ts";
import { isPathOfDirectory } from "../../lib/importer/source.ts";
import { ExistsError, writeService } from "../../lib/newservice/write.ts";
import { tryLstat } from "../../lib/libc/stat.ts";
import { type Context, Failure } from "../context.ts";
import { parseArguments } from "./arguments.ts";
import { languageOf } from "./script_language.ts";
import { writeYaml } from "./onefile/write_services.ts";
import { tellFaults } from "./service_faults.ts";

const EXIT_NOTES = 1;
const LOG_FORMS = ["process", "logscript"] as const;

export const table = {
  summary:
    "Makes service directories, or one services.yaml, of a supervisord.conf, a Procfile, directories of runit, systemd units, or a file of Compose or process-compose, and lists what can't be carried over.",
  usage:
    "[-y] [-t DIR] [-f FORMAT] [-n] [-s] [-v] [-j] [-x] [-i PATH] [--log-form FORM] [--to-services] FILE|DIR...",
  operands: "file",
  options: [
    {
      short: "t",
      long: "to",
      arg: "DIR",
      kind: "directory",
      text:
        "make them in this directory; default: the current one. With --yaml: the file; default: standard output",
    },
    {
      short: "y",
      long: "yaml",
      text: "make one services.yaml of all, and no directories",
    },
    {
      short: "f",
      long: "format",
      arg: "FORMAT",
      kind: ALL_FORMATS,
      text: `${ALL_FORMATS.join(", ")}; default: what it looks like`,
    },
    { short: "n", long: "dry-run", text: "print what would be written, and write nothing" },
    { short: "s", long: "strict", text: "exit with 1 if something can't be carried over" },
    {
      short: "v",
      long: "verbose",
      text: "tell each line of what is lost or changed, not each kind",
    },
    {
      short: "j",
      long: "json",
      text: `print what was made and what is to be said as a JSON document; ${
        schemaPath("import")
      } describes it`,
    },
    {
      long: "log-form",
      arg: "FORM",
      kind: LOG_FORMS,
      text:
        "loggers as a logscript (no process of its own, the default) or a process (s6-log, for C s6 too)",
    },
    {
      long: "to-services",
      text: "a source of definitions for s6-rc: make service directories of its longruns",
    },
    {
      short: "x",
      long: "execline",
      text: "write scripts for execlineb; default: for sh. Scripts of runit stay what they are",
    },
    {
      short: "i",
      long: "interpreter",
      arg: "PATH",
      kind: "file",
      text: "what stands behind #!; default: /bin/sh, or the execlineb of this machine",
    },
  ],
  exits: [
    ["0", "made"],
    ["1", "with --strict: made, and something was not carried over"],
    [
      "100",
      "wrong usage, no such format, a file that its origin would refuse too, or there is something of one of the names; nothing was made",
    ],
    ["111", "system call failed"],
  ],
  example: "hexad import /etc/supervisord.conf --to /etc/services.d",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const { flag, value, operands } = parseArguments(context.argv, table);
  if (operands.length === 0) throw new UsageError("a file or a directory is needed");
  const trees = operands.filter((path) => isPathOfDirectory(path) && isRcTree(path));
  if (trees.length > 0 && !flag("to-services")) return tellNothingToDo(context, trees);
  const isYaml = flag("yaml");
  if (isYaml) {
    refuseForYaml({
      execline: flag("execline"),
      interpreter: value("interpreter") !== undefined,
      "log-form": value("log-form") !== undefined,
      "to-services": flag("to-services"),
    });
  }
  // what a file of services becomes is in execline
  const language = languageOf(
    isYaml || flag("execline") ? "execline" : "sh",
    value("interpreter"),
  );
  const named = namedFormat(value("format"));
  const logForm = namedLogForm(value("log-form") ?? "logscript");
  const imported = refusing(() =>
    operands.map((path): AnyImported =>
      trees.includes(path) ? importRcTree(path) : importAny(path, named ?? foundFormat(path), {
        ...language,
        logForm,
        environment: context.env,
        isYaml,
      })
    )
  );
  const services = imported.flatMap((each) => each.services);
  const notes = imported.flatMap((each) => each.notes);
  if (isYaml) {
    const found = writeYaml(context, imported, {
      file: value("to"),
      isDry: flag("dry-run"),
      isJson: flag("json"),
      isVerbose: flag("verbose"),
      language,
    });
    return flag("strict") && found.length > 0 ? EXIT_NOTES : 0;
  }
  const parent = value("to") ?? ".";
  refuseNames(services, parent);
  const isDry = flag("dry-run");
  const isJson = flag("json");
  if (!isDry) write(services, parent);
  if (isJson) context.out(`${importJson(services, notes, isDry ? undefined : parent)}\n`);
  else {
    if (isDry) context.out(shownFiles(services));
    else for (const { name } of services) context.out(`${printable(`${parent}/${name}`)}\n`);
    context.out(reportText(services, notes, { parent, isDry, isVerbose: flag("verbose") }));
  }
  if (!isDry) { for (const { name } of services) await tellFaults(context, `${parent}/${name}`); }
  if (services.length === 0) context.warn("no service was found");
  return flag("strict") && notes.length > 0 ? EXIT_NOTES : 0;
}

/** @param given Options that say how directories are made */
function refuseForYaml(given: Readonly<Record<string, boolean>>): void {
  const name = Object.keys(given).find((option) => given[option]);
  if (name !== undefined) {
    throw new UsageError(`--${name} is for directories, and --yaml makes none`);
  }
}

/** Definitions for s6-rc are services already. */
function tellNothingToDo(context: Context, trees: readonly string[]): number {
  for (const tree of trees) {
    context.out(
      `${
        printable(tree)
      }: definitions for s6-rc: there is nothing to import, since /init boots them as they are, from /etc/s6-overlay/s6-rc.d; --to-services makes service directories of them, and tells what is lost\n`,
    );
  }
  return 0;
}

/** What its origin refuses is refused in its words and with its place. */
function refusing<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) throw new Failure(EXIT_USAGE, printable(error.message));
    throw error;
  }
}

function namedLogForm(name: string): LogForm {
  const form = LOG_FORMS.find((known) => known === name);
  if (form !== undefined) return form;
  throw new UsageError(`no form of a logger: ${name} (there are ${LOG_FORMS.join(", ")})`);
}

function namedFormat(name: string | undefined): AnyFormat | undefined {
  if (name === undefined) return undefined;
  const format = ALL_FORMATS.find((known) => known === name);
  if (format === undefined) {
    throw new UsageError(`no format that is known: ${name} (there are ${ALL_FORMATS.join(", ")})`);
  }
  return format;
}

function foundFormat(path: string): AnyFormat {
  const format = anyFormatOf(path);
  if (format === undefined) {
    throw new UsageError(
      `${path} looks like none of ${ALL_FORMATS.join(", ")}; name its format with --format`,
    );
  }
  return format;
}

type Services = Imported["services"];

/** All or nothing: two of one name, or one that is there, and nothing is made. */
function refuseNames(services: Services, parent: string): void {
  const seen = new Set<string>();
  for (const { name } of services) {
    const fault = nameFault(name);
    if (fault !== undefined) {
      throw new Failure(EXIT_USAGE, `no name for a service: ${name} (${fault})`);
    }
    if (seen.has(name)) {
      throw new Failure(
        EXIT_USAGE,
        `there are two services called ${name}; import them one after the other into different directories`,
      );
    }
    seen.add(name);
    if (typeof tryLstat(`${parent}/${name}`) !== "number") {
      throw new Failure(
        EXIT_USAGE,
        `${parent}/${name} is there already; name another directory with --to, or remove it`,
      );
    }
  }
}

function write(services: Services, parent: string): void {
  for (const { name, files } of services) {
    try {
      writeService(parent, name, files);
    } catch (error) {
      if (error instanceof ExistsError) throw new Failure(EXIT_USAGE, error.message);
      throw error;
    }
  }
}
