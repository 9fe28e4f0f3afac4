/**
 * A directory of rendered definitions, brought up to date: only what differs is written, and what
 * is no longer there is removed. A definition that stays the same keeps its files.
 */
import { byBytes } from "../core/text/bytes.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { makeDirectory } from "../files/make_directory.ts";
import { removeTree } from "../files/remove_tree.ts";
import type { PlannedFile } from "../importer/core/service_plan.ts";
import { SyscallError } from "../libc/bind.ts";
import { readDirectory } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { isDirectory, tryLstat } from "../libc/stat.ts";
import { writeService } from "../newservice/write.ts";

const MAX_FILE = 1 << 20;
const EXECUTABLE = 0o111;

export interface RenderedDirectory {
  readonly name: string;
  readonly files: readonly PlannedFile[];
}

/** @throws {SyscallError} If it can't be written. */
export function updateTree(directory: string, definitions: readonly RenderedDirectory[]): void {
  makeDirectory(directory, { mode: 0o755, parents: true, onMade: () => {} });
  const names = new Set(definitions.map(({ name }) => name));
  for (const name of namesIn(directory)) {
    if (!names.has(name)) removeTree(`${directory}/${name}`);
  }
  for (const { name, files } of definitions) {
    const path = `${directory}/${name}`;
    if (isSame(path, files)) continue;
    if (typeof tryLstat(path) !== "number") removeTree(path);
    writeService(directory, name, files);
  }
}

function namesIn(directory: string): string[] {
  try {
    return readDirectory(directory);
  } catch (error) {
    if (error instanceof SyscallError) return [];
    throw error;
  }
}

function isSame(path: string, files: readonly PlannedFile[]): boolean {
  const wanted = files.map((file) => file.path).sort(byBytes);
  const found = filesBelow(path, "").sort(byBytes);
  return found.length === wanted.length && found.every((name, at) => name === wanted[at]) &&
    files.every((file) => holds(path, file));
}

function holds(path: string, { path: name, text, executable }: PlannedFile): boolean {
  const found = tryLstat(`${path}/${name}`);
  if (typeof found === "number" || ((found.mode & EXECUTABLE) !== 0) !== executable) return false;
  const bytes = readSmallFile(`${path}/${name}`, MAX_FILE);
  const wanted = encodePath(text);
  return bytes !== undefined && bytes.length === wanted.length &&
    bytes.every((byte, at) => byte === wanted[at]);
}

function filesBelow(path: string, prefix: string): string[] {
  return namesIn(`${path}/${prefix}`).flatMap((name) => {
    const below = `${prefix}${name}`;
    const found = tryLstat(`${path}/${below}`);
    return typeof found !== "number" && isDirectory(found.mode)
      ? filesBelow(path, `${below}/`)
      : [below];
  });
}
