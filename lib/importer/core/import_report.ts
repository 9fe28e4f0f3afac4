/**
 * The final report of `hexad import`: what was lost, what was changed and what a person has to
 * check, one line and its places for each kind, and what to run next. Pure.
 */
import { lastComponent } from "../../core/text/path_name.ts";
import { printable } from "../../core/text/printable.ts";
import type { Imported, ImportNote, NoteKind, PlannedFile } from "./service_plan.ts";

const HEADS: Readonly<Record<NoteKind, string>> = {
  look: "please look",
  lost: "lost",
  changed: "changed",
};
const MAX_PLACES = 3;

interface ReportOptions {
  readonly parent: string;
  /** The services are in this file, and not in directories. */
  readonly file?: string;
  /** Nothing was written. */
  readonly isDry: boolean;
  /** Shows each note, and not only each kind. */
  readonly isVerbose: boolean;
}

type Services = Imported["services"];

export function reportText(
  services: readonly { readonly name: string; readonly files?: readonly PlannedFile[] }[],
  notes: readonly ImportNote[],
  { parent, file, isDry, isVerbose }: ReportOptions,
): string {
  const lines: string[] = [];
  for (const kind of Object.keys(HEADS) as NoteKind[]) {
    const own = notes.filter((note) => note.kind === kind);
    if (own.length === 0) continue;
    lines.push(`${HEADS[kind]} (${own.length}):`);
    lines.push(...(isVerbose ? own.map(noteLine) : groupLines(own)).map((line) => `  ${line}`));
  }
  if (services.length > 0 && !isDry) {
    lines.push(
      ...file === undefined
        ? nextSteps(services, parent)
        : ["next:", `  hexad check ${file}`, `  hexad up -f ${file}`],
    );
  }
  return lines.map((line) => `${printable(line)}\n`).join("");
}

/** `supervisord.conf:12: priority=10: ...`. */
function noteLine({ file, line, text }: ImportNote): string {
  return `${file}:${line}: ${text}`;
}

function groupLines(notes: readonly ImportNote[]): string[] {
  const groups = new Map<string, ImportNote[]>();
  for (const note of notes) {
    const group = groups.get(note.reason);
    if (group === undefined) groups.set(note.reason, [note]);
    else group.push(note);
  }
  return [...groups].map(([reason, group]) => {
    const [first] = group;
    if (group.length === 1) return noteLine(first!);
    const keys = [...new Set(group.map(({ text }) => keyOf(text, reason)))].filter((key) =>
      key !== ""
    );
    const places = group.slice(0, MAX_PLACES).map(({ file, line }) =>
      `${lastComponent(file)}:${line}`
    );
    const more = group.length > MAX_PLACES ? `, and ${group.length - MAX_PLACES} more` : "";
    const what = keys.length === 0 || keys.length > MAX_PLACES * 2 ? "" : `${keys.join(", ")}: `;
    return `${group.length} times: ${what}${reason} (${places.join(", ")}${more})`;
  });
}

/** The part before the reason, without the value. */
function keyOf(text: string, reason: string): string {
  if (!text.endsWith(reason)) return "";
  return /^([A-Za-z_-]+)=/.exec(text.slice(0, -reason.length))?.[1] ?? "";
}

function nextSteps(services: Parameters<typeof reportText>[0], parent: string): string[] {
  const hosted = services.filter(({ files = [] }) =>
    files.some(({ path }) => path === "log/logscript")
  );
  return [
    "next:",
    `  hexad check ${parent}`,
    `  s6-svscan ${parent}`,
    ...(hosted.length === 0 ? [] : [
      `  loggers have no process of their own (log/logscript); --log-form process writes them for C s6 too`,
    ]),
  ];
}

/**
 * What docs/import.schema.json describes.
 *
 * @param parent Where the services were written; undefined: nowhere
 */
export function importJson(
  services: Services,
  notes: readonly ImportNote[],
  parent: string | undefined,
): string {
  return JSON.stringify({
    format: 1,
    services: services.map(({ name, files }) => ({
      name,
      ...(parent === undefined
        ? { files: files.map(({ path, text, executable }) => ({ path, text, executable })) }
        : { path: `${parent}/${name}` }),
    })),
    notes,
  });
}

/** The same for one file of all services: where it was written, or its text. */
export function importYamlJson(
  services: readonly { readonly name: string }[],
  notes: readonly ImportNote[],
  yaml: { readonly path: string } | { readonly text: string },
): string {
  return JSON.stringify({
    format: 1,
    services: services.map(({ name }) => ({ name })),
    yaml,
    notes,
  });
}
