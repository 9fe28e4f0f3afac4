/**
 * Makes tarballs: the same content gives the same bytes. The first is ADDed to /usr of an image.
 *   bin/hexad, bin/s6-* (links to it), lib/hexad/* (the private C library), lib/hexad/bin/* (links, names that others have too),
 *   share/* (manual pages, completions: share.ts)
 * It has no entries for bin, lib and the directories of share themselves, because these belong to
 * the image. The second tarball is in overlay_stage.ts.
 */
import { run } from "../command.ts";
import { Fatal } from "../fatal.ts";
import { isForUsrBin } from "./command_places.ts";

/**
 * The time of every file, in seconds: 1 January 2026, or SOURCE_DATE_EPOCH
 * (reproducible-builds.org).
 */
const DEFAULT_EPOCH = "1767225600";

/** The date of everything that the build makes, YYYY-MM-DD. */
export function buildDate(): string {
  return new Date(Number(epoch()) * 1000).toISOString().slice(0, 10);
}

function epoch(): string {
  const asked = Deno.env.get("SOURCE_DATE_EPOCH") ?? DEFAULT_EPOCH;
  if (!/^\d+$/.test(asked)) throw new Fatal(`SOURCE_DATE_EPOCH is no number of seconds: ${asked}`);
  return asked;
}

async function namesIn(directory: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(directory), ({ name }) => name)).sort();
}

/** The names of the commands with a link in `devBin`. */
export async function linkNames(devBin: string): Promise<string[]> {
  const names = (await namesIn(devBin)).filter((name) => name !== "hexad");
  for (const name of names) {
    const target = await Deno.readLink(`${devBin}/${name}`);
    // a link to a place on this machine would be broken in an image
    if (target !== "hexad") {
      throw new Fatal(`hexad --install made ${name} a link to ${target} instead of hexad`);
    }
  }
  return names;
}

/**
 * Makes the links of the tarball for /usr: names that can't belong to others in bin/, the rest in
 * lib/hexad/bin.
 */
export async function makeLinks(devBin: string, root: string): Promise<void> {
  await Deno.mkdir(`${root}/lib/hexad/bin`, { recursive: true });
  for (const name of await linkNames(devBin)) {
    if (isForUsrBin(name)) await Deno.symlink("hexad", `${root}/bin/${name}`);
    else await Deno.symlink("../../../bin/hexad", `${root}/lib/hexad/bin/${name}`);
  }
}

/**
 * The entries of the tarball for /usr: `root`/bin/*, all of `root`/lib/hexad, and the files of
 * `root`/share.
 */
export async function usrEntries(root: string): Promise<string[]> {
  const inside = async (directory: string): Promise<string[]> =>
    (await namesIn(`${root}/${directory}`)).map((name) => `${directory}/${name}`);
  const shared = await filesBelow(root, "share");
  return [
    ...await inside("bin"),
    "lib/hexad",
    ...await inside("lib/hexad"),
    ...await inside("lib/hexad/bin"),
    ...shared,
  ];
}

/** Paths below `root`, without those of directories. */
async function filesBelow(root: string, directory: string): Promise<string[]> {
  const entries = (await Array.fromAsync(Deno.readDir(`${root}/${directory}`))).sort((a, b) =>
    a.name < b.name ? -1 : 1
  );
  const paths = await Promise.all(entries.map(({ name, isDirectory }) => {
    const path = `${directory}/${name}`;
    return isDirectory ? filesBelow(root, path) : [path];
  }));
  return paths.flat();
}

/**
 * Packs the `entries` of `root`, and nothing below them, into `output`, through `compressor` (a
 * command line for tar).
 */
export async function writeTarball(
  root: string,
  entries: readonly string[],
  output: string,
  compressor: string,
): Promise<void> {
  const list = `${output}.entries`;
  await Deno.writeTextFile(list, entries.join("\n"));
  const owner = ["--owner=0", "--group=0", "--numeric-owner"];
  const form = [
    "--format=ustar",
    `--mtime=@${epoch()}`,
    ...owner,
    "--no-recursion",
    "--use-compress-program",
    compressor,
  ];
  await run("tar", [
    "--create",
    "--file",
    output,
    ...form,
    "--directory",
    root,
    "--verbatim-files-from",
    "--files-from",
    list,
  ], {
    doing: `write ${output}`,
  });
  await Deno.remove(list);
}
