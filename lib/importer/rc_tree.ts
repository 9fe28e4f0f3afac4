/**
 * Turns a source of definitions for s6-rc into service directories for services.d. Longruns stay as
 * they are; a logger that one longrun feeds becomes that longrun's `log`. The order of services is
 * lost, and that is reported.
 */
import { Refusal } from "../grammars/core/refusal.ts";
import type { Longrun, RcDatabase, Service } from "../rc/core/database.ts";
import { closure } from "../rc/core/graph.ts";
import { findingsOf } from "../rc/core/source/finding.ts";
import { readSound } from "../rc/core/source/leave_out.ts";
import { overlaySource, USER_BUNDLES, withUserTypes } from "../rc/core/source/overlay_source.ts";
import type { RawFile, RawSource } from "../rc/core/source/raw_definition.ts";
import { SERVICEDIR_ENTRIES } from "../rc/core/source/servicedir_files.ts";
import { isRegular, tryStat } from "../libc/stat.ts";
import { Notes } from "./core/import_notes.ts";
import type { RunitSource } from "./core/runit_source.ts";
import type { Imported, PlannedFile } from "./core/service_plan.ts";
import { directoriesIn, isPathOfDirectory, readText, runitSource } from "./source.ts";

const CARRIED: ReadonlySet<string> = new Set(SERVICEDIR_ENTRIES.map(({ name }) => name));
/** Files that other files replace in the result, or that get their own report. */
const TOLD: ReadonlySet<string> = new Set([
  "type",
  "dependencies",
  "dependencies.d",
  "producer-for",
  "consumer-for",
  "pipeline-name",
]);
const LOST: ReadonlySet<string> = new Set([
  "timeout-up",
  "timeout-down",
  "flag-essential",
  "flag-recommended",
  "wants.d",
  "after.d",
  "before.d",
  "restarts-with.d",
  "condition",
  "ready-tcp",
  "ready-http",
  "ready-log",
  "max-start-failures",
]);

const NO_NAMES: RawFile = { kind: "directory", names: [], contents: new Map() };

/** Whether a directory holds definitions. */
export function isRcTree(path: string): boolean {
  return directoriesIn(path).some((name) => {
    const type = tryStat(`${path}/${name}/type`);
    return typeof type !== "number" && isRegular(type.mode) &&
      /^(?:longrun|oneshot|bundle)\s*$/.test(readText(`${path}/${name}/type`));
  });
}

type Folders = ReadonlyMap<string, RunitSource>;

/** Makes a definition in lib/rc's form from files that have been read. */
function rawSource(path: string, folders: Folders): RawSource {
  const encoder = new TextEncoder();
  const definitions = [...folders].map(([name, { files }]) => {
    const raw = new Map<string, RawFile>();
    const lists = new Map<string, { names: string[]; contents: Map<string, Uint8Array> }>();
    for (const [file, { text = "" }] of files) {
      const [top = "", entry] = file.split("/");
      if (entry === undefined) {
        raw.set(top, { kind: "file", bytes: encoder.encode(text), whole: true });
        continue;
      }
      const list = lists.get(top) ??
        { names: [] as string[], contents: new Map<string, Uint8Array>() };
      lists.set(top, list);
      list.names.push(entry);
      if (text !== "") list.contents.set(entry, encoder.encode(text));
    }
    for (const [top, list] of lists) raw.set(top, { kind: "directory", ...list });
    const isBundle = files.get("type")?.text?.trim() === "bundle";
    // an empty directory is not among the files
    if (isBundle && !raw.has("contents") && !raw.has("contents.d")) raw.set("contents.d", NO_NAMES);
    return { source: path, name, files: raw, names: [...raw.keys()], digest: "" };
  });
  const entries = definitions.map(({ name }) => ({ name, isDirectory: true }));
  return withUserTypes({ path, entries, definitions });
}

/**
 * @throws {Refusal} If a definition is wrong.
 * @throws {SyscallError} If something can't be read.
 */
export function importRcTree(given: string): Imported {
  const path = given.replace(/(?<=.)\/+$/, "");
  const beside = `${path}/../user-bundles.d`;
  const places = [path, ...(isPathOfDirectory(beside) ? [beside] : [])];
  const folders = new Map<string, RunitSource>();
  const sources = places.map((place) => {
    const own = new Map(
      directoriesIn(place).map((name) => [name, runitSource(`${place}/${name}`)] as const),
    );
    for (const [name, source] of own) folders.set(name, source);
    return rawSource(place, own);
  });
  const { database, notes } = readSound([...sources, overlaySource(new Set(folders.keys()))]);
  for (const { severity, file, line = 1, cause } of findingsOf(notes)) {
    if (severity === "error") throw new Refusal({ file, line }, cause);
  }
  return convert(database, folders);
}

