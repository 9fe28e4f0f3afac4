/**
 * Services of a Compose file, each of which was a container, as services of one container. The words
 * are the same; what the image or the engine gave is told. Source: Compose specification,
 * 05-services.md, 13-merge.md. Pure.
 */
import type { Notes } from "../../importer/core/import_notes.ts";
import { entryOf, isNull, type LocatedEntry, type LocatedMap } from "../../onefile/core/located.ts";
import { FOREIGN_SERVICE_KEYS, FOREIGN_TOP_KEYS } from "../../onefile/core/foreign_keys.ts";
import { mergeNodes } from "../../onefile/core/merge_documents.ts";
import { LOG_DRIVERS, SERVICE_KEYS, TOP_KEYS } from "../../onefile/core/service_keys.ts";
import type { ForeignKeys } from "../../onefile/core/value_types.ts";
import { type Draft, type DraftMap, type DraftValue, withoutGaps } from "./draft.ts";
import { draftValue, mapAt, pairsAt, textAt, textsAt } from "./located_values.ts";

const BEFORE_COMMAND =
  "an ENTRYPOINT, a WORKDIR, variables and a HEALTHCHECK of the image are not known here; write those that it needs";
const NOBODYS = "keys that begin with x- are your own; aliases of them are put in place";
const HEALTH_OF_IMAGE =
  "has no healthcheck here: one of its image has to be written out; until then, started is enough";
const STARTED = "service_started";
const RESTARTS: Readonly<Record<string, string>> = {
  none: "no",
  any: "always",
  "on-failure": "on-failure",
};
const MAX_EXTENDS = 16;

/** Reads another file that `extends` names; undefined if it can't be read, which is told. */
export type ReadOther = (file: string, entry: LocatedEntry) => LocatedMap | undefined;

export function composeDrafts(document: LocatedMap, readOther: ReadOther, notes: Notes): Draft[] {
  for (const entry of document.entries) tellTop(entry, notes);
  const services = mapAt(document, "services");
  return (services?.entries ?? []).flatMap((entry) => {
    const whole = extended(entry, services!, { readOther, notes, depth: 0 });
    if (whole === undefined) return [];
    return [draftOf({ ...entry, value: whole }, services!, notes)];
  });
}

function tellTop(entry: LocatedEntry, notes: Notes): void {
  if (!Object.hasOwn(TOP_KEYS, entry.key)) tellForeign(entry, FOREIGN_TOP_KEYS, notes);
}

/** A key that is none of services.yaml: why it has no effect. */
function tellForeign({ key, place }: LocatedEntry, foreign: ForeignKeys, notes: Notes): void {
  const row = Object.hasOwn(foreign, key) ? foreign[key] : undefined;
  const [reason, kind] = key.startsWith("x-")
    ? [NOBODYS, "changed"] as const
    : row === undefined
    ? ["no key of Compose that is known", "look"] as const
    : "noted" in row
    ? [`no effect: ${row.noted}`, "lost"] as const
    : [row.refused, "look"] as const;
  notes.add(place, `${key}: ${reason}`, kind, reason);
}

interface Extending {
  readonly readOther: ReadOther;
  readonly notes: Notes;
  readonly depth: number;
}

/** The service with what it extends. */
function extended(
  { key: name, place, value }: LocatedEntry,
  services: LocatedMap,
  extending: Extending,
): LocatedMap | undefined {
  const { readOther, notes, depth } = extending;
  if (value.kind !== "map") {
    if (!isNull(value)) notes.add(place, `${name}: a service is a map of keys`, "look");
    return isNull(value) ? { kind: "map", place, entries: [] } : undefined;
  }
  const extension = entryOf(value, "extends");
  const own = { ...value, entries: value.entries.filter((entry) => entry !== extension) };
  if (extension === undefined) return own;
  const given = extension.value.kind === "map" ? extension.value : undefined;
  const file = textAt(given, "file");
  const baseName = textAt(given, "service") ?? textAt(value, "extends") ?? name;
  const there = file === undefined ? services : mapAt(readOther(file, extension), "services");
  const base = there === undefined ? undefined : entryOf(there, baseName);
  if (there === undefined || base === undefined || depth >= MAX_EXTENDS) {
    notes.add(
      extension.place,
      depth >= MAX_EXTENDS
        ? `${name}: extends goes round in a circle`
        : `${name}: extends a service that was not found: ${baseName}`,
      "look",
    );
    return own;
  }
  const below = extended(base, there, { ...extending, depth: depth + 1 });
  if (below === undefined) return own;
  return mergeNodes(below, own, { kind: "object", keys: SERVICE_KEYS }) as LocatedMap;
}

