/**
 * The one chunk of a bundle that has the provenance. The bundle is the same for all architectures
 * but for that, so it is made once, with a word in the place of the provenance.
 */
import type { Provenance } from "../../cmd/provenance.ts";
import { Fatal } from "../fatal.ts";
import { fixTimes } from "./bundle.ts";

const WORD = '"hexad: the provenance goes here"';

/** The module that replaces cmd/provenance.ts in the bundle. */
export const OPEN_PROVENANCE: ReadonlyMap<string, string> = new Map([
  ["cmd/provenance.ts", `export const PROVENANCE = ${WORD};\n`],
]);

export interface ProvenanceChunk {
  readonly path: string;
  /** Its text, with the word. */
  readonly text: string;
}

/** @throws {Fatal} If the word is not in the bundle exactly once. */
export async function provenanceChunk(bundle: string): Promise<ProvenanceChunk> {
  const found: ProvenanceChunk[] = [];
  for await (const { name } of Deno.readDir(bundle)) {
    const path = `${bundle}/${name}`;
    const text = await Deno.readTextFile(path);
    for (let count = text.split(WORD).length; count > 1; count--) found.push({ path, text });
  }
  const [chunk, another] = found;
  if (chunk === undefined || another !== undefined) {
    throw new Fatal(`the bundle has ${found.length} places for the provenance instead of one`);
  }
  return chunk;
}

/** Writes the chunk with this provenance, whichever was there before. */
export async function fillProvenance(
  bundle: string,
  { path, text }: ProvenanceChunk,
  provenance: Provenance,
): Promise<void> {
  // a function, since `$` means something in a text that replaces
  await Deno.writeTextFile(path, text.replace(WORD, () => `(${JSON.stringify(provenance)})`));
  await fixTimes(bundle);
}
