/**
 * Moves the service directories of services that keep running into a new live folder and gives them
 * the files of the new database. The process does nothing else in the meantime, so no supervisor
 * sees a half-finished state. Source: s6-rc-update.c, make_new_livedir;
 * s6rc_servicedir_copy_online.c.
 */
import { ENOENT } from "../core/linux/errno.ts";
import { copyHierarchy, type CopyRoom } from "../files/copy_hierarchy.ts";
import { removeTree } from "../files/remove_tree.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { access, F_OK, mkdir, readDirectory, rename } from "../libc/file.ts";
import { withUmask } from "../libc/cwd.ts";
import { SERVICEDIR_ENTRIES } from "./core/source/servicedir_files.ts";

/**
 * The limit for one service. The supervising process does the copying itself, and nothing else in
 * the meantime.
 */
export const MOST_COPIED_BYTES = 1 << 30;

/** `run` and `finish` come last, so that the files they need are already there. */
const ENTRIES = SERVICEDIR_ENTRIES.map(({ name }) => name).toSorted((a, b) =>
  Number(isProgram(a)) - Number(isProgram(b))
);

function isProgram(name: string): boolean {
  return name === "run" || name === "finish";
}

function throwError(error: SyscallError): never {
  throw error;
}

/**
 * Replaces the files of a service directory with those of another one. @throws {SyscallError} If
 * that fails; the old files are back in place then.
 */
export function exchangeFiles(
  from: string,
  to: string,
  room: CopyRoom = { bytes: MOST_COPIED_BYTES },
): void {
  const old = `${to}/old`;
  removeTree(old);
  withUmask(0o022, () => checked(`create directory ${old}`, mkdir(old, 0o755)));
  const moved: string[] = [];
  try {
    for (const name of ENTRIES) {
      const result = rename(`${to}/${name}`, `${old}/${name}`);
      if (result === -ENOENT) continue;
      checked(`rename ${to}/${name} to ${old}/${name}`, result);
      moved.push(name);
    }
    withUmask(0o022, () => {
      for (const name of ENTRIES) {
        if (access(`${from}/${name}`, F_OK) === 0) {
          copyHierarchy(`${from}/${name}`, `${to}/${name}`, throwError, room);
        }
      }
    });
  } catch (error) {
    for (const name of ENTRIES) {
      if (moved.includes(name) || access(`${to}/${name}`, F_OK) === 0) {
        removeTree(`${to}/${name}`);
      }
    }
    for (const name of moved) rename(`${old}/${name}`, `${to}/${name}`);
    removeTree(old);
    throw error;
  }
  removeTree(old);
  exchangeInstances(to, room);
}

/** Gives a template's instances the files of the new template. */
function exchangeInstances(servicedir: string, room: CopyRoom): void {
  const template = `${servicedir}/template`;
  const instances = `${servicedir}/instances`;
  if (access(template, F_OK) < 0 || access(instances, F_OK) < 0) return;
  for (const name of readDirectory(instances)) {
    exchangeFiles(template, `${instances}/${name}`, room);
  }
}

/** A service directory that stays in use. */
export interface Move {
  /** The directories themselves, in the old and the new live folder. */
  readonly from: string;
  readonly to: string;
  /** Where its files come from: in the new database, and in the old one for undoing the move. */
  readonly files: string;
  readonly oldFiles: string;
}

/**
 * Moves all of them. @throws {SyscallError} If one can't be moved; all are then back where they
 * were.
 */
export function moveServicedirs(moves: readonly Move[]): void {
  const done: Move[] = [];
  try {
    for (const move of moves) {
      checked(`rename ${move.from} to ${move.to}`, rename(move.from, move.to));
      done.push(move);
      exchangeFiles(move.files, move.to);
    }
  } catch (error) {
    undoMoves(done);
    throw error;
  }
}

/**
 * Moves service directories back, with the files that they had. Those that can't be moved back stay
 * where they are.
 */
export function undoMoves(moves: readonly Move[]): void {
  for (const { from, to, oldFiles } of moves.toReversed()) {
    try {
      exchangeFiles(oldFiles, to);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
    }
    rename(to, from);
  }
}