function draftOf(
  { key: name, place, value }: LocatedEntry,
  services: LocatedMap,
  notes: Notes,
): Draft {
  const map = value as LocatedMap;
  const values: Record<string, DraftValue | undefined> = {};
  for (const entry of map.entries) {
    if (Object.hasOwn(SERVICE_KEYS, entry.key)) values[entry.key] = draftValue(entry.value);
    else tellForeign(entry, FOREIGN_SERVICE_KEYS, notes);
  }
  const isOfImage = entryOf(map, "image") !== undefined || entryOf(map, "build") !== undefined;
  if (isOfImage) notes.add(place, `${name}: ${BEFORE_COMMAND}`, "look", BEFORE_COMMAND);
  values["environment"] = environmentOf(map);
  values["deploy"] = deployOf(map, notes);
  values["restart"] ??= restartOf(map) ?? "no";
  values["depends_on"] = dependenciesOf(map, services, notes);
  values["logging"] = loggingOf(map, notes);
  values["x-hexad"] = withHome(values);
  return { name, origin: place, values: withoutGaps(values) };
}

/** A map, unless a name has no value, for which only the list has a form. */
function environmentOf(map: LocatedMap): DraftValue | undefined {
  const pairs = pairsAt(map, "environment");
  return pairs.every((pair) => pair.includes("="))
    ? Object.fromEntries(
      pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
    )
    : pairs;
}

function deployOf(map: LocatedMap, notes: Notes): DraftMap | undefined {
  const deploy = mapAt(map, "deploy");
  if (deploy === undefined) return undefined;
  for (const { key, place } of deploy.entries) {
    if (key === "replicas" || key === "restart_policy") continue;
    notes.add(place, `deploy.${key}: no effect: only replicas counts`, "lost");
  }
  const replicas = textAt(deploy, "replicas");
  return replicas === undefined ? undefined : { replicas };
}

/** `deploy.restart_policy`, where there is no `restart`. */
function restartOf(map: LocatedMap): string | undefined {
  const policy = mapAt(mapAt(map, "deploy"), "restart_policy");
  if (policy === undefined) return undefined;
  const restart = RESTARTS[textAt(policy, "condition") ?? "any"];
  const attempts = textAt(policy, "max_attempts");
  return restart === "on-failure" && attempts !== undefined ? `${restart}:${attempts}` : restart;
}

/** A list waits for the start, in Compose; here it would wait for more. */
function dependenciesOf(
  map: LocatedMap,
  services: LocatedMap,
  notes: Notes,
): DraftMap | undefined {
  const entries = mapAt(map, "depends_on")?.entries;
  if (entries === undefined) {
    return Object.fromEntries(
      textsAt(map, "depends_on").map((name) => [name, { condition: STARTED }]),
    );
  }
  return Object.fromEntries(entries.map(({ key: name, place, value }) => {
    const own = draftValue(value);
    const wish = typeof own === "object" ? own as DraftMap : {};
    const isChecked = entryOf(mapAt(services, name) ?? map, "healthcheck") !== undefined;
    if (wish["condition"] === "service_healthy" && !isChecked) {
      notes.add(place, `${name} ${HEALTH_OF_IMAGE}`, "look", HEALTH_OF_IMAGE);
      return [name, { ...wish, condition: STARTED }];
    }
    return [name, { condition: STARTED, ...wish }];
  }));
}

function loggingOf(map: LocatedMap, notes: Notes): DraftValue | undefined {
  const logging = mapAt(map, "logging");
  if (logging === undefined) return undefined;
  const driver = textAt(logging, "driver");
  if (driver === undefined || LOG_DRIVERS.some((known) => known === driver)) {
    return draftValue(logging);
  }
  notes.add(
    logging.place,
    `logging: ${driver}: the container's engine has this driver, for the output of the container`,
  );
  return undefined;
}

/** An engine sets HOME for a user that has a name. */
function withHome(values: Readonly<Record<string, DraftValue | undefined>>): DraftMap {
  const { user, environment, "x-hexad": given } = values;
  const own = typeof given === "object" ? given as DraftMap : {};
  const hasName = typeof user === "string" && /^[a-z_][\w.-]*(?::|$)/i.test(user);
  const hasHome = JSON.stringify(environment ?? "").includes('"HOME');
  return hasName && !hasHome ? { home: true, ...own } : own;
}
