/**
 * The service directories of the two services that every database has. C runs a server in each; in
 * hexad the process that supervises does their work, so they exist for those who look at them, and
 * whoever runs them runs a program that only waits. Pure.
 */
import { quoteForExecline } from "../../../core/shell/quoting.ts";

/** The text of `run`. @param user Whom C's fd holder would run as. */
export function internalRun(user: string | undefined): string {
  return [
    "#!/command/execlineb -P",
    "# hexad's supervising process does the work of this service itself; this only waits",
    ...(user === undefined ? [] : [`s6-envuidgid -i -- ${quoteForExecline(user)}`]),
    "s6-pause",
    "",
  ].join("\n");
}
