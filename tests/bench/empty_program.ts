/** An empty script, compiled with the compiler, the flags and the base runtime that hexad is compiled with. */
import { findBaseRuntime } from "../../tools/build/base_runtime.ts";
import { compile } from "../../tools/build/compile.ts";
import { DOWNLOAD_HOST } from "../../tools/build/deno_download.ts";
import { matchingCli } from "../../tools/build/matching_cli.ts";
import { fetchNpmFile } from "../../tools/build/npm_package.ts";
import { PINNED_BASE } from "../../tools/build/pinned.ts";
import { cacheDirectory } from "../../tools/layout.ts";

/** @returns the path of the program, in a new directory of `parent` */
export async function emptyProgram(parent: string, say: (text: string) => void): Promise<string> {
  const cacheDir = cacheDirectory();
  const denortBin = Deno.env.get("DENORT_BIN");
  const base = await findBaseRuntime({ denortBin, cacheDir, denoHost: DOWNLOAD_HOST, pinned: PINNED_BASE, fetchFile: fetchNpmFile, say });
  const cli = await matchingCli(base.version, cacheDir, say);
  const directory = await Deno.makeTempDir({ dir: parent, prefix: "empty-" });
  await Deno.mkdir(`${directory}/bundle`);
  await Deno.writeTextFile(`${directory}/bundle/main.js`, "");
  await compile({ cli, base: base.path, bundle: `${directory}/bundle`, output: `${directory}/empty` });
  await Deno.chmod(`${directory}/empty`, 0o755);
  return `${directory}/empty`;
}
