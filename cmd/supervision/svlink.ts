/**
 * s6-svlink: links a service directory into a scan directory and waits for its supervisor. Source:
 * s6, doc/s6-svlink.html, supervision/s6-svlink.c.
 *
 * The logger is started in any case: a `down` file is made in the service directory alone, as the
 * page says (C also makes one in log/, and leaves it there).
 */
import { baseName } from "../../lib/core/text/path_name.ts";
import { EXIT_TIMED_OUT, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { getegid } from "../../lib/libc/process.ts";
import { stat } from "../../lib/libc/stat.ts";
import { hasLogger, isScanned, linkService } from "../../lib/tree/link.ts";
import { isSupervised } from "../../lib/servicedir/client.ts";
import { type Context, Failure } from "../context.ts";
import { parseTimeout } from "../../lib/servicedir/wanted_state.ts";
import { SVLINK_OPTIONS } from "./svlink_options.ts";

const EXIT_NO_SVSCAN = 1;
const S_IXUSR = 0o100;

export const table = {
  summary:
    "Links a service directory into a scan directory, tells s6-svscan, and waits until the supervisor runs.",
  usage: "[ -d | -D ] [ -f ] [ -P ] [ -t timeout ] scandir servicedir [ name ]",
  options: SVLINK_OPTIONS,
  exits: [
    ["0", "the supervisor runs"],
    ["1", "no s6-svscan runs on the scan directory"],
    ["99", "timed out"],
    ["100", "wrong usage"],
    ["111", "system call failed"],
  ],
  example: "s6-svlink -t 5000 /run/service /etc/s6/db",
} as const satisfies CommandTable;

export async function main(context: Context): Promise<number> {
  const { flag, value, last, operands } = readCommandLine(context.argv, table);
  const timeoutMs = parseTimeout(value("t") ?? "0");
  const down = last("d", "D");
  const [scandir, servicedir, name = baseName(servicedir ?? "")] = operands;
  if (scandir === undefined || servicedir === undefined) {
    throw new UsageError("a scan directory and a service directory are needed");
  }
  if (scandir === "") throw new Failure(EXIT_USAGE, "invalid scandir");
  if (servicedir === "") throw new Failure(EXIT_USAGE, "invalid servicedir");
  if (/^[./]|^$/.test(name)) throw new Failure(EXIT_USAGE, "invalid name");
  if (!isScanned(scandir)) throw new Failure(EXIT_NO_SVSCAN, `s6-svscan not running on ${scandir}`);
  checkServicedir(context, servicedir);
  if (hasLogger(servicedir)) checkServicedir(context, `${servicedir}/log`);
  const action = `link servicedir ${servicedir} into scandir ${scandir} with name ${name}`;
  const done = await linkService({
    scandir,
    servicedir,
    name,
    eventGid: flag("P") ? undefined : getegid(),
    forceEventMode: flag("f"),
    down: down === undefined ? "no" : down === "d" ? "remove" : "keep",
    timeoutMs,
  }).catch((error) => {
    throw error instanceof SyscallError
      ? new Failure(111, `unable to ${action}: ${error.message}`)
      : error;
  });
  if (!done) throw new Failure(EXIT_TIMED_OUT, `unable to ${action}: timed out`);
  return 0;
}

function checkServicedir(context: Context, dir: string): void {
  if ((stat(`${dir}/run`).mode & S_IXUSR) === 0) {
    throw new Failure(EXIT_USAGE, `${dir}/run is not executable`);
  }
  if (isSupervised(dir)) context.warn(`supervisor already running on ${dir}`);
}
