/**
 * Instances of a service: copies of its template, which its own s6-svscan supervises. Source: s6,
 * doc/instances.html, s6-instance-create.html, s6-instance-delete.html, instance/*.c,
 * libs6/s6_instance_chdirservice.c.
 */
import { EXIT_TIMED_OUT, EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { ENOENT } from "../core/linux/errno.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { copyHierarchy } from "../files/copy_hierarchy.ts";
import { removeTree } from "../files/remove_tree.ts";
import { SyscallError } from "../libc/bind.ts";
import { readDirectory } from "../libc/file.ts";
import { isDirectory, tryStat } from "../libc/stat.ts";
import { isScanned, type LinkRequest, linkService } from "../tree/link.ts";
import { unlinkService } from "../tree/unlink.ts";
import { makeIn } from "./write_generated.ts";

const EXIT_NOT_RUNNING = 1;

/** @throws {LinkFailure} If it is no name of an instance. */
export function checkInstanceName(name: string): void {
  if (name === "" || name.startsWith(".") || /[ \t\f\r\n/]/.test(name)) {
    throw new LinkFailure(EXIT_USAGE, "invalid instance name");
  }
}

/** The scan directory of the instances. @throws {LinkFailure} If nothing runs there. */
function runningScandir(service: string): string {
  if (service === "") throw new LinkFailure(EXIT_USAGE, "invalid service path");
  const scandir = `${service}/instance`;
  const found = tryStat(scandir);
  if (typeof found === "number") throw new SyscallError(`chdir to ${scandir}`, -found);
  if (!isScanned(scandir)) {
    throw new LinkFailure(EXIT_NOT_RUNNING, `instanced service not running on ${service}`);
  }
  return scandir;
}

export interface CreateRequest
  extends Pick<LinkRequest, "eventGid" | "forceEventMode" | "down" | "timeoutMs"> {
  readonly service: string;
  readonly name: string;
}

/**
 * Copies the template and has the copy supervised. @throws {LinkFailure | SyscallError} If that
 * can't be done; the copy is then removed.
 */
export async function createInstance({ service, name, ...how }: CreateRequest): Promise<void> {
  checkInstanceName(name);
  makeIn(service, "instances");
  makeIn(service, "instance");
  const scandir = runningScandir(service);
  const servicedir = `${service}/instances/${name}`;
  const found = tryStat(servicedir);
  if (typeof found !== "number") {
    const what = isDirectory(found.mode)
      ? "instance appears to already exist"
      : "unexpected file preventing instance creation";
    throw new LinkFailure(EXIT_USAGE, `${what} at ${servicedir}`);
  }
  if (found !== -ENOENT) throw new SyscallError(`stat ${servicedir}`, -found);
  let isDone = false;
  try {
    copyHierarchy(`${service}/template`, servicedir, (error) => {
      throw error;
    });
    isDone = await linkService({ scandir, servicedir, name, ...how });
  } finally {
    if (!isDone) removeTree(servicedir);
  }
  if (!isDone) {
    throw new LinkFailure(
      EXIT_TIMED_OUT,
      `unable to create instance of ${service} named ${name}: timed out`,
    );
  }
}

export interface DeleteRequest {
  readonly service: string;
  readonly name: string;
  readonly wait: boolean;
  readonly timeoutMs: number;
}

/** Ends the instance and removes its directory. @throws {LinkFailure | SyscallError} If it can't. */
export async function deleteInstance(request: DeleteRequest): Promise<void> {
  const { service, name, wait, timeoutMs } = request;
  checkInstanceName(name);
  await unlinkService({ scandir: runningScandir(service), name, wait, timeoutMs });
  removeTree(`${service}/instances/${name}`);
}

/** The names of the instances. @throws {LinkFailure | SyscallError} If they can't be listed. */
export function instanceNames(service: string): readonly string[] {
  return readDirectory(runningScandir(service)).filter((name) => !name.startsWith("."));
}
