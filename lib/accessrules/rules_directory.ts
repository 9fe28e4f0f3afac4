/**
 * Rules in a directory: `KIND/NAME/` with `allow` or `deny`, and with `env` and `exec`. Source: s6,
 * doc/s6-accessrules-cdb-from-fs.html, s6_accessrules_backend_fs.c; skalibs, envdir.c.
 */
import { EACCES, ENOENT } from "../core/linux/errno.ts";
import type { Change } from "../execline/core/chain_environment.ts";
import { readEnvdir } from "../credentials/envdir.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { access } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { MOST_PART_BYTES, type Rule } from "./core/rule.ts";

const LF = 10;
const ENVDIR = { verbatim: false, keepEnd: false, unclamped: false, nulByte: LF };

/**
 * The rule in a directory; undefined if it has none. @throws {SyscallError} If it can't be read.
 *
 * @param mode F_OK or R_OK: a file that is not there for us is not there.
 */
export function readRule(directory: string, mode: number): Rule | undefined {
  const has = (name: string): boolean => {
    const result = access(`${directory}/${name}`, mode);
    if (result === -ENOENT || result === -EACCES) return false;
    checked(`access ${directory}/${name}`, result);
    return true;
  };
  if (!has("allow")) return has("deny") ? { kind: "deny" } : undefined;
  return {
    kind: "allow",
    env: readVariables(`${directory}/env`),
    exec: readSmallFile(`${directory}/exec`, MOST_PART_BYTES) ?? new Uint8Array(0),
  };
}

function readVariables(directory: string): readonly Change[] {
  try {
    return readEnvdir(directory, ENVDIR);
  } catch (error) {
    if (error instanceof SyscallError && error.errno === ENOENT) return [];
    throw error;
  }
}
