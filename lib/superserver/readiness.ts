/**
 * How a server tells on its standard output that it accepts clients, and leaves it. Source: s6,
 * doc/notifywhenup.html; s6-ipcserverd.c, s6-fdholderd.c.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { EBADF, strerror } from "../core/linux/errno.ts";
import { O_WRONLY } from "../core/linux/open_flags.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { dup2 } from "../libc/fd.ts";
import { close, open, write } from "../libc/file.ts";
import { isInherited } from "../libc/replace_descriptors.ts";
import { fstat, isSocket } from "../libc/stat.ts";

const STDIN = 0;
const STDOUT = 1;

/**
 * Is standard input what a server needs? @throws {LinkFailure} If not, or if readiness is to be
 * told on a standard output that is closed.
 */
export function checkServerDescriptors(tellsReadiness: boolean): void {
  if (!isSocket(fstat(STDIN).mode)) throw new LinkFailure(EXIT_USAGE, "stdin is not a socket");
  if (tellsReadiness && !isInherited(STDOUT)) {
    throw new LinkFailure(EXIT_USAGE, `called with option -1 but stdout said: ${strerror(EBADF)}`);
  }
}

/**
 * Writes a newline if that is wanted; then whoever reads standard output sees its end. The number
 * stays taken, so that nothing else gets it.
 */
export function tellReady(isWanted: boolean): void {
  if (isWanted) write(STDOUT, new TextEncoder().encode("\n"));
  const nothing = open("/dev/null", O_WRONLY);
  dup2(nothing, STDOUT);
  close(nothing);
}
