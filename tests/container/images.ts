/**
 * The images that the containers are made of. Each is built when a test first asks for it, once per
 * run.
 */
import { DIST_FILES } from "../../tools/layout.ts";
import { run } from "../fixture/command.ts";
import { ROOT } from "../fixture/toolset.ts";
import { makeTree, type TreeSpec } from "../fixture/tree.ts";
import { oncePerRun, podman } from "./podman.ts";

/**
 * Where the tarball is. HEXAD_DIST can name another directory, for instance one with C s6's static
 * programs, to try the tests themselves.
 */
export const TARBALL_DIRECTORY = Deno.env.get("HEXAD_DIST") ?? `${ROOT}/dist`;
export const { tarball: TARBALL, overlayTarball: OVERLAY_TARBALL } = DIST_FILES;

/** probe.c as a static program: what services run in an image without a shell. */
const PROBE = "COPY probe /bin/probe\n";

/** And a shell, for scripts. */
const SHELL = 'COPY busybox /bin/busybox\nRUN ["/bin/busybox", "--install", "-s", "/bin"]\n';

async function buildFromDist(tag: string, tarball: string, dockerfile: string): Promise<void> {
  try {
    Deno.statSync(`${TARBALL_DIRECTORY}/${tarball}`);
  } catch (cause) {
    throw new Error(`${TARBALL_DIRECTORY}/${tarball} is missing: run 'deno task build'`, { cause });
  }
  await (await podman()).build(tag, dockerfile, TARBALL_DIRECTORY);
}

/**
 * Builds an image by the two lines of the README, on an empty image (`scratch`) or on another one.
 */
export async function addTarball(tag: string, from: string): Promise<void> {
  await buildFromDist(
    tag,
    TARBALL,
    `FROM ${from}\nADD ${TARBALL} /usr\nCMD ["/usr/bin/s6-svscan", "/service"]\n`,
  );
}

/** The same with the overlay: `/init` is the entry point. */
export async function addOverlay(tag: string, from: string): Promise<void> {
  await buildFromDist(
    tag,
    OVERLAY_TARBALL,
    `FROM ${from}\nADD ${OVERLAY_TARBALL} /\nENTRYPOINT ["/init"]\n`,
  );
}

/** Compiles a source that is here, with musl, as a program that needs no C library in the image. */
export function compileStatic(source: string, output: string): Promise<void> {
  return compileWithMusl(source, output, ["-static"]);
}

/**
 * Compiles probe.c with musl; `flags` tell whether it brings its C library or expects the image's.
 */
export function compileProbe(output: string, flags: readonly string[]): Promise<void> {
  return compileWithMusl("probe.c", output, flags);
}

async function compileWithMusl(
  source: string,
  output: string,
  flags: readonly string[],
): Promise<void> {
  const words = [
    "-O2",
    "-Wall",
    "-Wextra",
    "-Werror",
    ...flags,
    "-o",
    output,
    `${import.meta.dirname}/${source}`,
  ];
  const { code, stderr } = await run("musl-gcc", words);
  if (code !== 0) throw new Error(`unable to compile ${source}: ${stderr}`);
}

/**
 * Builds an image from a Dockerfile's text and a directory that `fill` puts the files for it into.
 */
export async function buildInContext(
  tag: string,
  dockerfile: string,
  fill: (directory: string) => void | Promise<void>,
): Promise<void> {
  const engine = await podman();
  const directory = `${engine.root}/context-${tag}`;
  Deno.mkdirSync(directory);
  await fill(directory);
  await engine.build(tag, dockerfile, directory);
  await Deno.remove(directory, { recursive: true });
}

/** Builds an image that has `spec` besides what `from` has; `lines` end its Dockerfile. */
export async function addFiles(
  tag: string,
  from: string,
  spec: TreeSpec,
  lines = "",
): Promise<void> {
  using tree = makeTree(spec);
  await (await podman()).build(tag, `FROM ${from}\nCOPY . /\n${lines}`, tree.root);
}

async function addProbe(tag: string, from: ImageName): Promise<void> {
  await image(from);
  await buildInContext(
    tag,
    `FROM ${from}\n${PROBE}`,
    (directory) => compileProbe(`${directory}/probe`, ["-static"]),
  );
}

/** Copies busybox, which must be static: in these images there is nothing that it could load. */
export function copyBusybox(output: string): void {
  const busybox = Deno.readFileSync("/bin/busybox");
  // a program that needs a loader names it in its first page
  if (new TextDecoder("latin1").decode(busybox.subarray(0, 4096)).includes("/ld-linux")) {
    throw new Error("/bin/busybox is not static: run 'apt-get install busybox-static'");
  }
  Deno.writeFileSync(output, busybox, { mode: 0o755 });
}

async function addShell(tag: string, from: ImageName): Promise<void> {
  await image(from);
  await buildInContext(
    tag,
    `FROM ${from}\n${SHELL}`,
    (directory) => copyBusybox(`${directory}/busybox`),
  );
}

const BUILDERS = {
  "hexad": () => addTarball("hexad", "scratch"),
  "probe": () => addProbe("probe", "hexad"),
  "shell": () => addShell("shell", "probe"),
  "overlay": () => addOverlay("overlay", "scratch"),
  "overlay-probe": () => addProbe("overlay-probe", "overlay"),
  "overlay-shell": () => addShell("overlay-shell", "overlay-probe"),
};

export type ImageName = keyof typeof BUILDERS;

/**
 * hexad, overlay: nothing but the tarball. probe: and the static program /bin/probe. shell: and
 * busybox, with its links in /bin.
 *
 * @returns its name for podman
 */
export async function image(name: ImageName): Promise<string> {
  await oncePerRun(name, BUILDERS[name]);
  return name;
}
