/**
 * Processes of a process-compose.yaml as services. Source: process-compose, www/docs/launcher.md,
 * configuration.md, health.md, logging.md, and src/loader/mutators.go for its defaults. Pure.
 */
import { execLine } from "../../core/shell/exec_line.ts";
import type { Notes } from "../../importer/core/import_notes.ts";
import type { LocatedEntry, LocatedMap } from "../../onefile/core/located.ts";
import { type Draft, type DraftMap, type DraftValue, literal, withoutGaps } from "./draft.ts";
import { fillGoTemplate } from "./go_template.ts";
import { mapAt, pairsAt, textAt, textsAt } from "./located_values.ts";
import { PROCESS_REASONS, TOP_REASONS } from "./process_compose_keys.ts";
import { availabilityKeys, stopKeys } from "./process_compose_life.ts";
import { probeKeys } from "./process_compose_probe.ts";
import { MANUAL } from "./small_file_keys.ts";

const KNOWN_TOP = new Set(
  "version name processes environment shell vars disable_env_expansion".split(" "),
);
const KNOWN = new Set(
  ("command entrypoint environment env_file depends_on readiness_probe liveness_probe availability " +
    "shutdown namespace description disabled is_disabled working_dir log_location log_configuration " +
    "ready_log_line replicas vars is_template_disabled is_dotenv_disabled success_exit_codes")
    .split(" "),
);
const CONDITIONS: Readonly<Record<string, string | undefined>> = {
  process_started: "service_started",
  process_healthy: "service_healthy",
  process_completed: "service_completed_successfully",
  process_completed_successfully: "service_completed_successfully",
  // until it is ready, which ready_log tells
  process_log_ready: undefined,
};
const ANY_END =
  "process_completed: it waits for an end with 0, since no condition takes any exit code";

export interface ProcessComposeFile {
  /** The directory of the file, absolute: relative names are there. */
  readonly directory: string;
  readonly hasDotEnv: boolean;
}

interface Context extends ProcessComposeFile {
  readonly notes: Notes;
  readonly document: LocatedMap;
  readonly shell: readonly [program: string, argument: string];
  /** How many copies each process has. */
  readonly replicas: ReadonlyMap<string, number>;
  /** Texts whose `$` are no variables of process-compose's. */
  readonly isLiteral: boolean;
}

export function processComposeDrafts(
  document: LocatedMap,
  file: ProcessComposeFile,
  notes: Notes,
): Draft[] {
  tellOthers(document, KNOWN_TOP, TOP_REASONS, notes);
  const processes = (mapAt(document, "processes")?.entries ?? []).flatMap((entry) =>
    entry.value.kind === "map" ? [{ ...entry, value: entry.value }] : []
  );
  const shell = mapAt(document, "shell");
  const context: Context = {
    ...file,
    notes,
    document,
    shell: [textAt(shell, "shell_command") ?? "bash", textAt(shell, "shell_argument") ?? "-c"],
    replicas: new Map(
      processes.map(({ key, value }) => [key, Number(textAt(value, "replicas") ?? "1") || 1]),
    ),
    isLiteral: textAt(document, "disable_env_expansion") === "true",
  };
  return processes.flatMap((entry) => {
    tellOthers(entry.value, KNOWN, PROCESS_REASONS, notes);
    return copiesOf(entry.key, context).map((name, number) =>
      draftOf({ entry, process: entry.value, name, number }, context)
    );
  });
}

/** The names of its copies, as process-compose calls them. */
function copiesOf(name: string, { replicas }: Context): string[] {
  const count = replicas.get(name) ?? 1;
  if (count <= 1) return [name];
  const width = String(count).length;
  return Array.from({ length: count }, (_, at) => `${name}-${String(at).padStart(width, "0")}`);
}

function tellOthers(
  map: LocatedMap,
  known: ReadonlySet<string>,
  reasons: Readonly<Record<string, string>>,
  notes: Notes,
): void {
  for (const { key, place } of map.entries) {
    if (known.has(key)) continue;
    const reason = Object.hasOwn(reasons, key) ? reasons[key] : undefined;
    if (reason !== undefined) notes.add(place, `${key}: ${reason}`, "lost", reason);
    else if (key.startsWith("x-")) notes.add(place, `${key}: a key of your own, left out`);
    else notes.add(place, `${key}: no key of process-compose that is known`, "look");
  }
}

