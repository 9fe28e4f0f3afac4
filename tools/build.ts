/**
 * `deno task build [--release]`: writes dist/, or says that it is up to date.
 *
 *   dist/hexad                   the program for images: its loader and C library are those that the tarball puts into /usr/lib/hexad,
 *                                so it does not run on the build machine
 *   dist/hexad-x86_64.tar.gz     to be ADDed to /usr of an image (tarball.ts)
 *   dist/hexad-overlay.tar.gz    to be ADDed to / of an image whose ENTRYPOINT is /init (overlay_stage.ts)
 *   dist/dev/bin/hexad, s6-*     the same program on this machine's C library, with its links: for `task start`, tests and benchmarks
 *   dist/hexad.cdx.json          what it is made of, for tools: CycloneDX (sbom.ts)
 *   dist/build.json              what it was made of (inputs.ts)
 *   with --release: both tarballs as .tar.xz too, and dist/SHA256SUMS
 *
 * There are two programs from one bundle because an interpreter that is set after the compile, or a
 * loader called by hand, would break how the program finds what is appended to it, and because
 * nothing of this belongs into the developer's /usr. The steps are in tools/build/.
 */
import { VERSION } from "../cmd/version.ts";
import { run } from "./command.ts";
import { ensurePackages } from "./debian.ts";
import { Fatal, runTool } from "./fatal.ts";
import { cacheDirectory, DIST, DIST_FILES, ROOT } from "./layout.ts";
import { answeredBase } from "./build/base_answers.ts";
import { appendedForm } from "./build/appended_program.ts";
import { type BaseRuntime, findBaseRuntime, PINNED_ORIGIN } from "./build/base_runtime.ts";
import { bundle, typeCheck } from "./build/bundle.ts";
import { isFile } from "./build/cached_file.ts";
import { compile } from "./build/compile.ts";
import { sha256File } from "./build/digest.ts";
import { DOWNLOAD_HOST } from "./build/deno_download.ts";
import { type BuildStamp, inputsDigest, readStamp, writeStamp } from "./build/inputs.ts";
import { DOC_DIRECTORY, LICENCE, writeLicences } from "./build/licences.ts";
import { matchingCli } from "./build/matching_cli.ts";
import { fetchNpmFile } from "./build/npm_package.ts";
import { makeOverlayStage } from "./build/overlay_stage.ts";
import { PINNED_BASE } from "./build/pinned.ts";
import { copyLibraries, librariesOf, patchLoader } from "./build/private_libc.ts";
import { provenanceModule, provenanceOf, usedPackages } from "./build/provenance.ts";
import { replaceDist, withBuildLock } from "./build/replace_dist.ts";
import { billOfMaterials } from "./build/sbom.ts";
import { writeShare } from "./build/share.ts";
import { buildDate, makeLinks, usrEntries, writeTarball } from "./build/tarball.ts";

const PACKAGES = [
  { name: "patchelf", command: "patchelf" },
  { name: "tar", command: "tar" },
  { name: "gzip", command: "gzip" },
];
const RELEASE_PACKAGES = [{ name: "xz-utils", command: "xz" }];

interface Options {
  readonly release: boolean;
}

function say(text: string): void {
  console.error(`build: ${text}`);
}

function parseOptions(args: readonly string[]): Options {
  const unknown = args.find((word) => word !== "--release");
  if (unknown !== undefined) {
    throw new Fatal(`unknown argument: ${unknown} (usage: deno task build [--release])`);
  }
  return { release: args.length > 0 };
}

/** Both programs and the links: `stage` becomes the tarball's content, `dist` the new dist/. */
async function compilePrograms(base: BaseRuntime, dist: string, scratch: string): Promise<void> {
  const cli = await matchingCli(base.version, cacheDirectory(), say);
  say("checking types and bundling");
  await typeCheck();
  const { loader, libraries } = await librariesOf(base.path);
  const packages = await usedPackages("cmd/main.ts");
  const provenance = await provenanceOf(base, [loader, ...libraries], packages);
  const made = new Map([["cmd/provenance.ts", provenanceModule(provenance)]]);
  await bundle(`${scratch}/bundle`, made);
  say("compiling");
  const stage = `${scratch}/stage`;
  for (const directory of [`${dist}/${DIST_FILES.devBin}`, `${stage}/bin`]) {
    await Deno.mkdir(directory, { recursive: true });
  }
  const own = `${scratch}/denort-own`;
  await Deno.writeFile(own, answeredBase(await Deno.readFile(base.path)), { mode: 0o755 });
  await patchLoader(own, `${scratch}/denort`);
  const devProgram = `${dist}/${DIST_FILES.devBin}/hexad`;
  await compile({ cli, base: own, bundle: `${scratch}/bundle`, output: devProgram });
  await compile({
    cli,
    base: `${scratch}/denort`,
    bundle: `${scratch}/bundle`,
    output: `${dist}/${DIST_FILES.program}`,
  });
  for (const program of [devProgram, `${dist}/${DIST_FILES.program}`]) {
    await Deno.chmod(program, 0o755);
    appendedForm(await Deno.readFile(program));
  }
  // a base that still listens to its variables would end of this one
  const env = { DENO_TOKIO_EVENT_INTERVAL: "not a number" };
  await run(devProgram, ["--install", `${dist}/${DIST_FILES.devBin}`], {
    doing: "make the links",
    env,
  });
  await Deno.link(`${dist}/${DIST_FILES.program}`, `${stage}/bin/hexad`);
  await makeLinks(`${dist}/${DIST_FILES.devBin}`, stage);
  await copyLibraries(base.path, `${stage}/lib/hexad`);
  await writeShare(stage, buildDate());
  await writeLicences(`${stage}/${DOC_DIRECTORY}`, [loader, ...libraries], packages);
  const bom = billOfMaterials({ version: VERSION, licence: LICENCE }, provenance);
  await Deno.writeTextFile(`${dist}/${DIST_FILES.bom}`, bom);
  await Deno.copyFile(`${dist}/${DIST_FILES.bom}`, `${stage}/${DOC_DIRECTORY}/${DIST_FILES.bom}`);
}

