/** The files of `health-check/` as `healthcheck`. Source: docs/servicedir.md. Pure. */
import { HEALTH_DIRECTORY } from "../../health/core/health_files.ts";
import type { Notes } from "../../importer/core/import_notes.ts";
import type { Origin } from "../../importer/core/service_plan.ts";
import { type DraftMap, durationText, literal, withoutGaps } from "./draft.ts";
import { scriptWords } from "./script_words.ts";

const DURATIONS: Readonly<Record<string, string>> = {
  interval: "interval",
  timeout: "timeout",
  "start-period": "start_period",
  "start-interval": "start_interval",
};
const OWN: Readonly<Record<string, string>> = {
  tcp: "tcp",
  http: "http",
  unix: "unix",
  "http-status": "http_status",
  "on-unhealthy": "on_unhealthy",
};

/** Undefined if there is no check, or none that has a word. */
export function healthKeys(
  texts: ReadonlyMap<string, string>,
  origin: Origin,
  notes: Notes,
): DraftMap | undefined {
  const text = (name: string): string | undefined =>
    texts.get(`${HEALTH_DIRECTORY}/${name}`)?.replace(/\n$/, "");
  if (![...texts.keys()].some((path) => path.startsWith(`${HEALTH_DIRECTORY}/`))) return undefined;
  const script = text("run");
  const words = script === undefined ? undefined : scriptWords(`${script}\n`, "./run");
  if (script !== undefined && words === undefined) {
    notes.add(origin, "the program of a health check that is no script has to be named in test");
    return undefined;
  }
  const durations = Object.entries(DURATIONS).map(([file, key]) => {
    const value = text(file);
    return [key, value === undefined ? undefined : durationText(Number(value))] as const;
  });
  const retries = text("retries");
  return withoutGaps({
    test: words === undefined ? undefined : ["CMD", ...words.map(literal)],
    ...Object.fromEntries(durations),
    retries: retries === undefined ? undefined : Number(retries),
    "x-hexad": withoutGaps(Object.fromEntries(
      Object.entries(OWN).map(([file, key]) => [key, text(file)]),
    )),
  });
}
