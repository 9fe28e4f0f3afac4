/** The log directories of services by the names under which their lines are shown. */
import { lastComponent } from "../core/text/path_name.ts";
import type { FoundLog } from "../logreader/log_reading.ts";
import { placeKey } from "../libc/places.ts";
import { logdirsOfServices } from "./overview.ts";
import type { NamedService } from "../servicedir/named_service.ts";

export interface ServiceLog extends FoundLog {
  /** Of the services whose lines are there. */
  readonly directories: readonly string[];
}

/**
 * Every log directory of the services once, under the name of the first that has it; with the
 * directory's name where a service has several.
 *
 * @param all Services among which their loggers may be
 */
export function logsOf(
  services: readonly NamedService[],
  all: readonly NamedService[],
): ServiceLog[] {
  const logdirs = logdirsOfServices(services, all);
  const found = new Map<string, ServiceLog & { readonly directories: string[] }>();
  for (const { name, directory } of services) {
    const own = logdirs.get(directory) ?? [];
    for (const logdir of own) {
      const label = own.length === 1 ? name : `${name}:${lastComponent(logdir)}`;
      const key = placeKey(logdir);
      const known = found.get(key);
      if (known === undefined) found.set(key, { label, logdir, directories: [directory] });
      else known.directories.push(directory);
    }
  }
  return [...found.values()];
}
