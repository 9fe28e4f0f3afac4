/**
 * A systemd service unit as a service. Source: systemd.service(5), systemd.exec(5),
 * systemd.kill(5), systemd.unit(5). Pure.
 */
import { Notes } from "./import_notes.ts";
import { type Language, serviceFilesOf } from "./service_files_of.ts";
import {
  type Imported,
  plainPlan,
  type PlannedCommand,
  type PlannedRedirection,
  type PlannedStep,
  serviceName,
  type ServicePlan,
} from "./service_plan.ts";
import { type Entry, parseUnitSections, Section } from "./section_file.ts";
import { shellLine } from "../../core/shell/quoting.ts";
import { parseOomScoreAdj } from "../../core/linux/oom_score_adj.ts";
import { reasonFor, SECTION_REASON } from "./systemd_reasons.ts";
import { limitsOf } from "./systemd_limits.ts";
import { RestartReader } from "./systemd_restart.ts";
import { StopReader } from "./systemd_stop.ts";
import {
  expandSpecifiers,
  hasVariable,
  shellWordOf,
  splitUnitWords,
  type UnitName,
  unitName,
  type UnitWord,
} from "./unit_words.ts";

export function importUnit(file: string, text: string, language: Language): Imported {
  const notes = new Notes();
  const { sections, stray } = parseUnitSections(text, file);
  for (const each of stray) notes.stray(each);
  const service = merged(sections, "Service", file);
  const unit = merged(sections, "Unit", file);
  const name = unitName(file);
  const plan = new UnitReader(name, service, unit, notes).plan();
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
    services: plan === undefined
      ? []
      : [{ name: plan.name, files: serviceFilesOf(plan, language) }],
    notes: notes.all,
  };
}

/** All sections of one name are one. */
function merged(sections: readonly Section[], name: string, file: string): Section {
  const all = sections.filter((section) => section.name === name);
  const one = new Section(name, file, all[0]?.line ?? 1);
  for (const section of all) for (const entry of section.left()) one.add(entry);
  return one;
}

class UnitReader {
  readonly #name: UnitName;
  readonly #service: Section;
  readonly #unit: Section;
  readonly #notes: Notes;
  readonly #user: string | undefined;
  readonly #files: Record<string, string> = {};

  constructor(name: UnitName, service: Section, unit: Section, notes: Notes) {
    this.#name = name;
    this.#service = service;
    this.#unit = unit;
    this.#notes = notes;
    this.#user = this.#userOf();
  }

