/**
 * The contents of the tarballs, each in a directory of its own.
 *
 *   base       to be ADDed to /usr: bin/hexad, links to it in bin, lib/hexad (the private C library),
 *              lib/hexad/bin (links with names that others have too), share/doc/hexad (licences, bill of materials, schemas,
 *              openapi.json)
 *   overlay    to be ADDed to /, with the program: overlay_stage.ts
 *   symlinks   to be ADDed to /usr after either: the links of lib/hexad/bin in bin, as in s6-overlay-symlinks
 *   compat     the same for names of other suites
 *   doc        to be ADDed to /usr: manual pages and completions
 */
import { VERSION } from "../../cmd/version_number.ts";
import { openApiDocument } from "../../lib/serve/core/openapi_document.ts";
import { SCHEMA_DIRECTORY } from "../../lib/core/cli/schema_path.ts";
import { DIST_FILES, ROOT } from "../layout.ts";
import type { LinkingTarball } from "./command_places.ts";
import { dateOf } from "./epoch.ts";
import { DOC_DIRECTORY, writeLicences } from "./licences.ts";
import { makeLinks } from "./links.ts";
import { makeOverlayStage } from "./overlay_stage.ts";
import { copyLibraries, type Libraries } from "./private_libc.ts";
import type { UsedPackage } from "./provenance.ts";
import { writeShare } from "./share.ts";
import { type Contents, entriesOf } from "./tarball.ts";

export interface StageParts {
  readonly program: string;
  /** A directory with a link for each command. */
  readonly devBin: string;
  readonly libraries: Libraries;
  readonly packages: readonly UsedPackage[];
  /** The bill of materials. */
  readonly bom: string;
  say(text: string): void;
}

async function makeBaseStage(root: string, parts: StageParts): Promise<Contents> {
  await Deno.mkdir(`${root}/bin`, { recursive: true });
  await Deno.link(parts.program, `${root}/bin/hexad`);
  await copyLibraries(parts.libraries, `${root}/lib/hexad`);
  await makeLinks(parts.devBin, root, "base");
  const docs = `${root}/${DOC_DIRECTORY}`;
  await writeLicences(docs, parts.libraries, parts.packages, parts.say);
  await Deno.copyFile(parts.bom, `${docs}/${DIST_FILES.bom}`);
  await copySchemas(`${root}/${SCHEMA_DIRECTORY}`);
  // its references to schemas are those of a server, where they are below it as well
  const openapi = `${JSON.stringify(openApiDocument(VERSION), null, 2)}\n`;
  await Deno.writeTextFile(`${docs}/openapi.json`, openapi, { mode: 0o644 });
  return { root, entries: await entriesOf(root) };
}

/** The schemas of what `--json` prints, which `--help` names by their place in an image. */
async function copySchemas(into: string): Promise<void> {
  await Deno.mkdir(into, { recursive: true });
  for await (const { name } of Deno.readDir(`${ROOT}/docs`)) {
    if (!name.endsWith(".schema.json")) continue;
    const text = await Deno.readTextFile(`${ROOT}/docs/${name}`);
    await Deno.writeTextFile(`${into}/${name}`, text, { mode: 0o644 });
  }
}

/** The contents that depend on the architecture, in new directories below `scratch`. */
export async function stageProgram(
  scratch: string,
  parts: StageParts,
): Promise<{ readonly base: Contents; readonly overlay: Contents }> {
  const [root, overlay] = [`${scratch}/base`, `${scratch}/overlay`];
  const base = await makeBaseStage(root, parts);
  await Deno.mkdir(overlay);
  return {
    base,
    overlay: await makeOverlayStage(overlay, {
      program: parts.program,
      devBin: parts.devBin,
      libraries: `${root}/lib/hexad`,
      docs: `${root}/${DOC_DIRECTORY}`,
    }),
  };
}

/** Undefined if the tarball has no link. */
async function stageLinks(
  scratch: string,
  devBin: string,
  tarball: LinkingTarball,
): Promise<Contents | undefined> {
  const root = `${scratch}/${tarball}`;
  if (await makeLinks(devBin, root, tarball) === 0) return undefined;
  return { root, entries: await entriesOf(root) };
}

/** The contents that are the same for every architecture, keyed by the tarball's name. */
export async function stageCommon(
  scratch: string,
  devBin: string,
  epoch: number,
): Promise<ReadonlyMap<string, Contents>> {
  const doc = `${scratch}/doc`;
  await writeShare(doc, dateOf(epoch));
  const found = [
    [DIST_FILES.symlinks, await stageLinks(scratch, devBin, "symlinks")],
    [DIST_FILES.compat, await stageLinks(scratch, devBin, "compat")],
    [DIST_FILES.doc, { root: doc, entries: await entriesOf(doc) }],
  ] as const;
  return new Map(found.flatMap(([name, made]) => made === undefined ? [] : [[name, made]]));
}
