/**
 * Hearing of starts that have failed. No event tells of them, and the status stays as it was; but
 * our supervisors write `supervise/reason`.
 */
import { REASON_FILENAME, SUPERVISE_DIRECTORY } from "./core/supervise_files.ts";
import type { EventHub } from "../fifodir/hub.ts";
import { IN_MOVED_TO, IN_ONLYDIR } from "../libc/inotify.ts";
import { readReasons } from "./death_reasons.ts";

/** Why the last start has failed, if that is the last thing on record. */
export function lastFault(directory: string): string | undefined {
  return readReasons(directory).at(-1)?.fault;
}

/**
 * Calls back with the reason of each start that fails, until what is returned is disposed of.
 * Undefined if this user may not look there.
 */
export function watchFaults(
  hub: EventHub,
  directory: string,
  onFault: (fault: string) => void,
): Disposable | undefined {
  const watch = hub.watchFile(
    `${directory}/${SUPERVISE_DIRECTORY}`,
    IN_MOVED_TO | IN_ONLYDIR,
    ({ name }) => {
      if (name !== "" && `${SUPERVISE_DIRECTORY}/${name}` !== REASON_FILENAME) return;
      const fault = lastFault(directory);
      if (fault !== undefined) onFault(fault);
    },
  );
  return typeof watch === "number" ? undefined : watch;
}
