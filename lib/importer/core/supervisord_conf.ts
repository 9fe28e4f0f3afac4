/**
 * supervisord.conf as services. Source: supervisor, docs/configuration.rst; supervisor/options.py
 * where the page is silent. Pure.
 */
import { MAX_UINT } from "../../core/linux/config_file.ts";
import { Notes } from "./import_notes.ts";
import { type Language, serviceFilesOf } from "./service_files_of.ts";
import { type Imported, plainPlan, serviceName, type ServicePlan } from "./service_plan.ts";
import { type Entry, parsePythonSections, type Section, type SectionFile } from "./section_file.ts";
import { outputOf, SYSLOG_REASON } from "./supervisord_output.ts";
import {
  commandOf,
  environmentOf,
  expand,
  type Expansions,
  isTrue,
  numberOf,
  UNRESOLVED,
} from "./supervisord_values.ts";
import { signalNumber } from "../../core/linux/signals.ts";

export interface SupervisordSource {
  /** The file's name, for messages. */
  readonly file: string;
  readonly text: string;
  /** Its directory, for %(here)s. */
  readonly here: string;
  /** The files that a pattern of [include] means. */
  include(
    pattern: string,
    here: string,
  ): readonly { readonly file: string; readonly text: string; readonly here: string }[];
}

const DEFAULT_STOP_SECONDS = 10;
const MAX_PROCESSES = 1000;
const MAX_RESTARTS = 4096;

const REASONS: Readonly<Record<string, string>> = {
  priority: "all services start at once; let those that need others wait for them (s6-svwait -U)",
  stopasgroup:
    "the stop signal goes to the process itself; let run exec it, or write flag-kill-leftovers",
  startsecs:
    "a service is up when it says so (notification-fd) and starts again after a second at the earliest",
  numprocs_start: "numprocs is not above 1",
  serverurl: "there is no server to talk to",
  stdout_events_enabled: "there are no event listeners",
  stderr_events_enabled: "there are no event listeners",
  stdout_capture_maxbytes: "there is no capture mode",
  stderr_capture_maxbytes: "there is no capture mode",
  stdout_syslog: SYSLOG_REASON,
  stderr_syslog: SYSLOG_REASON,
};

const SECTION_REASONS: Readonly<Record<string, string>> = {
  supervisord: "it is of supervisord itself",
  supervisorctl: "hexad status, start and stop need no such settings",
  unix_http_server: "there is no server; hexad and s6-svc use the files of a service",
  inet_http_server: "there is no server; hexad and s6-svc use the files of a service",
  group: "there are no groups; name the services",
  eventlistener: "there are no event listeners; hexad events and s6-svlisten tell what happens",
  "fcgi-program": "nobody makes the socket; let the program, or spawn-fcgi -n, make it",
  rpcinterface: "there is no RPC",
};

