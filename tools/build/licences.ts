/**
 * The licence texts that come with the program: its own, and those of everything in it. Texts that
 * no build machine has are in the directory licences/ beside this file.
 */
import { Fatal } from "../fatal.ts";
import { ROOT } from "../layout.ts";
import type { Libraries, Library } from "./private_libc.ts";
import type { UsedPackage } from "./provenance.ts";

/** Below the root of the tarball for /usr. */
export const DOC_DIRECTORY = "share/doc/hexad";

/** SPDX, as in deno.json. */
export const LICENCE = "ISC";

const KEPT = `${ROOT}/tools/build/licences`;
const COMMON = "/usr/share/common-licenses";
const LICENCE_FILE = /^(licen[cs]e|copying)([.-].*)?$/i;
/** Debian's copyright files refer to the common licences by path. */
const COMMON_NAME = /\/usr\/share\/common-licenses\/([A-Za-z0-9.-]*[A-Za-z0-9])/g;

async function put(directory: string, name: string, text: string): Promise<void> {
  const path = `${directory}/${name}`;
  await Deno.writeTextFile(path, text);
  await Deno.chmod(path, 0o644);
}

/**
 * @throws {Fatal} If the package has no licence text, since it can't be distributed without one.
 */
async function textOfPackage({ part, directory }: UsedPackage): Promise<string> {
  const name = Array.from(Deno.readDirSync(directory), (entry) => entry.name).find((each) =>
    LICENCE_FILE.test(each)
  );
  if (name !== undefined) return await Deno.readTextFile(`${directory}/${name}`);
  const kept = `${KEPT}/${part.name.replace("/", "-")}`;
  try {
    return await Deno.readTextFile(kept);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Fatal(`${part.source} has no licence's text, and there is no ${kept}`);
  }
}

/** The copyright files of the libraries' Debian packages, and the common licences they name. */
async function writeDebianLicences(
  into: string,
  libraries: readonly Library[],
  say: (text: string) => void,
): Promise<void> {
  const packages = new Set<string>();
  for (const { path, origin } of libraries) {
    if (origin === undefined) say(`no package has ${path}: its licence is not in the tarball`);
    else packages.add(origin.package);
  }
  const common = new Set<string>();
  // a library for another machine has the same text as the one for this machine
  for (const debian of [...packages].sort()) {
    const text = await Deno.readTextFile(`/usr/share/doc/${debian}/copyright`);
    for (const [, name] of text.matchAll(COMMON_NAME)) common.add(name!);
    await put(into, debian, text);
  }
  for (const name of [...common].sort()) {
    await put(into, name, await Deno.readTextFile(`${COMMON}/${name}`));
  }
}

/** Writes LICENSE, and licences/NAME for each part, into the new directory `into`. */
export async function writeLicences(
  into: string,
  { loader, libraries }: Libraries,
  packages: readonly UsedPackage[],
  say: (text: string) => void,
): Promise<void> {
  await Deno.mkdir(`${into}/licences`, { recursive: true });
  await put(into, "LICENSE", await Deno.readTextFile(`${ROOT}/LICENSE`));
  for (const name of ["deno", "v8"]) {
    await put(`${into}/licences`, name, await Deno.readTextFile(`${KEPT}/${name}`));
  }
  for (const used of packages) {
    await put(`${into}/licences`, used.part.name.replace("/", "-"), await textOfPackage(used));
  }
  await writeDebianLicences(`${into}/licences`, [loader, ...libraries], say);
}
