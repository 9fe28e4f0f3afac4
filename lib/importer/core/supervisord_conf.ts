/**
 * supervisord.conf as services. Source: supervisor, docs/configuration.rst; supervisor/options.py
 * where the page is silent. Pure.
 */
import { Notes } from "./import_notes.ts";
import { type Language, serviceFilesOf } from "./service_files_of.ts";
import {
  type Imported,
  plainPlan,
  type PlannedLog,
  type PlannedRedirection,
  serviceName,
  type ServicePlan,
} from "./service_plan.ts";
import { type Entry, parsePythonSections, type Section, type SectionFile } from "./section_file.ts";
import { quoteForShell } from "../../core/shell/quoting.ts";
import { splitShellWords } from "../../core/shell/shell_words.ts";
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
const DEFAULT_MAX_BYTES = 50 * 1024 * 1024;
const DEFAULT_BACKUPS = 10;
const LARGEST_FILE = 268435455;
const SMALLEST_FILE = 4096;
const MAX_PROCESSES = 1000;
const MAX_WIDTH = 20;
const MAX_UINT = 4294967295;
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
  stdout_syslog: "let the logger pass lines on, by a processor of s6-log",
  stderr_syslog: "let the logger pass lines on, by a processor of s6-log",
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

type Expansions = Readonly<Record<string, string | number>>;

/** `%(name)s`, `%(process_num)02d`. What stands in the environment is left as `%(ENV_X)s`. */
function expand(text: string, values: Expansions): string {
  return text.replace(
    /%\(([A-Za-z0-9_]+)\)(0?)(\d*)([sd])|%%/g,
    (whole, name: string | undefined, zero: string, width: string) => {
      if (name === undefined) return "%";
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      return value === undefined
        ? whole
        : String(value).padStart(Math.min(MAX_WIDTH, Number(width || 0)), zero === "0" ? "0" : " ");
    },
  );
}

const UNRESOLVED = /%\(([A-Za-z0-9_]+)\)0?\d*[sd]/;

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

function numberOf(entry: Entry | undefined, usual: number, notes: Notes): number {
  if (entry === undefined) return usual;
  if (/^\d+$/.test(entry.value)) return Number(entry.value);
  notes.entry(entry, `not a number; ${usual} is taken`);
  return usual;
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

/** Words as shlex has them; with variables of the container, a line for a shell. */
function commandOf(entry: Entry, values: Expansions, notes: Notes): ServicePlan["command"] {
  const words = splitShellWords(expand(entry.value.replaceAll("\n", " "), values));
  if (words === undefined) {
    notes.entry(entry, "its quotes don't match; it is given to a shell as it is");
    return { kind: "shell", line: expand(entry.value, values) };
  }
  if (!words.some((word) => UNRESOLVED.test(word))) return { kind: "words", words };
  const unknown = words.flatMap((word) => [...word.matchAll(new RegExp(UNRESOLVED, "g"))]).find((
    [, name],
  ) => !name!.startsWith("ENV_"));
  if (unknown !== undefined) notes.entry(entry, `${unknown[0]} is not known`);
  return { kind: "shell", line: words.map(shellWord).join(" ") };
}

/** A word with `%(ENV_X)s` in it, as `"$X"`. */
function shellWord(word: string): string {
  const parts = word.split(/%\(ENV_([A-Za-z0-9_]+)\)s/);
  if (parts.length === 1) return quoteForShell(word);
  return `"${
    parts.map((part, i) => i % 2 === 1 ? `\${${part}}` : part.replace(/[\\"$`]/g, "\\$&")).join("")
  }"`;
}

