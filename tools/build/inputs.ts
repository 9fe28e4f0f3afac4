/**
 * The inputs of a build as one digest, and the stamp of a build, from which the next one sees that
 * nothing has changed.
 */
import { Fatal, reasonOf } from "../fatal.ts";
import { ROOT } from "../layout.ts";
import type { Architecture } from "./architecture.ts";
import { sha256, sha256File } from "./digest.ts";

/**
 * Files and directories, relative to the repository. A missing one counts as empty. The context of
 * the Dockerfile has them too: .dockerignore.
 */
export const INPUTS = [
  "cmd",
  "lib",
  "rootfs",
  "deno.json",
  "deno.lock",
  "tools/build.ts",
  "tools/build",
  "tools/std",
  "tools/layout.ts",
  "LICENSE",
  "docs",
];

export interface BaseFacts {
  readonly version: string;
  readonly origin: string;
}

export interface BuildStamp {
  readonly inputs: string;
  /** The base of each architecture that was built: its version and origin. */
  readonly bases: Readonly<Partial<Record<Architecture, BaseFacts>>>;
  /** The time of the files in the tarballs, in seconds. */
  readonly epoch: number;
}

async function* filesUnder(path: string): AsyncGenerator<string> {
  const info = await Deno.lstat(`${ROOT}/${path}`).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (info === undefined) return;
  if (!info.isDirectory) return yield path;
  const names = await Array.fromAsync(Deno.readDir(`${ROOT}/${path}`), ({ name }) => name);
  for (const name of names.sort()) yield* filesUnder(`${path}/${name}`);
}

async function digestLine(path: string): Promise<string> {
  const info = await Deno.lstat(`${ROOT}/${path}`);
  const content = info.isSymlink
    ? await Deno.readLink(`${ROOT}/${path}`)
    : await sha256File(`${ROOT}/${path}`);
  return `${path} ${(info.mode ?? 0).toString(8)} ${content}`;
}

/** For a variable that names a file, the file's content counts. */
async function variableLine(name: string, value: string): Promise<string> {
  if (!name.startsWith("DENORT_BIN")) return `${name} ${value}`;
  const digest = await sha256File(value).catch((error) => {
    throw new Fatal(`unable to read ${name}: ${reasonOf(error)}`);
  });
  return `${name} ${digest}`;
}

/**
 * The digest of everything that determines the program.
 * @param variables The variables that choose the base runtimes, with their values
 */
export async function inputsDigest(
  variables: readonly (readonly [name: string, value: string | undefined])[],
): Promise<string> {
  const lines = [`deno ${Deno.version.deno}`];
  for (const [name, value] of variables) {
    if (value !== undefined && value !== "") lines.push(await variableLine(name, value));
  }
  for (const input of INPUTS) {
    for await (const path of filesUnder(input)) lines.push(await digestLine(path));
  }
  return await sha256(new TextEncoder().encode(lines.join("\n")));
}

/** Returns undefined if there is no stamp, or one in another format. */
export async function readStamp(path: string): Promise<BuildStamp | undefined> {
  try {
    const stamp: BuildStamp = JSON.parse(await Deno.readTextFile(path));
    return stamp;
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ||
      error instanceof SyntaxError
    ) {
      return undefined;
    }
    throw error;
  }
}

export async function writeStamp(path: string, stamp: BuildStamp): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(stamp, null, 2) + "\n");
}
