/**
 * Reading and setting who may see a service's status, control it, and listen to its events.
 * Source: s6, supervision/s6-svperms.c; doc/s6-svperms.html.
 */
import { CONTROL_FILENAME, EVENT_DIRECTORY, SUPERVISE_DIRECTORY } from "./core/supervise_files.ts";
import type { StatusAndControl } from "./core/service_permissions.ts";
import {
  CONTROL_MODES,
  controlAudience,
  EVENT_MODES,
  eventAudience,
  permissionText,
  statusAudience,
  SUPERVISE_MODES,
} from "./core/service_permissions.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { chmod, chown } from "../libc/file.ts";
import { isDirectory, isFifo, type Stat, stat } from "../libc/stat.ts";
import { findGroupName, findPrimaryGid } from "./accounts.ts";

/** What was found about one directory. */
export interface PermissionReport {
  /** `DIR status: public` and the like, for standard output. */
  readonly lines: readonly string[];
  /** What could not be told, for warnings. */
  readonly problems: readonly string[];
}

type Kind = "directory" | "named pipe";

/**
 * Who may do what in the service directory `dir`. Never throws: what goes wrong is a problem in the
 * report.
 */
export function readPermissions(dir: string): PermissionReport {
  const lines: string[] = [];
  const problems: string[] = [];
  const report = (
    label: string,
    part: string,
    kind: Kind,
    audienceOf: (mode: number) => string | undefined,
  ): boolean => {
    const result = audienceText(`${dir}/${part}`, kind, audienceOf);
    if (result.kind === "problem") problems.push(result.text);
    else lines.push(`${dir} ${label}: ${result.text}`);
    return result.kind === "audience";
  };
  // with supervise/ out of order its FIFO means nothing
  if (report("status", SUPERVISE_DIRECTORY, "directory", statusAudience)) {
    report("control", CONTROL_FILENAME, "named pipe", controlAudience);
  }
  report("events", EVENT_DIRECTORY, "directory", eventAudience);
  return { lines, problems };
}

interface Finding {
  readonly kind: "audience" | "problem";
  readonly text: string;
}

function audienceText(
  path: string,
  kind: Kind,
  audienceOf: (mode: number) => string | undefined,
): Finding {
  try {
    const { mode, gid } = stat(path);
    if (!(kind === "directory" ? isDirectory(mode) : isFifo(mode))) {
      return { kind: "problem", text: `${path} is not a ${kind}` };
    }
    const audience = audienceOf(mode);
    if (audience === undefined) {
      return {
        kind: "problem",
        text: `${path} has incorrect permissions: ${permissionText(mode)}`,
      };
    }
    return {
      kind: "audience",
      text: audience === "group" ? `group ${findGroupName(gid) ?? gid}` : audience,
    };
  } catch (error) {
    if (error instanceof SyscallError) return { kind: "problem", text: error.message };
    throw error;
  }
}

/** Tells that something was done otherwise than asked. */
export type Warn = (text: string) => void;

/**
 * Sets who may read the status and who may control the service. What is not for a group is given
 * the primary group of its owner.
 *
 * @param gid the group, where one is meant
 * @throws {SyscallError} If owner or mode can't be set.
 */
export function setStatusAndControl(
  dir: string,
  wanted: StatusAndControl & { readonly gid: number },
  warn: Warn,
): void {
  const supervise = `${dir}/supervise`;
  const statusGid = wanted.status === "group" ? wanted.gid : primaryGidOfOwner(supervise, warn);
  setGroupAndMode(supervise, statusGid, SUPERVISE_MODES[wanted.status]);
  const control = `${supervise}/control`;
  const controlGid = wanted.control === "group" ? wanted.gid : primaryGidOfOwner(control, warn);
  setGroupAndMode(control, controlGid, CONTROL_MODES[wanted.control]);
}

/**
 * Sets who may listen: the members of a group, or, if `gid` is undefined, everybody.
 *
 * @throws {SyscallError} If owner or mode can't be set.
 */
export function setEvents(dir: string, gid: number | undefined, warn: Warn): void {
  const event = `${dir}/event`;
  if (gid === undefined) setGroupAndMode(event, primaryGidOfOwner(event, warn), EVENT_MODES.public);
  else setGroupAndMode(event, gid, EVENT_MODES.group);
}

function setGroupAndMode(path: string, gid: number, mode: number): void {
  checked(`chown ${path}`, chown(path, -1, gid));
  checked(`chmod ${path}`, chmod(path, mode)); // after chown, which may drop the set-group-id bit
}

function primaryGidOfOwner(path: string, warn: Warn): number {
  const { uid }: Stat = stat(path);
  try {
    const gid = findPrimaryGid(uid);
    if (gid !== undefined) return gid;
    warn(
      `unable to determine primary gid for the owner of ${path} (using root instead): no user ${uid} in /etc/passwd`,
    );
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    warn(
      `unable to determine primary gid for the owner of ${path} (using root instead): ${error.message}`,
    );
  }
  return 0;
}
