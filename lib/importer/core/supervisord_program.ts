/**
 * Turns a [program:x] into the plans of its processes. Source: supervisor, options.py, process.py.
 * Pure.
 */
import { MAX_UINT } from "../../core/linux/config_file.ts";
import { signalNumber } from "../../core/linux/signals.ts";
import type { Notes } from "./import_notes.ts";
import type { Language } from "./language.ts";
import type { LoggedPlan } from "./own_logs.ts";
import type { PlannedUser } from "./planned_user.ts";
import type { PlannedWord } from "./planned_word.ts";
import { expandText, type Expansions } from "./python_format.ts";
import { Refusal } from "../../grammars/core/refusal.ts";
import type { Entry, Section } from "../../grammars/core/section_file.ts";
import {
  type LogForm,
  plainPlan,
  serviceName,
  type ServicePlan,
  variableFault,
} from "./service_plan.ts";
import type { Daemon } from "./supervisord_daemon.ts";
import { outputOf, SYSLOG_REASON } from "./supervisord_output.ts";
import { booleanOf, commandOf, environmentOf, numberOf, refuse } from "./supervisord_values.ts";

const DEFAULT_STOP_SECONDS = 10;
const DEFAULT_RETRIES = 3;
const MAX_PROCESSES = 1000;
const MAX_RESTARTS = 4096;
/** The longest delay between restarts. */
const LONGEST_DELAY_MS = 60_000;
const NO_SIGNALS = "in execline, SIGPIPE and SIGXFSZ are not ignored when it starts";
const NONE: Expansions = new Map();

const REASONS: Readonly<Record<string, string>> = {
  priority: "all services start at once; let those that need others wait for them (s6-svwait -U)",
  stopasgroup:
    "the stop signal goes to the process itself; let run exec it, or write flag-kill-leftovers",
  startsecs:
    "a service is up when it says so (notification-fd) and starts again after a second at the earliest",
  serverurl: "there is no server to talk to",
  stdout_events_enabled: "there are no event listeners",
  stderr_events_enabled: "there are no event listeners",
  stdout_capture_maxbytes: "there is no capture mode",
  stderr_capture_maxbytes: "there is no capture mode",
  stdout_syslog: SYSLOG_REASON,
  stderr_syslog: SYSLOG_REASON,
};

export interface ProgramContext {
  readonly label: string;
  readonly group: string;
  readonly here: string;
  readonly daemon: Daemon;
  readonly notes: Notes;
  readonly logForm: LogForm;
  readonly language: Language["kind"];
}

