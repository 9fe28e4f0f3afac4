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
  overlayTarball: "hexad-overlay.tar.gz",
  xzTarball: "hexad-x86_64.tar.xz",
  overlayXzTarball: "hexad-overlay.tar.xz",
  checksums: "SHA256SUMS",
  bom: "hexad.cdx.json",
  devBin: "dev/bin",
  stamp: "build.json",
} as const;

/**
 * What is built for one architecture, under dist/. The names without one are those of x86-64, where
 * they were before there was another.
 */
export interface ArchitectureFiles {
  readonly program: string;
  readonly tarball: string;
  readonly overlayTarball: string;
  readonly xzTarball: string;
  readonly overlayXzTarball: string;
  readonly bom: string;
}

export function filesFor(architecture: "x86_64" | "aarch64"): ArchitectureFiles {
  if (architecture === "x86_64") return DIST_FILES;
  return {
    program: `hexad-${architecture}`,
    tarball: `hexad-${architecture}.tar.gz`,
    overlayTarball: `hexad-overlay-${architecture}.tar.gz`,
    xzTarball: `hexad-${architecture}.tar.xz`,
    overlayXzTarball: `hexad-overlay-${architecture}.tar.xz`,
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
