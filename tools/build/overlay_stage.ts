/**
 * The contents of the overlay tarball, which is ADDed to / of an image: rootfs/ as it is in the
 * repository, and what is made here.
 *
 *     command/hexad, command/* (links to it), usr/bin/* (links into command/), usr/lib/hexad/* (the private C library)
 *     package/admin/PACKAGE/command (links to command/)
 *     usr/share/doc/hexad/* (licences, bill of materials)
 *     etc/s6-overlay/* (empty directories), run/s6 (for users other than root: lib/overlay/run_directory.ts)
 *
 * Nothing goes below bin/, lib/, sbin/ or var/run, which are links in some images and directories
 * in others.
 */
import { ROOT } from "../layout.ts";
import { DOC_DIRECTORY } from "./licences.ts";
import { makeLinks } from "./links.ts";
import { type Contents, entriesOf } from "./tarball.ts";

/** Made here, because version control does not keep empty directories. */
const EMPTY_DIRECTORIES = [
  "etc/s6-overlay/s6-rc.d",
  "etc/s6-overlay/user-bundles.d/user/contents.d",
  "etc/s6-overlay/user-bundles.d/user2/contents.d",
];

/**
 * Packages of the original. Scripts call their commands by path, such as
 * /package/admin/s6/command/s6-svc.
 */
const PACKAGES = ["execline", "s6", "s6-overlay", "s6-portable-utils", "s6-rc"];

/** The directory where users other than root may make what they need at run time. */
const OPEN_DIRECTORY = "run/s6";
const RUN_LINKS = [
  ["run/service", "s6/service"],
  ["run/s6-linux-init-container-results", "s6/results"],
  ["run/s6-rc", "s6/rc"],
] as const;

export interface OverlayParts {
  readonly program: string;
  /** A directory with a link for each command. */
  readonly devBin: string;
  readonly libraries: string;
  /** The licences and the bill of materials. */
  readonly docs: string;
}

/** Fills the empty directory `stage`, and returns what the tarball has of it. */
export async function makeOverlayStage(
  stage: string,
  { program, devBin, libraries, docs }: OverlayParts,
): Promise<Contents> {
  for (const directory of ["command", "usr/bin", "usr/lib", OPEN_DIRECTORY, ...EMPTY_DIRECTORIES]) {
    await Deno.mkdir(`${stage}/${directory}`, { recursive: true });
  }
  await copyTree(`${ROOT}/rootfs`, stage);
  await Deno.link(program, `${stage}/command/hexad`);
  await Deno.symlink("../../command/hexad", `${stage}/usr/bin/hexad`);
  await makeLinks(devBin, stage, "overlay");
  for (const name of PACKAGES) {
    await Deno.mkdir(`${stage}/package/admin/${name}`, { recursive: true });
    await Deno.symlink("../../../command", `${stage}/package/admin/${name}/command`);
  }
  await Deno.mkdir(`${stage}/usr/lib/hexad`);
  for await (const { name, isFile } of Deno.readDir(libraries)) {
    if (isFile) await copyFile(`${libraries}/${name}`, `${stage}/usr/lib/hexad/${name}`);
  }
  await copyTree(docs, `${stage}/usr/${DOC_DIRECTORY}`);
  for (const [link, target] of RUN_LINKS) await Deno.symlink(target, `${stage}/${link}`);
  return { root: stage, entries: await entriesOf(stage, [OPEN_DIRECTORY]) };
}

/** Copies files and links, with modes that do not depend on the checkout. */
async function copyTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(from)) {
    const [source, target] = [`${from}/${name}`, `${to}/${name}`];
    if (isDirectory) {
      await copyTree(source, target);
    } else if (isSymlink) {
      await Deno.symlink(await Deno.readLink(source), target);
    } else {
      await copyFile(source, target);
    }
  }
}

async function copyFile(source: string, target: string): Promise<void> {
  await Deno.copyFile(source, target);
  const executable = ((await Deno.stat(source)).mode! & 0o100) !== 0;
  await Deno.chmod(target, executable ? 0o755 : 0o644);
}
