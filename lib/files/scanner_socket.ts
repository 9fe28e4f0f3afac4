/**
 * Connecting to a socket of s6-svscan in a scan directory.
 *
 * Whoever owns the scan directory may have put another socket there, and we may be root: we only
 * talk to root, to our own user, and, as root, to the user whose `.s6-svscan` it is.
 */
import { EACCES, EPERM } from "../core/linux/errno.ts";
import { close } from "../libc/file.ts";
import { geteuid } from "../libc/process.ts";
import { peerOf } from "../libc/socket/local.ts";
import { tryStat } from "../libc/stat.ts";
import { SVSCAN_CTLDIR } from "../scandir/core/svscan_names.ts";
import { connectIn, isNobody } from "./sockets.ts";

export type Unreachable =
  /** Nobody listens. */
  | "nobody"
  /** It is not for this user. */
  | "denied"
  /** There is no connection, for whatever other reason. */
  | "silent";

/** A connected socket. @param name That of the socket in `.s6-svscan` */
export function connectToScanner(scandir: string, name: string): number | Unreachable {
  const directory = `${scandir}/${SVSCAN_CTLDIR}`;
  const fd = connectIn(directory, name);
  if (fd < 0) {
    return isNobody(fd) ? "nobody" : fd === -EACCES || fd === -EPERM ? "denied" : "silent";
  }
  const peer = peerOf(fd);
  const owner = tryStat(directory);
  const trusted = [0, geteuid()];
  if (geteuid() === 0 && typeof owner !== "number") trusted.push(owner.uid);
  if (typeof peer !== "number" && trusted.includes(peer.uid)) return fd;
  close(fd);
  return "denied";
}
