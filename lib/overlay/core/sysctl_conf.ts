/**
 * Files of kernel settings: /etc/sysctl.conf and /etc/sysctl.d/*.conf.
 *
 *     # a comment
 *     net.ipv4.ip_forward = 1
 *     -net.ipv4.conf.*.rp_filter = 0     for all that match; a dash: failing is no matter
 *     -net.ipv4.conf.eth0.rp_filter      but not for this one
 *
 * If the first separator of a key is a dot, dots separate and slashes stand for dots
 * (`net.ipv4.conf.eth0/100.mtu`); otherwise the key is a path. A setting by name overrides one by
 * pattern; of two of the same kind the later one wins. Source: sysctl.d(5), sysctl.conf(5), procps'
 * sysctl.c. Pure.
 */
import { isPattern } from "../../core/regex/glob_pattern.ts";

export interface SysctlLine {
  /** The path below /proc/sys, possibly a pattern. */
  readonly path: string;
  /** Absent: patterns do not apply to this path. */
  readonly value?: string;
  readonly mayFail: boolean;
}

export interface SysctlProblem {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
}

export interface SysctlFile {
  readonly lines: readonly SysctlLine[];
  readonly problems: readonly SysctlProblem[];
}

/** Malformed lines are returned as problems; the others apply. */
export function parseSysctlConf(text: string): SysctlFile {
  const lines: SysctlLine[] = [];
  const problems: SysctlProblem[] = [];
  for (const [at, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    const parsed = parseLine(line);
    if (typeof parsed === "string") problems.push({ line: at + 1, text: parsed });
    else lines.push(parsed);
  }
  return { lines, problems };
}

function parseLine(line: string): SysctlLine | string {
  const mayFail = line.startsWith("-");
  const equals = line.indexOf("=");
  const key = line.slice(mayFail ? 1 : 0, equals === -1 ? undefined : equals).trim();
  if (equals === -1 && !mayFail) return `no value: ${line}`;
  const path = sysctlPath(key);
  if (path === undefined) return `not a key: ${key}`;
  return equals === -1
    ? { path, mayFail }
    : { path, value: line.slice(equals + 1).trim(), mayFail };
}

const SWAPPED: Readonly<Record<string, string>> = { ".": "/", "/": "." };

/** The path below /proc/sys, or `undefined` if it would lead outside. */
function sysctlPath(key: string): string | undefined {
  const separator = /[./]/.exec(key)?.[0];
  const path = separator === "." ? key.replace(/[./]/g, (c) => SWAPPED[c]!) : key;
  return path.split("/").some((part) => part === "" || part === "." || part === "..")
    ? undefined
    : path;
}

/** How a path is written in messages and on engines' command lines. */
export function sysctlKey(path: string): string {
  return path.replace(/[./]/g, (c) => SWAPPED[c]!);
}

export interface SysctlSetting {
  readonly path: string;
  readonly value: string;
  readonly mayFail: boolean;
}

/**
 * The settings to apply, in order, each path once.
 *
 * @param expand Returns the paths that match a pattern
 */
export function planSysctl(
  lines: readonly SysctlLine[],
  expand: (pattern: string) => readonly string[],
): SysctlSetting[] {
  const byName = new Set(lines.filter(({ path }) => !isPattern(path)).map(({ path }) => path));
  const settings = new Map<string, SysctlSetting>();
  for (const { path: key, value, mayFail } of lines) {
    if (value === undefined) continue;
    const paths = isPattern(key) ? expand(key).filter((path) => !byName.has(path)) : [key];
    for (const path of paths) {
      settings.delete(path); // the later one also moves to the later place
      settings.set(path, { path, value, mayFail });
    }
  }
  return [...settings.values()];
}

/**
 * Whether each container has its own value of the setting, which its engine can set. Source:
 * namespaces(7); docker-run(1), --sysctl.
 */
export function isNamespaced(path: string): boolean {
  return /^(net\/|fs\/mqueue\/|kernel\/(shm|msg|sem)|kernel\/(domainname|hostname)$)/.test(path);
}