interface Copy {
  readonly entry: LocatedEntry;
  readonly process: LocatedMap;
  readonly name: string;
  /** From 0. */
  readonly number: number;
}

function draftOf(copy: Copy, context: Context): Draft {
  const { entry, process, name } = copy;
  const { notes } = context;
  const origin = entry.place;
  const fill = filler(copy, context);
  const shell = (line: string): readonly string[] => {
    const [program, argument] = context.shell;
    const isShell = /(?:^|\/)(?:ba|da|a|z|k)?sh$/.test(program) && argument === "-c";
    return [program, argument, isShell ? execLine(line).line : line];
  };
  const availability = availabilityKeys(process, notes);
  const { restart } = availability.values;
  const health = healthOf(process, {
    notes,
    shell,
    fill,
    onUnhealthy: restart === "no" ? "none" : "restart",
  });
  const stop = stopKeys(process, notes);
  const isOff = [textAt(process, "disabled"), textAt(process, "is_disabled")].includes("true");
  const ready = textAt(process, "ready_log_line");
  const description = textAt(process, "description");
  const namespaces = textsAt(process, "namespace");
  const okay = textsAt(process, "success_exit_codes");
  return {
    name,
    origin,
    values: withoutGaps({
      command: commandOf(process, { shell, fill, notes, isRaw: isRaw(process) }),
      environment: environmentOf(copy, context, fill),
      env_file: filesOf(process, context),
      working_dir: directoryOf(process, context, fill),
      depends_on: dependenciesOf(process, context),
      healthcheck: health,
      profiles: isOff ? [MANUAL] : undefined,
      labels: withoutGaps({
        description: description === undefined ? undefined : fill(description),
        namespace: namespaces.length === 0 ? undefined : namespaces.join(","),
      }),
      logging: loggingOf(copy, context, fill),
      ...availability.values,
      ...stop,
      "x-hexad": withoutGaps({
        ...availability.hexad,
        kill_group: true,
        exit_codes_ok: okay.length === 0 ? undefined : okay,
        ready_log: ready === undefined ? undefined : fill(ready),
      }),
    }),
  };
}

function isRaw(process: LocatedMap): boolean {
  return textAt(process, "is_template_disabled") === "true";
}

/** Puts the values of `vars` in; what is more than a name is told, and stays as it is. */
function filler(
  { entry, process, number }: Copy,
  { document, notes, isLiteral }: Context,
): (text: string) => string {
  const variables = new Map<string, string>();
  for (const map of [mapAt(document, "vars"), mapAt(process, "vars")]) {
    for (const { key } of map?.entries ?? []) variables.set(key, textAt(map, key) ?? "");
  }
  variables.set("PC_REPLICA_NUM", String(number));
  return (text) => {
    const filled = text.includes("{{") ? fillGoTemplate(text, variables) : text;
    if (filled === undefined) {
      const reason = "a template that is more than the name of a variable; work it out by hand";
      notes.add(entry.place, `${entry.key}: ${reason}`, "look", reason);
    }
    return isLiteral ? literal(filled ?? text) : filled ?? text;
  };
}

function commandOf(
  process: LocatedMap,
  { shell, fill, notes, isRaw: raw }: {
    readonly shell: (line: string) => readonly string[];
    readonly fill: (text: string) => string;
    readonly notes: Notes;
    readonly isRaw: boolean;
  },
): readonly string[] | undefined {
  const line = textAt(process, "command");
  const words = textsAt(process, "entrypoint");
  if (line !== undefined && words.length > 0) {
    notes.add(process.place, "entrypoint: process-compose takes command where there are both");
  }
  if (line !== undefined) return shell(raw ? line : fill(line));
  return words.length === 0 ? undefined : words.map(fill);
}

