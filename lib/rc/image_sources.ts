/**
 * Where an image keeps its definitions for s6-rc, and the complete set: the image's, the user's
 * bundles, and the overlay's own. Source: s6-overlay 3.2.3, rc.init.
 */
import { ENOENT, ENOTDIR } from "../core/linux/errno.ts";
import { isDirectory, tryStat } from "../libc/stat.ts";
import { overlaySource, USER_BUNDLES, withUserTypes } from "./core/source/overlay_source.ts";
import type { RawSource } from "./core/source/raw_definition.ts";

export interface ImagePlaces {
  /** The folders to read, in their order. */
  readonly paths: readonly string[];
  /** The definitions folder that still holds the user's bundles, which is deprecated. */
  readonly deprecated: string | undefined;
}

/**
 * @param directory `/etc/s6-overlay` of the image
 * @param bundledir S6_RUNTIME_BUNDLEDIR, or empty
 */
export function placesInImage(directory: string, bundledir: string): ImagePlaces {
  const definitions = `${directory}/s6-rc.d`;
  const isDeprecated = isFolder(`${definitions}/${USER_BUNDLES[0]}`);
  const usual = `${directory}/user-bundles.d`;
  const bundles = bundledir === "" ? (mayBeFolder(usual) ? [usual] : []) : [bundledir];
  return {
    paths: [
      ...(mayBeFolder(definitions) ? [definitions] : []),
      ...(isDeprecated ? [] : bundles),
    ],
    deprecated: isDeprecated ? definitions : undefined,
  };
}

/**
 * The definitions that were read, with the user's bundles turned into bundles, followed by the
 * overlay's own.
 */
export function withOverlays(read: readonly RawSource[]): readonly RawSource[] {
  const sources = read.map(withUserTypes);
  const defined = new Set(sources.flatMap((source) => source.definitions.map(({ name }) => name)));
  return [...sources, overlaySource(defined)];
}

function isFolder(path: string): boolean {
  const record = tryStat(path);
  return typeof record !== "number" && isDirectory(record.mode);
}

/**
 * True if there is something, or if that can't be found out: reading it then reports what is wrong.
 */
function mayBeFolder(path: string): boolean {
  const record = tryStat(path);
  return typeof record === "number"
    ? record !== -ENOENT && record !== -ENOTDIR
    : isDirectory(record.mode);
}
