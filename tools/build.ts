/**
 * `deno task build [--release] [--arch x86_64|arm64|all]`: writes dist/, or says that it is up to
 * date. For another architecture than x86-64, its name is in those of the files: layout.ts.
 *
 *   dist/hexad                   the program for images: its loader and C library are those that the tarball puts into /usr/lib/hexad,
 *                                so it does not run on the build machine
 *   dist/hexad-x86_64.tar.gz     to be ADDed to /usr of an image (tarball.ts)
 *   dist/hexad-overlay.tar.gz    to be ADDed to / of an image whose ENTRYPOINT is /init (overlay_stage.ts)
 *   dist/dev/bin/hexad, s6-*     the same program on this machine's C library, with its links: for `task start`, tests and benchmarks
 *   dist/hexad.cdx.json          what it is made of, for tools: CycloneDX (sbom.ts)
 *   dist/build.json              what it was made of (inputs.ts)
 *   with --release: the tarballs as .tar.xz too, and dist/SHA256SUMS
 *
 * There are two programs from one bundle because an interpreter that is set after the compile, or a
 * loader called by hand, would break how the program finds what is appended to it, and because
 * nothing of this belongs into the developer's /usr. The steps are in tools/build/.
 */
import type { Provenance } from "../cmd/provenance.ts";
import { VERSION } from "../cmd/version.ts";
import { run } from "./command.ts";
import { ensurePackages } from "./debian.ts";
import { Fatal, runTool } from "./fatal.ts";
import {
  type ArchitectureFiles,
  cacheDirectory,
  DIST,
  DIST_FILES,
  filesFor,
  ROOT,
} from "./layout.ts";
import {
  type Architecture,
  ARCHITECTURES,
  architecturesOf,
  NAMES,
  NATIVE,
} from "./build/architecture.ts";
import { answeredBase } from "./build/base_answers.ts";
import { appendedForm } from "./build/appended_program.ts";
import { type BaseRuntime, findBaseRuntime, PINNED_ORIGIN } from "./build/base_runtime.ts";
import { bundle, typeCheck } from "./build/bundle.ts";
import { isFile } from "./build/cached_file.ts";
import { compile } from "./build/compile.ts";
import { DOWNLOAD_HOST } from "./build/deno_download.ts";
import { sha256File } from "./build/digest.ts";
import { foreignLibrary, foreignRoot } from "./build/foreign_packages.ts";
import { type BuildStamp, inputsDigest, readStamp, writeStamp } from "./build/inputs.ts";
import { DOC_DIRECTORY, LICENCE, writeLicences } from "./build/licences.ts";
import { matchingCli } from "./build/matching_cli.ts";
import { fetchNpmFile } from "./build/npm_package.ts";
import { makeOverlayStage } from "./build/overlay_stage.ts";
import { PINNED_BASES } from "./build/pinned.ts";
import {
  copyLibraries,
  foreignLibrariesOf,
  type Libraries,
  librariesOf,
  type Library,
  patchLoader,
} from "./build/private_libc.ts";
import {
  provenanceModule,
  provenanceOf,
  type UsedPackage,
  usedPackages,
} from "./build/provenance.ts";
import { replaceDist, withBuildLock } from "./build/replace_dist.ts";
import { billOfMaterials } from "./build/sbom.ts";
import { writeShare } from "./build/share.ts";
import { buildDate, makeLinks, usrEntries, writeTarball } from "./build/tarball.ts";

const PACKAGES = [
  { name: "patchelf", command: "patchelf" },
  { name: "tar", command: "tar" },
  { name: "gzip", command: "gzip" },
];
/** The variables that choose an architecture's base. */
const BASE_VARIABLES: Readonly<Record<Architecture, { file: string; sha256: string }>> = {
  x86_64: { file: "DENORT_BIN", sha256: "DENORT_SHA256" },
  aarch64: { file: "DENORT_BIN_ARM64", sha256: "DENORT_SHA256_ARM64" },
};
const RELEASE_PACKAGES = [{ name: "xz-utils", command: "xz" }];

export interface Options {
  readonly release: boolean;
  readonly architectures: readonly Architecture[];
}

/** What start, tests and benchmarks run. */
export const FOR_THIS_MACHINE: Options = { release: false, architectures: [NATIVE] };

const USAGE = "deno task build [--release] [--arch x86_64|arm64|all]";

function say(text: string): void {
  console.error(`build: ${text}`);
}

function parseOptions(args: readonly string[]): Options {
  const rest = [...args];
  let options = FOR_THIS_MACHINE;
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [name, value = name === "--arch" ? rest.shift() : undefined] = word.split("=");
    if (word === "--release") options = { ...options, release: true };
    else if (name === "--arch" && value !== undefined) {
      options = { ...options, architectures: architecturesOf(value) };
    } else throw new Fatal(`unknown argument: ${word} (usage: ${USAGE})`);
  }
  return options;
}

