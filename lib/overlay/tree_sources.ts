/**
 * The definitions of the image that is being booted, read, with its deprecated bundles put right.
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
  /** The folder of definitions in which the user's bundles are, where they are deprecated. */
  readonly deprecated: string | undefined;
}

/** Whether anything is defined, or a bundle of the user's lists anything. */
function definesAnything({ definitions }: RawSource): boolean {
  return definitions.some(({ name, files }) => {
    if (!(USER_BUNDLES as readonly string[]).includes(name)) return true;
    const contents = files.get("contents.d");
    return files.has("contents") || (contents?.kind === "directory" && contents.names.length > 0);
  });
}

/**
 * Reads them. Undefined for an image that has none, which needs nothing of s6-rc.
 *
 * @param directory `s6-overlay` of the profile
 * @param bundledir S6_RUNTIME_BUNDLEDIR, or empty
 */
export function readTreeSources(directory: string, bundledir: string): TreeSources | undefined {
  const { paths, deprecated } = placesInImage(directory, bundledir);
  if (deprecated !== undefined) writeUserTypes(deprecated);
  const read = readSources(paths);
  if (!read.some((source) => source.errno !== undefined || definesAnything(source))) {
    return undefined;
  }
  return { sources: withOverlays(read), deprecated };
}

/**
 * Makes the user's bundles what they are meant to be, for whoever looks at them. On a read-only
 * root they are taken for that all the same.
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
