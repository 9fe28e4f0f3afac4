/**
 * Reads configurations of other supervisors. It reads only regular files of ordinary size, so that
 * nothing here blocks or uses much memory.
 */
import { decodePath } from "../core/text/path_bytes.ts";
import { dirName, lastComponent } from "../core/text/path_name.ts";
import type { RunitSource, SourceFile } from "./core/runit_source.ts";
import type { SupervisordSource } from "./core/supervisord_conf.ts";
import type { UnitSource } from "./core/systemd_unit.ts";
import { Refusal } from "../grammars/core/refusal.ts";
import { dropInNames } from "../grammars/core/unit_words.ts";
import { SyscallError } from "../libc/bind.ts";
import { EFBIG, EINVAL, EISDIR, ENOENT, ENOTDIR } from "../core/linux/errno.ts";
import { workingDirectory } from "../libc/cwd.ts";
import { glob } from "../libc/glob.ts";
import { O_NONBLOCK, O_RDONLY } from "../core/linux/open_flags.ts";
import { close, open, readDirectory, readUpTo } from "../libc/file.ts";
import { isDirectory, isRegular, tryFstat, tryLstat, tryStat } from "../libc/stat.ts";

/** Nobody writes a longer configuration by hand. */
const LARGEST = 1 << 20;
const MAX_FILES = 1000;
const MAX_DEPTH = 3;
const MAX_INCLUDED = 1000;

/** The text of a file. @throws {SyscallError} If it can't be read, or is not a regular file. */
export function readText(path: string): string {
  const found = tryStat(path);
  if (typeof found === "number") throw new SyscallError(`read ${path}`, -found);
  if (isDirectory(found.mode)) throw new SyscallError(`read ${path}`, EISDIR);
  if (!isRegular(found.mode)) {
    throw new SyscallError(`read ${path}`, EINVAL, "it is no regular file");
  }
  const bytes = readAll(path);
  if (bytes === undefined) {
    throw new SyscallError(`read ${path}`, EFBIG, `a configuration has at most ${LARGEST} bytes`);
  }
  return decodePath(bytes);
}

/**
 * The text of a configuration.
 * @throws {SyscallError} As readText.
 * @throws {Refusal} If it has a NUL byte: no argument and no path can have one.
 */
export function readConfiguration(path: string): string {
  const text = readText(path);
  const at = text.indexOf("\0");
  if (at === -1) return text;
  const before = text.slice(0, at).split("\n");
  const place = { file: path, line: before.length, column: before.at(-1)!.length + 1 };
  throw new Refusal(place, "a NUL byte");
}

/** Undefined if it is too large or not a regular file. */
function readAll(path: string): Uint8Array | undefined {
  const fd = open(path, O_RDONLY | O_NONBLOCK);
  try {
    const opened = tryFstat(fd);
    if (typeof opened === "number" || !isRegular(opened.mode) || opened.size > LARGEST) {
      return undefined;
    }
    const bytes = readUpTo(fd, LARGEST + 1);
    if (typeof bytes === "number") throw new SyscallError(`read ${path}`, -bytes);
    return bytes.length > LARGEST ? undefined : bytes;
  } finally {
    close(fd);
  }
}

export function absolutePath(path: string): string {
  return path.startsWith("/")
    ? path
    : `${workingDirectory()}/${path}`.replace(/\/(?:\.\/)+/g, "/").replace(/\/\.$/, "");
}

export function supervisordSource(file: string): SupervisordSource {
  const here = dirName(absolutePath(file));
  return { file, text: readConfiguration(file), here, include };
}

function include(pattern: string, here: string): { file: string; text: string; here: string }[] {
  const paths = (glob(pattern.startsWith("/") ? pattern : `${here}/${pattern}`, 0) ?? []).slice(
    0,
    MAX_INCLUDED,
  );
  return paths.map((file) => ({ file, text: readConfiguration(file), here: dirName(file) }));
}

/** Reads a directory of runit: all its files, except those that a supervisor or a logger makes. */
export function runitSource(path: string): RunitSource {
  const files = new Map<string, SourceFile>();
  readInto(files, path, "", 0);
  return { path, files, configIn };
}

/** The names of the directories in a directory, including links to directories, sorted. */
export function directoriesIn(path: string): string[] {
  return readDirectory(path).filter((name) =>
    !name.startsWith(".") && isPathOfDirectory(`${path}/${name}`)
  ).sort();
}

