/**
 * Finding the scan directory that somebody means who names none: `$S6_SCANDIR`, the one in which
 * the process stands, that of PID 1, `/run/service`, `/service`.
 *
 * PID 1 is asked whoever it is, C's s6-svscan, ours, or an /init that has become one of them. C's
 * stays in its scan directory, which is known by the `.s6-svscan` in it. Ours enters the
 * directories of its services too; and another user's directory can't be read: then its arguments,
 * which everybody can see, are looked through, and at last its open files, where the scan
 * directory's control FIFO is among them.
 */
import { SVSCAN_CTLDIR } from "../scandir/core/svscan_names.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { ENOENT, ENOTDIR } from "../core/linux/errno.ts";
import { SyscallError } from "../libc/bind.ts";
import { workingDirectory } from "../libc/cwd.ts";
import { variable } from "../libc/environ.ts";
import { access, F_OK, readDirectory, readlink } from "../libc/file.ts";
import { geteuid } from "../libc/process.ts";
import { isRegular, tryLstat, tryStat } from "../libc/stat.ts";
import { readProcFile } from "../procfs/processes.ts";

export interface FoundScandir {
  readonly path: string;
  /** Who has named it: `-S`, `$S6_SCANDIR`, or nobody. */
  readonly origin: string;
}

const USUAL = ["/run/service", "/service"] as const;
const CMDLINE_LIMIT = 4096;
const CONTROL = `/${SVSCAN_CTLDIR}/control`;

/** No scan directory, or not the one that was named. The message tells the cure. */
export class NoScandirError extends Error {
  override readonly name = "NoScandirError";
}

/**
 * The scan directory.
 *
 * @param named What `-S` says
 * @param chosen The value of S6_SCANDIR
 * @throws {NoScandirError} If there is none, or the one that is named is not there.
 * @throws {SyscallError} If the one that is named can't be looked at.
 */
export function findScandir(named: string | undefined, chosen: string | undefined): FoundScandir {
  if (named !== undefined) return checkedScandir({ path: named, origin: "-S" });
  if (chosen !== undefined && chosen !== "") {
    return checkedScandir({ path: chosen, origin: "$S6_SCANDIR" });
  }
  const here = namedDirectory();
  const found = scandirAround(here) ?? scandirOfInit() ?? scandirOpenInInit() ??
    USUAL.find(isScandir) ?? (here !== undefined && holdsServices(here) ? here : undefined) ??
    USUAL.find((path) => access(path, F_OK) === 0);
  if (found !== undefined) return { path: found, origin: "" };
  throw new NoScandirError(
    `no scan directory: this is none, PID 1 is no s6-svscan, and there is neither ${
      USUAL.join(" nor ")
    }; name it with -S DIR or in $S6_SCANDIR`,
  );
}

function checkedScandir(found: FoundScandir): FoundScandir {
  const there = access(`${found.path}/.`, F_OK);
  if (there === -ENOENT) {
    throw new NoScandirError(`there is no scan directory ${found.path} (${found.origin})`);
  }
  if (there === -ENOTDIR) {
    throw new NoScandirError(`${found.path} (${found.origin}) is no directory`);
  }
  if (there < 0) throw new SyscallError(`look at ${found.path} (${found.origin})`, -there);
  return found;
}

function isScandir(path: string): boolean {
  return path.startsWith("/") && access(`${path}/${SVSCAN_CTLDIR}`, F_OK) === 0;
}

/**
 * The scan directory in which this process stands, or below which. In a directory that everybody
 * may write to, it must have been made by the directory's owner, by root or by us: nobody is to
 * plant another tree for those who work there.
 */
function scandirAround(here: string | undefined): string | undefined {
  const parts = here === undefined ? [] : here.split("/").slice(1);
  for (let depth = parts.length; depth > 0; depth--) {
    const path = `/${parts.slice(0, depth).join("/")}`;
    const ofLive = scandirOfLive(path);
    if (ofLive !== undefined) return ofLive;
    const control = tryStat(`${path}/${SVSCAN_CTLDIR}`);
    if (typeof control === "number") continue;
    const around = tryStat(path);
    const trusted = [0, geteuid(), ...(typeof around === "number" ? [] : [around.uid])];
    if (trusted.includes(control.uid)) return path;
  }
  return undefined;
}

/** A service of s6-rc stands in a live folder, which is no part of the scan directory. */
function scandirOfLive(path: string): string | undefined {
  const target = readlink(`${path}/scandir`);
  if (typeof target === "number" || access(`${path}/servicedirs`, F_OK) < 0) return undefined;
  const link = tryLstat(`${path}/scandir`);
  const isTrusted = typeof link !== "number" && [0, geteuid()].includes(link.uid);
  return isTrusted && isScandir(target) ? target : undefined;
}

/**
 * The directory of this process by the name under which it was entered, which may lead through a
 * link of the scan directory; a shell keeps it in PWD.
 */
function namedDirectory(): string | undefined {
  const here = tryStat(".");
  if (typeof here === "number") return undefined;
  const named = variable("PWD");
  const there = named?.startsWith("/") ? tryStat(named) : -ENOENT;
  if (typeof there !== "number" && there.ino === here.ino && there.dev === here.dev) return named;
  try {
    return workingDirectory();
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

/** A scan directory to be, which nobody has scanned yet. */
function holdsServices(directory: string): boolean {
  try {
    return readDirectory(directory).some((name) => {
      const run = tryStat(`${directory}/${name}/run`);
      return typeof run !== "number" && isRegular(run.mode);
    });
  } catch (error) {
    if (error instanceof SyscallError) return false;
    throw error;
  }
}

function scandirOfInit(): string | undefined {
  const directory = readlink("/proc/1/cwd");
  if (typeof directory === "string" && isScandir(directory)) return directory;
  const words = readProcFile("/proc/1/cmdline", CMDLINE_LIMIT);
  return words === undefined ? undefined : decodePath(words).split("\0").findLast(isScandir);
}

/** There may be thousands of open files; the control FIFO is one of the first. */
function scandirOpenInInit(): string | undefined {
  try {
    for (const fd of readDirectory("/proc/1/fd")) {
      const target = readlink(`/proc/1/fd/${fd}`);
      if (typeof target === "string" && target.endsWith(CONTROL)) {
        return target.slice(0, -CONTROL.length);
      }
    }
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error; // not for this user to see
  }
  return undefined;
}