  plan(): ServicePlan | undefined {
    const type = this.#type();
    const commands = this.#commands("ExecStart");
    if (/@$/.test(this.#name.plain)) {
      this.#notes.add(
        { file: this.#service.file, line: 1 },
        "it is a template; import a copy that is called as an instance of it, such as name@one.service",
      );
      return undefined;
    }
    if (commands.length === 0) {
      this.#notes.add(this.#service, "there is no ExecStart, so there is no service");
      return undefined;
    }
    const command = commands.at(-1)!;
    const before = [
      ...this.#directories(),
      ...this.#commands("ExecStartPre"),
      ...commands.slice(0, -1),
    ];
    const directory = this.#directory();
    const environment = this.#environment();
    const environmentFiles = this.#environmentFiles();
    Object.assign(
      this.#files,
      new RestartReader(this.#service, this.#unit, this.#notes).files(type),
      new StopReader(this.#service, this.#notes).files(),
    );
    const output = this.#output();
    const { limits, nice, umask } = this.#limits();
    const finish = this.#finish();
    const comments = this.#unit.takeAll("Description").map((entry) => this.#expand(entry));
    const plan: ServicePlan = {
      ...plainPlan(serviceName(this.#name.plain), command.command),
      environment,
      files: this.#files,
      comments: [...comments, `from ${this.#service.file}`],
      before,
      limits,
      ...output,
      ...(environmentFiles.length === 0 ? {} : { environmentFiles }),
      ...(directory === undefined ? {} : { directory }),
      ...(this.#user === undefined || command.asSupervisor ? {} : { user: this.#user }),
      ...(nice === undefined ? {} : { nice }),
      ...(umask === undefined ? {} : { umask }),
      ...(type.startsWith("notify") ? { notifiesSocket: true } : {}),
      ...(finish.length === 0 ? {} : { finish }),
    };
    return plan;
  }

  #expand(entry: Entry): string {
    const { text, unknown } = expandSpecifiers(entry.value, this.#name, this.#user);
    if (unknown.length > 0) {
      this.#notes.entry(entry, `${unknown.join(" ")} is not known here and stands as it is`);
    }
    return text;
  }

  #value(key: string): string | undefined {
    const entry = this.#service.take(key);
    return entry === undefined || entry.value === "" ? undefined : this.#expand(entry);
  }

  #userOf(): string | undefined {
    const [user, group] = [this.#service.take("User"), this.#service.take("Group")];
    const name = (entry: Entry | undefined): string | undefined =>
      entry === undefined || entry.value === ""
        ? undefined
        : expandSpecifiers(entry.value, this.#name, undefined).text;
    const [userName, groupName] = [name(user), name(group)];
    if (groupName === undefined) return userName;
    return userName === undefined ? `root:${groupName}` : `${userName}:${groupName}`;
  }

  #type(): string {
    const entry = this.#service.take("Type");
    const type = entry?.value ?? "simple";
    if (type === "forking") {
      this.#notes.entry(
        entry!,
        "it has to stay in the foreground: take away the option that makes it a daemon, or find the one that keeps it",
      );
    } else if (type === "dbus") {
      this.#notes.entry(
        entry!,
        "its readiness is not told; --check of hexad new shows how to ask for it",
      );
    } else if (type === "idle") this.#notes.entry(entry!, "it starts at once");
    else if (type === "oneshot") this.#files["restart-policy"] = "never";
    else if (!["simple", "exec", "notify", "notify-reload"].includes(type)) {
      this.#notes.entry(entry!, "no type that is known; simple is taken");
    }
    if (type === "notify-reload") this.#notes.entry(entry!, "that a reload is over is not told");
    return type;
  }

  /** The commands of a key. An empty value forgets those before it. */
  #commands(key: string): PlannedStep[] {
    let steps: PlannedStep[] = [];
    for (const entry of this.#service.takeAll(key)) {
      if (entry.value === "") steps = [];
      else {for (const line of entry.value.split(/\s+;\s+/)) {
          steps.push(...this.#command(entry, line));
        }}
    }
    return steps;
  }

  #command(entry: Entry, line: string): PlannedStep[] {
    const [, prefix, rest] = /^([-@:+!|]*)\s*([^]*)$/.exec(line)!;
    const words = splitUnitWords(this.#expand({ ...entry, value: rest! }));
    if (words === undefined || words.length === 0) {
      this.#notes.entry(entry, "its quotes don't match");
      return [];
    }
    if (prefix!.includes("@")) {
      this.#notes.entry(entry, `its argv[0], ${words[1]?.text ?? ""}, is left out`);
      words.splice(1, 1);
    }
    if (prefix!.includes("!")) {
      this.#notes.entry(entry, "the prefix ! has no effect: it runs as its user");
    }
    const step = {
      lenient: prefix!.includes("-"),
      ...(prefix!.includes("+") ? { asSupervisor: true } : {}),
    };
    return [{
      command: prefix!.includes(":")
        ? { kind: "words", words: words.map(({ text }) => text) }
        : commandOf(words),
      ...step,
    }];
  }

  #directory(): string | undefined {
    const entry = this.#service.take("WorkingDirectory");
    if (entry === undefined || entry.value === "") return undefined;
    const value = this.#expand(entry);
    if (value.startsWith("-")) {
      this.#notes.entry(entry, "that it may be missing is not carried over");
    }
    const path = value.replace(/^-/, "");
    if (path.startsWith("/")) return path;
    this.#notes.entry(entry, "write the directory out, as cd in run");
    return undefined;
  }

  #environment(): (readonly [string, string])[] {
    const variables = new Map<string, string>();
    for (const entry of this.#service.takeAll("Environment")) {
      if (entry.value === "") variables.clear();
      for (const { text } of splitUnitWords(this.#expand(entry)) ?? []) {
        const equals = text.indexOf("=");
        if (equals > 0 && !/^\.|\//.test(text.slice(0, equals))) {
          variables.set(text.slice(0, equals), text.slice(equals + 1));
        } else this.#notes.entry(entry, `not NAME=VALUE: ${text}`);
      }
    }
    return [...variables];
  }

  #environmentFiles(): { path: string; optional: boolean }[] {
    const files = this.#service.takeAll("EnvironmentFile").filter(({ value }) => value !== "");
    for (const entry of files) {
      this.#notes.entry(entry, "it is read by the shell, so a $ in its values means something");
    }
    return files.map((entry) => {
      const value = this.#expand(entry);
      return { path: value.replace(/^-/, ""), optional: value.startsWith("-") };
    });
  }

  /** RuntimeDirectory and its like are made before, and belong to the user. */
  #directories(): PlannedStep[] {
    const bases = {
      RuntimeDirectory: "/run",
      StateDirectory: "/var/lib",
      CacheDirectory: "/var/cache",
      LogsDirectory: "/var/log",
      ConfigurationDirectory: "/etc",
    };
    return Object.entries(bases).flatMap(([key, base]) => {
      const paths = (this.#value(key) ?? "").split(/\s+/).filter((name) => name !== "").map((
        name,
      ) => `${base}/${name.split(":")[0]}`);
      if (paths.length === 0) return [];
      const mode = this.#value(`${key}Mode`) ?? "0755";
      const owner = this.#user === undefined || key === "ConfigurationDirectory"
        ? []
        : ["-o", this.#user.split(":")[0]!];
      return paths.length === 0 ? [] : [
        {
          command: { kind: "words", words: ["install", "-d", "-m", mode, ...owner, ...paths] },
          lenient: false,
          asSupervisor: true,
        } as const,
      ];
    });
  }

