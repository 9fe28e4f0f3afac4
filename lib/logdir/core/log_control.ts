/**
 * The settings of a logging script that its control directives change, and the error of a script
 * that can't be run. Source: s6, doc/s6-log.html. Pure.
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

/** A logging script that can't be run: a fault of the command line, exit code 100. */
export class LogScriptError extends SyntaxError {
  override readonly name = "LogScriptError";
}
