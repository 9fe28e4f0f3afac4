/**
 * Reads files of services, puts variables in, and merges them in their order. Variables come from
 * the environment, and then from a file `.env` in the directory of the first one. A missing value of a variable
 * counts as empty, and is told.
 */
import { byBytes } from "../core/text/bytes.ts";
import { ENOENT, strerror } from "../core/linux/errno.ts";
import { O_RDONLY } from "../core/linux/open_flags.ts";
import { baseName } from "../core/text/path_name.ts";
import { parseEnvironmentFile } from "../grammars/core/environment_file.ts";
import { SyscallError } from "../libc/bind.ts";
import { close, read, readDirectory } from "../libc/file.ts";
import { tryOpenFile } from "../libc/wary_open.ts";
import type { FileFindings } from "./core/file_findings.ts";
import { fillVariables } from "./core/fill_document.ts";
import { isNull, type LocatedMap } from "./core/located.ts";
import { mergeNodes, withoutResets } from "./core/merge_documents.ts";
import { PARTS_DIRECTORY, projectDirectory } from "./core/project_directory.ts";
import { readValue } from "./core/read_value.ts";
import { DOCUMENT, type ServicesDocument } from "./core/service_keys.ts";
import { MAX_FILE_BYTES, readDocument } from "./read_document.ts";

const PIECE = 65536;
const NEWLINE = 10;
/** How files of that encoding begin. */
const UTF_16 = [[0xff, 0xfe], [0xfe, 0xff]] as const;
const EXTENSION = /\.(?:ya?ml|json)$/;

/** `services.yaml` and `services.d/*.yaml` of a directory: those that are there, in their order. */
export function filesIn(directory: string): string[] {
  const names = namesIn(directory).filter((name) => /^services\.(?:ya?ml|json)$/.test(name));
  const parts = namesIn(`${directory}/${PARTS_DIRECTORY}`).filter((name) =>
    EXTENSION.test(name) && !name.startsWith(".")
  );
  return [
    ...names.sort(byBytes).map((name) => `${directory}/${name}`),
    ...parts.sort(byBytes).map((name) => `${directory}/${PARTS_DIRECTORY}/${name}`),
  ];
}

/** Empty for a directory that is not there or can't be read. */
function namesIn(directory: string): string[] {
  try {
    return readDirectory(directory);
  } catch (error) {
    if (error instanceof SyscallError) return [];
    throw error;
  }
}

/** Undefined if there is nothing sound to go on with; what is wrong has been reported then. */
export function loadServices(
  files: readonly string[],
  environment: ReadonlyMap<string, string>,
  findings: FileFindings,
): ServicesDocument | undefined {
  if (files.length === 0) return {};
  const besides = dotEnv(projectDirectory(files), environment, findings);
  const lookup = (name: string): string | undefined => environment.get(name) ?? besides.get(name);
  let merged: LocatedMap | undefined;
  for (const file of files) {
    const document = readOne(file, lookup, findings);
    if (document === undefined) continue;
    merged = merged === undefined ? document : mergeNodes(merged, document, DOCUMENT) as LocatedMap;
  }
  if (merged === undefined) return undefined;
  const document = readValue(DOCUMENT, withoutResets(merged), findings);
  if (!findings.hasErrors && (document?.services?.value ?? []).length === 0) {
    findings.note(merged.place, "there are no services");
  }
  return document;
}

function readOne(
  file: string,
  lookup: (name: string) => string | undefined,
  findings: FileFindings,
): LocatedMap | undefined {
  const start = { file, line: 1, column: 1 };
  if (!EXTENSION.test(baseName(file))) {
    return findings.error(start, "only .yaml, .yml and .json are read");
  }
  const text = readText(file);
  if (typeof text !== "string") {
    return findings.error({ ...start, line: text.line ?? 1 }, text.fault);
  }
  const node = readDocument(file, text, findings);
  if (node === undefined) return undefined;
  if (isNull(node)) return { kind: "map", place: node.place, entries: [] };
  if (node.kind !== "map") {
    return findings.error(node.place, "a map with the key services is needed here");
  }
  return {
    ...node,
    // other keys are other people's, or have no effect
    entries: node.entries.map((entry) => ({
      ...entry,
      value: entry.key === "services" ? fillVariables(entry.value, lookup, findings) : entry.value,
    })),
  };
}

/** Why there is no text of a file. */
interface Fault {
  readonly fault: string;
  readonly isMissing?: boolean;
  readonly line?: number;
}

function readText(file: string): string | Fault {
  const fd = tryOpenFile(file, O_RDONLY, { follow: true });
  if (fd < 0) {
    return { fault: `unable to open it: ${strerror(-fd)}`, isMissing: fd === -ENOENT };
  }
  try {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const piece = new Uint8Array(PIECE);
      const got = read(fd, piece);
      if (got < 0) return { fault: `unable to read it: ${strerror(-got)}` };
      if (got === 0) break;
      pieces.push(piece.subarray(0, got));
      length += got;
      if (length > MAX_FILE_BYTES) return { fault: `it has more than ${MAX_FILE_BYTES} bytes` };
    }
    return textOf(joined(pieces, length));
  } finally {
    close(fd);
  }
}

function textOf(bytes: Uint8Array): string | Fault {
  const decode = (part: Uint8Array): string | undefined => {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(part);
    } catch (error) {
      if (error instanceof TypeError) return undefined;
      throw error;
    }
  };
  const text = decode(bytes);
  if (text !== undefined) return text;
  if (UTF_16.some((mark) => mark.every((byte, at) => bytes[at] === byte))) {
    return { fault: "it is UTF-16; write it in UTF-8" };
  }
  let line = 1;
  for (let at = 0;;) {
    const end = bytes.indexOf(NEWLINE, at);
    if (end < 0 || decode(bytes.subarray(at, end)) === undefined) break;
    at = end + 1;
    line++;
  }
  return { fault: "this line is not UTF-8", line };
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function dotEnv(
  directory: string,
  environment: ReadonlyMap<string, string>,
  findings: FileFindings,
): ReadonlyMap<string, string> {
  const file = `${directory}/.env`;
  const text = readText(file);
  if (typeof text !== "string") {
    if (text.isMissing !== true) {
      findings.note({ file, line: text.line ?? 1, column: 1 }, text.fault);
    }
    return new Map();
  }
  const { variables, faults } = parseEnvironmentFile(
    text,
    "compose",
    (name) => environment.get(name),
  );
  for (const fault of faults) {
    findings.note({ file, line: fault.line, column: 1 }, fault.text);
  }
  return new Map(variables);
}

/** What is asked for by COMPOSE_PROFILES. */
export function profilesOf(environment: ReadonlyMap<string, string>): string[] {
  return (environment.get("COMPOSE_PROFILES") ?? "").split(",").map((name) => name.trim())
    .filter((name) => name !== "");
}
