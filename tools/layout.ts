/**
 * Where things are in the repository, and what the build writes there. Others rely on the names
 * under dist/.
 */

/** The repository. */
export const ROOT = import.meta.dirname!.replace(/\/tools$/, "");

/** What the build replaces as a whole. */
export const DIST = `${ROOT}/dist`;

/**
 * hexad for this machine, and the links to it: what `deno task start`, the tests and the benchmark
 * run.
 */
export const DEV_BIN = `${DIST}/dev/bin`;

/** Names under dist/. */
export const DIST_FILES = {
  program: "hexad",
  tarball: "hexad-x86_64.tar.gz",
  overlayTarball: "hexad-overlay-x86_64.tar.gz",
  bom: "hexad.cdx.json",
  devBin: "dev/bin",
  stamp: "build.json",
  /** What is the same on every machine. */
  symlinks: "hexad-symlinks-noarch.tar.gz",
  doc: "hexad-doc-noarch.tar.gz",
  compat: "hexad-compat-noarch.tar.gz",
} as const;

/**
 * What is built for one architecture, under dist/. The program and the bill of materials that name
 * none are those of x86-64, where they were before there was another.
 */
export interface ArchitectureFiles {
  readonly program: string;
  /** To be ADDed to /usr. */
  readonly tarball: string;
  /** To be ADDed to /. */
  readonly overlayTarball: string;
  readonly bom: string;
}

export function filesFor(architecture: "x86_64" | "aarch64"): ArchitectureFiles {
  if (architecture === "x86_64") return DIST_FILES;
  return {
    program: `hexad-${architecture}`,
    tarball: `hexad-${architecture}.tar.gz`,
    overlayTarball: `hexad-overlay-${architecture}.tar.gz`,
    bom: `hexad-${architecture}.cdx.json`,
  };
}

/** Where the private C library is in an image. Only the tarball puts it there. */
export const PRIVATE_LIB = "/usr/lib/hexad";

/** Downloads are kept here, outside the repository. */
export function cacheDirectory(): string {
  const base = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? "/var/tmp"}/.cache`;
  return `${base}/hexad`;
}
