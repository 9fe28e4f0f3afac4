/** Ending the s6-svscan of a scan directory, and waiting for its end. */
import { EXIT_TIMED_OUT } from "../../../lib/core/cli/exit_codes.ts";
import { printable } from "../../../lib/core/text/printable.ts";
import { humanTimeout } from "../../../lib/core/time/human_units.ts";
import { checked } from "../../../lib/libc/bind.ts";
import { lockFdWithin } from "../../../lib/libc/lock.ts";
import { SVSCAN_CTLDIR } from "../../../lib/scandir/core/svscan_names.ts";
import { tryOpenLock } from "../../../lib/servicedir/client.ts";
import { Failure } from "../../context.ts";
import { tellScanner } from "./order.ts";

/** How locks spell "no limit". */
const NO_LIMIT_MS = 2 ** 32 - 1;

/**
 * @param letters Of s6-svscanctl. @param timeoutMs 0: no limit; undefined: without waiting
 * @throws {Failure} If nobody listens, or if the time is up.
 */
export async function endScanner(
  scandir: string,
  letters: "t" | "q",
  timeoutMs: number | undefined,
): Promise<void> {
  // opened before the order: a scan directory may be gone when its s6-svscan is
  const lock = timeoutMs === undefined ? undefined : tryOpenLock(scandir, SVSCAN_CTLDIR);
  tellScanner(scandir, letters);
  if (lock === undefined || timeoutMs === undefined) return;
  // s6-svscan holds the lock as long as it lives
  const ended = await lockFdWithin(checked(`wait for ${scandir}`, lock), {
    exclusive: false,
    timeoutMs: timeoutMs === 0 ? NO_LIMIT_MS : timeoutMs,
  });
  if (ended) return;
  throw new Failure(
    EXIT_TIMED_OUT,
    `${printable(scandir)} still runs after ${
      humanTimeout(timeoutMs)
    }; hexad status shows what it waits for`,
  );
}
