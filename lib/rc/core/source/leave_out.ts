/**
 * Reads sources that have mistakes, for a boot that must go on: what is broken is left out together
 * with all that needs it, and the rest is a valid database.
 *
 * A broken member does not break a bundle, which keeps the other members. A service that depends on
 * such a bundle needs the member, so it is left out. A consumer that has lost all its producers has
 * nothing to read, so it is left out too. Pure.
 */
import type { RcDatabase } from "../database.ts";
import type { Definition, LongrunDefinition, Mention, OneshotDefinition } from "./definition.ts";
import { errorsOf, type Note, type Notes, type RcFinding } from "./finding.ts";
import { linkDefinitions } from "./link.ts";
import { type ParsedSources, parseSources } from "./parse_sources.ts";
import type { RawSource } from "./raw_definition.ts";
import { checkServicedirs } from "./servicedir_files.ts";

export interface LeftOut {
  readonly name: string;
  /** What is wrong with it; undefined if it is left out because of another one. */
  readonly finding: RcFinding | undefined;
  /**
   * The broken definition that it needs, directly or through others; its own name if it is broken.
   */
  readonly becauseOf: string;
}

export interface ReadDatabase {
  readonly database: RcDatabase;
  /** What C would report about the sources. If there is an error, something is left out. */
  readonly notes: readonly Note[];
  /** Services and bundles, each once, in the order of names in their sources. */
  readonly leftOut: readonly LeftOut[];
}

export interface LeaveOutOptions {
  /** True for services that stay when a member of a bundle they depend on is left out. */
  readonly tolerates?: (name: string) => boolean;
}

/** The database of everything that is sound. */
export function readSound(
  sources: readonly RawSource[],
  { tolerates = (): boolean => false }: LeaveOutOptions = {},
): ReadDatabase {
  const notes: Notes = [];
  const parsed = parseSources(sources, notes);
  const whole = linkDefinitions(parsed, notes);
  checkServicedirs(parsed.definitions, sources, notes);
  if (errorsOf(notes).length === 0) return { database: whole, notes, leftOut: [] };

  const out = new Map<string, LeftOut>();
  for (const name of parsed.undefinable) breakName(out, name, undefined);
  for (const finding of errorsOf(notes)) {
    for (const name of finding.spoils) breakName(out, name, finding);
  }
  let definitions = parsed.definitions;
  for (;;) {
    spread(definitions, out, tolerates);
    definitions = remaining(definitions, out);
    // a pipeline whose name is taken does without its bundle; this register's reports are discarded
    const register = parseSources([], []).register;
    for (const { name, type, source, path } of definitions) {
      register.define(name, type, { source, path });
    }
    const sound: ParsedSources = { definitions, register, undefinable: new Set() };
    const again: Notes = [];
    const database = linkDefinitions(sound, again);
    const errors = errorsOf(again);
    if (errors.length === 0) return { database, notes, leftOut: ordered(sources, out) };
    // the first mistakes may hide others; each round leaves out something more
    const before = out.size;
    for (const finding of errors) for (const name of finding.spoils) breakName(out, name, finding);
    if (out.size === before) {
      return { database: emptyDatabase(), notes, leftOut: ordered(sources, out) };
    }
  }
}

function emptyDatabase(): RcDatabase {
  return linkDefinitions(parseSources([], []), []);
}

function breakName(out: Map<string, LeftOut>, name: string, finding: RcFinding | undefined): void {
  const known = out.get(name);
  if (known === undefined || (known.finding === undefined && known.becauseOf === name)) {
    out.set(name, { name, finding, becauseOf: name });
  }
}

