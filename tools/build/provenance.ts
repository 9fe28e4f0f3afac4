/** The parts of the program: the base, the libraries beside it, and the npm packages in it. */
import type { Part, Provenance } from "../../cmd/provenance.ts";
import { run } from "../command.ts";
import { Fatal } from "../fatal.ts";
import { ROOT } from "../layout.ts";
import type { BaseRuntime } from "./base_runtime.ts";
import { sha256File } from "./digest.ts";
import type { Libraries, Library } from "./private_libc.ts";

/**
 * The licence of Deno's repository. Other parts of the binary have their own licences, which that
 * one names.
 */
const BASE_LICENCE = "MIT";

/** Keyed by Debian package. Source: /usr/share/doc/PACKAGE/copyright. */
const LICENCES: Readonly<Record<string, string>> = {
  "libc6": "LGPL-2.1-or-later",
  "libgcc-s1": "GPL-3.0-or-later WITH GCC-exception-3.1",
};

async function libraryPart({ name, path, origin }: Library): Promise<Part> {
  const digest = await sha256File(path);
  if (origin === undefined) return { name, version: "unknown", source: path, sha256: digest };
  const licence = LICENCES[origin.package];
  return {
    name: `${origin.package} ${name}`,
    version: origin.version,
    source: `Debian ${origin.source} ${origin.version}`,
    ...(licence === undefined ? {} : { licence }),
    sha256: digest,
  };
}

/** The output of `deno info --json` about the modules that a program can load. */
interface ModuleInfo {
  readonly modules: readonly { readonly specifier: string }[];
  readonly npmPackages: Readonly<
    Record<string, { readonly name: string; readonly version: string; readonly localPath: string }>
  >;
}

async function moduleInfo(entry: string): Promise<ModuleInfo> {
  const text = await run(Deno.execPath(), ["info", "--json", entry], {
    cwd: ROOT,
    doing: `find what ${entry} imports`,
  });
  return JSON.parse(text);
}

/** An npm package of the program, and the directory of its files. */
export interface UsedPackage {
  readonly part: Part;
  readonly directory: string;
}

/** The npm packages whose code `entry` can load. */
export async function usedPackages(entry: string): Promise<UsedPackage[]> {
  const { modules, npmPackages } = await moduleInfo(entry);
  const lock: { readonly npm: Readonly<Record<string, unknown>> } = JSON.parse(
    await Deno.readTextFile(`${ROOT}/deno.lock`),
  );
  const used: UsedPackage[] = [];
  for (const [id, { name, version, localPath }] of Object.entries(npmPackages)) {
    const loaded = modules.some(({ specifier }) =>
      specifier.replace("npm:/", "npm:").startsWith(`npm:${id}`)
    );
    if (!loaded) continue;
    if (!(id in lock.npm)) throw new Fatal(`deno.lock does not have ${id}`);
    const { license } = JSON.parse(await Deno.readTextFile(`${localPath}/package.json`));
    const licence = typeof license === "string" ? { licence: license } : {};
    used.push({
      part: { name, version, source: `npm ${name}@${version}`, ...licence },
      directory: localPath,
    });
  }
  return used.sort((a, b) => a.part.name < b.part.name ? -1 : 1);
}

export async function provenanceOf(
  base: BaseRuntime,
  { loader, libraries }: Libraries,
  packages: readonly UsedPackage[],
): Promise<Provenance> {
  const { version, source, origin, sha256 } = base;
  const part = {
    name: "denort",
    version,
    source: origin === source ? source : `${origin}: ${source}`,
    licence: BASE_LICENCE,
    sha256,
  };
  return {
    base: part,
    libraries: await Promise.all([loader, ...libraries].map(libraryPart)),
    packages: packages.map((each) => each.part),
  };
}
