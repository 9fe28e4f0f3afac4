/**
 * The runtime that the program is compiled onto (denort), in this order: the file that DENORT_BIN names; Deno's own download for the CLI
 * that runs; where that host can't be reached, the pinned copy out of npm (pinned.ts).
 */
import { run } from "../command.ts";
import { Fatal, reasonOf } from "../fatal.ts";
import { isFile, placeInCache } from "./cached_file.ts";
import { sha256, sha256File } from "./digest.ts";
import { denoVersionIn, elfSize } from "./elf.ts";
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
  readonly pinned: PinnedBase;
  /** Fetches one file of an npm package into a directory; a test gives its own. */
  readonly fetchFile: typeof fetchNpmFile;
  say(text: string): void;
}

const DOWNLOAD_HOST = "https://dl.deno.land/";
const PROBE_TIMEOUT_MS = 10_000;

async function fromEnvironment(path: string): Promise<BaseRuntime> {
  const bytes = await Deno.readFile(path).catch((error) => {
    throw new Fatal(`unable to read DENORT_BIN: ${reasonOf(error)}`);
  });
  try {
    elfSize(bytes);
  } catch (error) {
    throw new Fatal(`unable to use DENORT_BIN=${path}: ${reasonOf(error)}`);
  }
  const version = denoVersionIn(bytes);
  if (version === undefined) throw new Fatal(`unable to use DENORT_BIN=${path}: it is no Deno runtime`);
  return { path: await Deno.realPath(path), version, origin: "DENORT_BIN" };
}

async function hostAnswers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await response.body?.cancel();
    return true;
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return false;
    throw error;
  }
}

/** Lets Deno compile an empty program, for which it downloads its base, and cuts the base off the result. */
async function cutFromEmptyProgram(file: string, scratch: string): Promise<void> {
  await Deno.writeTextFile(`${scratch}/empty.js`, "");
  const args = ["compile", "--quiet", "--no-config", "--no-lock", "--no-check", "--output", `${scratch}/empty`, `${scratch}/empty.js`];
  await run(Deno.execPath(), args, { cwd: scratch, doing: "download Deno's base runtime" });
  const bytes = await Deno.readFile(`${scratch}/empty`);
  await Deno.writeFile(file, bytes.subarray(0, elfSize(bytes)));
}

/** Returns undefined if Deno's own download can't be had; that is said. */
async function fromDeno(search: BaseSearch): Promise<BaseRuntime | undefined> {
  const version = Deno.version.deno;
  const path = `${search.cacheDir}/denort-own-${version}`;
  const found: BaseRuntime = { path, version, origin: "Deno's own download" };
  if (await isFile(path)) return found;
  if (!await hostAnswers(DOWNLOAD_HOST)) {
    search.say(`${DOWNLOAD_HOST} can't be reached: taking the base runtime from npm`);
    return undefined;
  }
  try {
    await placeInCache(path, cutFromEmptyProgram);
    return found;
  } catch (error) {
    if (!(error instanceof Fatal)) throw error;
    search.say(`${error.message}: taking the base runtime from npm`);
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
  if (search.denortBin !== undefined && search.denortBin !== "") return await fromEnvironment(search.denortBin);
  return await fromDeno(search) ?? await fromNpm(search);
}
