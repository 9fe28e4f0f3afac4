/**
 * Parses the files of one definition, in C's order, and reports all that is wrong with it.
 * Source: s6-rc, s6-rc-compile.c, add_source and what it calls. Pure.
 */
import { EXIT_SYSTEM } from "../../../core/cli/exit_codes.ts";
import { EISDIR, ENOENT, strerror } from "../../../core/linux/errno.ts";
import type {
  BundleDefinition,
  Definition,
  DependencyMention,
  LongrunDefinition,
  Mention,
  OneshotDefinition,
} from "./definition.ts";
import {
  type DefinitionReader,
  failCall,
  fileBytes,
  hasFile,
  kindOf,
  readList,
  readListDirectory,
  readScript,
  readTimeout,
} from "./definition_reader.ts";
import { FD_HOLDER, ONESHOT_RUNNER } from "../database.ts";
import { fail, type Notes, say } from "./finding.ts";
import type { NameRegister } from "./name_register.ts";
import { readOwnFiles, withConditions } from "./own_files.ts";
import type { RawDefinition } from "./raw_definition.ts";
import { serviceType } from "./small_value.ts";

/** What the files define; undefined if that is unclear or the name is taken. */
export function parseDefinition(
  raw: RawDefinition,
  register: NameRegister,
  notes: Notes,
): Definition | undefined {
  const path = `${raw.source}/${raw.name}`;
  const reader: DefinitionReader = { raw, path, notes, register };
  if (raw.errno !== undefined) {
    failOpen(reader, raw.errno);
    return undefined;
  }
  say(notes, 3, "info", `parsing ${path}`);
  const type = readType(reader);
  if (type === undefined) return undefined;
  say(notes, 3, "info", `${raw.name} has type ${type}`);
  if (!register.define(raw.name, type, { source: raw.source, path })) return undefined;
  return type === "bundle"
    ? parseBundle(reader)
    : type === "oneshot"
    ? parseOneshot(reader)
    : parseLongrun(reader);
}

function failOpen({ path, raw, notes }: DefinitionReader, errno: number): void {
  fail(notes, {
    exitCode: EXIT_SYSTEM,
    text: `unable to open ${path}: ${strerror(errno)}`,
    file: path,
    cause: `it can't be opened: ${strerror(errno)}`,
    cure: "look at its mode",
    spoils: [raw.name],
  });
}

function readType(reader: DefinitionReader): Definition["type"] | undefined {
  if (!hasFile(reader, "type")) {
    failCall(reader, "read", "type", ENOENT);
    return undefined;
  }
  const bytes = fileBytes(reader, "type", { verb: "read" });
  if (bytes === undefined) return undefined;
  const type = serviceType(bytes);
  if (type !== undefined) return type;
  const file = `${reader.path}/type`;
  fail(reader.notes, {
    text: `invalid ${file}: must be oneshot, longrun, or bundle`,
    file,
    line: 1,
    cause: bytes.includes(13)
      ? "its line ends in CR LF"
      : "it holds none of the words oneshot, longrun and bundle, or more than the word",
    cure: "write one of them, followed by a newline or nothing",
    spoils: [reader.raw.name],
  });
  return undefined;
}

function flags(
  reader: DefinitionReader,
): { readonly essential: boolean; readonly recommended: boolean } {
  return {
    essential: hasFile(reader, "flag-essential"),
    recommended: hasFile(reader, "flag-recommended"),
  };
}

function common(
  reader: DefinitionReader,
): Omit<OneshotDefinition, "type" | "up" | "down" | "reload" | "own"> {
  const { raw: { name, source, digest }, path } = reader;
  const listed = readListDirectory(reader, "dependencies.d") ?? readList(reader, "dependencies") ??
    [];
  const dependencies: readonly DependencyMention[] = withConditions(reader, listed);
  const timeoutDownMs = readTimeout(reader, "timeout-down");
  const timeoutUpMs = readTimeout(reader, "timeout-up");
  return { name, source, path, digest, ...flags(reader), timeoutDownMs, timeoutUpMs, dependencies };
}

function parseOneshot(reader: DefinitionReader): OneshotDefinition {
  const shared = common(reader);
  const reload = readScript(reader, "reload", { required: false });
  const up = readScript(reader, "up", { required: true });
  const down = readScript(reader, "down", { required: false });
  for (const name of [...shared.dependencies.map((mention) => mention.name), ONESHOT_RUNNER]) {
    say(
      reader.notes,
      4,
      "tracing",
      `in add_oneshot: dependency from ${shared.name} to ${name} (${
        reader.register.position(name)
      })`,
    );
  }
  return { type: "oneshot", ...shared, up, down, reload, own: readOwnFiles(reader, "oneshot") };
}

