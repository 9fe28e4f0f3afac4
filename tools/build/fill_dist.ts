/** Writes a new dist/: compiles what has changed, and packs the tarballs. */
import { VERSION } from "../../cmd/version_number.ts";
import { run } from "../command.ts";
import { type ArchitectureFiles, cacheDirectory, DIST, DIST_FILES, filesFor } from "../layout.ts";
import { type Architecture, ARCHITECTURES, NAMES, NATIVE } from "./architecture.ts";
import { answeredBase } from "./base_answers.ts";
import { appendedForm } from "./appended_program.ts";
import type { BaseRuntime } from "./base_runtime.ts";
import { bundle, typeCheck } from "./bundle.ts";
import { isFile } from "./cached_file.ts";
import { compile } from "./compile.ts";
import { foreignLibrary, foreignRoot } from "./foreign_packages.ts";
import { type BuildStamp, readStamp, writeStamp } from "./inputs.ts";
import { LICENCE } from "./licences.ts";
import { matchingCli } from "./matching_cli.ts";
import {
  foreignLibrariesOf,
  type Libraries,
  librariesOf,
  type Library,
  patchLoader,
} from "./private_libc.ts";
import { provenanceOf, type UsedPackage, usedPackages } from "./provenance.ts";
import {
  fillProvenance,
  OPEN_PROVENANCE,
  type ProvenanceChunk,
  provenanceChunk,
} from "./provenance_chunk.ts";
import { billOfMaterials } from "./sbom.ts";
import { stageCommon, stageProgram } from "./stages.ts";
import { GZIP, writeTarball } from "./tarball.ts";

export type FoundBases = Readonly<Partial<Record<Architecture, BaseRuntime>>>;

export interface DistRequest {
  /** The bases of the architectures that are asked for, and of this machine. */
  readonly bases: FoundBases;
  readonly architectures: readonly Architecture[];
  readonly stamp: BuildStamp;
  say(text: string): void;
}

/** Where the parts of one architecture's build are found and put. */
interface Site {
  readonly architecture: Architecture;
  readonly base: BaseRuntime;
  readonly libraries: Libraries;
  /** The new dist/. */
  readonly dist: string;
  /** For what is needed only now. */
  readonly scratch: string;
  readonly files: ArchitectureFiles;
}

/** The bundle of all programs. */
interface Bundle {
  readonly directory: string;
  readonly chunk: ProvenanceChunk;
}

async function siteFor(
  architecture: Architecture,
  base: BaseRuntime,
  dist: string,
  say: (text: string) => void,
): Promise<Site> {
  const scratch = await Deno.makeTempDir({ dir: dist, prefix: "scratch-" });
  const { debian, multiarch } = NAMES[architecture];
  const site = { architecture, base, dist, scratch, files: filesFor(architecture) };
  if (architecture === NATIVE) return { ...site, libraries: await librariesOf(base.path) };
  const root = await foreignRoot(debian, cacheDirectory(), say);
  const find = (name: string): Promise<Library> => foreignLibrary(root, multiarch, name);
  return { ...site, libraries: await foreignLibrariesOf(base.path, find) };
}

/** `own` is for this machine's C library, `image` for the private one. */
interface Bases {
  readonly own: string;
  readonly image: string;
}

async function changedBases({ base, scratch }: Site): Promise<Bases> {
  const own = `${scratch}/denort-own`;
  await Deno.writeFile(own, answeredBase(await Deno.readFile(base.path)), { mode: 0o755 });
  await patchLoader(own, `${scratch}/denort`);
  return { own, image: `${scratch}/denort` };
}

/** Compiles the programs of one architecture, and writes down what they are made of. */
async function compilePrograms(
  site: Site,
  { directory, chunk }: Bundle,
  packages: readonly UsedPackage[],
  say: (text: string) => void,
): Promise<void> {
  const { architecture, base, dist, files, libraries } = site;
  say(`compiling for ${architecture}`);
  const provenance = await provenanceOf(base, libraries, packages);
  await fillProvenance(directory, chunk, provenance);
  const cli = await matchingCli(base.version, cacheDirectory(), say);
  const onto = async (base: string, output: string): Promise<void> => {
    const { target } = NAMES[architecture];
    await compile({ cli, base, bundle: directory, output, target });
    await Deno.chmod(output, 0o755);
    appendedForm(await Deno.readFile(output));
  };
  const bases = await changedBases(site);
  if (architecture === NATIVE) {
    const devBin = `${dist}/${DIST_FILES.devBin}`;
    await Deno.mkdir(devBin, { recursive: true });
    await onto(bases.own, `${devBin}/hexad`);
    // a base that still listens to its variables would end of this one
    const env = { DENO_TOKIO_EVENT_INTERVAL: "not a number" };
    await run(`${devBin}/hexad`, ["--install", devBin], { doing: "make the links", env });
  }
  await onto(bases.image, `${dist}/${files.program}`);
  const bom = billOfMaterials({ version: VERSION, licence: LICENCE }, provenance);
  await Deno.writeTextFile(`${dist}/${files.bom}`, bom);
}