function configIn(directory: string): string | undefined {
  const path = `${directory}/config`;
  const found = tryStat(path);
  return typeof found === "number" || !isRegular(found.mode) ? undefined : readConfiguration(path);
}

/**
 * Reads a unit with its drop-ins. Of drop-ins with the same name, the one for the more specific
 * unit name wins.
 */
export function unitSource(file: string): UnitSource {
  const directory = dirName(absolutePath(file));
  const dropIns = new Map<string, string>();
  for (const name of dropInNames(lastComponent(file))) {
    const place = `${directory}/${name}.d`;
    const found = tryStat(place);
    if (typeof found === "number" || !isDirectory(found.mode)) continue;
    for (const path of filesEnding(place, ".conf")) {
      const base = path.slice(place.length + 1);
      if (!dropIns.has(base)) dropIns.set(base, path);
    }
  }
  const order = [...dropIns.keys()].sort();
  return {
    file,
    text: readConfiguration(file),
    dropIns: order.map((base) => {
      const path = dropIns.get(base)!;
      return { file: path, text: readConfiguration(path) };
    }),
  };
}

function readInto(files: Map<string, SourceFile>, top: string, below: string, depth: number): void {
  for (const name of readDirectory(below === "" ? top : `${top}/${below}`).sort()) {
    const path = below === "" ? name : `${below}/${name}`;
    if (name === "supervise") continue;
    if (files.size >= MAX_FILES) {
      return void files.set(`(more than ${MAX_FILES} files)`, {
        text: undefined,
        executable: false,
      });
    }
    const whole = `${top}/${path}`;
    const found = tryStat(whole);
    if (typeof found === "number") {
      if (typeof tryLstat(whole) !== "number") {
        files.set(path, { text: undefined, executable: false });
      }
    } else if (isDirectory(found.mode)) {
      // a link may point anywhere, even in a circle
      if (depth < MAX_DEPTH) readInto(files, top, path, depth + 1);
      else files.set(path, { text: undefined, executable: false });
    } else {
      const bytes =
        isRegular(found.mode) && !/(?:^|\/)(?:current|lock|state|@[0-9a-f]+\.[su])$/.test(path)
          ? readAll(whole)
          : undefined;
      if (bytes === undefined && below.startsWith("log")) continue;
      files.set(path, {
        text: bytes === undefined || (bytes.includes(0) && !isVariable(path))
          ? undefined
          : decodePath(bytes),
        executable: (found.mode & 0o111) !== 0,
      });
    }
  }
}

/**
 * The path of an s6-rc `type` file in it, or in one of its directories; undefined: it is not a tree
 * of s6-rc.
 */
export function rcTypeFile(path: string): string | undefined {
  const places = [path, ...readDirectory(path).sort().map((name) => `${path}/${name}`)];
  return places.find((place) => {
    if (!hasFile(place, "type")) return false;
    return /^(?:oneshot|longrun|bundle)\s*$/.test(readText(`${place}/type`));
  });
}

/** In a file for an environment variable, a NUL stands for a newline. */
function isVariable(path: string): boolean {
  return /(?:^|\/)env\//.test(path);
}

/** The service directories of runit that an operand stands for: itself, or those in it. */
export function runitDirectories(path: string): string[] {
  if (hasFile(path, "run")) return [path];
  return readDirectory(path).sort().filter((name) =>
    !name.startsWith(".") && hasFile(`${path}/${name}`, "run")
  ).map((name) => `${path}/${name}`);
}

function hasFile(directory: string, name: string): boolean {
  const found = tryStat(`${directory}/${name}`);
  return typeof found !== "number" && isRegular(found.mode);
}

/** The files in a directory with this ending. */
export function filesEnding(directory: string, end: string): string[] {
  return readDirectory(directory).filter((name) =>
    name.endsWith(end) && !name.startsWith(".") && hasFile(directory, name)
  ).sort().map((
    name,
  ) => `${directory}/${name}`);
}

export function isPathOfDirectory(path: string): boolean {
  const found = tryStat(path);
  if (typeof found === "number" && found !== -ENOENT && found !== -ENOTDIR) {
    throw new SyscallError(`look at ${path}`, -found);
  }
  if (typeof found === "number") throw new SyscallError(`look at ${path}`, ENOENT);
  return isDirectory(found.mode);
}
