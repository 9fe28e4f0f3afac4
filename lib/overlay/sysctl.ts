/**
 * Kernel settings at boot, for containers that may write to /proc/sys. Most may not: then settings
 * that differ are reported, and the boot goes on. Source: sysctl(8) --system. Only its files below
 * /etc are read, because containers are configured there.
 */
import { EACCES, ENOENT, EPERM, EROFS, strerror } from "../core/linux/errno.ts";
import { decodePath, encodePath } from "../core/text/path_bytes.ts";
import type { SysctlLine, SysctlSetting } from "./core/sysctl_conf.ts";
import { isNamespaced, parseSysctlConf, planSysctl, sysctlKey } from "./core/sysctl_conf.ts";
import { SyscallError } from "../libc/bind.ts";
import { O_WRONLY } from "../core/linux/open_flags.ts";
import { close, write } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { tryOpenFile } from "../libc/wary_open.ts";
import { expandPattern } from "./expand_pattern.ts";

const FILE_LIMIT = 1024 * 1024;
/** The kernel returns a page at most. */
const VALUE_LIMIT = 4096;

export interface SysctlOptions {
  /** The prefix of /etc and /proc; usually "". */
  readonly root: string;
  /** Prints one line for each setting that failed or was not understood. */
  warn(text: string): void;
}

/** Applies /etc/sysctl.d/*.conf, sorted by name, then /etc/sysctl.conf. */
export function applySysctl({ root, warn }: SysctlOptions): void {
  const files = [...expandPattern(`${root}/etc/sysctl.d/*.conf`), `${root}/etc/sysctl.conf`];
  const lines = files.flatMap((path) => linesOf(path, warn));
  const settings = planSysctl(lines, (pattern) => {
    const base = `${root}/proc/sys/`;
    return expandPattern(base + pattern).map((path) => path.slice(base.length));
  });
  for (const setting of settings) {
    const problem = apply(`${root}/proc/sys/${setting.path}`, setting);
    if (problem !== undefined && !setting.mayFail) warn(problem);
  }
}

function linesOf(path: string, warn: (text: string) => void): readonly SysctlLine[] {
  try {
    const { lines, problems } = parseSysctlConf(
      decodePath(readSmallFile(path, FILE_LIMIT) ?? new Uint8Array(0)),
    );
    for (const { line, text } of problems) warn(`${path}: line ${line}: ${text}`);
    return lines;
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    warn(error.message);
    return [];
  }
}

/**
 * Returns what went wrong, if anything did. Does not write values that are already set, for example
 * by the engine.
 */
function apply(file: string, { path, value }: SysctlSetting): string | undefined {
  const key = sysctlKey(path);
  if (currentValue(file) === words(value)) return undefined;
  const fd = tryOpenFile(file, O_WRONLY);
  if (fd === -ENOENT) return `unable to set ${key}: this kernel has no such setting`;
  const failed = fd < 0 ? fd : writeValue(fd, value);
  if (failed >= 0) return undefined;
  return `unable to set ${key} to ${value}: ${strerror(-failed)}${cure(-failed, path, key, value)}`;
}

function writeValue(fd: number, value: string): number {
  const result = write(fd, encodePath(`${value}\n`));
  close(fd);
  return result;
}

function cure(errno: number, path: string, key: string, value: string): string {
  if (errno !== EACCES && errno !== EPERM && errno !== EROFS) return "";
  return isNamespaced(path)
    ? `; let the engine do it: --sysctl '${key}=${value}'`
    : "; it belongs to the host: set it there";
}

/** The kernel shows several values with tabs between them. */
function words(value: string): string {
  return value.split(/\s+/).join(" ").trim();
}

function currentValue(file: string): string | undefined {
  try {
    const bytes = readSmallFile(file, VALUE_LIMIT);
    return bytes === undefined ? undefined : words(decodePath(bytes));
  } catch (error) {
    if (error instanceof SyscallError) return undefined; // some settings can only be written
    throw error;
  }
}
