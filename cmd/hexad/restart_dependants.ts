/**
 * `hexad restart --with-dependants`: services of s6-rc and all that need them stop, in order, and
 * what was up starts again. The process that supervises does it, to its end, whatever becomes of
 * us.
 */
import { EXIT_TIMED_OUT, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { type SCANDIR_OPTION, SCANDIR_VARIABLE } from "../../lib/core/cli/option_table.ts";
import { printable } from "../../lib/core/text/printable.ts";
import { wallclock } from "../../lib/libc/clock.ts";
import { tryStat } from "../../lib/libc/stat.ts";
import { stateWords } from "../../lib/status/core/status_table.ts";
import { observeService } from "../../lib/servicedir/observe.ts";
import { liveFolderOf, pathOfLive } from "../../lib/rc/live_path.ts";
import { EXIT_UNKNOWN } from "../../lib/rc/core/exit_codes.ts";
import type { RestartedService } from "../../lib/rc/restart_dependants.ts";
import { isPath, listServices, serviceNamed } from "../../lib/tree/services.ts";
import { type Context, Failure } from "../context.ts";
import { ask, connectToLive } from "../rc/request.ts";
import type { Arguments } from "./arguments.ts";
import { chosenScandir } from "./service_operands.ts";

const RC_TIMED_OUT = 2;
const WARNINGS = 1;

export async function restartWithDependants(
  context: Context,
  { operands, value }: Arguments<typeof SCANDIR_OPTION>,
  timeoutMs: number | undefined,
): Promise<number> {
  if (operands.length === 0) throw new UsageError("no service given");
  const scandir = operands.every(isPath) && value("scandir") === undefined
    ? undefined
    : chosenScandir(value("scandir"), () => context.env.get(SCANDIR_VARIABLE));
  const { live, names } = findServices(operands, scandir);
  const restarted: RestartedService[] = [];
  const isWaiting = timeoutMs !== undefined;
  const code = await ask(
    context,
    connectToLive(live),
    { command: "restart", live, names, timeoutMs: timeoutMs ?? 0, verbosity: WARNINGS },
    (document) => {
      restarted.push(...(document as { readonly items: RestartedService[] }).items);
      return !isWaiting;
    },
  );
  for (const { name, type } of restarted) {
    const words = isWaiting ? outcomeWords(live, { name, type }) : "told to restart";
    context.out(`${printable(name)}: ${words}\n`);
  }
  if (code === EXIT_UNKNOWN) return EXIT_USAGE;
  return code === RC_TIMED_OUT ? EXIT_TIMED_OUT : code;
}

function outcomeWords(live: string, { name, type }: RestartedService): string {
  if (type === "oneshot") return "oneshot, run again";
  const facts = observeService({
    name,
    directory: `${live}/servicedirs/${name}`,
    isLogger: false,
  });
  const { pid = 0 } = facts.status ?? {};
  return `${stateWords(facts, wallclock())}${pid === 0 ? "" : `, pid ${pid >>> 0}`}`;
}

/**
 * The live folder that the services belong to, and their names in it. A oneshot has no directory in
 * the scan directory: it is looked for where the others there belong.
 */
function findServices(
  operands: readonly string[],
  scandir: string | undefined,
): { readonly live: string; readonly names: readonly string[] } {
  const places = operands.map((word) => liveFolderOf(serviceNamed(word, scandir).directory));
  const folder = places.find((place) => place !== undefined)?.folder ??
    (scandir === undefined ? undefined : anyLiveFolder(scandir));
  const names = operands.map((word, at) => {
    const place = places[at];
    const isOther = place === undefined
      ? isPath(word) || typeof tryStat(serviceNamed(word, scandir).directory) !== "number"
      : place.folder !== folder;
    if (folder === undefined || isOther) {
      throw new Failure(
        EXIT_USAGE,
        `${printable(word)} is ${
          place === undefined
            ? "no service of s6-rc: nothing is known to need it; leave out --with-dependants"
            : "of another live directory than the services before it: restart it by itself"
        }`,
      );
    }
    return place?.name ?? word;
  });
  return { live: pathOfLive(folder!), names };
}

function anyLiveFolder(scandir: string): string | undefined {
  for (const { directory } of listServices(scandir)) {
    const place = liveFolderOf(directory);
    if (place !== undefined) return place.folder;
  }
  return undefined;
}
