/**
 * What `/v1/services/NAME/configuration` answers: what a service is configured with, and what holds
 * where it says nothing; docs/configuration.schema.json describes it. Programs are named and not
 * shown, as nothing is that may hold a secret. Pure.
 */
import { HEALTH_DIRECTORY, HEALTH_ROWS } from "../../health/core/health_files.ts";
import { SERVICEDIR_ROWS } from "../../servicedir/core/servicedir_files.ts";
import { isValueKind, VALUE_KINDS } from "../../servicedir/core/small_value.ts";

export interface Setting {
  /** In the service directory: `timeout-kill`, `health-check/tcp`. */
  readonly file: string;
  /** Whether the file is there. */
  readonly given: boolean;
  /** What holds: the file's line if it makes sense, else what holds without it. */
  readonly value: string;
  /** Why the file does not count. */
  readonly fault: string | null;
  /** What it is for. */
  readonly about: string;
}

export interface ConfigurationDocument {
  readonly format: 1;
  readonly service: string;
  readonly directory: string;
  /** Those of health checks only if there are any. */
  readonly settings: readonly Setting[];
}

/** A file's first line, or why it can't be read; of a program or a flag, only that it is there. */
export type FoundFile = { readonly line: string } | { readonly problem: string };

/** The files that count, beside those that the supervisor makes and directories. */
export const SETTING_FILES: readonly { readonly file: string; readonly isRead: boolean }[] = [
  ...SERVICEDIR_ROWS.filter(([, { help }]) => help !== undefined)
    .map(([file, { kind }]) => ({ file, isRead: isValueKind(kind) })),
  ...HEALTH_ROWS.map(([name, { kind }]) => ({
    file: `${HEALTH_DIRECTORY}/${name}`,
    isRead: kind !== "program",
  })),
];

export function configurationDocument(
  { name, directory }: { readonly name: string; readonly directory: string },
  found: ReadonlyMap<string, FoundFile>,
): ConfigurationDocument {
  return {
    format: 1,
    service: name,
    directory,
    settings: [
      ...SERVICEDIR_ROWS.flatMap(([file, { kind, page, help }]) =>
        help === undefined ? [] : [setting(file, found.get(file), {
          about: help,
          without: page?.[1] ?? "",
          faultOf: (line) =>
            isValueKind(kind) && VALUE_KINDS[kind].parse(line) === undefined
              ? VALUE_KINDS[kind].fault(line).cause
              : undefined,
        })]
      ),
      ...(found.has(HEALTH_DIRECTORY) ? healthSettings(found) : []),
    ],
  };
}

function healthSettings(found: ReadonlyMap<string, FoundFile>): Setting[] {
  return HEALTH_ROWS.map(([name, { kind, page, help }]) => {
    const file = `${HEALTH_DIRECTORY}/${name}`;
    const { value, ...row } = setting(file, found.get(file), {
      about: help,
      without: page[1],
      faultOf: () => undefined,
    });
    return { ...row, value: kind === "url" ? withoutQuery(value) : value };
  });
}

function setting(
  file: string,
  found: FoundFile | undefined,
  { about, without, faultOf }: {
    readonly about: string;
    readonly without: string;
    readonly faultOf: (line: string) => string | undefined;
  },
): Setting {
  const usual = plain(without);
  if (found === undefined) return { file, given: false, value: usual, fault: null, about };
  const fault = "problem" in found ? found.problem : faultOf(found.line);
  const value = "problem" in found || fault !== undefined
    ? usual
    : found.line === ""
    ? "yes"
    : found.line;
  return { file, given: true, value, fault: fault ?? null, about };
}

/** A cell of docs/servicedir.md without its markup. */
function plain(cell: string): string {
  const text = cell.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("`", "");
  return text === "" ? "no" : text;
}

/** What follows the path of an address may be a key. */
function withoutQuery(address: string): string {
  return address.replace(/\?.*/, "?...").replace(/\/\/[^/@]*@/, "//...@");
}
