/**
 * Whether the overlay may keep its state in a directory. PID 1 and all services trust what is
 * there, so no other user may be able to replace it.
 *
 * Accepted: our own directory; root's, if we are root and may take it over; root's with group 0,
 * writable only for that group (OpenShift's arbitrary users); root's and sticky, writable for us
 * (others may add files, but not touch ours); and, if we were told that the platform keeps others
 * out, a directory of root's that is writable for our class of users. Source: s6-overlay 3.2.3,
 * libexec/preinit. Pure.
 */

import { RUNDIR_VARIABLE } from "./overlay_paths.ts";

export interface DirectoryFacts {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

export interface Caller {
  readonly uid: number;
  /** The primary group comes first. */
  readonly gids: readonly number[];
}

export type RunDirectoryUse =
  | { readonly kind: "ours" }
  /** We are root: make it ours, mode 0755. */
  | { readonly kind: "take over" }
  | { readonly kind: "accepted"; readonly warning?: string }
  | { readonly kind: "refused"; readonly reason: string; readonly cure?: string };

export const KUBERNETES_VARIABLE = "S6_YES_I_WANT_A_WORLD_WRITABLE_RUN_BECAUSE_KUBERNETES";

const ROOT = 0;
const SETGID = 0o2000;
const STICKY = 0o1000;
const RWX = 7;
const WRITE = 2;

/** @param path The directory's name in messages */
export function judgeRunDirectory(
  path: string,
  directory: DirectoryFacts,
  caller: Caller,
  acceptWorldWritable: boolean,
): RunDirectoryUse {
  if (directory.uid === caller.uid) return { kind: "ours" };
  if (caller.uid === ROOT) return { kind: "take over" };
  const { mode } = directory;
  const inGroup = caller.gids.includes(directory.gid);
  const group = mode >> 3 & RWX;
  const others = mode & RWX;
  const belongs = `${path} belongs to uid ${directory.uid}, not to uid ${caller.uid}`;
  const rootOnlyGroup = caller.gids[0] === ROOT && directory.gid === ROOT;
  if (rootOnlyGroup && group === RWX && (others & WRITE) === 0) return { kind: "accepted" };
  if (directory.uid !== ROOT) return { kind: "refused", reason: belongs };
  const usable = (inGroup ? group : others) === RWX;
  if (!usable) {
    return { kind: "refused", reason: `${belongs}, and its mode ${octal(mode)} keeps us out` };
  }
  if ((mode & STICKY) !== 0 && (others === RWX || (mode & SETGID) !== 0)) {
    return {
      kind: "accepted",
      warning: `${belongs}; its sticky bit keeps others from what is ours there`,
    };
  }
  const danger = (others & WRITE) === 0
    ? `others of its group may write there`
    : `everybody may write there`;
  if (group !== RWX) return { kind: "refused", reason: `${belongs}, and ${danger}` };
  if (acceptWorldWritable) {
    return {
      kind: "accepted",
      warning: `${belongs}, and ${danger}; accepted since ${KUBERNETES_VARIABLE} says so`,
    };
  }
  return {
    kind: "refused",
    reason: `${belongs}, and ${danger}`,
    cure: `if nobody else runs anything in this container, set ${KUBERNETES_VARIABLE}=1`,
  };
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}

/**
 * What to do about a directory that we can't use, for those who build the image or start the
 * container.
 *
 * @param mounted Something is mounted there, so the image's own directory does not matter
 */
export function runDirectoryCure(path: string, uid: number, mounted: boolean): string {
  if (uid === ROOT) {
    return `start the container with --tmpfs ${path}:exec, or name a writable directory with ${RUNDIR_VARIABLE}`;
  }
  const inImage = mounted ? "" : `say RUN chown ${uid} ${path} in the Dockerfile, or `;
  const tmpfs =
    `for a tmpfs --tmpfs ${path}:exec,U with podman, --tmpfs ${path}:exec,uid=${uid} with docker`;
  const mount = `mount something at ${path} that uid ${uid} may write (${tmpfs})`;
  return `${inImage}${mount}, or name a directory with ${RUNDIR_VARIABLE} that it may write`;
}

const GROUP_WRITE = 0o020;
const OTHERS_WRITE = 0o002;

/** Whether it belongs to root and no other user can replace what root has put there. */
export function isKeptByRoot({ uid, gid, mode }: DirectoryFacts): boolean {
  if (uid !== ROOT) return false;
  return (mode & STICKY) !== 0 ||
    ((mode & OTHERS_WRITE) === 0 && (gid === ROOT || (mode & GROUP_WRITE) === 0));
}
