/** Makes the files of a release out of dist/. */
import type { Architecture } from "../build/architecture.ts";
import { isFile } from "../build/cached_file.ts";
import { sha256, sha256File } from "../build/digest.ts";
import { entriesOf, GZIP, writeTarball } from "../build/tarball.ts";
import { run } from "../command.ts";
import { DIST, DIST_FILES, filesFor } from "../layout.ts";
import { factsOf, IMAGES, type ReleaseImage } from "./images.ts";
import { type Layer, writeOciLayout } from "./oci_layout.ts";

export interface Release {
  readonly version: string;
  /** The id of the commit. */
  readonly revision: string;
  /** The commit's time, in seconds. */
  readonly epoch: number;
  readonly architectures: readonly Architecture[];
  /** 0 to 9. */
  readonly xzLevel: number;
}

/** The tarballs of dist/ that belong to the release. */
async function tarballsOf({ architectures }: Release): Promise<string[]> {
  const common: string[] = [DIST_FILES.symlinks, DIST_FILES.doc];
  // it is written when something is in it
  if (await isFile(`${DIST}/${DIST_FILES.compat}`)) common.push(DIST_FILES.compat);
  return [
    ...architectures.map(filesFor).flatMap((files) => [files.tarball, files.overlayTarball]),
    ...common,
  ];
}

/** Copies the .tar.gz, and writes a .tar.xz with the same archive in it. */
async function packTarball(name: string, into: string, xzLevel: number): Promise<void> {
  const archive = `${into}/${name.replace(/\.gz$/, "")}`;
  await Deno.copyFile(`${DIST}/${name}`, `${into}/${name}`);
  await run("gzip", ["--decompress", "--keep", `${into}/${name}`], { doing: `unpack ${name}` });
  // one thread: their number would change the bytes
  await run("xz", [`-${xzLevel}`, "--threads=1", archive], { doing: `compress ${archive}` });
}

/** The digest of the archive in a .tar.gz. */
async function tarSha256(path: string): Promise<string> {
  const file = await Deno.open(path);
  const archive = file.readable.pipeThrough(new DecompressionStream("gzip"));
  return await sha256(new Uint8Array(await new Response(archive).arrayBuffer()));
}

/** The root directory of an image as a layer. A tarball for / is one already. */
async function packLayer(
  image: ReleaseImage,
  architecture: Architecture,
  scratch: string,
  epoch: number,
): Promise<Layer> {
  const tarball = `${DIST}/${filesFor(architecture)[image.tarball]}`;
  if (image.below === "") {
    return { architecture, path: tarball, tarSha256: await tarSha256(tarball) };
  }
  const root = `${scratch}/${architecture}`;
  for (const directory of [image.below, ...image.directories]) {
    await Deno.mkdir(`${root}/${directory}`, { recursive: true });
  }
  const unpack = ["--extract", "--preserve-permissions", "--no-same-owner", "--file", tarball];
  await run("tar", [...unpack, "--directory", `${root}/${image.below}`], {
    doing: `unpack ${tarball}`,
  });
  const path = `${root}.tar.gz`;
  const contents = { root, entries: await entriesOf(root) };
  await writeTarball(contents, path, { epoch, compressor: GZIP });
  return { architecture, path, tarSha256: await tarSha256(path) };
}

/** Writes one image for all architectures as an archive in the directory `into`. */
export async function packImage(
  image: ReleaseImage,
  into: string,
  release: Release,
): Promise<void> {
  const { architectures, epoch } = release;
  const scratch = await Deno.makeTempDir({ dir: into, prefix: "scratch-" });
  const layers = await Promise.all(
    architectures.map((each) => packLayer(image, each, scratch, epoch)),
  );
  const root = `${scratch}/layout`;
  await writeOciLayout(root, factsOf(image, release), layers);
  const contents = { root, entries: await entriesOf(root) };
  await writeTarball(contents, `${into}/${image.archive}`, { epoch });
  await Deno.remove(scratch, { recursive: true });
}

/**
 * Writes the tarballs, the images and the bills of materials into the directory `into`.
 * @param say Is told what takes long
 */
export async function packRelease(
  into: string,
  release: Release,
  say: (text: string) => void,
): Promise<void> {
  say("compressing");
  const queue = await tarballsOf(release);
  const worker = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      await packTarball(name, into, release.xzLevel);
    }
  };
  await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, worker));
  say("making the images");
  for (const image of IMAGES) await packImage(image, into, release);
  for (const architecture of release.architectures) {
    const { bom } = filesFor(architecture);
    await Deno.copyFile(`${DIST}/${bom}`, `${into}/hexad-${architecture}.cdx.json`);
  }
}

/** Writes SHA256SUMS, for `sha256sum --check`, of all files in the directory. */
export async function writeChecksums(directory: string): Promise<string> {
  const names = await Array.fromAsync(Deno.readDir(directory), ({ name }) => name);
  const lines = await Promise.all(
    names.sort().map(async (name) => `${await sha256File(`${directory}/${name}`)}  ${name}\n`),
  );
  const path = `${directory}/SHA256SUMS`;
  await Deno.writeTextFile(path, lines.join(""));
  return path;
}
