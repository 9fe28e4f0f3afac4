/**
 * Turns a systemd service unit, with its drop-ins, into a service. Source: systemd.service(5),
 * systemd.exec(5), systemd.kill(5), systemd.unit(5). Pure.
 */
import { Notes } from "./import_notes.ts";
import type { ImportOptions } from "./language.ts";
import { importedService } from "./plan_files.ts";
import { type Imported, plainPlan, serviceName, type ServicePlan } from "./service_plan.ts";
import { type Entry, parseUnitSections, Section } from "../../grammars/core/section_file.ts";
import { parseOomScoreAdj } from "../../core/linux/oom_score_adj.ts";
import { Refusal } from "../../grammars/core/refusal.ts";
import { accountOf, loginOf } from "./systemd_account.ts";
import { commandsOf } from "./systemd_command.ts";
import { directoriesOf } from "./systemd_directories.ts";
import { environmentFilesOf, environmentOf } from "./systemd_environment.ts";
import { outputOf } from "./systemd_output.ts";
import { reasonFor, SECTION_REASON } from "./systemd_reasons.ts";
import { limitsOf } from "./systemd_limits.ts";
import { exitStatuses } from "./systemd_exit_status.ts";
import { RestartReader } from "./systemd_restart.ts";
import { StopReader } from "./systemd_stop.ts";
import { UnitContext } from "./unit_context.ts";
import { unitBoolean } from "../../grammars/core/unit_times.ts";
import { unitName } from "../../grammars/core/unit_words.ts";

export interface UnitSource {
  readonly file: string;
  readonly text: string;
  /** `NAME.service.d/*.conf` and similar, in the order in which they apply. */
  readonly dropIns: readonly { readonly file: string; readonly text: string }[];
}

/** @throws {Refusal} If systemd would refuse to load it. */
export function importUnit(source: UnitSource, options: ImportOptions): Imported {
  const notes = new Notes();
  const sections: Section[] = [];
  for (const { file, text } of [source, ...source.dropIns]) {
    const parsed = parseUnitSections(text, file);
    sections.push(...parsed.sections);
    for (const each of parsed.stray) notes.stray(each);
  }
  const service = merged(sections, "Service", source.file);
  const unit = merged(sections, "Unit", source.file);
  const plan = planOf(new UnitContext(unitName(source.file), service, unit, notes), options);
  for (const section of [service, unit]) {
    for (const entry of section.left()) {
      notes.entry(entry, plan === undefined ? "there is no service for it" : reasonFor(entry.key));
    }
  }
  for (const section of sections) {
    if (section.name !== "Service" && section.name !== "Unit") {
      notes.left(
        section,
        {},
        `[${section.name}]: ${SECTION_REASON[section.name] ?? "there is nothing like it"}`,
      );
    }
  }
  return {
    services: plan === undefined ? [] : [importedService(plan, options)],
    notes: notes.all,
  };
}

/** Merges all sections of the same name. */
function merged(sections: readonly Section[], name: string, file: string): Section {
  const all = sections.filter((section) => section.name === name);
  const one = new Section(name, file, all[0]?.line ?? 1);
  for (const section of all) for (const entry of section.left()) one.add(entry);
  return one;
}

