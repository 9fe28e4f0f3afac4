/** A probe of process-compose as `healthcheck`. Source: www/docs/health.md. Pure. */
import type { Notes } from "../../importer/core/import_notes.ts";
import { entryOf, type LocatedMap } from "../../onefile/core/located.ts";
import { type DraftMap, withoutGaps } from "./draft.ts";
import { mapAt, textAt } from "./located_values.ts";
import { PROBE_REASONS } from "./process_compose_keys.ts";

const DEFAULT_PERIOD = "10";
const DEFAULT_TIMEOUT = "1";
const DEFAULT_FAILURES = "3";
const PROBE_KEYS = new Set(
  "exec http_get initial_delay_seconds period_seconds timeout_seconds failure_threshold".split(" "),
);
const EXEC_KEYS = new Set(["command"]);
const HTTP_KEYS = new Set(["host", "scheme", "path", "port", "status_code"]);

export interface ProbeContext {
  readonly notes: Notes;
  /** The words that run a line in its shell. */
  shell(line: string): readonly string[];
  /** Puts the values of templates in. */
  fill(text: string): string;
  /** What happens after so many failures. */
  readonly onUnhealthy: "restart" | "none";
}

/** Undefined if there is no way to check that has a word here, which is told. */
export function probeKeys(probe: LocatedMap, context: ProbeContext): DraftMap | undefined {
  const { notes, onUnhealthy } = context;
  tellOthers(probe, PROBE_KEYS, "", notes);
  const seconds = (key: string, usual: string): string => `${textAt(probe, key) ?? usual}s`;
  const way = wayOf(probe, context);
  if (way === undefined) return undefined;
  const delay = entryOf(probe, "initial_delay_seconds");
  if (delay !== undefined) {
    notes.add(
      delay.place,
      "initial_delay_seconds: checks begin at once, and failures in that time do not count",
      "changed",
    );
  }
  const { test, own } = way;
  return withoutGaps({
    test,
    interval: seconds("period_seconds", DEFAULT_PERIOD),
    timeout: seconds("timeout_seconds", DEFAULT_TIMEOUT),
    retries: textAt(probe, "failure_threshold") ?? DEFAULT_FAILURES,
    start_period: delay === undefined ? undefined : seconds("initial_delay_seconds", "0"),
    "x-hexad": withoutGaps({
      ...own,
      on_unhealthy: onUnhealthy === "none" ? undefined : onUnhealthy,
    }),
  });
}

function wayOf(
  probe: LocatedMap,
  { notes, shell, fill }: ProbeContext,
): { readonly test?: readonly string[]; readonly own?: DraftMap } | undefined {
  const exec = mapAt(probe, "exec");
  const command = textAt(exec, "command");
  if (exec !== undefined && command !== undefined) {
    tellOthers(exec, EXEC_KEYS, "exec.", notes);
    return { test: ["CMD", ...shell(fill(command))] };
  }
  const http = mapAt(probe, "http_get");
  const port = textAt(http, "port");
  if (http === undefined || port === undefined) {
    return void notes.add(probe.place, "a probe without exec.command and http_get.port", "look");
  }
  tellOthers(http, HTTP_KEYS, "http_get.", notes);
  if ((textAt(http, "scheme") ?? "http").toLowerCase() !== "http") {
    return void notes.add(
      http.place,
      "http_get: only http is checked without a program; write a test with a program for https",
      "look",
    );
  }
  const path = (textAt(http, "path") ?? "/").replace(/^(?!\/)/, "/");
  return {
    own: {
      http: fill(`http://${textAt(http, "host") ?? "127.0.0.1"}:${port}${path}`),
      http_status: textAt(http, "status_code") ?? "200",
    },
  };
}

function tellOthers(
  map: LocatedMap,
  known: ReadonlySet<string>,
  below: string,
  notes: Notes,
): void {
  for (const { key, place } of map.entries) {
    if (known.has(key)) continue;
    const reason = PROBE_REASONS[key];
    if (reason === undefined) notes.add(place, `${below}${key}: a check has nothing like it`);
    else notes.add(place, `${below}${key}: ${reason}`, "changed");
  }
}
