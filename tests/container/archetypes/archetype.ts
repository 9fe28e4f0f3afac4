/**
 * Images of s6-overlay 3 as people build them: Debian with bash, the tarball, and a tree of
 * definitions in /etc/s6-overlay/s6-rc.d.
 */
import { assert, assertEquals } from "@std/assert";
import type { TreeSpec } from "../../fixture/tree.ts";
import { type Container, startContainer } from "../container.ts";
import { baseImage } from "../example_images.ts";
import { addFiles, addOverlay, buildInContext, copyBusybox } from "../images.ts";
import { oncePerRun } from "../podman.ts";

/** Where definitions are, in the image. */
export const RC = "etc/s6-overlay/s6-rc.d";

const WITH_CONTENV_BASH = "#!/usr/bin/with-contenv bash";

/** Files of a definition, by their names in it. */
function definition(name: string, files: TreeSpec, dependencies: readonly string[]): TreeSpec {
  const entries = [
    ...Object.entries(files),
    ...dependencies.map((dependency) => [`dependencies.d/${dependency}`, ""] as const),
  ];
  return Object.fromEntries(entries.map(([path, text]) => [`${RC}/${name}/${path}`, text]));
}

/** A script of bash in the container's environment. */
export function bash(...lines: readonly string[]): string {
  return [WITH_CONTENV_BASH, ...lines, ""].join("\n");
}

/** A oneshot with a command line of execline. */
export function oneshot(
  name: string,
  up: string,
  dependencies: readonly string[] = [],
  files: TreeSpec = {},
): TreeSpec {
  return definition(name, { "type": "oneshot\n", "up": up, ...files }, dependencies);
}

/** A oneshot that does nothing: others are before it or after it. */
export function mark(name: string, dependencies: readonly string[] = []): TreeSpec {
  return oneshot(name, "# a mark\n", dependencies);
}

/** A oneshot whose `up` names a script beside it, as nearly all do. */
export function scripted(
  name: string,
  lines: readonly string[],
  dependencies: readonly string[] = [],
  files: TreeSpec = {},
): TreeSpec {
  const up = `/${RC}/${name}/run`;
  return oneshot(name, up, dependencies, { "run!": bash(...lines), ...files });
}

/** A longrun whose `run` is a script of bash. */
export function longrun(
  name: string,
  lines: readonly string[],
  dependencies: readonly string[] = [],
  files: TreeSpec = {},
): TreeSpec {
  return definition(
    name,
    { "type": "longrun\n", "run!": bash(...lines), ...files },
    dependencies,
  );
}

export function bundle(name: string, members: readonly string[]): TreeSpec {
  return {
    [`${RC}/${name}/type`]: "bundle\n",
    ...Object.fromEntries(members.map((member) => [`${RC}/${name}/contents.d/${member}`, ""])),
  };
}

/** What is started at boot. Most images leave its type to the base image. */
export function user(...members: readonly string[]): TreeSpec {
  return bundle("user", members);
}

/** Lines of a service that says when it is up, and ends when it is asked to. */
export function polite(name: string): readonly string[] {
  return [
    `trap 'echo "${name}: stopped"; kill $!; exit 0' TERM`,
    "sleep infinity &",
    `echo "${name}: up"`,
    "wait",
  ];
}

export interface BootOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly command?: readonly string[];
}

/** Debian with bash, the tarball, and busybox for what is no shell. */
export async function archetypeBase(base: "debian" | "services" = "debian"): Promise<string> {
  const name = `archetype-base-${base}`;
  await oncePerRun(name, async () => {
    await addOverlay(`${name}-bare`, await baseImage(base));
    await buildInContext(
      name,
      `FROM ${name}-bare\nCOPY . /usr/bin/\n`,
      (directory) => {
        copyBusybox(`${directory}/busybox`);
        Deno.symlinkSync("busybox", `${directory}/grep`);
      },
    );
  });
  return name;
}

