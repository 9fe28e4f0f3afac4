/** The end before the end: by a signal. */
import { killProcessesOf } from "../fixture/processes.ts";

/**
 * From now on a signal ends what runs in the directories, and them: a tree that is left behind
 * would spoil the next run.
 */
export function cleanUpOnSignals(
  directories: readonly string[],
  say: (text: string) => void,
): void {
  for (const [name, number] of [["SIGHUP", 1], ["SIGINT", 2], ["SIGTERM", 15]] as const) {
    Deno.addSignalListener(name, () => {
      say(`${name}: ending what was started`);
      for (const directory of directories) {
        killProcessesOf(directory);
        Deno.removeSync(directory, { recursive: true });
      }
      Deno.exit(128 + number);
    });
  }
}
