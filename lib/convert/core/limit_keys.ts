/** Options of s6-softlimit as `ulimits`. Pure. */
import type { Notes } from "../../importer/core/import_notes.ts";
import type { Origin } from "../../importer/core/service_plan.ts";
import { LIMIT_LETTERS } from "../../onefile/core/ulimit_options.ts";
import type { DraftMap } from "./draft.ts";

const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(LIMIT_LETTERS).map(([name, letter]) => [`-${letter}`, name]),
);
const NO_LIMIT = -1;

/** @param options Letters and values in turn, as `-o`, `1024` */
export function limitKeys(options: readonly string[], origin: Origin, notes: Notes): DraftMap {
  const keys: Record<string, DraftMap> = {};
  for (let at = 0; at + 1 < options.length; at += 2) {
    const [option = "", value = ""] = [options[at], options[at + 1]];
    const name = NAMES.get(option);
    if (name !== undefined) keys[name] = { soft: value === "=" ? NO_LIMIT : Number(value) };
    else notes.add(origin, `s6-softlimit ${option} ${value}: ulimits has no name for this limit`);
  }
  return keys;
}