/**
 * Builds the image of an archetype, once.
 *
 * @param options.lines more lines of its Dockerfile
 * @param options.from another image than that of the archetypes
 */
export async function archetypeImage(
  tag: string,
  files: TreeSpec,
  { lines = "", from }: { readonly lines?: string; readonly from?: string } = {},
): Promise<string> {
  const name = `archetype-${tag}`;
  const base = from ?? await archetypeBase();
  await oncePerRun(name, () => addFiles(name, base, files, lines));
  return name;
}

export function boot(
  image: string,
  { env = {}, flags = [], command }: BootOptions = {},
): Promise<Container> {
  const variables = Object.entries({ S6_KILL_GRACETIME: "100", ...env })
    .flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  return startContainer({
    image,
    flags: [...variables, ...flags],
    ...(command === undefined ? {} : { command }),
  });
}

/** Waits for the end of the boot of an image without a CMD. */
export async function booted(container: Container): Promise<void> {
  await container.stderr.until("s6-rc: info: service legacy-services successfully started\n");
}

/** The dependencies among the definitions of an image, as pairs of names. */
function dependenciesIn(files: TreeSpec): (readonly [dependant: string, dependency: string])[] {
  return Object.keys(files).flatMap((path) => {
    const [, dependant, dependency] = /\/s6-rc\.d\/([^/]+)\/dependencies\.d\/(.+)$/.exec(path) ??
      [];
    return dependant === undefined ? [] : [[dependant, dependency!] as const];
  });
}

/** Each service was started after what it needs, and was stopped before it. */
export function assertMirrored(files: TreeSpec, stderr: string): void {
  const at = (name: string, what: string): number =>
    stderr.indexOf(`s6-rc: info: service ${name}${what}\n`);
  let compared = 0;
  for (const [dependant, dependency] of dependenciesIn(files)) {
    const starting = at(dependant, ": starting");
    const stopping = at(dependency, ": stopping");
    if (starting < 0) continue; // not of this boot
    const told = `${dependant}, which needs ${dependency}:\n${stderr}`;
    const started = at(dependency, " successfully started");
    // a bundle and a name that nobody defines are in no line
    if (started < 0) continue;
    assert(started < starting, `started too early: ${told}`);
    const stopped = at(dependant, " successfully stopped");
    assert(stopped >= 0 && stopped < stopping, `stopped too late: ${told}`);
    compared += 1;
  }
  assert(compared > 0, "there is nothing to compare");
}

/** What clients tell of an image's services: those of C s6-rc, of s6, and hexad's own. */
export async function assertClientsSee(
  container: Container,
  { up, longruns, absent = [] }: {
    readonly up: readonly string[];
    readonly longruns: readonly string[];
    readonly absent?: readonly string[];
  },
): Promise<void> {
  const script = [
    "s6-rc -a list; echo --",
    "s6-rc-db list longruns; echo --",
    ...longruns.map((name) => `s6-svstat -o up /run/service/${name}`),
    "echo --",
    "hexad status --json",
  ].join("\n");
  const [active = "", defined = "", states = "", status = ""] = (await container.said(
    "/bin/bash",
    "-c",
    script,
  )).split("--\n");
  const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");
  for (const name of up) assert(lines(active).includes(name), `${name} is not in:\n${active}`);
  for (const name of absent) assert(!lines(active).includes(name), `${name} is in:\n${active}`);
  for (const name of longruns) assert(lines(defined).includes(name), `${name}:\n${defined}`);
  assertEquals(lines(states), longruns.map(() => "true"));
  for (const name of longruns) assert(status.includes(`"${name}"`), `${name} is not in ${status}`);
}

/** docker stop: in reverse order, by itself, with 0. */
export async function assertStops(
  container: Container,
  files: TreeSpec,
  code = 0,
): Promise<void> {
  assertEquals(await container.stop(), code, container.stderr.text);
  assertMirrored(files, container.stderr.text);
}
