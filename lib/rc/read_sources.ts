/**
 * Reads sources of definitions: each file up to a limit. It opens only regular files and
 * directories. It follows links, as C does.
 */
import { byBytes } from "../core/text/bytes.ts";
import { ENOENT } from "../core/linux/errno.ts";
import { SyscallError } from "../libc/bind.ts";
import { isDots, readNames } from "../libc/directory.ts";
import { O_DIRECTORY, O_NONBLOCK, O_RDONLY } from "../core/linux/open_flags.ts";
import { close, read, tryOpen } from "../libc/file.ts";
import {
  isDirectory,
  isRegular,
  S_IFBLK,
  S_IFCHR,
  S_IFIFO,
  S_IFMT,
  S_IFSOCK,
  type Stat,
  tryStat,
} from "../libc/stat.ts";
import { tryOpenFile } from "../libc/wary_open.ts";
import { type Digest, newDigest } from "./core/source/digest.ts";
import {
  LIST_DIRECTORIES,
  type RawDefinition,
  type RawEntry,
  type RawFile,
  type RawSource,
  READ_FILES,
  readLimit,
  SEEN_FILES,
} from "./core/source/raw_definition.ts";

/**
 * For a file whose content means nothing here, this many bytes count for the digest, and its size
 * and time.
 */
const DIGEST_LIMIT = 1 << 20;
/** Longer than any word in an entry of dependencies.d. */
const ENTRY_LIMIT = 64;
/** How deep the digest looks into `data` and similar directories. */
const MAX_DEPTH = 8;
const MAX_DIGEST_FILES = 4096;

const ODD: Readonly<Record<number, string>> = {
  [S_IFIFO]: "a FIFO, and not a regular file",
  [S_IFSOCK]: "a socket, and not a regular file",
  [S_IFCHR]: "a device, and not a regular file",
  [S_IFBLK]: "a device, and not a regular file",
};

export function readSources(paths: readonly string[]): RawSource[] {
  return paths.map(readSource);
}

function readSource(path: string): RawSource {
  const names = namesIn(path);
  if (typeof names === "number") return { path, errno: names, entries: [], definitions: [] };
  const entries = names.map((name) => readEntry(path, name));
  return {
    path,
    entries,
    definitions: entries.filter((entry) => entry.isDirectory).map(({ name }) =>
      readDefinition(path, name)
    ),
  };
}

function readEntry(source: string, name: string): RawEntry {
  const found = tryStat(`${source}/${name}`);
  return typeof found === "number"
    ? { name, isDirectory: false, errno: -found }
    : { name, isDirectory: isDirectory(found.mode) };
}

/** Sorted by bytes, without dotfiles; or the error number. */
function namesIn(path: string): string[] | number {
  const fd = tryOpen(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
  if (fd < 0) return -fd;
  try {
    const names: string[] = [];
    for (;;) {
      const some = readNames(fd, () => `readdir ${path}`);
      if (some.length === 0) return names.sort(byBytes);
      for (const name of some) if (!isDots(name) && !name.startsWith(".")) names.push(name);
    }
  } catch (error) {
    if (error instanceof SyscallError) return error.errno;
    throw error;
  } finally {
    close(fd);
  }
}

function readDefinition(source: string, name: string): RawDefinition {
  const path = `${source}/${name}`;
  const names = namesIn(path);
  if (typeof names === "number") {
    return { source, name, files: new Map(), names: [], errno: names, digest: "" };
  }
  const files = new Map<string, RawFile>();
  const digest = newDigest();
  const budget = { files: MAX_DIGEST_FILES };
  for (const entry of names) {
    const file = readFile(`${path}/${entry}`, entry, digest, budget);
    if (
      file !== undefined &&
      (READ_FILES.has(entry) || LIST_DIRECTORIES.has(entry) || SEEN_FILES.has(entry))
    ) files.set(entry, file);
  }
  return { source, name, files, names, digest: digest.text() };
}

interface Budget {
  files: number;
}

/** Undefined for a broken link. */
function readFile(path: string, name: string, digest: Digest, budget: Budget): RawFile | undefined {
  digest.addText(name);
  const found = tryStat(path);
  if (typeof found === "number") {
    return found === -ENOENT ? undefined : { kind: "unreadable", errno: -found };
  }
  if (isDirectory(found.mode)) {
    digestDirectory(path, digest, budget, MAX_DEPTH);
    return LIST_DIRECTORIES.has(name)
      ? readListDirectory(path, name)
      : { kind: "directory", names: [], contents: new Map() };
  }
  if (!isRegular(found.mode)) {
    return { kind: "odd", what: ODD[found.mode & S_IFMT] ?? "no regular file" };
  }
  const limit = READ_FILES.has(name) ? readLimit(name) : DIGEST_LIMIT;
  const bytes = readBeginning(path, found, limit);
  if (typeof bytes === "number") return { kind: "unreadable", errno: bytes };
  addToDigest(digest, found, bytes);
  return { kind: "file", bytes, whole: found.size <= bytes.length };
}

function readListDirectory(path: string, name: string): RawFile {
  const names = namesIn(path);
  if (typeof names === "number") return { kind: "unreadable", errno: names };
  const contents = new Map<string, Uint8Array>();
  if (name === "dependencies.d") {
    for (const entry of names) {
      const found = tryStat(`${path}/${entry}`);
      if (typeof found === "number" || !isRegular(found.mode) || found.size === 0) continue;
      const bytes = readBeginning(`${path}/${entry}`, found, ENTRY_LIMIT);
      if (typeof bytes !== "number") contents.set(entry, bytes);
    }
  }
  return { kind: "directory", names, contents };
}

function digestDirectory(path: string, digest: Digest, budget: Budget, depth: number): void {
  const names = namesIn(path);
  if (typeof names === "number" || depth === 0) return;
  for (const name of names) {
    if (budget.files-- <= 0) return;
    digest.addText(name);
    const found = tryStat(`${path}/${name}`);
    if (typeof found === "number") continue;
    if (isDirectory(found.mode)) digestDirectory(`${path}/${name}`, digest, budget, depth - 1);
    else if (isRegular(found.mode) && found.size > 0) {
      const bytes = readBeginning(`${path}/${name}`, found, DIGEST_LIMIT);
      if (typeof bytes !== "number") addToDigest(digest, found, bytes);
    }
  }
}

function addToDigest(digest: Digest, { size }: Stat, bytes: Uint8Array): void {
  digest.addText(String(size));
  digest.add(bytes);
}

/** The first bytes of a regular file; or the error number. */
function readBeginning(path: string, { size }: Stat, limit: number): Uint8Array | number {
  const fd = tryOpenFile(path, O_RDONLY, { follow: true });
  if (fd < 0) return -fd;
  try {
    const buffer = new Uint8Array(Math.min(limit, size));
    let length = 0;
    while (length < buffer.length) {
      const got = read(fd, buffer.subarray(length));
      if (got < 0) return -got;
      if (got === 0) break;
      length += got;
    }
    return buffer.subarray(0, length);
  } finally {
    close(fd);
  }
}
