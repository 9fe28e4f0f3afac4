/**
 * What an image is built of, as a digest: the files of its context, the settings of the build, and
 * the same of the images here that it is built on. An image has it as a label, so that an
 * interrupted run finds what was built.
 */
import { encodePath } from "../core/text/path_bytes.ts";
import { readDirectory, readlink } from "../libc/file.ts";
import { isDirectory, isRegular, S_IFLNK, S_IFMT, tryLstat } from "../libc/stat.ts";
import type { ContextImage } from "./core/image_graph.ts";
import type { GitRepository } from "./git_repository.ts";

/** Changes with what is digested, so that images of an older hexad count as others. */
const VERSION = "1";

interface ContextEntry {
  readonly context: string;
  /** From the top of the repository. */
  readonly path: string;
  /** Undefined for a regular file. */
  readonly content: string | undefined;
  readonly mode: number;
}

/**
 * @param images With all that they are built on, bases first
 * @param settings What else the build depends on
 */
export async function fingerprintsOf(
  images: readonly ContextImage[],
  repository: GitRepository,
  settings: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const entries = images.flatMap(({ context }) =>
    [...entriesBelow(repository.root, context)].map((entry) => ({ context, ...entry }))
  );
  const files = entries.filter(({ content }) => content === undefined);
  const ids = repository.blobIds(files.map(({ path }) => path));
  const idOf = new Map(files.map(({ path }, at) => [path, ids[at]!]));
  const byContext = Map.groupBy(entries, ({ context }) => context);
  const fingerprints = new Map<string, string>();
  for (const { context, tags, bases } of images) {
    const parts = [
      VERSION,
      context,
      ...tags,
      ...settings,
      // of a cycle, one has none yet
      ...bases.map((base) => fingerprints.get(base) ?? base),
      ...(byContext.get(context) ?? []).flatMap((entry) => entryParts(entry, idOf)),
    ];
    fingerprints.set(context, await digest(parts));
  }
  return fingerprints;
}

function entryParts(
  { path, content, mode }: ContextEntry,
  idOf: ReadonlyMap<string, string>,
): string[] {
  return [path, mode.toString(8), content ?? idOf.get(path)!];
}

function* entriesBelow(
  root: string,
  directory: string,
): Generator<Omit<ContextEntry, "context">> {
  for (const name of readDirectory(`${root}/${directory}`).sort()) {
    const path = `${directory}/${name}`;
    const found = tryLstat(`${root}/${path}`);
    if (typeof found === "number") continue; // it went just now
    const { mode } = found;
    if (isDirectory(mode)) {
      yield { path, mode, content: "" };
      yield* entriesBelow(root, path);
    } else if (isRegular(mode)) yield { path, mode, content: undefined };
    else if ((mode & S_IFMT) === S_IFLNK) {
      yield { path, mode, content: String(readlink(`${root}/${path}`)) };
    }
  }
}

async function digest(parts: readonly string[]): Promise<string> {
  // a NUL is in no path, so that no two lists become one text
  const bytes = await crypto.subtle.digest("SHA-256", encodePath(parts.join("\0")));
  return new Uint8Array(bytes).toHex();
}
