/**
 * The files of a definition that hexad reads and C's s6-rc does not, so that one tree works with
 * both. A definition that uses such a name for something else must still work, so a file that makes
 * no sense is reported and ignored. The formats: docs/rc.md. Pure.
 */
import { decodePath } from "../../../core/text/path_bytes.ts";
import { parseEndpoint, parseHttpUrl } from "../../../health/core/check_target.ts";
import { parseCondition, type StartCondition } from "../../../servicedir/core/start_condition.ts";
import type { DependencyCondition, ReadinessProbe } from "../database.ts";
import type { DependencyMention, Mention, OwnFiles } from "./definition.ts";
import { cautionFile, type DefinitionReader, listContents } from "./definition_reader.ts";
import { isReservedName } from "./name_register.ts";
import { firstLineNumber } from "./small_value.ts";

/** The time between TERM and KILL for a oneshot that has run out of time. */
const DEFAULT_TIMEOUT_KILL_MS = 5000;
const PROBES = ["ready-tcp", "ready-http", "ready-log"] as const;

export function readOwnFiles(reader: DefinitionReader, type: "oneshot" | "longrun"): OwnFiles {
  const number = (name: string, otherwise: number): number => readNumber(reader, name) ?? otherwise;
  return {
    wants: softList(reader, "wants.d"),
    after: softList(reader, "after.d"),
    before: softList(reader, "before.d"),
    restartsWith: softList(reader, "restarts-with.d"),
    conditions: readConditions(reader),
    probe: type === "longrun" ? readProbe(reader) : undefined,
    maxStartFailures: type === "longrun" ? number("max-start-failures", 0) : 0,
    timeoutKillMs: type === "oneshot" ? number("timeout-kill", DEFAULT_TIMEOUT_KILL_MS) : 0,
  };
}

/** The text of a file; undefined if there is none. */
function textOf(reader: DefinitionReader, name: string): string | undefined {
  const found = reader.raw.files.get(name);
  if (found === undefined) return undefined;
  if (found.kind === "file" && found.whole) return decodePath(found.bytes);
  cautionFile(reader, name, {
    cause: "it can't be read as a small file and is passed over",
    cure: "put a small regular file there",
  });
  return undefined;
}

function readNumber(reader: DefinitionReader, name: string): number | undefined {
  const text = textOf(reader, name);
  if (text === undefined) return undefined;
  const number = firstLineNumber(new TextEncoder().encode(text));
  if (number === undefined) {
    cautionFile(reader, name, {
      cause: "it holds no number and is passed over",
      cure: "write decimal digits and nothing else",
      line: 1,
    });
  }
  return number;
}

function softList(reader: DefinitionReader, name: string): Mention[] {
  const found = reader.raw.files.get(name);
  if (found === undefined) return [];
  if (found.kind !== "directory") {
    cautionFile(reader, name, {
      cause: "it is no directory and is passed over",
      cure: "make a directory with a file for each name",
    });
    return [];
  }
  return found.names.filter((entry) => !isReservedName(entry)).map((entry) => ({
    name: entry,
    file: `${reader.path}/${name}/${entry}`,
  }));
}

/** Adds when each dependency is met, as the files in dependencies.d say. */
export function withConditions(
  reader: DefinitionReader,
  mentions: readonly Mention[],
): DependencyMention[] {
  const contents = listContents(reader, "dependencies.d");
  return mentions.map((mention) => {
    const bytes = mention.line === undefined ? contents.get(mention.name) : undefined;
    return {
      ...mention,
      condition: bytes === undefined
        ? "ready"
        : conditionOf(reader, mention, decodePath(bytes).trim()),
    };
  });
}

function conditionOf(
  reader: DefinitionReader,
  { name }: Mention,
  text: string,
): DependencyCondition {
  if (text === "" || text === "ready") return "ready";
  if (text === "started" || text === "completed" || text === "healthy") return text;
  cautionFile(reader, `dependencies.d/${name}`, {
    cause: "what stands in it means nothing and is passed over",
    cure: "leave it empty, or write started, healthy or completed",
    line: 1,
  });
  return "ready";
}

/**
 * If a line of a `condition` file is not a condition, the whole file is ignored: it may belong to
 * another program.
 */
function readConditions(reader: DefinitionReader): StartCondition[] {
  const text = textOf(reader, "condition");
  if (text === undefined) return [];
  const conditions: StartCondition[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const condition = parseCondition(trimmed);
    if (condition === undefined) {
      cautionFile(reader, "condition", {
        cause: "a line is no condition, so the file is passed over",
        cure: "write VAR, !VAR, VAR=value or exists PATH",
        line: index + 1,
      });
      return [];
    }
    conditions.push(condition);
  }
  return conditions;
}

function readProbe(reader: DefinitionReader): ReadinessProbe | undefined {
  const there = PROBES.filter((name) => reader.raw.files.has(name));
  const probes = there.flatMap((name) => {
    const text = textOf(reader, name)?.split("\n", 1).join("").trim();
    if (text === undefined) return [];
    const probe = parseProbe(name, text);
    if (probe === undefined) cautionFile(reader, name, { ...PROBE_CURES[name], line: 1 });
    return probe === undefined ? [] : [{ name, probe }];
  });
  for (const { name } of probes.slice(1)) {
    cautionFile(reader, name, {
      cause: `${probes[0]!.name} counts, and this is passed over`,
      cure: "remove one of them",
    });
  }
  return probes[0]?.probe;
}

const PROBE_CURES = {
  "ready-tcp": { cause: "it names no port and is passed over", cure: "write HOST:PORT or PORT" },
  "ready-http": {
    cause: "it is no http:// address and is passed over",
    cure: "write http://HOST:PORT/PATH",
  },
  "ready-log": {
    cause: "it is empty and is passed over",
    cure: "write what a line of the log contains when the service is ready",
  },
} as const;

function parseProbe(name: (typeof PROBES)[number], text: string): ReadinessProbe | undefined {
  if (name === "ready-log") return text === "" ? undefined : { kind: "log", pattern: text };
  if (name === "ready-http") {
    return parseHttpUrl(text) === undefined ? undefined : { kind: "http", url: text };
  }
  const endpoint = parseEndpoint(text);
  return endpoint === undefined ? undefined : { kind: "tcp", ...endpoint };
}