/** What compilePrograms() writes. */
function programNames(architecture: Architecture): string[] {
  const { program, bom } = filesFor(architecture);
  return [program, bom, ...(architecture === NATIVE ? [DIST_FILES.devBin] : [])];
}

/** Takes files that are still right from the old dist/. Returns false if one is missing there. */
async function takeOver(dist: string, names: readonly string[]): Promise<boolean> {
  const there = await Promise.all(
    names.map((name) => isFile(`${DIST}/${name === DIST_FILES.devBin ? `${name}/hexad` : name}`)),
  );
  if (!there.every(Boolean)) return false;
  const options = ["--archive", "--link", "--parents", "--target-directory", dist];
  await run("cp", [...options, ...names], { cwd: DIST, doing: "take files from the old dist" });
  return true;
}

async function packProgram(
  site: Site,
  packages: readonly UsedPackage[],
  { stamp, say }: DistRequest,
): Promise<void> {
  const { dist, files, scratch, libraries, architecture } = site;
  say(`packing for ${architecture}`);
  const { base, overlay } = await stageProgram(scratch, {
    program: `${dist}/${files.program}`,
    devBin: `${dist}/${DIST_FILES.devBin}`,
    bom: `${dist}/${files.bom}`,
    libraries,
    packages,
    say,
  });
  const form = { epoch: stamp.epoch, compressor: GZIP };
  await Promise.all([
    writeTarball(base, `${dist}/${files.tarball}`, form),
    writeTarball(overlay, `${dist}/${files.overlayTarball}`, form),
  ]);
}

async function packCommon(dist: string, epoch: number): Promise<void> {
  const scratch = await Deno.makeTempDir({ dir: dist, prefix: "scratch-" });
  for (
    const [name, contents] of await stageCommon(scratch, `${dist}/${DIST_FILES.devBin}`, epoch)
  ) {
    await writeTarball(contents, `${dist}/${name}`, { epoch, compressor: GZIP });
  }
  await Deno.remove(scratch, { recursive: true });
}

/**
 * Fills the empty directory `dist`. The program for this machine is always there: it makes the
 * links, and tests run it.
 */
export async function fillDist(dist: string, request: DistRequest): Promise<void> {
  const { bases, architectures, stamp, say } = request;
  const old = await readStamp(`${DIST}/${DIST_FILES.stamp}`);
  const isCompiled = old?.inputs === stamp.inputs;
  const isPacked = isCompiled && old.epoch === stamp.epoch;
  const packages = await usedPackages("cmd/main.ts");
  const directory = `${dist}/bundle`;
  let bundled: Bundle | undefined;
  const makeBundle = async (): Promise<Bundle> => {
    say("checking types");
    await typeCheck();
    say("bundling");
    await bundle(directory, OPEN_PROVENANCE);
    return { directory, chunk: await provenanceChunk(directory) };
  };
  for (const architecture of ARCHITECTURES) {
    const base = bases[architecture];
    if (base === undefined) continue;
    const site = await siteFor(architecture, base, dist, say);
    if (!isCompiled || !await takeOver(dist, programNames(architecture))) {
      await compilePrograms(site, bundled ??= await makeBundle(), packages, say);
    }
    const { tarball, overlayTarball } = site.files;
    const isAsked = architectures.includes(architecture);
    if (isAsked && !(isPacked && await takeOver(dist, [tarball, overlayTarball]))) {
      await packProgram(site, packages, request);
    }
    await Deno.remove(site.scratch, { recursive: true });
  }
  await packCommon(dist, stamp.epoch);
  if (bundled !== undefined) await Deno.remove(directory, { recursive: true });
  await writeStamp(`${dist}/${DIST_FILES.stamp}`, stamp);
}
