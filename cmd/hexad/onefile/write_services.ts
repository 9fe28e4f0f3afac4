/** `hexad import --yaml`: one file of all services. */
import { importYamlJson, reportText } from "../../../lib/importer/core/import_report.ts";
import type { Language } from "../../../lib/importer/core/language.ts";
import type { ImportNote } from "../../../lib/importer/core/service_plan.ts";
import { draftsOf, faultsOf } from "../../../lib/convert/as_services.ts";
import type { AnyImported } from "../../../lib/convert/convert.ts";
import { servicesText } from "../../../lib/convert/services_text.ts";
import { EXIT_USAGE } from "../../../lib/core/cli/exit_codes.ts";
import { printable } from "../../../lib/core/text/printable.ts";
import { tryLstat } from "../../../lib/libc/stat.ts";
import { writeNew } from "../../../lib/files/new_file.ts";
import { type Context, Failure } from "../../context.ts";
import { sayLine } from "../../messages.ts";

interface YamlOptions {
  /** Undefined: standard output. */
  readonly file: string | undefined;
  readonly isDry: boolean;
  readonly isJson: boolean;
  readonly isVerbose: boolean;
  readonly language: Language;
}

/** All that is to be said, which has been said then. */
export function writeYaml(
  context: Context,
  imported: readonly AnyImported[],
  { file, isDry, isJson, isVerbose, language }: YamlOptions,
): readonly ImportNote[] {
  const all = imported.map(({ services, drafts, notes }) => {
    const made = drafts === undefined ? draftsOf(services) : { drafts, notes: [] };
    return { drafts: made.drafts, notes: [...notes, ...made.notes] };
  });
  const drafts = all.flatMap((each) => each.drafts);
  const notes = [...all.flatMap((each) => each.notes), ...faultsOf(drafts, language)];
  const text = servicesText(drafts);
  const written = isDry ? undefined : file;
  if (written !== undefined) {
    if (typeof tryLstat(written) !== "number") {
      throw new Failure(
        EXIT_USAGE,
        `${printable(written)} is there already; name another file with --to, or remove it`,
      );
    }
    writeNew(written, text);
  }
  if (isJson) {
    const yaml = written === undefined ? { text } : { path: written };
    context.out(`${importYamlJson(drafts, notes, yaml)}\n`);
    return notes;
  }
  const report = reportText(drafts, notes, {
    parent: "",
    ...(written === undefined ? {} : { file: written }),
    isDry: written === undefined,
    isVerbose,
  });
  if (written === undefined) {
    context.out(text);
    // standard output may go into the file
    for (const line of report.split("\n").slice(0, -1)) sayLine(line);
  } else context.out(`${printable(written)}\n${report}`);
  if (drafts.length === 0) context.warn("no service was found");
  return notes;
}
