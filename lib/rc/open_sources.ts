/**
 * A set of services that nobody has compiled: who supervises has read the sources itself, as /init
 * does. On disk lies what others look for: the live folder with its service directories, and links
 * in the scan directory.
 */
import { removeTree } from "../files/remove_tree.ts";
import { checked } from "../libc/bind.ts";
import { mkdir } from "../libc/file.ts";
import { withUmask } from "../libc/cwd.ts";
import type { ScandirHost } from "../scandir/host.ts";
import type { RcDatabase } from "./core/database.ts";
import { ONESHOT_RUNNER } from "./core/database.ts";
import { hostConsumers } from "./hosted_consumers.ts";
import { makeLiveFolder, markDown, pointTo } from "./live_folder.ts";
import { LiveSet, longruns } from "./live_set.ts";
import type { RcHost } from "./rc_host.ts";
import { copyDefinition } from "./write_compiled.ts";

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
  const { database, live, scandir, host, rc, warn, environment, logscriptOf } = plan;
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
    withUmask(0o022, () => makeServicedirs(folder, database));
    if (logscriptOf !== undefined) hostConsumers(folder, database, logscriptOf);
    pointTo(folder, live);
    const options = { host, live, folder, scandir, prefix: "", database, states, warn };
    const set = new LiveSet(environment === undefined ? options : { ...options, environment });
    rc.add(set, folder, () => plan.onSupervised?.());
    return set;
  } catch (error) {
    removeTree(folder);
    throw error;
  }
}

function makeServicedirs(folder: string, database: RcDatabase): void {
  const make = (name: string): string => {
    const servicedir = `${folder}/servicedirs/${name}`;
    checked(`create directory ${servicedir}`, mkdir(servicedir, 0o755));
    return servicedir;
  };
  make(ONESHOT_RUNNER); // where oneshots start
  for (const { name, path } of longruns(database)) {
    const servicedir = make(name);
    copyDefinition(path, servicedir);
    markDown(servicedir, true, servicedir);
  }
}
