/**
 * A set of services that nobody has compiled: who supervises has read the sources itself, as /init
 * does. On disk lies what others look for: the live folder with its service directories, and links
 * in the scan directory.
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
  /** Where `compiled` in the live folder leads. It need not be there. */
  readonly compiled: string;
  /** The variables that conditions are about; absent: our own. */
  environment?(): ReadonlyMap<string, string>;
  /** A script that this process is itself; absent: there are none. */
  readonly ownScript?: LiveSetOptions["ownScript"];
  /** What oneshots write to our own output goes by way of us, and its end is kept. */
  readonly keepsOutput?: boolean;
  /** Definitions that are not in the database, to be told of; absent: none. */
  readonly leftOut?: readonly RecordedOmission[];
  /** What a consumer's service directory gets as its logscript; undefined: it is run as it is. */
  logscriptOf?(servicedir: string): string | undefined;
  /** How the sources are read again; absent: they are not. */
  readonly reread?: Pick<LiveSources, "read" | "top" | "isSpared" | "keepsGraph">;
  /** All longruns have a supervisor. A change may begin before. */
  onSupervised?(): void;
  warn(text: string): void;
}

/**
 * Makes the live folder and begins. All services are down; `loop.change` of what is returned starts
 * some.
 *
 * @throws {SyscallError} If something can't be made; nothing is left of it then.
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
