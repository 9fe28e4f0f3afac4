/** The descriptor on which a command tells that it has come up: `--notification-fd`. */
import { UsageError } from "../../../lib/core/cli/getopt.ts";
import { parseUint } from "../../../lib/core/linux/config_file.ts";
import { setCloexec } from "../../../lib/libc/fd.ts";
import { close, write } from "../../../lib/libc/file.ts";
import { isInherited } from "../../../lib/libc/replace_descriptors.ts";

/** @throws {UsageError} If it is no descriptor that we were given. */
export function notificationFdOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const fd = parseUint(text);
  if (fd === undefined || fd < 3) throw new UsageError(`notification-fd is 3 or more, not ${text}`);
  if (!isInherited(fd)) throw new UsageError(`invalid notification-fd: ${fd} is not open`);
  setCloexec(fd, true);
  return fd;
}

/** Tells the line, and that there is no other. */
export function notify(fd: number, line: string): void {
  write(fd, new TextEncoder().encode(`${line}\n`));
  close(fd);
}
