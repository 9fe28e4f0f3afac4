/**
 * The `deno` that compiles for a base. Both must have the same minor version, because the format of
 * the appended program changes.
 */
import { Fatal } from "../fatal.ts";
import { isFile, placeInCache } from "./cached_file.ts";
import { sha256File } from "./digest.ts";
import { fetchNpmFile } from "./npm_package.ts";
import { PINNED_CLIS } from "./pinned.ts";

/** `2.6` of `2.6.10`. */
export function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

async function download(version: string, path: string): Promise<void> {
  await placeInCache(path, async (file, scratch) => {
    await Deno.rename(
      await fetchNpmFile({ name: "@deno/linux-x64-glibc", version, file: "deno" }, scratch),
      file,
    );
  });
}

/**
 * The path of a `deno` that can compile for `baseVersion`: the running one, or one from npm.
 * @throws {Fatal} If it can't be downloaded, or its digest is wrong.
 */
export async function matchingCli(
  baseVersion: string,
  cacheDir: string,
  say: (text: string) => void,
): Promise<string> {
  const minor = minorOf(baseVersion);
  if (minor === minorOf(Deno.version.deno)) return Deno.execPath();
  const pinned = PINNED_CLIS[minor];
  const version = pinned?.version ?? baseVersion;
  const path = `${cacheDir}/deno-${version}`;
  if (!await isFile(path)) {
    say(
      `downloading npm @deno/linux-x64-glibc@${version}, the compiler for a base of Deno ${baseVersion}`,
    );
    await download(version, path);
  }
  if (pinned === undefined) return path;
  const digest = await sha256File(path);
  if (digest === pinned.sha256) return path;
  await Deno.remove(path);
  throw new Fatal(
    `npm @deno/linux-x64-glibc@${version} has sha256 ${digest}, not ${pinned.sha256}`,
  );
}
