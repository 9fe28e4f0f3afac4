/**
 * Small programs, compiled with the compiler, the flags and the base runtime that hexad is compiled
 * with.
 */
import { NAMES, NATIVE } from "../../tools/build/architecture.ts";
import { findBaseRuntime } from "../../tools/build/base_runtime.ts";
import { compile } from "../../tools/build/compile.ts";
import { DOWNLOAD_HOST } from "../../tools/build/deno_download.ts";
import { matchingCli } from "../../tools/build/matching_cli.ts";
import { fetchNpmFile } from "../../tools/build/npm_package.ts";
import { PINNED_BASES } from "../../tools/build/pinned.ts";
import { run } from "../../tools/command.ts";
import { cacheDirectory, ROOT } from "../../tools/layout.ts";

export interface ProgramOptions {
  /** The directory in which it gets one of its own. */
  readonly parent: string;
  readonly name: string;
  say(text: string): void;
}

/**
 * @returns the path of the program that `fill`, which is given a directory for main.js, has made
 */
async function compileBundle(
  { parent, name, say }: ProgramOptions,
  fill: (bundle: string) => Promise<unknown>,
): Promise<string> {
  const cacheDir = cacheDirectory();
  const denortBin = Deno.env.get("DENORT_BIN");
  const base = await findBaseRuntime({
    denortBin,
    cacheDir,
    denoHost: DOWNLOAD_HOST,
    architecture: NATIVE,
    pinned: PINNED_BASES[NATIVE],
    fetchFile: fetchNpmFile,
    say,
  });
  const cli = await matchingCli(base.version, cacheDir, say);
  const directory = await Deno.makeTempDir({ dir: parent, prefix: `${name}-` });
  await Deno.mkdir(`${directory}/bundle`);
  await fill(`${directory}/bundle`);
  await compile({
    target: NAMES[NATIVE].target,
    cli,
    base: base.path,
    bundle: `${directory}/bundle`,
    output: `${directory}/${name}`,
  });
  await Deno.chmod(`${directory}/${name}`, 0o755);
  return `${directory}/${name}`;
}

/** An empty script. @returns the path of the program */
export function emptyProgram(parent: string, say: (text: string) => void): Promise<string> {
  return compileBundle(
    { parent, name: "empty", say },
    (bundle) => Deno.writeTextFile(`${bundle}/main.js`, ""),
  );
}

/** @param source path of a script in the repository @returns the path of the program */
export function compiledProgram(source: string, options: ProgramOptions): Promise<string> {
  return compileBundle(options, (bundle) => {
    const args = [
      "bundle",
      "--quiet",
      "--platform",
      "deno",
      "--minify",
      "--output",
      `${bundle}/main.js`,
      source,
    ];
    return run(Deno.execPath(), args, { cwd: ROOT, doing: `bundle ${source}`, showErrors: true });
  });
}
