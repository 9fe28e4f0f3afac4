/**
 * Turns supervisord.conf into services. Source: supervisor, docs/configuration.rst, and
 * supervisor/options.py for what that page leaves out. Pure.
 */
import { Notes } from "./import_notes.ts";
import { Refusal } from "../../grammars/core/refusal.ts";
import type { ImportOptions } from "./language.ts";
import { importedService } from "./plan_files.ts";
import type { Imported } from "./service_plan.ts";
import {
  parsePythonSections,
  type Section,
  type SectionFile,
} from "../../grammars/core/section_file.ts";
import { ownLogs } from "./own_logs.ts";
import { daemonOf } from "./supervisord_daemon.ts";
import { programPlans } from "./supervisord_program.ts";

export interface SupervisordSource {
  /** The file's name, for messages. */
  readonly file: string;
  readonly text: string;
  /** Its directory, for %(here)s. */
  readonly here: string;
  /** The files that a pattern of [include] matches. */
  include(
    pattern: string,
    here: string,
  ): readonly { readonly file: string; readonly text: string; readonly here: string }[];
}

const SECTION_REASONS: Readonly<Record<string, string>> = {
  supervisorctl: "hexad status, start and stop need no such settings",
  unix_http_server:
    "there is no server; hexad and s6-svc use the files of a service, and SUPERVISOR_SERVER_URL is not set",
  inet_http_server:
    "there is no server; hexad and s6-svc use the files of a service, and SUPERVISOR_SERVER_URL is not set",
  group: "there are no groups; name the services",
  eventlistener: "there are no event listeners; hexad events and s6-svlisten tell what happens",
  "fcgi-program": "nobody makes the socket; let the program, or spawn-fcgi -n, make it",
  rpcinterface: "there is no RPC",
};

/** @throws {Refusal} If supervisord would refuse to start with it. */
export function importSupervisord(source: SupervisordSource, options: ImportOptions): Imported {
  const notes = new Notes();
  const heres = new Map<string, string>();
  const parsed: SectionFile[] = [];
  const add = (
    { file, text, here }: Pick<SupervisordSource, "file" | "text" | "here">,
  ): SectionFile => {
    // as supervisord says: to it, the first line is no section header then
    if (text.startsWith("\uFEFF")) {
      throw new Refusal(
        { file, line: 1, column: 1 },
        "a byte order mark, which supervisord refuses",
      );
    }
    const found = parsePythonSections(text, file);
    const [stray] = found.stray;
    if (stray !== undefined) {
      throw new Refusal(stray, `neither a section nor KEY=VALUE: ${stray.text.slice(0, 60)}`);
    }
    heres.set(file, here);
    parsed.push(found);
    return found;
  };
  for (const section of add(source).sections) {
    if (section.name !== "include") continue;
    const entry = section.take("files");
    for (const pattern of entry?.value.split(/\s+/) ?? []) {
      const found = source.include(pattern.replaceAll("%(here)s", source.here), source.here);
      if (found.length === 0) notes.entry(entry!, `no file is called ${pattern}`);
      for (const each of found) add(each);
    }
    notes.left(section, {}, "[include] has files and nothing else");
  }
  const sections = merged(parsed.flatMap((each) => each.sections));
  const groups = groupsOf(sections);
  const daemon = daemonOf(sections.find(({ name }) => name === "supervisord"), source.here, notes);
  const plans = sections.flatMap((section) => {
    const [kind = "", label = ""] = section.name.split(/:(.*)/).map((part) => part.trim());
    if (kind === "program" && label !== "") {
      const here = heres.get(section.file) ?? source.here;
      const group = groups.get(label) ?? label;
      const { logForm, kind: language } = options;
      return programPlans(section, { label, group, here, daemon, notes, logForm, language });
    }
    tellLeft(section, kind, notes);
    return [];
  });
  return {
    services: ownLogs(plans, notes).map((plan) => importedService(plan, options)),
    notes: notes.all,
  };
}

/** Merges sections of the same name, also from different files. */
function merged(sections: readonly Section[]): Section[] {
  const all = new Map<string, Section>();
  for (const section of sections) {
    const first = all.get(section.name);
    if (first === undefined) all.set(section.name, section);
    else for (const entry of section.left()) first.add(entry);
  }
  return [...all.values()];
}

/** The group of each program that belongs to one. */
function groupsOf(sections: readonly Section[]): ReadonlyMap<string, string> {
  const groups = new Map<string, string>();
  for (const section of sections) {
    const group = /^group:\s*(.*)$/.exec(section.name)?.[1];
    if (group === undefined) continue;
    const programs = section.left().findLast(({ key }) => key === "programs");
    for (const program of programs?.value.split(",") ?? []) groups.set(program.trim(), group);
  }
  return groups;
}

function tellLeft(section: Section, kind: string, notes: Notes): void {
  if (kind === "include" || kind === "supervisord") return;
  const reason = SECTION_REASONS[kind] ?? "there is nothing like it";
  const text = `[${section.name}]: ${reason}`;
  if (section.left().length === 0) notes.add(section, text, "lost", reason);
  notes.left(section, {}, text);
}