function convert(database: RcDatabase, folders: Folders): Imported {
  const notes = new Notes();
  const booted = bootedOnes(database);
  const own = database.services.filter(({ name }) => folders.has(name));
  const loggers = new Map(
    own.flatMap((service) => isPlainLogger(service) ? [[service.producers[0]!, service]] : []),
  );
  const logs = new Set([...loggers.values()].map(({ number }) => number));
  const services = own.flatMap((service) => {
    const source = folders.get(service.name)!;
    tellLost(service, database, source, notes, folders);
    if (service.type === "oneshot" || logs.has(service.number)) return [];
    const files = carried(source, "", notes);
    const logger = loggers.get(service.number);
    if (logger !== undefined) files.push(...carried(folders.get(logger.name)!, "log/", notes));
    else if (service.consumer !== undefined || service.producers.length > 0) {
      notes.add(
        { file: source.path, line: 1 },
        `${service.name}: its pipeline has more than a service and its logger, and there is no other here`,
      );
    }
    if (booted !== undefined && !booted.has(service.number)) {
      files.push({ path: "down", text: "", executable: false });
      notes.add(
        { file: source.path, line: 1 },
        `${service.name}: no bundle of the user has it, so it gets a file down`,
        "changed",
        "no bundle of the user has it, so it gets a file down",
      );
    }
    return [{ name: service.name, files }];
  });
  for (const [name] of database.bundles) {
    const source = folders.get(name);
    if (source !== undefined && !(USER_BUNDLES as readonly string[]).includes(name)) {
      const reason = "there are no bundles: each service stands by itself";
      notes.add({ file: source.path, line: 1 }, `bundle ${name}: ${reason}`, "lost", reason);
    }
  }
  return { services, notes: notes.all };
}

/** The services that the user's bundles start; undefined if there are none. */
function bootedOnes(database: RcDatabase): ReadonlySet<number> | undefined {
  const members = USER_BUNDLES.flatMap((name) => database.bundles.get(name) ?? []);
  return members.length === 0 ? undefined : new Set(closure(database, members, "up"));
}

/** Whether it is the logger at the end of a pipeline of two. */
function isPlainLogger(service: Service): service is Longrun {
  return service.type === "longrun" && service.producers.length === 1 &&
    service.consumer === undefined;
}

function carried({ path, files }: RunitSource, below: string, notes: Notes): PlannedFile[] {
  return [...files].flatMap(([file, { text, executable }]): PlannedFile[] => {
    const [top = ""] = file.split("/");
    if (!CARRIED.has(top)) return [];
    if (text === undefined) {
      const reason = "it is no text, or too large: copy it";
      notes.add({ file: `${path}/${file}`, line: 1 }, reason, "lost", reason);
      return [];
    }
    const isProgram = file === "run" || file === "finish";
    return [{ path: `${below}${file}`, text, executable: executable || isProgram }];
  });
}

function tellLost(
  service: Service,
  { services }: RcDatabase,
  { path, files }: RunitSource,
  notes: Notes,
  folders: Folders,
): void {
  const { name, type, dependencies } = service;
  const at = (file: string): { file: string; line: number } => ({
    file: `${path}/${file}`,
    line: 1,
  });
  if (type === "oneshot") {
    const reason =
      "services.d has no oneshots: a script in /etc/cont-init.d runs before all services, one in /etc/cont-finish.d after them";
    notes.add(at("type"), `oneshot ${name}: ${reason}`, "lost", reason);
  }
  const consumer = service.type === "longrun" ? service.consumer : undefined;
  for (const { on } of dependencies) {
    const other = services[on]!;
    // the overlay's own services run before services.d anyway
    if (on === consumer || !folders.has(other.name)) continue;
    const reason = "services.d has no order: what it needs may not be up yet when it starts";
    const file = [...files.keys()].find((each) => each === `dependencies.d/${other.name}`) ?? "";
    const place = file === "" ? { file: path, line: 1 } : at(file);
    notes.add(place, `${name} needs ${other.name}: ${reason}`, "lost", reason);
  }
  for (const top of new Set([...files.keys()].map((file) => file.split("/")[0]!))) {
    if (TOLD.has(top) || CARRIED.has(top) || !LOST.has(top)) continue;
    const reason = "services.d has nothing of the kind";
    notes.add(at(top), `${name}: ${top}: ${reason}`, "lost", reason);
  }
}
