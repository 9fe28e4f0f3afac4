/**
 * `deno task build [--arch x86_64|arm64|all]`: writes dist/, or says that it is up to date. For
 * another architecture than x86-64, its name is in those of the files: layout.ts.
 *
 *   dist/hexad                            the program for images: its loader and C library are those that the tarball puts into /usr/lib/hexad,
 *                                         so it does not run on the build machine
 *   dist/hexad-x86_64.tar.gz              to be ADDed to /usr of an image
 *   dist/hexad-overlay-x86_64.tar.gz      to be ADDed to / of an image whose ENTRYPOINT is /init
 *   dist/hexad-symlinks-noarch.tar.gz, hexad-doc-noarch.tar.gz: what not everybody wants (stages.ts)
 *   dist/dev/bin/hexad, s6-*              the same program on this machine's C library, with its links: for `task start`, tests and benchmarks
 *   dist/hexad.cdx.json                   what it is made of, for tools: CycloneDX (sbom.ts)
 *   dist/build.json                       what it was made of (inputs.ts)
 *
 * There are two programs from one bundle because an interpreter that is set after the compile, or a
 * loader called by hand, would break how the program finds what is appended to it, and because
 * nothing of this belongs into the developer's /usr. The steps are in tools/build/. A release has
 * more forms of the same: release.ts.
 */
import { ensurePackages } from "./debian.ts";
import { Fatal, runTool } from "./fatal.ts";
import { cacheDirectory, DIST, DIST_FILES, filesFor, ROOT } from "./layout.ts";
import {
  type Architecture,
  ARCHITECTURES,
  architecturesOf,
  NAMES,
  NATIVE,
} from "./build/architecture.ts";
import {
  BASE_VARIABLES,
  type BaseRuntime,
  findBaseRuntime,
  PINNED_ORIGIN,
} from "./build/base_runtime.ts";
import { isFile } from "./build/cached_file.ts";
import { DOWNLOAD_HOST } from "./build/deno_download.ts";
import { epochOf } from "./build/epoch.ts";
import { fillDist, type FoundBases } from "./build/fill_dist.ts";
import { type BuildStamp, inputsDigest, readStamp } from "./build/inputs.ts";
import { fetchNpmFile } from "./build/npm_package.ts";
import { PINNED_BASES } from "./build/pinned.ts";
import { replaceDist, withBuildLock } from "./build/replace_dist.ts";

const PACKAGES = [
  { name: "patchelf", command: "patchelf" },
  { name: "tar", command: "tar" },
  { name: "gzip", command: "gzip" },
];

export interface Options {
  readonly architectures: readonly Architecture[];
  /** The time of the files in the tarballs, in seconds. Default: SOURCE_DATE_EPOCH, epoch.ts. */
  readonly epoch?: number;
}

/** What start, tests and benchmarks run. */
export const FOR_THIS_MACHINE: Options = { architectures: [NATIVE] };

const USAGE = "deno task build [--arch x86_64|arm64|all]";

function say(text: string): void {
  console.error(`build: ${text}`);
}

function parseOptions(args: readonly string[]): Options {
  const rest = [...args];
  let architectures: readonly Architecture[] = [NATIVE];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [name, value = name === "--arch" ? rest.shift() : undefined] = word.split("=");
    if (name === "--arch" && value !== undefined) architectures = architecturesOf(value);
    else throw new Fatal(`unknown argument: ${word} (usage: ${USAGE})`);
  }
  return { architectures };
}

/** The files for images that a build of these architectures always writes. */
function namesOf(architectures: readonly Architecture[]): string[] {
  return [
    ...architectures.map(filesFor).flatMap(({ program, tarball, overlayTarball }) => [
      program,
      tarball,
      overlayTarball,
    ]),
    DIST_FILES.symlinks,
    DIST_FILES.doc,
  ];
}

async function reportSizes({ bases }: BuildStamp, { architectures }: Options): Promise<void> {
  for (const architecture of ARCHITECTURES) {
    const base = bases[architecture];
    if (base === undefined) continue;
    say(`base runtime for ${architecture}: Deno ${base.version} (${base.origin})`);
    if (base.origin === PINNED_ORIGIN) {
      say("that is a pinned copy of a third party, not Deno's own file: docs/building.md");
    }
  }
  for (const name of namesOf(architectures)) {
    const { size } = await Deno.stat(`${DIST}/${name}`);
    say(`${`dist/${name}`.padEnd(38)} ${(size / 1e6).toFixed(1).padStart(6)} MB`);
  }
}

/** The stamp of a dist/ that has all that a build would write now. */
async function upToDate(
  inputs: string,
  epoch: number,
  { architectures }: Options,
): Promise<BuildStamp | undefined> {
  const stamp = await readStamp(`${DIST}/${DIST_FILES.stamp}`);
  if (stamp?.inputs !== inputs || stamp.epoch !== epoch) return undefined;
  const needed = [`${DIST_FILES.devBin}/hexad`, ...namesOf(architectures)];
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

/**
 * @param use Called while no other build can replace dist/
 * @throws {Fatal} If something that the build needs is not to be had.
 */
export async function build(options: Options, use?: () => Promise<void>): Promise<void> {
  if (Deno.build.target !== NAMES[NATIVE].target) {
    throw new Fatal(`hexad is built on x86-64 Linux with glibc, not on ${Deno.build.target}`);
  }
  const { architectures, epoch = epochOf(Deno.env.get("SOURCE_DATE_EPOCH")) } = options;
  await withBuildLock(ROOT, async () => {
    const asked = Object.values(BASE_VARIABLES).flatMap(({ file, sha256 }) => [file, sha256])
      .map((name) => [name, Deno.env.get(name)] as const);
    const inputs = await inputsDigest(asked);
    const current = await upToDate(inputs, epoch, options);
    if (current !== undefined) {
      say("up to date");
      await reportSizes(current, options);
      return await use?.();
    }
    await ensurePackages(PACKAGES, say);
    const found = await findBases(options);
    const bases = Object.fromEntries(
      Object.entries(found).map(([name, { version, origin }]) => [name, { version, origin }]),
    );
    const stamp: BuildStamp = { inputs, bases, epoch };
    const request = { bases: found, architectures, stamp, say };
    await replaceDist(ROOT, (directory) => fillDist(directory, request));
    await reportSizes(stamp, options);
    await use?.();
  });
}

if (import.meta.main) {
  await runTool("build", async () => {
    await build(parseOptions(Deno.args));
    return 0;
  });
}