async function writeChecksums(dist: string): Promise<void> {
  const { program, tarball, overlayTarball, xzTarball, overlayXzTarball } = DIST_FILES;
  const names = [program, tarball, overlayTarball, xzTarball, overlayXzTarball];
  const lines = await Promise.all(
    names.map(async (name) => `${await sha256File(`${dist}/${name}`)}  ${name}\n`),
  );
  await Deno.writeTextFile(`${dist}/${DIST_FILES.checksums}`, lines.join(""));
}

async function fillDist(dist: string, base: BaseRuntime, stamp: BuildStamp): Promise<void> {
  const scratch = await Deno.makeTempDir({ dir: dist, prefix: "scratch-" });
  await compilePrograms(base, dist, scratch);
  say("packing");
  const [usr, overlay] = [`${scratch}/stage`, `${scratch}/overlay`];
  await Deno.mkdir(overlay);
  const usrList = await usrEntries(usr);
  const overlayList = await makeOverlayStage(overlay, {
    program: `${dist}/${DIST_FILES.program}`,
    devBin: `${dist}/${DIST_FILES.devBin}`,
    libraries: `${usr}/lib/hexad`,
    share: `${usr}/share`,
  });
  await writeTarball(usr, usrList, `${dist}/${DIST_FILES.tarball}`, "gzip -n");
  await writeTarball(overlay, overlayList, `${dist}/${DIST_FILES.overlayTarball}`, "gzip -n");
  if (stamp.release) {
    // one thread: the number of threads would change the bytes
    await writeTarball(usr, usrList, `${dist}/${DIST_FILES.xzTarball}`, "xz -9 --threads=1");
    await writeTarball(
      overlay,
      overlayList,
      `${dist}/${DIST_FILES.overlayXzTarball}`,
      "xz -9 --threads=1",
    );
    await writeChecksums(dist);
  }
  await Deno.remove(scratch, { recursive: true });
  await writeStamp(`${dist}/${DIST_FILES.stamp}`, stamp);
}

async function reportSizes(stamp: BuildStamp): Promise<void> {
  say(`base runtime: Deno ${stamp.baseVersion} (${stamp.baseOrigin})`);
  if (stamp.baseOrigin === PINNED_ORIGIN) {
    say("that is a pinned copy of a third party, not Deno's own file: docs/building.md");
  }
  const { program, tarball, overlayTarball, xzTarball, overlayXzTarball, checksums } = DIST_FILES;
  const names = [
    program,
    tarball,
    overlayTarball,
    ...(stamp.release ? [xzTarball, overlayXzTarball, checksums] : []),
  ];
  for (const name of names) {
    const { size } = await Deno.stat(`${DIST}/${name}`);
    say(`${`dist/${name}`.padEnd(30)} ${(size / 1e6).toFixed(1).padStart(6)} MB`);
  }
}

/** The stamp of a dist/ that is what a build would write now. */
async function upToDate(inputs: string, options: Options): Promise<BuildStamp | undefined> {
  const stamp = await readStamp(`${DIST}/${DIST_FILES.stamp}`);
  if (stamp?.inputs !== inputs || (options.release && !stamp.release)) return undefined;
  const needed = [
    DIST_FILES.program,
    DIST_FILES.tarball,
    DIST_FILES.overlayTarball,
    `${DIST_FILES.devBin}/hexad`,
  ];
  const there = await Promise.all(needed.map((name) => isFile(`${DIST}/${name}`)));
  return there.every(Boolean) ? stamp : undefined;
}

/** @throws {Fatal} If something that the build needs is not to be had. */
export async function build(options: Options): Promise<void> {
  if (Deno.build.target !== "x86_64-unknown-linux-gnu") {
    throw new Fatal(`hexad is built on x86-64 Linux with glibc, not on ${Deno.build.target}`);
  }
  await withBuildLock(ROOT, async () => {
    const denortBin = Deno.env.get("DENORT_BIN");
    const onlySha256 = Deno.env.get("DENORT_SHA256");
    const inputs = await inputsDigest(denortBin, onlySha256);
    const current = await upToDate(inputs, options);
    if (current !== undefined) {
      say("up to date");
      return await reportSizes(current);
    }
    await ensurePackages([...PACKAGES, ...(options.release ? RELEASE_PACKAGES : [])], say);
    const base = await findBaseRuntime({
      denortBin,
      cacheDir: cacheDirectory(),
      onlySha256,
      denoHost: DOWNLOAD_HOST,
      pinned: PINNED_BASE,
      fetchFile: fetchNpmFile,
      say,
    });
    const stamp: BuildStamp = {
      inputs,
      baseVersion: base.version,
      baseOrigin: base.origin,
      release: options.release,
    };
    await replaceDist(ROOT, (directory) => fillDist(directory, base, stamp));
    await reportSizes(stamp);
  });
}

if (import.meta.main) {
  await runTool("build", async () => {
    await build(parseOptions(Deno.args));
    return 0;
  });
}
