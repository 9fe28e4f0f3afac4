/**
 * A set of services that nobody has compiled: who supervises has read the sources itself, as /init
 * does. On disk lies what others look for: the live folder with its service directories, and links
 * in the scan directory.
 */
import { removeTree } from "../files/remove_tree.ts";
import { placeLink } from "../files/place_link.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { withUmask } from "../libc/cwd.ts";
import { access, F_OK, mkdir } from "../libc/file.ts";
import { isMountedNoexec } from "../libc/mount.ts";
import type { ScandirHost } from "../scandir/host.ts";
import type { RcDatabase } from "./core/database.ts";
import type { RecordedOmission } from "./core/live_record.ts";
import { ONESHOT_RUNNER } from "./core/database.ts";
import { hostConsumers } from "./hosted_consumers.ts";
import { makeLiveFolder, markDown, pointTo } from "./live_folder.ts";
import { LiveSet, type LiveSetOptions, longruns } from "./live_set.ts";
import type { RcHost } from "./rc_host.ts";
import { copyDefinition } from "./write_compiled.ts";

const PROGRAMS = ["run", "finish"];

export interface SourcesPlan {
  readonly host: ScandirHost;
  readonly rc: RcHost;
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
    withUmask(0o022, () => makeServicedirs(folder, database, warn));
    if (logscriptOf !== undefined) hostConsumers(folder, database, logscriptOf);
    pointTo(folder, live);
    const set = new LiveSet({ ...plan, folder, prefix: "", states });
    rc.add(set, folder, () => plan.onSupervised?.());
    return set;
  } catch (error) {
    removeTree(folder);
    throw error;
  }
}

function makeServicedirs(
  folder: string,
  database: RcDatabase,
  warn: (text: string) => void,
): void {
  const make = (name: string): string => {
    const servicedir = `${folder}/servicedirs/${name}`;
    checked(`create directory ${servicedir}`, mkdir(servicedir, 0o755));
    return servicedir;
  };
  make(ONESHOT_RUNNER); // where oneshots start
  const isNoexec = isMountedNoexec(folder);
  for (const { name, path } of longruns(database)) {
    const servicedir = make(name);
    try {
      copyDefinition(path, servicedir);
      if (isNoexec) linkPrograms(path, servicedir);
    } catch (error) {
      // its start fails, and nobody else's
      if (!(error instanceof SyscallError)) throw error;
      warn(`${error.message} (the service ${name} can't be started)`);
    }
    markDown(servicedir, true, servicedir);
  }
}

/** Puts links to what a supervisor executes in the place of copies that can't be executed. */
function linkPrograms(from: string, servicedir: string): void {
  for (const program of PROGRAMS) {
    const copy = `${servicedir}/${program}`;
    if (access(copy, F_OK) === 0) {
      placeLink(`${from}/${program}`, copy, { kind: "symbolic", force: true });
    }
  }
}
