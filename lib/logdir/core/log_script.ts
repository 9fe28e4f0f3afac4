/**
 * A logging script as it is read: what each line has to go through.
 *
 * A stanza is a run of selections and the actions that follow it. Control directives hold for every
 * later action, except `t` and `T`, which hold for the next one. `log_directives.ts` says what each
 * directive does, `parse_log_script.ts` reads a script. Source: s6, doc/s6-log.html. Pure.
 */
import type { OutputForm } from "../../logreader/core/service_line.ts";
import type { LogdirSettings } from "./log_control.ts";

/**
 * How an action writes a line: the TAI64N stamp, the local time and the prefix, in this order and
 * each only if asked for, then the line.
 */
export interface LineForm {
  readonly tai64n: boolean;
  readonly local: boolean;
  /** Without the blank that follows it; empty for none. */
  readonly prefix: string;
}

export type LogAction =
  & LineForm
  & (
    | { readonly kind: "stdout" }
    /** The container's standard output, each line with its service's name. */
    | { readonly kind: "container"; readonly form: OutputForm }
    /** 0: all of the line. */
    | { readonly kind: "alert"; readonly sizeBytes: number }
    /** 0: as long as the line. */
    | { readonly kind: "status"; readonly file: string; readonly sizeBytes: number }
    /** A place in `LogScript.logdirs`. */
    | { readonly kind: "logdir"; readonly index: number }
  );

/** `+` selects what matches, `-` deselects it, `f` selects exactly what no action has had yet. */
export type Selection = { readonly kind: "+" | "-"; readonly pattern: string } | {
  readonly kind: "f";
};

export interface Stanza {
  readonly selections: readonly Selection[];
  readonly actions: readonly LogAction[];
}

export interface LogScript {
  readonly stanzas: readonly Stanza[];
  /**
   * In the order of the script. A path that stands there twice is one log directory, with the
   * settings of its first place.
   */
  readonly logdirs: readonly LogdirSettings[];
  readonly warnings: readonly string[];
  /** Some action writes a TAI64N stamp. */
  readonly needsTai64n: boolean;
  /** Some action writes the local time. */
  readonly needsLocal: boolean;
}

export interface LogScriptOptions {
  /** What is wrong with a regular expression, in the C library's words; undefined if nothing is. */
  readonly patternFault?: (pattern: string) => string | undefined;
}
