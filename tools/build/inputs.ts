/**
 * What a build depends on, as one digest; and the stamp that a build leaves, by which the next one
 * sees that nothing has changed.
 */
import { Fatal, reasonOf } from "../fatal.ts";
import { ROOT } from "../layout.ts";
import { sha256, sha256File } from "./digest.ts";

/** Files and directories, relative to the repository; one that is missing counts as empty. */
const INPUTS = [
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
];

export interface BuildStamp {
  readonly inputs: string;
  readonly baseVersion: string;
  readonly baseOrigin: string;
  /** Whether the files of `--release` were written too. */
  readonly release: boolean;
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

async function denortDigest(path: string): Promise<string> {
  return await sha256File(path).catch((error) => {
    throw new Fatal(`unable to read DENORT_BIN: ${reasonOf(error)}`);
  });
}

/** The digest of everything that decides what the build writes. */
export async function inputsDigest(
  denortBin: string | undefined,
  onlySha256: string | undefined,
): Promise<string> {
  const lines = [`deno ${Deno.version.deno}`];
  if (denortBin !== undefined && denortBin !== "") {
    lines.push(`DENORT_BIN ${await denortDigest(denortBin)}`);
  }
  if (onlySha256 !== undefined) lines.push(`DENORT_SHA256 ${onlySha256}`);
  for (const input of INPUTS) {
    for await (const path of filesUnder(input)) lines.push(await digestLine(path));
  }
  return await sha256(new TextEncoder().encode(lines.join("\n")));
}

/** Returns undefined if there is no stamp, or one of another form. */
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
