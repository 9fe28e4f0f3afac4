/**
 * Fetches one file of an npm package with Deno's own npm client, which checks the registry's digest
 * and runs no installation scripts.
 */
import { run } from "../command.ts";
import { Fatal } from "../fatal.ts";

export interface NpmFile {
  readonly name: string;
  readonly version: string;
  /** The path inside the package. */
  readonly file: string;
}

export function npmFileText({ name, version, file }: NpmFile): string {
  return `npm ${name}@${version} ${file}`;
}

/** Deno keeps packages under the registry's host name, which a mirror changes. */
async function findFile(denoDir: string, { name, version, file }: NpmFile): Promise<string> {
  for await (const registry of Deno.readDir(`${denoDir}/npm`)) {
    const path = `${denoDir}/npm/${registry.name}/${name}/${version}/${file}`;
    const info = await Deno.stat(path).catch(() => undefined);
    if (info?.isFile === true) return path;
  }
  throw new Fatal(`npm package ${name}@${version} has no file ${file}`);
}

/**
 * Downloads the package into `scratch` and returns the path of the file.
 * @throws {Fatal} If it can't be downloaded or lacks the file.
 */
export async function fetchNpmFile(wanted: NpmFile, scratch: string): Promise<string> {
  const specifier = `npm:${wanted.name}@${wanted.version}`;
  await run(Deno.execPath(), ["cache", "--no-config", "--no-lock", "--quiet", specifier], {
    cwd: scratch,
    env: { DENO_DIR: scratch },
    doing: `download ${specifier}`,
  });
  return await findFile(scratch, wanted);
}
