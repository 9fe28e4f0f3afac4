/**
 * Loads a database for display from whatever the user names: a compiled folder, a live one, the
 * root of an image, or sources of definitions. Broken definitions in sources are left out and
 * reported.
 */
import { tryStat } from "../libc/stat.ts";
import { COMPILED_FILE } from "./core/compiled_form.ts";
import { type ReadDatabase, readSound } from "./core/source/leave_out.ts";
import { placesInImage, withOverlays } from "./image_sources.ts";
import { isCompiled, type NoDatabase, readCompiled } from "./read_compiled.ts";
import { readSources } from "./read_sources.ts";

/** Where the services are in a running container, and where in an image. */
const LIVE = "/run/s6-rc";
const ETC_OVERLAY = "/etc/s6-overlay";

/** @param paths If empty: the live folder of this machine, or its image. */
export function loadGraph(paths: readonly string[]): ReadDatabase | NoDatabase {
  const [first = isThere(`${LIVE}/compiled/${COMPILED_FILE}`) ? LIVE : "/"] = paths;
  for (const compiled of [first, `${first}/compiled`]) {
    if (isCompiled(compiled)) return fromCompiled(compiled);
  }
  const etc = `${first.replace(/\/+$/, "")}${ETC_OVERLAY}`;
  if (isThere(`${etc}/s6-rc.d`)) return fromOverlay(placesInImage(etc, "").paths);
  if (first.replace(/\/+$/, "").endsWith("/s6-rc.d") || isThere(`${first}/user/contents.d`)) {
    return fromOverlay([first]);
  }
  return paths.length === 0
    ? {
      exitCode: 111,
      problem: "this machine has no definitions for s6-rc; name a directory of them",
    }
    : readSound(readSources(paths));
}

function isThere(path: string): boolean {
  return typeof tryStat(path) !== "number";
}

function fromCompiled(path: string): ReadDatabase | NoDatabase {
  const database = readCompiled(path, { wait: true });
  return "problem" in database ? database : { database, notes: [], leftOut: [] };
}

function fromOverlay(paths: readonly string[]): ReadDatabase {
  return readSound(withOverlays(readSources(paths)));
}
