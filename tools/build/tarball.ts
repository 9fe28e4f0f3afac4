/**
 * The tarball that is ADDed to /usr of an image, the same bytes for the same content.
 *   bin/hexad, bin/s6-* (links to it), lib/hexad/* (the private C library)
 * It has no entries for bin and lib themselves: those belong to the image that it is added to.
 */
import { run } from "../command.ts";
import { Fatal } from "../fatal.ts";

/** Every file's time: 1 January 2026, or SOURCE_DATE_EPOCH (reproducible-builds.org), in seconds. */
const DEFAULT_EPOCH = "1767225600";

function epoch(): string {
  const asked = Deno.env.get("SOURCE_DATE_EPOCH") ?? DEFAULT_EPOCH;
  if (!/^\d+$/.test(asked)) throw new Fatal(`SOURCE_DATE_EPOCH is no number of seconds: ${asked}`);
  return asked;
}

async function namesIn(directory: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(directory), ({ name }) => name)).sort();
}

/** Copies the links of `devBin` to the tarball's bin/. */
export async function copyLinks(devBin: string, bin: string): Promise<void> {
  for (const name of await namesIn(devBin)) {
    if (name === "hexad") continue;
    const target = await Deno.readLink(`${devBin}/${name}`);
    // a link to a place on this machine would lead nowhere in an image
    if (target !== "hexad") throw new Fatal(`hexad --install made ${name} a link to ${target} instead of hexad`);
    await Deno.symlink(target, `${bin}/${name}`);
  }
}

/** Packs `root`/bin/* and `root`/lib/hexad/* into `output`, through `compressor` (a command line for tar). */
export async function writeTarball(root: string, output: string, compressor: string): Promise<void> {
  const bin = (await namesIn(`${root}/bin`)).map((name) => `bin/${name}`);
  const lib = (await namesIn(`${root}/lib/hexad`)).map((name) => `lib/hexad/${name}`);
  const owner = ["--owner=0", "--group=0", "--numeric-owner"];
  const form = ["--format=ustar", `--mtime=@${epoch()}`, ...owner, "--no-recursion", "--use-compress-program", compressor];
  await run("tar", ["--create", "--file", output, ...form, "--directory", root, ...bin, "lib/hexad", ...lib], { doing: `write ${output}` });
}
