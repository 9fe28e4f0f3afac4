/**
 * A service directory, of runit or s6, for services.yaml: its scripts become commands, its small
 * files keys. Whatever else is in it stays where it is, and the service runs there. Pure.
 */
import { quoteForExecline } from "../../core/shell/quoting.ts";
import { HEALTH_DIRECTORY } from "../../health/core/health_files.ts";
import type { Notes } from "../../importer/core/import_notes.ts";
import type { Origin, PlannedFile } from "../../importer/core/service_plan.ts";
import { SERVICEDIR_FILES } from "../../servicedir/core/servicedir_files.ts";
import { type Draft, literal, withoutGaps } from "./draft.ts";
import { healthKeys } from "./health_keys.ts";
import { logscriptKeys } from "./log_keys.ts";
import { scriptWords } from "./script_words.ts";
import { smallFileKeys } from "./small_file_keys.ts";

const LOG = "log/";
const CHECKED = "data/run";
const CHECK = "data/check";
const NO_FINISH =
  "finish: it is not carried over; make a command of it, for x-hexad: {finish: ...}";

type Texts = ReadonlyMap<string, string>;

interface Directory {
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
  readonly files: readonly PlannedFile[];
}

/** The service, and its logger if that is a program. */
export function directoryDrafts({ name, directory, files }: Directory, notes: Notes): Draft[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const origin = { file: `${directory}/run`, line: 1 };
  if (texts.has("finish")) notes.add({ ...origin, file: `${directory}/finish` }, NO_FINISH);
  const logger = texts.get(`${LOG}run`);
  const logscript = texts.get(`${LOG}logscript`);
  const logs = logscript === undefined
    ? undefined
    : logscriptKeys(logscript, { file: `${directory}/log/logscript`, line: 1 }, notes);
  const { values, hexad } = smallFileKeys(smallOnes(texts, ""), origin, notes);
  const health = healthKeys(texts, { file: `${directory}/${HEALTH_DIRECTORY}`, line: 1 }, notes);
  const logName = `${name}-log`;
  const { command, runsThere } = commandOf(texts, { directory, origin }, notes);
  const draft: Draft = {
    name,
    origin,
    values: withoutGaps({
      command: command.map(literal),
      working_dir: runsThere || hasOthers(texts) ? literal(directory) : undefined,
      ...values,
      healthcheck: health,
      logging: logs?.logging,
      "x-hexad": withoutGaps({
        ...hexad,
        log: logs?.directives,
        output_to: logger === undefined ? undefined : logName,
      }),
    }),
  };
  return logger === undefined
    ? [draft]
    : [draft, loggerDraft(logName, texts, `${directory}/log`, notes)];
}

function loggerDraft(name: string, texts: Texts, directory: string, notes: Notes): Draft {
  const origin = { file: `${directory}/run`, line: 1 };
  const { values, hexad } = smallFileKeys(smallOnes(texts, LOG), origin, notes);
  const command = scriptOr(texts.get(`${LOG}run`)!, "./run", origin, notes);
  return {
    name,
    origin,
    values: withoutGaps({
      command: command.map(literal),
      // its log directories may be relative
      working_dir: literal(directory),
      ...values,
      "x-hexad": hexad,
    }),
  };
}

/** A service with a check has its own script in data/run, and run is the link before it. */
function commandOf(
  texts: Texts,
  { directory, origin }: { readonly directory: string; readonly origin: Origin },
  notes: Notes,
): { readonly command: readonly string[]; readonly runsThere: boolean } {
  const checked = texts.get(CHECKED);
  const check = texts.get(CHECK);
  const text = checked !== undefined && check !== undefined ? checked : texts.get("run") ?? "";
  const own = scriptOr(text, "./run", origin, notes);
  const runsThere = own[0] === "./run";
  if (checked === undefined || check === undefined) return { command: own, runsThere };
  const words = scriptOr(check, "./check", { file: `${directory}/check`, line: 1 }, notes);
  const block = words.map(quoteForExecline).join(" ");
  return {
    command: ["s6-notifyoncheck", "-w", "500", "-n", "0", "-c", block, ...own],
    runsThere: runsThere || words[0] === "./check",
  };
}

/** Scripts in other languages run from the directory in which they are. */
function scriptOr(text: string, path: string, origin: Origin, notes: Notes): string[] {
  const words = scriptWords(text, path);
  if (words !== undefined) return words;
  notes.add(
    origin,
    `${origin.file} runs where it is; keep it there`,
    "look",
    "it runs where it is; keep it there",
  );
  return [path];
}

/** Small files at this place, by name. */
function smallOnes(texts: Texts, below: "" | typeof LOG): Record<string, string> {
  return Object.fromEntries(
    [...texts].flatMap(([path, text]): [string, string][] => {
      const name = path.slice(below.length);
      return path.startsWith(below) && isSmall(name) ? [[name, text.replace(/\n$/, "")]] : [];
    }),
  );
}

function isSmall(name: string): boolean {
  if (!Object.hasOwn(SERVICEDIR_FILES, name)) return false;
  const { kind } = SERVICEDIR_FILES[name as keyof typeof SERVICEDIR_FILES];
  return !["program", "directory", "service", "health", "made", "logscript"].includes(kind);
}

/** Whether scripts may need something that has not become a key. */
function hasOthers(texts: Texts): boolean {
  return [...texts.keys()].some((path) =>
    !["run", "finish", CHECKED, CHECK].includes(path) && !isSmall(path) &&
    !path.startsWith(LOG) && !path.startsWith(`${HEALTH_DIRECTORY}/`)
  );
}
