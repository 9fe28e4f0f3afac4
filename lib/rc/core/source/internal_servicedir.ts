/**
 * The service directories of the two services that every database has. C runs a server in each. In
 * hexad the supervising process does their work, so the directories exist only for programs that
 * look for them, and their `run` only waits. Pure.
 */
import { quoteForExecline } from "../../../core/shell/quoting.ts";

/** The text of `run`. @param user The user that C's fd holder would run as. */
export function internalRun(user: string | undefined): string {
  return [
    "#!/command/execlineb -P",
    "# hexad's supervising process does the work of this service itself; this only waits",
    ...(user === undefined ? [] : [`s6-envuidgid -i -- ${quoteForExecline(user)}`]),
    "s6-pause",
    "",
  ].join("\n");
}
