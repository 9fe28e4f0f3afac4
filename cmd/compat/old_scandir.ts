/**
 * Supervising a scan directory under the names of others: runit's runsvdir and daemontools' svscan.
 * The services run in this process, as under s6-svscan, whose control files this keeps too.
 */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { strerror } from "../../lib/core/linux/errno.ts";
import { outliveFileSizeLimit } from "../../lib/libc/disposition.ts";
import { trySetChildSubreaper } from "../../lib/libc/process.ts";
import { raiseNofileLimit } from "../../lib/libc/resource_limit.ts";
import type { ScandirOrder } from "../../lib/scandir/core/scandir.ts";
import { scanOnChange } from "../../lib/scandir/directory_watch.ts";
import { ScandirProcess } from "../../lib/scandir/scandir_process.ts";
import { type ScandirControl, takeScandir } from "../../lib/scandir/system.ts";
import { UnsuitableError } from "../../lib/supervise/control.ts";
import { outliveChildren } from "../../lib/supervise/outlive_children.ts";
import { type Context, Failure } from "../context.ts";
import { logHostCommand } from "../log/log_host_command.ts";
import { sayLine } from "../messages.ts";
import { allowScriptsHere } from "../run_scripts_here.ts";
import { selfCommand } from "../self.ts";

const NAME_MAX = 251;
const END: ScandirOrder = { kind: "terminate", hard: false };

export interface OldScandirRequest {
  readonly path: string;
  readonly servicesMax: number;
  /** Letters of s6-svscanctl for when names come and go. */
  readonly onChange: string;
  /** What a signal that ends it makes the exit code; 0 for others. */
  readonly codes: Readonly<Record<string, number>>;
}

/** Supervises until a signal or s6-svscanctl ends everything. */
export async function runOldScandir(
  context: Context,
  { path, servicesMax, onChange, codes }: OldScandirRequest,
): Promise<number> {
  outliveFileSizeLimit();
  const control = take(path);
  raiseNofileLimit();
  outliveChildren();
  const reaper = trySetChildSubreaper();
  if (reaper < 0) context.warn(`unable to become the reaper of orphans: ${strerror(-reaper)}`);
  const process = new ScandirProcess({
    control,
    servicesMax,
    nameMax: NAME_MAX,
    signalOrders: { SIGTERM: END, SIGINT: END, SIGHUP: END },
    setlock: (args) => selfCommand("s6-setlock", args),
    logHost: logHostCommand,
    distantSupervisor: (args) => selfCommand("s6-supervise", args),
    warn: context.warn,
    warnOfService: (name, text) => sayLine(`${context.program}: warning: ${name}: ${text}`),
  });
  allowScriptsHere();
  let code = 0;
  process.listen((signal) => {
    code = codes[signal] ?? code;
    return false;
  });
  scanOnChange(process, { path: ".", command: onChange });
  await process.run();
  return process.scandir.exitCode ?? code;
}

function take(path: string): ScandirControl {
  try {
    return takeScandir(path);
  } catch (error) {
    throw error instanceof UnsuitableError ? new Failure(EXIT_SYSTEM, error.message) : error;
  }
}