/** `KEY="value",KEY2=value`. */
function environmentOf(
  entry: Entry,
  values: Expansions,
  notes: Notes,
): (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  const text = entry.value.replaceAll("\n", " ");
  for (
    const [whole, name, double, single, bare] of text.matchAll(
      /\s*([^=,\s]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|'([^']*)'|([^,]*))\s*(?:,|$)|[^,]+,?/g,
    )
  ) {
    if (name === undefined || /[/\0]|^\./.test(name)) {
      if (whole.trim() !== "") notes.entry(entry, `not KEY=value: ${whole.trim()}`);
      continue;
    }
    const value = expand(
      double?.replace(/\\(["\\])/g, "$1") ?? single ?? (bare ?? "").trim(),
      values,
    );
    if (UNRESOLVED.test(value)) {
      notes.entry(
        entry,
        `${name} is left out: only the environment of the container tells what it is`,
      );
    } else found.push([name, value]);
  }
  return found;
}

function isTrue(entry: Entry | undefined): boolean {
  return entry !== undefined && /^(?:true|yes|on|1)$/i.test(entry.value);
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

interface Output {
  readonly log?: PlannedLog;
  readonly redirections: readonly PlannedRedirection[];
}

const STANDARD = /^\/dev\/(?:stdout|stderr|fd\/[12])$/;

function outputOf(entries: Entries, name: string, values: Expansions, notes: Notes): Output {
  const joined = isTrue(entries.redirect_stderr);
  if (joined && entries.stderr_logfile !== undefined) {
    notes.entry(entries.stderr_logfile, "standard error is joined to standard output");
  }
  const out = destination(entries.stdout_logfile, values, notes);
  const err = joined ? "stdout" : destination(entries.stderr_logfile, values, notes);
  const redirections: PlannedRedirection[] = [];
  const isLogged = out !== "none" && out !== "standard";
  if (out === "none") redirections.push({ fd: 1, to: "/dev/null" });
  if (err === "stdout" || (err === "auto" && isLogged)) redirections.push({ fd: 2, to: "&1" });
  else if (err === "none") redirections.push({ fd: 2, to: "/dev/null" });
  else if (err !== "standard" && err !== "auto") {
    redirections.push({ fd: 2, to: err });
    notes.entry(
      entries.stderr_logfile!,
      "it is appended to and not rotated; redirect_stderr would give it to the logger",
    );
  }
  for (const key of ["stderr_logfile_maxbytes", "stderr_logfile_backups"] as const) {
    if (entries[key] !== undefined && entries[key].value !== "0") {
      notes.entry(
        entries[key],
        "the logger reads standard output, and standard error if it is joined",
      );
    }
  }
  if (!isLogged) {
    for (const key of ["stdout_logfile_maxbytes", "stdout_logfile_backups"] as const) {
      if (entries[key] !== undefined && entries[key].value !== "0") {
        notes.entry(entries[key], "there is no log file");
      }
    }
    return { redirections };
  }
  const directory = out === "auto" ? `/var/log/${name}` : out.replace(/\.(?:log|out|txt)$/, "");
  if (out !== "auto" && entries.stdout_logfile !== undefined) {
    notes.entry(entries.stdout_logfile, `its lines are in ${directory}/current`);
  }
  const size = bytesOf(entries.stdout_logfile_maxbytes, notes);
  const backups = Math.min(
    MAX_UINT,
    numberOf(entries.stdout_logfile_backups, DEFAULT_BACKUPS, notes),
  );
  return {
    redirections,
    log: { form: "process", directory, directives: [`n${backups}`, `s${size}`] },
  };
}

function destination(entry: Entry | undefined, values: Expansions, notes: Notes): string {
  const value = expand(entry?.value ?? "AUTO", values);
  if (value.toUpperCase() === "AUTO") return "auto";
  if (value.toUpperCase() === "NONE" || value === "/dev/null") return "none";
  if (STANDARD.test(value)) return "standard";
  if (value.startsWith("/") && !UNRESOLVED.test(value)) return value;
  if (value === "syslog") notes.entry(entry!, REASONS["stdout_syslog"]!);
  else {notes.entry(
      entry!,
      "not an absolute path that is known here; a log directory in /var/log is taken",
    );}
  return "auto";
}

const UNITS: Readonly<Record<string, number>> = { "": 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

function bytesOf(entry: Entry | undefined, notes: Notes): number {
  if (entry === undefined) return DEFAULT_MAX_BYTES;
  const match = /^(\d+)\s*(KB|MB|GB)?$/i.exec(entry.value);
  const bytes = match === null ? NaN : Number(match[1]) * UNITS[(match[2] ?? "").toUpperCase()]!;
  if (Number.isNaN(bytes)) notes.entry(entry, "not a size; 50MB are taken");
  else if (bytes === 0 || bytes > LARGEST_FILE) {
    notes.entry(entry, `a log file has at most ${LARGEST_FILE} bytes`);
  }
  if (bytes === 0) return LARGEST_FILE;
  return Number.isNaN(bytes)
    ? DEFAULT_MAX_BYTES
    : Math.min(LARGEST_FILE, Math.max(SMALLEST_FILE, bytes));
}
