/**
 * A set of services without a compiled database: the supervising process has read the sources
 * itself, as /init does. On disk there is only what other programs look for: the live folder with
 * its service directories, and links in the scan directory.
 */
import { removeTree } from "../files/remove_tree.ts";
import type { ScandirProcess } from "../scandir/scandir_process.ts";
import type { LiveSources } from "./apply.ts";
import type { RcDatabase } from "./core/database.ts";
import type { RecordedOmission } from "./core/live_record.ts";
import { hostConsumers } from "./hosted_consumers.ts";
import { makeLiveFolder, pointTo } from "./live_folder.ts";
import { LiveSet, type LiveSetOptions, longruns } from "./live_set.ts";
import type { RcServer } from "./rc_server.ts";
import { makeRunnerDirectory, makeServicedirs } from "./source_servicedirs.ts";

export interface SourcesPlan {
  readonly process: ScandirProcess;
  readonly rc: RcServer;
  /** The path of the live folder, which becomes a link. */
  readonly live: string;
  /** Absolute. */
  readonly scandir: string;
  readonly database: RcDatabase;
  /** Where `compiled` in the live folder points. The target need not exist. */
  readonly compiled: string;
  /** The environment that conditions look at; absent: our own. */
  environment?(): ReadonlyMap<string, string>;
  /** Handles a script whose program is this process itself; absent: there are none. */
  readonly ownScript?: LiveSetOptions["ownScript"];
  /** Whether we write such a line into the output of services; absent: we write none. */
  isOurLine?(text: string): boolean;
  /** Whether we relay what oneshots write to our own output, and keep the end of it. */
  readonly keepsOutput?: boolean;
  readonly namesOutput?: boolean;
  /** Definitions that were left out of the database, for the record; absent: none. */
  readonly leftOut?: readonly RecordedOmission[];
  /** The logscript for a consumer's service directory; undefined: the consumer runs as it is. */
  logscriptOf?(servicedir: string): string | undefined;
  /** How to read the sources again; absent: they are read only once. */
  readonly reread?: Pick<LiveSources, "read" | "top" | "isSpared" | "keepsGraph">;
  /** Called when all longruns have a supervisor. A change may begin earlier. */
  onSupervised?(): void;
  warn(text: string): void;
}

/**
 * Makes the live folder and begins. All services are down; call `loop.change` of the result to
 * start some.
 *
 * @throws {SyscallError} If something can't be made; everything is removed again then.
 */
export function openSources(plan: SourcesPlan): LiveSet {
  const { database, live, scandir, rc, logscriptOf, warn } = plan;
  const states = database.services.map(() => ({ up: false, wanted: false }));
  const folder = makeLiveFolder({
    live,
    maker: "s6-rc-init",
    scandir,
    prefix: "",
    compiled: plan.compiled,
    states,
  });
  try {
    makeRunnerDirectory(folder); // where oneshots start
    makeServicedirs(folder, longruns(database), warn);
    if (logscriptOf !== undefined) hostConsumers(folder, longruns(database), logscriptOf);
    pointTo(folder, live);
    const set = new LiveSet({ ...plan, folder, prefix: "", states });
    rc.add(set, folder, () => plan.onSupervised?.(), plan.reread && { ...plan, ...plan.reread });
    return set;
  } catch (error) {
    removeTree(folder);
    throw error;
  }
}