export function importSupervisord(source: SupervisordSource, language: Language): Imported {
  const notes = new Notes();
  const files: { readonly parsed: SectionFile; readonly here: string }[] = [];
  const add = (
    { file, text, here }: Pick<SupervisordSource, "file" | "text" | "here">,
  ): SectionFile => {
    const parsed = parsePythonSections(text, file);
    files.push({ parsed, here });
    for (const stray of parsed.stray) notes.stray(stray);
    return parsed;
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
  const shared = files.flatMap(({ parsed }) => commonEnvironment(parsed.sections, notes));
  const plans = files.flatMap(({ parsed, here }) =>
    parsed.sections.flatMap((section) => planSection(section, { here, shared, notes }))
  );
  return {
    services: plans.map((plan) => ({ name: plan.name, files: serviceFilesOf(plan, language) })),
    notes: notes.all,
  };
}

interface Surroundings {
  readonly here: string;
  readonly shared: readonly (readonly [string, string])[];
  readonly notes: Notes;
}

function commonEnvironment(
  sections: readonly Section[],
  notes: Notes,
): readonly (readonly [string, string])[] {
  return sections.filter(({ name }) => name === "supervisord").flatMap((section) => {
    const entry = section.take("environment");
    return entry === undefined ? [] : environmentOf(entry, {}, notes);
  });
}

function planSection(section: Section, surroundings: Surroundings): ServicePlan[] {
  const [kind = "", label = ""] = section.name.split(/:(.*)/);
  if (kind === "program" && label !== "") return planProgram(section, label.trim(), surroundings);
  if (kind === "include") return [];
  const reason = SECTION_REASONS[kind] ?? "there is nothing like it";
  if (section.left().length === 0) surroundings.notes.add(section, `[${section.name}]: ${reason}`);
  surroundings.notes.left(section, {}, `[${section.name}]: ${reason}`);
  return [];
}

function planProgram(section: Section, label: string, surroundings: Surroundings): ServicePlan[] {
  const { notes, here } = surroundings;
  const command = section.take("command");
  if (command === undefined) {
    notes.add(section, `[${section.name}]: it has no command`);
    notes.left(section, REASONS, `[${section.name}] has no command`);
    return [];
  }
  const count = numberOf(section.take("numprocs"), 1, notes);
  const first = count > 1 ? numberOf(section.take("numprocs_start"), 0, notes) : 0;
  const nameEntry = section.take("process_name");
  const pattern = nameEntry?.value ?? "%(program_name)s";
  if (count > MAX_PROCESSES) {
    notes.add(section, `[${section.name}]: more than ${MAX_PROCESSES} processes`);
    return [];
  }
  const entries = entriesOf(section);
  const plans = Array.from({ length: Math.max(1, count) }, (_, i) => {
    const values = {
      program_name: label,
      group_name: label,
      process_num: first + i,
      numprocs: count,
      here,
    };
    const expanded = serviceName(expand(pattern, values));
    const name = count > 1 && !/process_num/.test(pattern) ? `${expanded}-${first + i}` : expanded;
    return planProcess({ ...entries, command }, { name, values }, surroundings);
  });
  notes.left(section, REASONS, "there is nothing like it");
  return plans;
}

const KEYS = [
  "directory",
  "user",
  "umask",
  "environment",
  "autostart",
  "autorestart",
  "exitcodes",
  "startretries",
  "stopsignal",
  "stopwaitsecs",
  "killasgroup",
  "redirect_stderr",
  "stdout_logfile",
  "stdout_logfile_maxbytes",
  "stdout_logfile_backups",
  "stderr_logfile",
  "stderr_logfile_maxbytes",
  "stderr_logfile_backups",
] as const;

type Entries = Readonly<Partial<Record<(typeof KEYS)[number], Entry>>>;

function entriesOf(section: Section): Entries {
  return Object.fromEntries(
    KEYS.map((key) => [key, section.take(key)] as const).filter(([, entry]) => entry !== undefined),
  );
}

interface Process {
  readonly name: string;
  readonly values: Expansions;
}

function planProcess(
  entries: Entries & { readonly command: Entry },
  { name, values }: Process,
  { notes, shared }: Surroundings,
): ServicePlan {
  const text = (key: "directory" | "user" | "umask"): string | undefined => {
    const entry = entries[key];
    if (entry === undefined) return undefined;
    const value = expand(entry.value, values);
    if (!UNRESOLVED.test(value)) return value;
    notes.entry(entry, "only the environment of the container tells; write it out");
    return undefined;
  };
  const [user, directory, umask] = [text("user"), text("directory"), text("umask")];
  const environment = new Map(shared);
  if (entries.environment !== undefined) {
    for (const [key, value] of environmentOf(entries.environment, values, notes)) {
      environment.set(key, value);
    }
  }
  const output = outputOf(entries, name, values, notes);
  return {
    ...plainPlan(name, commandOf(entries.command, values, notes)),
    environment: [...environment],
    redirections: output.redirections,
    files: smallFiles(entries, notes),
    comments: [`from ${entries.command.file}:${entries.command.line}`],
    ...(output.log === undefined ? {} : { log: output.log }),
    ...(user === undefined ? {} : { user }),
    ...(directory === undefined ? {} : { directory }),
    ...(umask === undefined ? {} : { umask }),
    ...finishOf(entries, notes),
  };
}

function smallFiles(entries: Entries, notes: Notes): Record<string, string> {
  const files: Record<string, string> = {};
  if (entries.autostart !== undefined && !isTrue(entries.autostart)) files["down"] = "";
  const policy = entries.autorestart?.value.toLowerCase() ?? "unexpected";
  if (policy === "unexpected") files["restart-policy"] = "on-failure";
  else if (!isTrue(entries.autorestart)) files["restart-policy"] = "never";
  const signal = entries.stopsignal?.value ?? "TERM";
  if (!signalNumber(signal)) notes.entry(entries.stopsignal!, "not a signal; TERM is taken");
  else if (signal.toUpperCase().replace(/^SIG/, "") !== "TERM") {
    files["down-signal"] = signal.toUpperCase().replace(/^SIG/, "");
  }
  files["timeout-kill"] = String(
    Math.min(MAX_UINT, 1000 * numberOf(entries.stopwaitsecs, DEFAULT_STOP_SECONDS, notes)),
  );
  if (isTrue(entries.killasgroup)) files["flag-timeout-killpg"] = "";
  if (entries.startretries !== undefined && files["restart-policy"] === "never") {
    notes.entry(entries.startretries, "it is not started again");
  } else if (entries.startretries !== undefined) {
    const retries = Math.min(MAX_RESTARTS, numberOf(entries.startretries, 3, notes));
    // supervisord waits one second more before each try
    files["max-restarts"] = `${retries}/${Math.max(1, retries * (retries + 1) / 2 + retries)}`;
    files["restart-delay"] = "1000";
  }
  return files;
}

/** Exit codes other than 0 that are expected: no other life after them. */
function finishOf({ exitcodes, autorestart }: Entries, notes: Notes): Pick<ServicePlan, "finish"> {
  if (
    exitcodes !== undefined && (autorestart?.value.toLowerCase() ?? "unexpected") !== "unexpected"
  ) {
    notes.entry(exitcodes, "whether it is started again does not hang on its exit code");
    return {};
  }
  const codes =
    exitcodes?.value.split(/[,\s]+/).filter((code) => /^\d+$/.test(code) && code !== "0") ?? [];
  if (codes.length === 0) return {};
  return {
    finish: [
      "# exit codes that are expected: it has done its work",
      `case "$1" in ${codes.join("|")}) exit 125 ;; esac`,
      "exit 0",
    ],
  };
}
