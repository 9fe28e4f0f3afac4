/** Packs a directory as a tarball: the same content gives the same bytes. */
import { run } from "../command.ts";

/** Directories that every image has. They get no entry, so the image's own are not changed. */
const OF_THE_IMAGE = new Set([
  "bin",
  "etc",
  "lib",
  "run",
  "share",
  "usr",
  "usr/bin",
  "usr/lib",
  "usr/share",
]);

/** All directories below it belong to the image, too. */
const SHARED = /^(usr\/)?share\//;

function isOfTheImage(directory: string): boolean {
  return OF_THE_IMAGE.has(directory) || SHARED.test(directory);
}

interface Entry {
  readonly path: string;
  readonly isDirectory: boolean;
}

async function* entriesBelow(root: string, prefix: string): AsyncGenerator<Entry> {
  for await (const { name, isDirectory } of Deno.readDir(`${root}/${prefix}`)) {
    const path = `${prefix}${name}`;
    yield { path, isDirectory };
    if (isDirectory) yield* entriesBelow(root, `${path}/`);
  }
}

/**
 * The entries of a tarball of `root`, sorted. Gives the directories modes that do not depend on the
 * umask.
 * @param open Directories where everybody may make files
 */
export async function entriesOf(root: string, open: readonly string[] = []): Promise<string[]> {
  const all = await Array.fromAsync(entriesBelow(root, ""));
  for (const { path, isDirectory } of all) {
    if (isDirectory) await Deno.chmod(`${root}/${path}`, open.includes(path) ? 0o1777 : 0o755);
  }
  return all.filter(({ path, isDirectory }) => !(isDirectory && isOfTheImage(path)))
    .map(({ path }) => path).sort();
}

/** What is packed: the entries of a directory, and nothing below them. */
export interface Contents {
  readonly root: string;
  readonly entries: readonly string[];
}

export interface Form {
  /** The time of every file, in seconds. */
  readonly epoch: number;
  /** A command line for tar; absent if the archive is not compressed. */
  readonly compressor?: string;
}

/** The compressor of every .tar.gz: without a name and a time in it. */
export const GZIP = "gzip -n";

export async function writeTarball(
  { root, entries }: Contents,
  output: string,
  { epoch, compressor }: Form,
): Promise<void> {
  const list = `${output}.entries`;
  await Deno.writeTextFile(list, entries.join("\n"));
  const owner = ["--owner=0", "--group=0", "--numeric-owner"];
  const form = ["--format=ustar", `--mtime=@${epoch}`, ...owner, "--no-recursion"];
  if (compressor !== undefined) form.push("--use-compress-program", compressor);
  const from = ["--directory", root, "--verbatim-files-from", "--files-from", list];
  await run("tar", ["--create", "--file", output, ...form, ...from], { doing: `write ${output}` });
  await Deno.remove(list);
}
