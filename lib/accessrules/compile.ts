/**
 * A directory of rules as a database, and back. Source: s6, doc/s6-accessrules-cdb-from-fs.html,
 * s6-accessrules-fs-from-cdb.html, conn-tools/s6-accessrules-cdb-from-fs.c,
 * s6-accessrules-fs-from-cdb.c.
 */
import { EXIT_SYSTEM, EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { EEXIST } from "../core/linux/errno.ts";
import { decodePath, encodePath } from "../core/text/path_bytes.ts";
import type { Change } from "../execline/core/chain_environment.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { removeTree } from "../files/remove_tree.ts";
import { writeNewBytes } from "../files/new_file.ts";
import { SyscallError } from "../libc/bind.ts";
import { withUmask } from "../libc/cwd.ts";
import { F_OK, mkdir, readDirectory } from "../libc/file.ts";
import { writeFileAtomically } from "../libc/small_file.ts";
import { type Cdb, type CdbRecord, makeCdb } from "./core/cdb.ts";
import { MOST_PART_BYTES, parseRuleRecord, ruleRecord } from "./core/rule.ts";
import { damagedIsError, openCdb } from "./rules.ts";
import { readRule } from "./rules_directory.ts";

const OWNER_ONLY = 0o600;
const FILE_MODE = 0o666;
const DIRECTORY_MODE = 0o2755;

export interface CompileRequest {
  readonly file: string;
  readonly directory: string;
  /** Permission bits; undefined: the owner alone may read and write it. */
  readonly mode: number | undefined;
  warn(text: string): void;
}

/**
 * Replaces the database in one step. @throws {SyscallError | LinkFailure} If something can't be
 * read or written, or a rule is too large; the database is then as it was.
 */
export function compileRules({ file, directory, mode, warn }: CompileRequest): void {
  const records: CdbRecord[] = [];
  for (const kind of visible(directory)) {
    for (const name of visible(`${directory}/${kind}`)) {
      const path = `${directory}/${kind}/${name}`;
      const rule = readRule(path, F_OK);
      if (rule === undefined) continue;
      const data = ruleRecord(rule);
      if (data === undefined) {
        throw new LinkFailure(EXIT_USAGE, `${path}/env is larger than ${MOST_PART_BYTES} bytes`);
      }
      if (rule.kind === "allow" && rule.exec.length === MOST_PART_BYTES) {
        warn(`possibly truncated file ${path}/exec`);
      }
      records.push({ key: encodePath(`${kind}/${name}`), data });
    }
  }
  withUmask(0, () => writeFileAtomically(file, makeCdb(records), mode ?? OWNER_ONLY));
}

function visible(directory: string): readonly string[] {
  return readDirectory(directory).filter((name) => !name.startsWith("."));
}

/**
 * Writes the rules of a database into a directory that does not exist yet. @throws {SyscallError |
 * LinkFailure} If that can't be done, or the file has no rules; nothing is left of the directory.
 */
export function decompileRules(directory: string, file: string): void {
  const cdb = openCdb(file);
  makeDirectory(directory);
  try {
    damagedIsError(file, () => writeRules(directory, file, cdb));
  } catch (error) {
    removeTree(directory);
    throw error;
  }
}

function writeRules(directory: string, file: string, cdb: Cdb): void {
  for (const { key, data } of cdb.records()) {
    const path = decodePath(key);
    const rule = parseRuleRecord(data);
    if (rule === "broken" || !isRulePath(path)) {
      throw new LinkFailure(
        EXIT_SYSTEM,
        `unable to read ${file}: it has records that are no rules`,
      );
    }
    let here = directory;
    for (const part of path.split("/")) makeDirectory(here = `${here}/${part}`, true);
    if (rule === undefined) continue;
    writeNewBytes(`${here}/${rule.kind}`, new Uint8Array(0), FILE_MODE);
    if (rule.kind === "deny") continue;
    if (rule.env.length > 0) writeVariables(`${here}/env`, rule.env, file);
    if (rule.exec.length > 0) writeNewBytes(`${here}/exec`, rule.exec, FILE_MODE);
  }
}

/** Whoever has made the database must not lead out of the directory. */
function isRulePath(path: string): boolean {
  return !path.includes("\0") && path.split("/").every(isPlainName);
}

function isPlainName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !name.includes("/");
}

function writeVariables(directory: string, env: readonly Change[], file: string): void {
  makeDirectory(directory);
  for (const [name, value] of env) {
    if (!isPlainName(name)) {
      throw new LinkFailure(EXIT_SYSTEM, `unable to read ${file}: a variable is called ${name}`);
    }
    // a NUL in an environment directory is read back as a newline
    const text = value === undefined ? "" : `${value.replaceAll("\n", "\0")}\n`;
    writeNewBytes(`${directory}/${name}`, encodePath(text), FILE_MODE);
  }
}

function makeDirectory(path: string, mayExist = false): void {
  const result = withUmask(0, () => mkdir(path, DIRECTORY_MODE));
  if (mayExist && result === -EEXIST) return;
  if (result < 0) throw new SyscallError(`create ${path}`, -result);
}
