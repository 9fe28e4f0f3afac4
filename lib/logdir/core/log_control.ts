/**
 * The control directives of a logging script: what they set, within which limits.
 *
 * Numbers are unsigned decimals that fill the directive: no sign, no blank, no unit. A file size
 * outside 4096..268435455 is moved to the nearer end; the tolerance is held against the file size
 * set so far, not against one set later. Source: s6, doc/s6-log.html; daemontools-extras/s6-log.c,
 * script_secondpass; skalibs, uint320_scan, uint640_scan, tain_from_millisecs. Pure.
 *
 * A logging script that can't be run: a fault of the command line, exit code 100. Pure.
 */

export interface Processor {
  readonly command: string;
  /** Run it by `/bin/sh -c`; otherwise by `execlineb -Pc`. */
  readonly shell: boolean;
}

export interface LogdirSettings {
  readonly path: string;
  readonly archivesMax: number;
  readonly sizeBytes: number;
  readonly toleranceBytes: number;
  /** Of all archives together; 0: no limit. May exceed 2^32. */
  readonly totalBytes: number;
  readonly retryMs: number;
  /** 0: not by time. */
  readonly rotateSeconds: number;
  readonly processor?: Processor;
}

/** The state of the sticky settings at one point of the script. */
export interface LogControl {
  readonly logdir: Omit<LogdirSettings, "path">;
  readonly alertBytes: number;
  readonly statusBytes: number;
  readonly prefix: string;
}

const SIZE_MIN = 4096;
const SIZE_MAX = 268435455;
const UINT32_MAX = 2n ** 32n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;
const INT_MAX = 2n ** 31n - 1n; // tain_from_millisecs takes an int

/** The settings that a script starts with. */
export const LOG_CONTROL_START: LogControl = {
  logdir: {
    archivesMax: 10,
    sizeBytes: 99999,
    toleranceBytes: 2000,
    totalBytes: 0,
    retryMs: 2000,
    rotateSeconds: 0,
  },
  alertBytes: 200,
  statusBytes: 1001,
  prefix: "",
};

/**
 * The settings after a directive.
 *
 * @throws {LogScriptError} If its number is none, too large, or a tolerance of more than half the
 *   file size.
 */
export function parseLogControl(before: LogControl, directive: string): LogControl {
  const { logdir } = before;
  switch (directive.charAt(0)) {
    case "n":
      return { ...before, logdir: { ...logdir, archivesMax: number(directive, UINT32_MAX) } };
    case "s":
      return {
        ...before,
        logdir: {
          ...logdir,
          sizeBytes: Math.min(Math.max(number(directive, UINT32_MAX), SIZE_MIN), SIZE_MAX),
        },
      };
    case "S":
      return { ...before, logdir: { ...logdir, totalBytes: number(directive, UINT64_MAX) } };
    case "l":
      return {
        ...before,
        logdir: { ...logdir, toleranceBytes: tolerance(directive, logdir.sizeBytes) },
      };
    case "r":
      return { ...before, logdir: { ...logdir, retryMs: number(directive, INT_MAX) } };
    case "R":
      return { ...before, logdir: { ...logdir, rotateSeconds: number(directive, UINT32_MAX) } };
    case "E":
      return { ...before, alertBytes: number(directive, UINT32_MAX) };
    case "^":
      return { ...before, statusBytes: number(directive, UINT32_MAX) };
    case "p":
      return { ...before, prefix: directive.slice(1) };
    case "!":
    case "?":
      return { ...before, logdir: withProcessor(logdir, directive) };
    default:
      throw new LogScriptError(`unrecognized directive: ${directive}`);
  }
}

function withProcessor(logdir: LogControl["logdir"], directive: string): LogControl["logdir"] {
  const { processor: _, ...rest } = logdir;
  const command = directive.slice(1);
  return command === ""
    ? rest
    : { ...rest, processor: { command, shell: directive.startsWith("?") } };
}

function tolerance(directive: string, sizeBytes: number): number {
  const bytes = number(directive, UINT32_MAX);
  const most = Math.floor(sizeBytes / 2);
  if (bytes > most) {
    throw new LogScriptError(
      `directive ${directive} conflicts with previous s directive (it can be at most ${most})`,
    );
  }
  return bytes;
}

function number(directive: string, max: bigint): number {
  const digits = directive.slice(1);
  if (!/^[0-9]+$/.test(digits)) {
    throw new LogScriptError(
      `unrecognized directive: ${directive} (${
        directive.charAt(0)
      } must be followed by an unsigned decimal number)`,
    );
  }
  const value = BigInt(digits);
  if (value > max) {
    throw new LogScriptError(
      `unrecognized directive: ${directive} (the number is larger than ${max})`,
    );
  }
  return Number(value);
}

export class LogScriptError extends SyntaxError {
  override readonly name = "LogScriptError";
}
