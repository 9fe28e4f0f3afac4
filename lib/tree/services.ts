/**
 * The services of a scan directory as a client sees them: their names, and whether somebody
 * supervises them all. Source: s6, doc/scandir.html.
 */
import { SVSCAN_CTLDIR } from "../scandir/core/svscan_names.ts";
import { EACCES, ENOENT } from "../core/linux/errno.ts";
import { SyscallError } from "../libc/bind.ts";
import { access, close, F_OK, readDirectory } from "../libc/file.ts";
import { isLocked } from "../libc/lock.ts";
import { isDirectory, tryStat } from "../libc/stat.ts";
import { tryOpenLock } from "../servicedir/client.ts";
import type { NamedService } from "../servicedir/named_service.ts";

/** A file of ours, which is there as long as /init boots. */
export function bootMark(scandir: string): string {
  return `${scandir}/${SVSCAN_CTLDIR}/booting`;
}

/**
 * Every service in the scan directory, by name, each followed by its logger.
 *
 * @throws {SyscallError} If the directory can't be read.
 */
export function listServices(scandir: string): NamedService[] {
  const base = scandir.endsWith("/") ? scandir : `${scandir}/`;
  const names = readDirectory(scandir).filter((name) =>
    !name.startsWith(".") && isDirectoryAt(base + name)
  );
  return names.sort().flatMap((name) =>
    withLogger({ name, directory: base + name, isLogger: false })
  );
}

/** The service, and its logger if it has one. */
export function withLogger(service: NamedService): NamedService[] {
  if (service.isLogger || !isDirectoryAt(`${service.directory}/log`)) return [service];
  return [service, {
    name: `${service.name}/log`,
    directory: `${service.directory}/log`,
    isLogger: true,
  }];
}

/**
 * A path of that many components as the name of a service would be: `web` and `web/log` are names,
 * `/run/service/web` and `./web` paths.
 */
export function serviceNamed(word: string, scandir: string | undefined): NamedService {
  const trimmed = word.replace(/(?<=[^/])\/+$/, "");
  const isLogger = trimmed.endsWith("/log");
  if (isPath(trimmed) || scandir === undefined) {
    return { name: trimmed, directory: trimmed, isLogger };
  }
  return { name: trimmed, directory: `${scandir.replace(/\/$/, "")}/${trimmed}`, isLogger };
}

/** Does the word name a directory by itself, and not a service in a scan directory? */
export function isPath(word: string): boolean {
  return word.startsWith("/") || word.startsWith("./") || word.startsWith("../") || word === "." ||
    word === "..";
}

function isDirectoryAt(path: string): boolean {
  const record = tryStat(path);
  return typeof record !== "number" && isDirectory(record.mode);
}

/** Whether services are yet to come: an /init that runs there has not come to its CMD. */
export function isBooting(scandir: string): boolean {
  return access(bootMark(scandir), F_OK) === 0;
}

/** Whether an s6-svscan runs on the directory; undefined if this user may not know. */
export function isScanned(scandir: string): boolean | undefined {
  const fd = tryOpenLock(scandir, SVSCAN_CTLDIR);
  if (fd === -ENOENT) return false;
  if (fd === -EACCES) return access(`${scandir}/${SVSCAN_CTLDIR}`, F_OK) === 0 ? undefined : false;
  if (fd < 0) throw new SyscallError(`check ${scandir}`, -fd);
  try {
    return isLocked(fd);
  } finally {
    close(fd);
  }
}