function environmentOf(
  { entry, number }: Copy,
  { document }: Context,
  fill: (text: string) => string,
): DraftMap {
  const { value: process } = entry;
  const own = process.kind === "map" ? pairsAt(process, "environment") : [];
  const pairs = [
    `PC_PROC_NAME=${entry.key}`,
    `PC_REPLICA_NUM=${number}`,
    ...pairsAt(document, "environment"),
    ...own,
  ];
  return Object.fromEntries(pairs.flatMap((pair) => {
    const equals = pair.indexOf("=");
    return equals < 0 ? [] : [[pair.slice(0, equals), fill(pair.slice(equals + 1))]];
  }));
}

function absolute(path: string, directory: string): string {
  return path.startsWith("/") || path.startsWith("$")
    ? path
    : `${literal(directory)}/${path.replace(/^\.\//, "")}`.replace(/\/\.?$/, "");
}

function directoryOf(
  process: LocatedMap,
  { directory }: Context,
  fill: (text: string) => string,
): string {
  return absolute(fill(textAt(process, "working_dir") ?? "."), directory);
}

/** What its own `.env` holds, all processes get. */
function filesOf(process: LocatedMap, { directory, hasDotEnv }: Context): DraftValue[] {
  const own = textAt(process, "env_file");
  const isWithout = textAt(process, "is_dotenv_disabled") === "true";
  const base = absolute(textAt(process, "working_dir") ?? ".", directory);
  return [
    ...(hasDotEnv && !isWithout ? [{ path: `${literal(directory)}/.env`, required: false }] : []),
    ...(own === undefined ? [] : [{ path: own.startsWith("/") ? own : `${base}/${own}` }]),
  ];
}

function dependenciesOf(process: LocatedMap, context: Context): DraftMap {
  const entries = mapAt(process, "depends_on")?.entries ?? [];
  const named = new Set(entries.map(({ key }) => key));
  return Object.fromEntries(entries.flatMap(({ key, place, value }) => {
    const given = value.kind === "map" ? textAt(value, "condition") : undefined;
    const condition = given ?? "process_started";
    if (condition === "process_completed") {
      context.notes.add(place, `${key}: ${ANY_END}`, "changed", ANY_END);
    } else if (!Object.hasOwn(CONDITIONS, condition)) {
      context.notes.add(place, `${key}: no condition that is known: ${condition}`, "look");
    }
    const wish = CONDITIONS[condition];
    const names = copiesOf(key, context).filter((name) => name === key || !named.has(name));
    return names.map((name) => [name, wish === undefined ? {} : { condition: wish }] as const);
  }));
}

function healthOf(
  process: LocatedMap,
  context: Parameters<typeof probeKeys>[1],
): DraftMap | undefined {
  const readiness = mapAt(process, "readiness_probe");
  const liveness = mapAt(process, "liveness_probe");
  if (readiness !== undefined && liveness !== undefined) {
    context.notes.add(
      liveness.place,
      "liveness_probe: a service has one check, the readiness_probe",
    );
  }
  const probe = readiness ?? liveness;
  return probe === undefined ? undefined : probeKeys(probe, context);
}

function loggingOf(
  { process, name, entry, number }: Copy,
  context: Context,
  fill: (text: string) => string,
): DraftMap | undefined {
  const place = textAt(process, "log_location");
  const rotation = mapAt(mapAt(process, "log_configuration"), "rotation");
  for (const { key, place: at } of mapAt(process, "log_configuration")?.entries ?? []) {
    if (key !== "rotation") {
      context.notes.add(
        at,
        `log_configuration.${key}: lines are kept as they are, with their time`,
      );
    }
  }
  if (place === undefined) return undefined;
  const size = textAt(rotation, "max_size_mb");
  const backups = textAt(rotation, "max_backups");
  const path = fill(place).replaceAll("{PC_REPLICA_NUM}", String(number));
  const own = name === entry.key || path !== fill(place) ? "" : `/${name}`;
  const dir = `${absolute(path, context.directory).replace(/\.(?:log|out|txt)$/, "")}${own}`;
  context.notes.add(entry.place, `log_location: its lines are in ${dir}/current`, "changed");
  return {
    driver: "file",
    options: withoutGaps({
      "max-size": size === undefined ? undefined : `${size}m`,
      "max-file": backups,
      dir,
    }),
  };
}
