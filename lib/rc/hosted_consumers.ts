/**
 * A consumer at the end of a pipeline that is a plain logger needs no process. It joins the log
 * host, as the `log/` of a service does.
 */
import { encodePath } from "../core/text/path_bytes.ts";
import { checked } from "../libc/bind.ts";
import { unlink } from "../libc/file.ts";
import { LOGSCRIPT } from "../servicedir/hosted_log.ts";
import type { Longrun } from "./core/database.ts";
import { writeFile } from "./live_folder.ts";

/**
 * Gives such consumers in the live folder a `logscript` in place of their `run`, before their
 * supervisors start.
 *
 * @param logscriptOf The content for the service directory at that path; undefined if it is to run
 *   as it is to be run as it is
 * @throws {SyscallError} If a file can't be written or removed.
 */
export function hostConsumers(
  folder: string,
  services: readonly Longrun[],
  logscriptOf: (servicedir: string) => string | undefined,
): void {
  for (const { name, consumer, producers } of services) {
    if (producers.length === 0 || consumer !== undefined) continue;
    const servicedir = `${folder}/servicedirs/${name}`;
    const script = logscriptOf(servicedir);
    if (script === undefined) continue;
    writeFile(`${servicedir}/${LOGSCRIPT}`, encodePath(script));
    checked(`remove ${servicedir}/run`, unlink(`${servicedir}/run`));
  }
}