function planOf(context: UnitContext, { logForm, kind }: ImportOptions): ServicePlan | undefined {
  const { name, service, unit, notes } = context;
  if (/@$/.test(name.plain)) {
    service.takeAll("ExecStart");
    notes.add(
      { file: service.file, line: 1 },
      "it is a template; import a copy that is called as an instance of it, such as name@one.service",
    );
    return undefined;
  }
  const files: Record<string, string> = {};
  const type = typeOf(context, files);
  const account = accountOf(context);
  const directories = directoriesOf(context, account);
  const login = loginOf(account);
  const own = environmentOf(context);
  const environment = new Map([...login.variables, ...directories.variables, ...own]);
  const environmentFiles = environmentFilesOf(context);
  const variables = { known: environment, hasFiles: environmentFiles !== undefined };
  const commands = commandsOf(context, "ExecStart", variables);
  if (commands.length === 0) {
    notes.add(service, "there is no ExecStart, so there is no service");
    return undefined;
  }
  if (commands.length > 1 && type !== "oneshot") {
    const entry = service.takeAll("ExecStart").at(-1)!;
    throw new Refusal(entry, "ExecStart: only a oneshot has more than one command");
  }
  const command = commands.at(-1)!;
  Object.assign(
    files,
    new RestartReader(service, unit, notes).files(type),
    new StopReader(service, notes).files(),
  );
  const ignored = isTrue(service.take("IgnoreSIGPIPE"), true) ? ["PIPE"] : [];
  if (ignored.length > 0 && kind === "execline") {
    notes.add(service, "in execline, SIGPIPE is not ignored when it starts", "changed");
  }
  const after = commandsOf(context, "ExecStopPost", variables);
  if (after.length > 0) files["timeout-finish"] = files["timeout-kill"] ?? "0";
  const prevented = preventedCodes(context);
  const { limits, nice, umask } = limitsAndMore(context, files);
  return {
    ...plainPlan(serviceName(name.plain), command.command),
    ...outputOf(context, {
      form: logForm,
      directory: `/var/log/${serviceName(name.plain)}`,
      directives: ["n20", "s1000000", "T"],
    }),
    origin: { file: service.file, line: service.line },
    environment: [...environment],
    files,
    comments: [
      ...unit.takeAll("Description").map((entry) => context.expand(entry)),
      `from ${service.file}`,
    ],
    before: [
      ...directories.steps,
      ...commandsOf(context, "ExecStartPre", variables),
      ...commands.slice(0, -1),
    ],
    after,
    limits,
    directory: directoryOf(context),
    ignoredSignals: ignored,
    ...(login.homeOf === undefined || own.has("HOME") ? {} : { homeOf: login.homeOf }),
    ...(environmentFiles === undefined ? {} : { environmentFiles }),
    ...(account === undefined || command.asSupervisor ? {} : { user: account }),
    ...(nice === undefined ? {} : { nice }),
    ...(umask === undefined ? {} : { umask }),
    ...(type.startsWith("notify") ? { notifiesSocket: true } : {}),
    ...(prevented.length === 0 ? {} : { finish: prevented }),
  };
}

function isTrue(entry: Entry | undefined, usual: boolean): boolean {
  return entry === undefined || entry.value === "" ? usual : unitBoolean(entry.value);
}

function typeOf({ service, notes }: UnitContext, files: Record<string, string>): string {
  const entry = service.take("Type");
  const type = entry?.value ?? "simple";
  if (type === "forking") {
    notes.entry(
      entry!,
      "it has to stay in the foreground: take away the option that makes it a daemon, or find the one that keeps it",
    );
  } else if (type === "dbus") {
    notes.entry(
      entry!,
      "its readiness is not told; --check of hexad new shows how to ask for it",
    );
  } else if (type === "idle") notes.entry(entry!, "it starts at once");
  else if (type === "oneshot") files["restart-policy"] = "never";
  else if (!["simple", "exec", "notify", "notify-reload"].includes(type)) {
    notes.entry(entry!, "no type that is known; simple is taken");
  }
  if (type === "notify-reload") notes.entry(entry!, "that a reload is over is not told");
  return type;
}

/** If there is none, systemd uses the root directory. */
function directoryOf(context: UnitContext): string {
  const entry = context.service.take("WorkingDirectory");
  if (entry === undefined || entry.value === "") return "/";
  const value = context.expand(entry);
  if (value.startsWith("-")) {
    context.notes.entry(entry, "that it may be missing is not carried over");
  }
  const path = value.replace(/^-/, "");
  if (path.startsWith("/")) return path;
  context.notes.entry(entry, "write the directory out, as cd in run");
  return "/";
}

function limitsAndMore(context: UnitContext, files: Record<string, string>): {
  readonly limits: readonly string[];
  readonly nice: number | undefined;
  readonly umask: string | undefined;
} {
  const { service, notes } = context;
  const limits = limitsOf(service, notes);
  const niceEntry = service.take("Nice");
  const nice = niceEntry?.value;
  if (nice !== undefined && !/^-?\d+$/.test(nice)) notes.entry(niceEntry!, "no number");
  const umask = context.value("UMask");
  const oomEntry = service.take("OOMScoreAdjust");
  const oomScoreAdj = parseOomScoreAdj(oomEntry?.value ?? "");
  if (oomScoreAdj !== undefined) files["oom-score-adj"] = String(oomScoreAdj);
  else if (oomEntry !== undefined && oomEntry.value !== "") {
    notes.entry(oomEntry, "not a number from -1000 to 1000");
  }
  const number = nice === undefined || !/^-?\d+$/.test(nice) ? undefined : Number(nice);
  return { limits, nice: number, umask };
}

/** Lines of finish for the exit codes that prevent a restart. */
function preventedCodes({ service, notes }: UnitContext): string[] {
  const prevent = service.takeAll("RestartPreventExitStatus");
  const { codes, signals, unknown } = exitStatuses(prevent);
  if (signals.length + unknown.length > 0) {
    notes.entry(prevent.at(-1)!, "only exit codes are carried over");
  }
  return codes.length === 0 ? [] : [`case "$1" in ${codes.join("|")}) exit 125 ;; esac`];
}
