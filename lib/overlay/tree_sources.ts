/**
 * Reads the definitions of the image that is being booted, with its deprecated bundles corrected.
 * `lib/rc/image_sources.ts` knows where they are. Source: s6-overlay 3.2.3, rc.init.
 */
import { OVERLAY_SOURCE, USER_BUNDLES } from "../rc/core/source/overlay_source.ts";
import type { RawSource } from "../rc/core/source/raw_definition.ts";
import { placesInImage, withOverlays } from "../rc/image_sources.ts";
import { readSources } from "../rc/read_sources.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_TRUNC, O_WRONLY } from "../core/linux/open_flags.ts";
import { close, mkdir, tryOpen, write } from "../libc/file.ts";

export interface TreeSources {
  readonly sources: readonly RawSource[];
  /** The definitions folder that still holds the user's bundles, which is deprecated. */
  readonly deprecated: string | undefined;
}

/** Whether anything is defined, or one of the user's bundles lists anything. */
function definesAnything({ definitions }: RawSource): boolean {
  return definitions.some(({ name, files }) => {
    if (!(USER_BUNDLES as readonly string[]).includes(name)) return true;
    const contents = files.get("contents.d");
    return files.has("contents") || (contents?.kind === "directory" && contents.names.length > 0);
  });
}

/**
 * Reads them. Undefined for an image that has none, and so does not need s6-rc.
 *
 * @param directory `s6-overlay` of the profile
 * @param bundledir S6_RUNTIME_BUNDLEDIR, or empty
 * @param rendered The directory of what the image's services.yaml becomes; undefined: it has none
 */
export function readTreeSources(
  directory: string,
  bundledir: string,
  rendered: string | undefined,
): TreeSources | undefined {
  const { paths, deprecated } = placesInImage(directory, bundledir);
  if (deprecated !== undefined) writeUserTypes(deprecated);
  const given = readSources(paths);
  // an image whose services are all in services.yaml has an empty folder beside it
  const read = rendered === undefined ? given : [
    ...given.filter(({ errno, entries }) => errno !== undefined || entries.length > 0),
    ...readSources([rendered]),
  ];
  if (!read.some((source) => source.errno !== undefined || definesAnything(source))) {
    return undefined;
  }
  return { sources: withOverlays(read), deprecated };
}

/**
 * Writes the missing types of the user's bundles, for programs that look at them. On a read-only
 * root they are treated as bundles all the same.
 */
function writeUserTypes(definitions: string): void {
  for (const name of USER_BUNDLES) {
    const directory = `${definitions}/${name}`;
    mkdir(directory, 0o755);
    mkdir(`${directory}/contents.d`, 0o755);
    const fd = tryOpen(
      `${directory}/type`,
      O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK,
      0o644,
    );
    if (fd < 0) continue;
    write(fd, encodePath("bundle\n"));
    close(fd);
  }
}

/** Whether a definition is the overlay's own. */
export function isOverlays(path: string): boolean {
  return path.startsWith(`${OVERLAY_SOURCE}/`);
}