/** Leaves out whatever needs something that is left out or missing, until nothing changes. */
function spread(
  definitions: readonly Definition[],
  out: Map<string, LeftOut>,
  tolerates: (name: string) => boolean,
): void {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const pipelines = pipelineMembers(definitions);
  for (let changed = true; changed;) {
    changed = false;
    for (const definition of definitions) {
      if (definition.type === "bundle" || out.has(definition.name)) continue;
      const cause = whatIsMissing(definition, { byName, pipelines, out, tolerates });
      if (cause === undefined) continue;
      out.set(definition.name, {
        name: definition.name,
        finding: undefined,
        becauseOf: out.get(cause)?.becauseOf ?? cause,
      });
      changed = true;
    }
  }
}

interface World {
  readonly byName: ReadonlyMap<string, Definition>;
  readonly pipelines: ReadonlyMap<string, readonly string[]>;
  readonly out: ReadonlyMap<string, LeftOut>;
  readonly tolerates: (name: string) => boolean;
}

function whatIsMissing(
  definition: OneshotDefinition | LongrunDefinition,
  world: World,
): string | undefined {
  const { out, tolerates } = world;
  for (const { name } of definition.dependencies) {
    if (out.has(name)) return name;
    const member = missingMember(name, world, new Set());
    if (member !== undefined && !tolerates(definition.name)) return member;
  }
  if (definition.type === "oneshot") return undefined;
  if (definition.consumer !== undefined && out.has(definition.consumer.name)) {
    return definition.consumer.name;
  }
  const { producers } = definition;
  return producers.length > 0 && producers.every(({ name }) => out.has(name))
    ? producers[0]!.name
    : undefined;
}

/** A member of the bundle, direct or indirect, that is left out or undefined. */
function missingMember(name: string, world: World, seen: Set<string>): string | undefined {
  const { byName, pipelines, out } = world;
  if (seen.has(name)) return undefined;
  seen.add(name);
  const bundle = byName.get(name);
  const members = bundle?.type === "bundle"
    ? bundle.contents.map((mention) => mention.name)
    : pipelines.get(name) ?? [];
  for (const member of members) {
    if (out.has(member) || !(byName.has(member) || pipelines.has(member))) return member;
    const inner = missingMember(member, world, seen);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** The bundles that `pipeline-name` files define, with all their members. */
function pipelineMembers(
  definitions: readonly Definition[],
): ReadonlyMap<string, readonly string[]> {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const found = new Map<string, readonly string[]>();
  for (const definition of definitions) {
    if (definition.type !== "longrun" || definition.pipelineName === undefined) continue;
    const members = new Set([definition.name]);
    for (const member of members) {
      const longrun = byName.get(member);
      if (longrun?.type === "longrun") {
        for (const { name } of longrun.producers) members.add(name);
      }
    }
    found.set(definition.pipelineName.name, [...members]);
  }
  return found;
}

/** Removes what is left out, and the mentions of it. */
function remaining(
  definitions: readonly Definition[],
  out: ReadonlyMap<string, LeftOut>,
): Definition[] {
  const kept = definitions.filter(({ name }) => !out.has(name));
  const pipelines = kept.flatMap((each) =>
    each.type === "longrun" && each.pipelineName !== undefined ? [each.pipelineName.name] : []
  );
  const there = new Set([...kept.map(({ name }) => name), ...pipelines]);
  const isThere = ({ name }: Mention): boolean => there.has(name);
  return kept.map((definition): Definition => {
    if (definition.type === "bundle") {
      return { ...definition, contents: definition.contents.filter(isThere) };
    }
    if (definition.type === "oneshot") return definition;
    const { pipelineName } = definition;
    return {
      ...definition,
      producers: definition.producers.filter(isThere),
      pipelineName: pipelineName !== undefined && out.has(pipelineName.name)
        ? undefined
        : pipelineName,
    };
  });
}

function ordered(sources: readonly RawSource[], out: ReadonlyMap<string, LeftOut>): LeftOut[] {
  const place = new Map(
    sources.flatMap(({ entries }) => entries).map(({ name }, at) => [name, at]),
  );
  return [...out.values()].sort((a, b) => (place.get(a.name) ?? 0) - (place.get(b.name) ?? 0));
}
