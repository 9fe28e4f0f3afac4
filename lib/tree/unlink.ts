/**
 * Taking a service out of a scan directory: remove its symbolic link, have s6-svscan rescan and
 * drop what is gone, wait until the supervisors have ended. Source: s6, doc/s6-svunlink.html,
 * libs6/s6_supervise_unlink_names.c.
 */
import { SVSCAN_CTLDIR } from "../scandir/core/svscan_names.ts";
import { ENOENT } from "../core/linux/errno.ts";
import { expectEvents } from "../fifodir/expect.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { unlink } from "../libc/file.ts";
import { realPath } from "../libc/cwd.ts";
import { sendCommands } from "../servicedir/client.ts";
import { isScanned, serviceAndLogger } from "./link.ts";

const ENDED = "x".charCodeAt(0);

export interface UnlinkRequest {
  readonly scandir: string;
  /** Of the link. */
  readonly name: string;
  /** Until the supervisors have ended. */
  readonly wait: boolean;
  /** 0 for no limit; when the time is up the waiting is over, and that is all. */
  readonly timeoutMs: number;
}

/**
 * Whether an s6-svscan runs there to take notice; if none does, nobody will end the supervisors.
 * @throws {SyscallError} If the link can't be removed.
 */
export async function unlinkService(request: UnlinkRequest): Promise<boolean> {
  const { scandir, name, wait, timeoutMs } = request;
  const link = `${scandir}/${name}`;
  const matches = (events: Uint8Array): boolean => events.includes(ENDED);
  const eventDirs = wait ? supervisedDirs(link).map((dir) => realPath(`${dir}/event`)) : []; // the link will be gone
  let acted = false;
  const act = (): void => {
    acted = true;
    const result = unlink(link);
    if (result !== -ENOENT) checked(`remove ${link}`, result);
    sendCommands(scandir, SVSCAN_CTLDIR, "an");
  };
  if (!isScanned(scandir)) {
    act();
    return false;
  }
  try {
    await expectEvents(eventDirs.map((fifodir) => ({ fifodir, matches })), {
      any: false,
      timeoutMs,
      onSubscribed: act,
    });
  } catch (error) {
    if (acted || !(error instanceof SyscallError)) throw error;
    act(); // this user may not listen, and so can't wait
  }
  return true;
}

function supervisedDirs(link: string): readonly string[] {
  const { dirs, supervised } = serviceAndLogger(link);
  return supervised ? dirs : [];
}