  #output(): Pick<ServicePlan, "log" | "redirections"> {
    const redirections: PlannedRedirection[] = [];
    const place = (key: "StandardOutput" | "StandardError"): string => {
      const entry = this.#service.take(key);
      const value = entry === undefined || entry.value === "" ? "" : this.#expand(entry);
      const file = /^(file|append|truncate):(\/.*)$/.exec(value);
      if (file !== null) {
        if (file[1] !== "append") this.#notes.entry(entry!, "it is appended to");
        return file[2]!;
      }
      if (/^(?:journal|syslog|kmsg)\+console$|^tty$|^socket$|^fd:/.test(value)) {
        this.#notes.entry(entry!, "it goes to the logger");
      }
      return value;
    };
    const out = place("StandardOutput");
    const err = place("StandardError");
    const isLogged = !out.startsWith("/") && out !== "null" && out !== "inherit";
    if (out.startsWith("/")) redirections.push({ fd: 1, to: out });
    else if (out === "null") redirections.push({ fd: 1, to: "/dev/null" });
    if (err.startsWith("/")) redirections.push({ fd: 2, to: err });
    else if (err === "null") redirections.push({ fd: 2, to: "/dev/null" });
    else if (out !== "inherit" || err === "") redirections.push({ fd: 2, to: "&1" });
    if (!isLogged) return { redirections };
    return {
      redirections,
      log: {
        form: "process",
        directory: `/var/log/${serviceName(this.#name.plain)}`,
        directives: ["n20", "s1000000", "T"],
      },
    };
  }

  #limits(): {
    readonly limits: readonly string[];
    readonly nice: number | undefined;
    readonly umask: string | undefined;
  } {
    const limits = limitsOf(this.#service, this.#notes);
    const niceEntry = this.#service.take("Nice");
    const nice = niceEntry?.value;
    if (nice !== undefined && !/^-?\d+$/.test(nice)) this.#notes.entry(niceEntry!, "no number");
    const umask = this.#value("UMask");
    const oomEntry = this.#service.take("OOMScoreAdjust");
    const oomScoreAdj = parseOomScoreAdj(oomEntry?.value ?? "");
    if (oomScoreAdj !== undefined) this.#files["oom-score-adj"] = String(oomScoreAdj);
    else if (oomEntry !== undefined && oomEntry.value !== "") {
      this.#notes.entry(oomEntry, "not a number from -1000 to 1000");
    }
    const number = nice === undefined || !/^-?\d+$/.test(nice) ? undefined : Number(nice);
    return { limits, nice: number, umask };
  }

  #finish(): string[] {
    const lines: string[] = [];
    const prevent = this.#service.take("RestartPreventExitStatus");
    const codes = prevent?.value.split(/\s+/).filter((word) => /^\d+$/.test(word)) ?? [];
    if (codes.length > 0) lines.push(`case "$1" in ${codes.join("|")}) exit 125 ;; esac`);
    if (prevent?.value.split(/\s+/).some((word) => !/^\d*$/.test(word))) {
      this.#notes.entry(prevent, "only the numbers are carried over");
    }
    const after = this.#service.takeAll("ExecStopPost").flatMap((entry) =>
      entry.value === "" ? [] : this.#command(entry, entry.value)
    );
    for (const { command } of after) {
      lines.unshift(command.kind === "shell" ? command.line : shellLine(command.words));
    }
    return lines;
  }
}

function commandOf(words: readonly UnitWord[]): PlannedCommand {
  if (!words.some(hasVariable)) return { kind: "words", words: words.map(({ text }) => text) };
  return { kind: "shell", line: words.map(shellWordOf).join(" ") };
}
