/** The logger of a service as `logging` and `x-hexad.log`. Pure. */
import { encodePath } from "../../core/text/path_bytes.ts";
import type { Notes } from "../../importer/core/import_notes.ts";
import { ownerOf, plannedUser } from "../../importer/core/planned_user.ts";
import type { Origin, PlannedLog } from "../../importer/core/service_plan.ts";
import { parseLogscriptFile } from "../../logdir/core/logscript_file.ts";
import { type DraftMap, literal, withoutGaps } from "./draft.ts";

const TIMES = "each line of its log begins with its time";

interface LogKeys {
  readonly logging: DraftMap;
  /** Directives, for `x-hexad.log`. */
  readonly directives: readonly string[];
}

/** Undefined if it has no log directory, which no key says. */
export function logKeys(log: PlannedLog, origin: Origin, notes: Notes): LogKeys | undefined {
  if (log.directory === undefined) return undefined;
  let size: string | undefined;
  let files: string | undefined;
  const directives: string[] = [];
  for (const directive of log.directives) {
    // what follows a selection or an action belongs there
    const isFirst = directives.length === 0;
    if (isFirst && /^s\d+$/.test(directive)) size = directive.slice(1);
    else if (isFirst && /^n[1-9]\d{0,3}$/.test(directive)) files = directive.slice(1);
    else if (directive !== "T" || !isFirst) directives.push(literal(directive));
  }
  if (!log.directives.some((directive) => /^[tT]$/.test(directive))) {
    notes.add(origin, TIMES, "changed");
  }
  return {
    logging: {
      driver: "file",
      options: withoutGaps({
        "max-size": size,
        "max-file": files === undefined ? undefined : Number(files),
        dir: literal(log.directory),
        user: log.user === undefined ? undefined : ownerOf(log.user),
      }),
    },
    directives,
  };
}

/** The same for a file `logscript`; what it can't say is told. */
export function logscriptKeys(text: string, origin: Origin, notes: Notes): LogKeys | undefined {
  try {
    const { user, words } = parseLogscriptFile(encodePath(text));
    const directory = words.at(-1);
    const directives = words.slice(0, -1).filter((word) => word !== "-b" && word !== "--");
    if (directory?.startsWith("/") && !directives.some((word) => /^[./]/.test(word))) {
      const own = user === undefined ? {} : { user: plannedUser(user) };
      return logKeys({ form: "logscript", directory, directives, ...own }, origin, notes);
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  notes.add(origin, "a logger without one absolute directory has no word in services.yaml");
  return undefined;
}