/** Where the parts of one architecture's build are found and put. */
interface Site {
  readonly architecture: Architecture;
  readonly base: BaseRuntime;
  /** The `deno` that can compile onto it. */
  readonly cli: string;
  readonly libraries: Libraries;
  /** The new dist/. */
  readonly dist: string;
  /** For what is needed only now. */
  readonly scratch: string;
  readonly files: ArchitectureFiles;
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

/** The program `output` of these sources, onto `base`. */
async function compileOnto(
  { cli, architecture, scratch }: Site,
  base: string,
  output: string,
): Promise<void> {
  const { target } = NAMES[architecture];
  await compile({ cli, base, bundle: `${scratch}/bundle`, output, target });
  await Deno.chmod(output, 0o755);
  appendedForm(await Deno.readFile(output));
}

/** The program for this machine, and the links to it. */
async function writeDevBin(site: Site, base: string): Promise<void> {
  const devBin = `${site.dist}/${DIST_FILES.devBin}`;
  await Deno.mkdir(devBin, { recursive: true });
  await compileOnto(site, base, `${devBin}/hexad`);
  // a base that still listens to its variables would end of this one
  const env = { DENO_TOKIO_EVENT_INTERVAL: "not a number" };
  await run(`${devBin}/hexad`, ["--install", devBin], { doing: "make the links", env });
}

/** The program for images and all that goes with it into the tarballs. */
async function writeTarballs(
  site: Site,
  provenance: Provenance,
  packages: readonly UsedPackage[],
  release: boolean,
): Promise<void> {
  const { dist, files, scratch, libraries } = site;
  const devBin = `${dist}/${DIST_FILES.devBin}`;
  const program = `${dist}/${files.program}`;
  const [usr, overlay] = [`${scratch}/stage`, `${scratch}/overlay`];
  await Deno.mkdir(`${usr}/bin`, { recursive: true });
  await Deno.mkdir(overlay);
  await Deno.link(program, `${usr}/bin/hexad`);
  await makeLinks(devBin, usr);
  await copyLibraries(libraries, `${usr}/lib/hexad`);
  await writeShare(usr, buildDate());
  await writeLicences(`${usr}/${DOC_DIRECTORY}`, libraries, packages, say);
  const bom = billOfMaterials({ version: VERSION, licence: LICENCE }, provenance);
  await Deno.writeTextFile(`${dist}/${files.bom}`, bom);
  await Deno.copyFile(`${dist}/${files.bom}`, `${usr}/${DOC_DIRECTORY}/${DIST_FILES.bom}`);
  const usrList = await usrEntries(usr);
  const overlayList = await makeOverlayStage(overlay, {
    program,
    devBin,
    libraries: `${usr}/lib/hexad`,
    share: `${usr}/share`,
  });
  await writeTarball(usr, usrList, `${dist}/${files.tarball}`, "gzip -n");
  await writeTarball(overlay, overlayList, `${dist}/${files.overlayTarball}`, "gzip -n");
  if (!release) return;
  // one thread: the number of threads would change the bytes
  const xz = "xz -9 --threads=1";
  await writeTarball(usr, usrList, `${dist}/${files.xzTarball}`, xz);
  await writeTarball(overlay, overlayList, `${dist}/${files.overlayXzTarball}`, xz);
}

/** The files that are written for an architecture, with `--release` or without. */
function namesOf(files: ArchitectureFiles, release: boolean): string[] {
  const { program, tarball, overlayTarball, xzTarball, overlayXzTarball } = files;
  return [program, tarball, overlayTarball, ...(release ? [xzTarball, overlayXzTarball] : [])];
}

async function writeChecksums(
  dist: string,
  architectures: readonly Architecture[],
): Promise<void> {
  const names = architectures.flatMap((each) => [
    ...namesOf(filesFor(each), true),
    filesFor(each).bom,
  ]);
  const lines = await Promise.all(
    names.map(async (name) => `${await sha256File(`${dist}/${name}`)}  ${name}\n`),
  );
  await Deno.writeTextFile(`${dist}/${DIST_FILES.checksums}`, lines.join(""));
}

type FoundBases = Readonly<Partial<Record<Architecture, BaseRuntime>>>;

async function siteFor(architecture: Architecture, base: BaseRuntime, dist: string): Promise<Site> {
  const scratch = await Deno.makeTempDir({ dir: dist, prefix: "scratch-" });
  const { debian, multiarch } = NAMES[architecture];
  const cli = await matchingCli(base.version, cacheDirectory(), say);
  const site = { architecture, base, cli, dist, scratch, files: filesFor(architecture) };
  if (architecture === NATIVE) return { ...site, libraries: await librariesOf(base.path) };
  const root = await foreignRoot(debian, cacheDirectory(), say);
  const find = (name: string): Promise<Library> => foreignLibrary(root, multiarch, name);
  return { ...site, libraries: await foreignLibrariesOf(base.path, find) };
}

/**
 * The program for this machine is always built: it makes the links, and tests run it.
 */
async function fillDist(
  dist: string,
  found: FoundBases,
  options: Options,
  stamp: BuildStamp,
): Promise<void> {
  say("checking types");
  await typeCheck();
  const packages = await usedPackages("cmd/main.ts");
  for (const architecture of ARCHITECTURES) {
    const base = found[architecture];
    if (base === undefined) continue;
    say(`bundling and compiling for ${architecture}`);
    const site = await siteFor(architecture, base, dist);
    const provenance = await provenanceOf(base, site.libraries, packages);
    const made = new Map([["cmd/provenance.ts", provenanceModule(provenance)]]);
    await bundle(`${site.scratch}/bundle`, made);
    const bases = await changedBases(site);
    if (architecture === NATIVE) await writeDevBin(site, bases.own);
    if (options.architectures.includes(architecture)) {
      await compileOnto(site, bases.image, `${dist}/${site.files.program}`);
      say("packing");
      await writeTarballs(site, provenance, packages, options.release);
    }
    await Deno.remove(site.scratch, { recursive: true });
  }
  if (options.release) await writeChecksums(dist, options.architectures);
  await writeStamp(`${dist}/${DIST_FILES.stamp}`, stamp);
}

async function reportSizes({ bases, release }: BuildStamp): Promise<void> {
  for (const architecture of ARCHITECTURES) {
    const base = bases[architecture];
    if (base === undefined) continue;
    say(`base runtime for ${architecture}: Deno ${base.version} (${base.origin})`);
    if (base.origin === PINNED_ORIGIN) {
      say("that is a pinned copy of a third party, not Deno's own file: docs/building.md");
    }
    for (const name of namesOf(filesFor(architecture), release)) {
      const info = await Deno.stat(`${DIST}/${name}`).catch(() => undefined);
      if (info === undefined) continue; // only the program for this machine was asked for
      say(`${`dist/${name}`.padEnd(38)} ${(info.size / 1e6).toFixed(1).padStart(6)} MB`);
    }
  }
}

/** The stamp of a dist/ that has all that a build would write now. */
async function upToDate(inputs: string, options: Options): Promise<BuildStamp | undefined> {
  const stamp = await readStamp(`${DIST}/${DIST_FILES.stamp}`);
  if (stamp?.inputs !== inputs || (options.release && !stamp.release)) return undefined;
  const needed = [
    `${DIST_FILES.devBin}/hexad`,
    ...options.architectures.flatMap((each) => namesOf(filesFor(each), options.release)),
  ];
  const there = await Promise.all(needed.map((name) => isFile(`${DIST}/${name}`)));
  return there.every(Boolean) ? stamp : undefined;
}

async function findBases(options: Options): Promise<FoundBases> {
  const found: Partial<Record<Architecture, BaseRuntime>> = {};
  for (const architecture of new Set<Architecture>([NATIVE, ...options.architectures])) {
    const { file, sha256 } = BASE_VARIABLES[architecture];
    found[architecture] = await findBaseRuntime({
      denortBin: Deno.env.get(file),
      onlySha256: Deno.env.get(sha256),
      architecture,
      cacheDir: cacheDirectory(),
      denoHost: DOWNLOAD_HOST,
      pinned: PINNED_BASES[architecture],
      fetchFile: fetchNpmFile,
      say,
    });
  }
  return found;
}

/** @throws {Fatal} If something that the build needs is not to be had. */
export async function build(options: Options): Promise<void> {
  if (Deno.build.target !== NAMES[NATIVE].target) {
    throw new Fatal(`hexad is built on x86-64 Linux with glibc, not on ${Deno.build.target}`);
  }
  await withBuildLock(ROOT, async () => {
    const asked = Object.values(BASE_VARIABLES).flatMap(({ file, sha256 }) => [file, sha256])
      .map((name) => [name, Deno.env.get(name)] as const);
    const inputs = await inputsDigest(asked);
    const current = await upToDate(inputs, options);
    if (current !== undefined) {
      say("up to date");
      return await reportSizes(current);
    }
    await ensurePackages([...PACKAGES, ...(options.release ? RELEASE_PACKAGES : [])], say);
    const found = await findBases(options);
    const bases = Object.fromEntries(
      Object.entries(found).map(([name, { version, origin }]) => [name, { version, origin }]),
    );
    const stamp: BuildStamp = { inputs, bases, release: options.release };
    await replaceDist(ROOT, (directory) => fillDist(directory, found, options, stamp));
    await reportSizes(stamp);
  });
}

if (import.meta.main) {
  await runTool("build", async () => {
    await build(parseOptions(Deno.args));
    return 0;
  });
}
