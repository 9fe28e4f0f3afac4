/** The option `-3` of s6-notifyoncheck and s6-notify-fd-from-socket. */
import { EXIT_SYSTEM, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { EBADF, strerror } from "../../lib/core/linux/errno.ts";
import { isInherited } from "../../lib/libc/replace_descriptors.ts";
import { readNotificationFd } from "../../lib/servicedir/notification_fd.ts";
import { Failure } from "../context.ts";

/**
 * The descriptor on which to tell readiness: what `-3` says, or the file `notification-fd` in the
 * current directory.
 *
 * @throws {Failure} If that is no number, or no open descriptor. @throws {SyscallError} If the
 *   file can't be read.
 */
export function notificationFdOption(given: string | undefined): number {
  const fd = given === undefined ? readNotificationFd() : parseUint(given);
  if (fd === undefined) {
    throw new Failure(
      EXIT_USAGE,
      given === undefined
        ? "invalid ./notification-fd"
        : "notification-fd must be an unsigned integer",
    );
  }
  if (fd > 0x7fffffff || !isInherited(fd)) {
    throw new Failure(EXIT_SYSTEM, `notification-fd sanity check failed: ${strerror(EBADF)}`);
  }
  return fd;
}