/** @throws {Refusal} If supervisord would refuse to start with it. */
export function programPlans(section: Section, context: ProgramContext): LoggedPlan[] {
  const { notes, label, group, here } = context;
  const command = section.take("command");
  if (command === undefined) throw new Refusal(section, `[${section.name}]: it has no command`);
  const count = numberOf(section.take("numprocs"), 1);
  const first = numberOf(section.take("numprocs_start"), 0);
  if (count > MAX_PROCESSES) {
    throw new Refusal(section, `[${section.name}]: more than ${MAX_PROCESSES} processes`);
  }
  const nameEntry = section.take("process_name");
  if (count > 1 && !nameEntry?.value.includes("%(process_num)")) {
    throw new Refusal(
      nameEntry ?? section,
      `[${section.name}]: with numprocs above 1, process_name needs a %(process_num)`,
    );
  }
  const entries = entriesOf(section);
  const plans = Array.from({ length: Math.max(0, count) }, (_, i) => {
    const values = new Map<string, string | number>([
      ["program_name", label],
      ["group_name", group],
      ["process_num", first + i],
      ["numprocs", count],
      ["here", here],
    ]);
    const name = nameEntry === undefined ? label : expandText(nameEntry, values);
    if (name === undefined) refuse(nameEntry!, "only the environment of the container tells it");
    return processPlan({ ...entries, command }, { name, values }, context);
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
  /** The name that process_name gives it. */
  readonly name: string;
  readonly values: ReadonlyMap<string, string | number>;
}

function processPlan(
  entries: Entries & { readonly command: Entry },
  { name, values }: Process,
  { notes, daemon, group, logForm, language }: ProgramContext,
): LoggedPlan {
  const all = new Map(values);
  const know = (pairs: Daemon["environment"]): void => {
    for (const [key, value] of pairs) {
      if (typeof value === "string") all.set(`ENV_${key}`, value);
    }
  };
  know(daemon.environment);
  const own = environmentOf(entries.environment, all);
  know(own);
  const variables = new Map<string, PlannedWord>([
    ["SUPERVISOR_ENABLED", "1"],
    ["SUPERVISOR_GROUP_NAME", group],
    ["SUPERVISOR_PROCESS_NAME", name],
    ...daemon.environment,
    ...own,
  ]);
  const text = (key: "directory" | "user" | "umask"): string | undefined => {
    const entry = entries[key];
    if (entry === undefined) return undefined;
    const value = expandText(entry, all);
    if (value === undefined) {
      notes.entry(entry, "only the environment of the container tells; write it out", "look");
    }
    return value;
  };
  // a supervisord that starts as root does not change user for that
  const user = text("user") ?? (daemon.user === "root" ? undefined : daemon.user);
  const umask = text("umask") ?? daemon.umask;
  const directory = text("directory") ?? daemon.directory;
  if (directory === undefined) {
    notes.add(
      entries.command,
      "it runs in /, and ran where supervisord was started; directory= says which",
      "look",
    );
  }
  if (language === "execline") notes.add(entries.command, NO_SIGNALS, "changed");
  const service = serviceName(name);
  const output = outputOf(entries, { name: service, values: all, notes, logForm });
  const place = entries.stdout_logfile ?? entries.command;
  return {
    ...plainPlan(service, commandOf(entries.command, all)),
    ...split(variables, entries.environment ?? entries.command, notes),
    origin: { file: entries.command.file, line: entries.command.line },
    redirections: output.redirections,
    files: smallFiles(entries, notes),
    comments: [`from ${entries.command.file}:${entries.command.line}`],
    // Python ignores these
    ignoredSignals: ["PIPE", "XFSZ"],
    directory: directory ?? "/",
    logPlace: { file: place.file, line: place.line },
    ...(output.log === undefined ? {} : { log: output.log }),
    ...(user === undefined ? {} : { user: { user } satisfies PlannedUser }),
    ...(umask === undefined ? {} : { umask }),
  };
}

/** Values that are known now go into env/, and the rest into run. */
function split(
  variables: ReadonlyMap<string, PlannedWord>,
  place: Entry,
  notes: Notes,
): Pick<ServicePlan, "environment" | "exported"> {
  const environment: (readonly [string, string])[] = [];
  const exported: (readonly [string, PlannedWord])[] = [];
  for (const [name, value] of variables) {
    const fault = variableFault(name);
    if (typeof value !== "string") exported.push([name, value]);
    else if (fault === undefined) environment.push([name, value]);
    else notes.add(place, `environment: ${name} is left out: ${fault}`);
  }
  return exported.length === 0 ? { environment } : { environment, exported };
}

function smallFiles(entries: Entries, notes: Notes): Record<string, string> {
  const files: Record<string, string> = {};
  if (!booleanOf(entries.autostart, true)) files["down"] = "";
  const okay = expectedCodes(entries, notes);
  if (okay !== "") files["exit-codes-ok"] = okay;
  const policy = entries.autorestart?.value.toLowerCase() ?? "unexpected";
  if (policy === "unexpected") files["restart-policy"] = "on-failure";
  else if (!booleanOf(entries.autorestart, false)) files["restart-policy"] = "never";
  const signal = entries.stopsignal === undefined
    ? "TERM"
    : (expandText(entries.stopsignal, NONE) ?? "").toUpperCase();
  if (!signalNumber(signal)) refuse(entries.stopsignal!, "not a signal");
  if (signal.replace(/^SIG/, "") !== "TERM") files["down-signal"] = signal.replace(/^SIG/, "");
  files["timeout-kill"] = String(
    Math.min(MAX_UINT, 1000 * Math.max(0, numberOf(entries.stopwaitsecs, DEFAULT_STOP_SECONDS))),
  );
  if (booleanOf(entries.killasgroup, false)) files["flag-timeout-killpg"] = "";
  const retries = numberOf(entries.startretries, DEFAULT_RETRIES);
  if (files["restart-policy"] === "never") {
    if (entries.startretries !== undefined) {
      notes.entry(entries.startretries, "it is not started again");
    }
  } else Object.assign(files, retryFiles(Math.min(MAX_RESTARTS, Math.max(1, retries))));
  return files;
}

/**
 * supervisord gives up after this many starts in a row that lasted less than a second. Before each
 * try it waits one second longer.
 */
function retryFiles(retries: number): Record<string, string> {
  const longest = Math.min(LONGEST_DELAY_MS, 1000 * retries);
  let seconds = 0;
  for (let i = 0; i < retries; i++) seconds += Math.min(2 ** i, longest / 1000) + 1;
  return {
    "max-restarts": `${retries}/${Math.ceil(seconds)}`,
    "restart-delay": "1000",
    "restart-delay-max": String(longest),
  };
}

/**
 * Exit codes other than 0 that are expected: the service is not restarted after them. 0 always is,
 * which supervisord leaves to the list.
 */
function expectedCodes({ exitcodes, autorestart }: Entries, notes: Notes): string {
  if (exitcodes === undefined) return "";
  if ((autorestart?.value.toLowerCase() ?? "unexpected") !== "unexpected") {
    notes.entry(exitcodes, "whether it is started again does not hang on its exit code");
    return "";
  }
  const words = exitcodes.value.split(/[,\s]+/).filter((code) => code !== "");
  if (words.some((code) => !/^\d+$/.test(code) || Number(code) > 255)) {
    refuse(exitcodes, "not a list of exit codes");
  }
  const codes = [...new Set(words.map(Number))];
  if (!codes.includes(0)) {
    notes.entry(exitcodes, "exit code 0 is expected too: it is not started again after it");
  }
  return codes.filter((code) => code !== 0).join(" ");
}
