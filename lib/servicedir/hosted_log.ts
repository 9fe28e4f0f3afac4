/** A log service that is no process: it has a `logscript`, and no `run`. */
import { ENOENT } from "../core/linux/errno.ts";
import { access, F_OK } from "../libc/file.ts";

export const LOGSCRIPT = "logscript";

/** Does the service directory ask for a log in a log host? */
export function isHostedLog(servicedir: string): boolean {
  return access(`${servicedir}/${LOGSCRIPT}`, F_OK) === 0 &&
    access(`${servicedir}/run`, F_OK) === -ENOENT;
}
