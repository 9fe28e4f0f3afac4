/** `hexad --version --json`: what the program is made of. */
import { PROVENANCE, type Provenance } from "../provenance.ts";
import { VERSION } from "../version_number.ts";

export interface VersionDocument extends Partial<Provenance> {
  readonly name: "hexad";
  readonly version: string;
  readonly architecture: string;
  readonly runtime: { readonly deno: string; readonly v8: string };
}

/** `base`, `libraries` and `packages` are missing where the program runs from its sources. */
export function versionDocument(): VersionDocument {
  return {
    name: "hexad",
    version: VERSION,
    architecture: Deno.build.arch,
    runtime: { deno: Deno.version.deno, v8: Deno.version.v8 },
    ...PROVENANCE,
  };
}
