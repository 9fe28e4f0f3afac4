/**
 * Where the output of a supervisord program goes: to a logger with its own directory, into a file,
 * or nowhere. Pure.
 */
import { MAX_UINT } from "../../core/linux/config_file.ts";
import type { Notes } from "./import_notes.ts";
import { expandText, type Expansions } from "./python_format.ts";
import type { Entry } from "../../grammars/core/section_file.ts";
import type { LogForm, PlannedLog, PlannedRedirection } from "./service_plan.ts";
import { booleanOf, numberOf, refuse } from "./supervisord_values.ts";

const DEFAULT_MAX_BYTES = 50 * 1024 * 1024;
const DEFAULT_BACKUPS = 10;
const LARGEST_FILE = 268435455;
const SMALLEST_FILE = 4096;
export const SYSLOG_REASON = "let the logger pass lines on, by a processor of s6-log";
const STANDARD = /^\/dev\/(?:stdout|stderr|fd\/[12])$/;
const UNITS: Readonly<Record<string, number>> = { "": 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** The keys of a program that determine where its output goes. */
type OutputEntries = Readonly<
  Partial<
    Record<
      | "redirect_stderr"
      | `${"stdout" | "stderr"}_logfile${"" | "_maxbytes" | "_backups"}`,
      Entry
    >
  >
>;

interface Output {
  readonly log?: PlannedLog;
  readonly redirections: readonly PlannedRedirection[];
}

interface OutputContext {
  /** The service's name. */
  readonly name: string;
  readonly values: Expansions;
  readonly notes: Notes;
  readonly logForm: LogForm;
}

export function outputOf(
  entries: OutputEntries,
  { name, values, notes, logForm }: OutputContext,
): Output {
  const joined = booleanOf(entries.redirect_stderr, false);
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
  const backups = Math.min(MAX_UINT, numberOf(entries.stdout_logfile_backups, DEFAULT_BACKUPS));
  return {
    redirections,
    log: { form: logForm, directory, directives: [`n${backups}`, `s${size}`] },
  };
}

function destination(entry: Entry | undefined, values: Expansions, notes: Notes): string {
  if (entry === undefined) return "auto";
  const value = expandText(entry, values);
  if (value?.toUpperCase() === "AUTO") return "auto";
  if (value !== undefined && (/^(?:none|off)$/i.test(value) || value === "/dev/null")) {
    return "none";
  }
  if (value !== undefined && STANDARD.test(value)) return "standard";
  if (value?.startsWith("/")) return value;
  if (value === "syslog") notes.entry(entry, SYSLOG_REASON);
  else {
    notes.entry(
      entry,
      "not an absolute path that is known here; a log directory in /var/log is taken",
      "look",
    );
  }
  return "auto";
}

function bytesOf(entry: Entry | undefined, notes: Notes): number {
  if (entry === undefined) return DEFAULT_MAX_BYTES;
  const match = /^(\d+)\s*(KB|MB|GB)?$/i.exec(entry.value);
  if (match === null) refuse(entry, "not a size");
  const bytes = Number(match[1]) * UNITS[(match[2] ?? "").toUpperCase()]!;
  if (bytes === 0 || bytes > LARGEST_FILE) {
    notes.entry(entry, `a log file has at most ${LARGEST_FILE} bytes`);
  }
  if (bytes === 0) return LARGEST_FILE;
  return Math.min(LARGEST_FILE, Math.max(SMALLEST_FILE, bytes));
}