function parseLongrun(reader: DefinitionReader): LongrunDefinition {
  const { notes, path } = reader;
  const shared = common(reader);
  checkRun(reader);
  const toldBefore = notes.length;
  const consumer = oneName(reader, "producer-for", "service name");
  if (consumer !== undefined) {
    say(notes, 3, "info", `${shared.name} is a producer for ${consumer.name}`);
  }
  const listed = readList(reader, "consumer-for") ?? [];
  // C puts the fd holder in the place of a last consumer's first producer, which moves to the end
  const producers = hasFile(reader, "producer-for")
    ? listed
    : [...listed.slice(1), ...listed.slice(0, 1)];
  for (const producer of producers) {
    say(notes, 3, "info", `${shared.name} is a consumer for ${producer.name}`);
  }
  let pipelineName: Mention | undefined;
  if (!hasFile(reader, "producer-for") && producers.length > 0) {
    pipelineName = oneName(reader, "pipeline-name", "name");
  } else if (hasFile(reader, "pipeline-name")) {
    say(
      notes,
      1,
      "warning",
      `${path} contains a pipeline-name file despite not being a last consumer; this file will be ignored`,
    );
  }
  const pipesAreWrong = notes.slice(toldBefore).some(({ kind }) => kind === "finding");
  const own = readOwnFiles(reader, "longrun");
  const tellsReadiness = hasFile(reader, "notification-fd") || own.probe !== undefined;
  return {
    type: "longrun",
    ...shared,
    own,
    tellsReadiness,
    checksHealth: hasFile(reader, "health-check"),
    consumer,
    producers,
    pipelineName,
    pipesAreWrong,
  };
}

function checkRun(reader: DefinitionReader): void {
  const file = `${reader.path}/run`;
  const said = { file, spoils: [reader.raw.name] };
  const kind = kindOf(reader, "run");
  if (kind === undefined && hasFile(reader, "logscript")) return; // a logger without a process
  if (kind === undefined) {
    const cause = reader.raw.names.includes("run")
      ? "it is a link to nothing"
      : "there is no such file";
    fail(reader.notes, {
      ...said,
      text: `unable to find a run script in ${file}`,
      cause,
      cure: "write the script that starts the service",
    });
  } else if (kind === "directory" || kind === "odd") {
    fail(reader.notes, {
      ...said,
      text: `${file} is not a regular file`,
      cause: "it is not a regular file",
      cure: "put a script or a program there",
    });
  } else if (kind === "unreadable") {
    const found = reader.raw.files.get("run")!;
    failCall(reader, "open", "run", found.kind === "unreadable" ? found.errno : EISDIR);
  }
}

/** The only name in a list; undefined if there is no such file, or not exactly one name in it. */
function oneName(reader: DefinitionReader, name: string, what: string): Mention | undefined {
  const faultsBefore = reader.notes.length;
  const list = readList(reader, name);
  if (list === undefined || list.length === 1) return list?.[0];
  // a list that can't be read or mentions a reserved name has already been reported
  if (
    list.length === 0 && reader.notes.slice(faultsBefore).some(({ kind }) => kind === "finding")
  ) return undefined;
  const file = `${reader.path}/${name}`;
  fail(reader.notes, {
    text: `${file} should only contain one ${what}`,
    file,
    ...(list[1]?.line === undefined ? {} : { line: list[1].line }),
    cause: list.length === 0 ? "it contains no name" : "it contains more than one name",
    cure: `write one ${what} into it`,
    spoils: [reader.raw.name],
  });
  return undefined;
}

function parseBundle(reader: DefinitionReader): BundleDefinition {
  const { raw: { name, source }, path } = reader;
  const contents = readListDirectory(reader, "contents.d") ?? readList(reader, "contents");
  if (contents === undefined) failCall(reader, "open", "contents", ENOENT);
  return { type: "bundle", name, source, path, ...flags(reader), contents: contents ?? [] };
}

/** Dependencies that C adds to the database by itself, so nobody has to list them. */
export function automaticDependencies(definition: OneshotDefinition | LongrunDefinition): string[] {
  if (definition.type === "oneshot") return [ONESHOT_RUNNER];
  if (definition.consumer !== undefined) return [definition.consumer.name, FD_HOLDER];
  return definition.producers.length > 0 ? [FD_HOLDER] : [];
}
