/**
 * The logging script: s6-log's arguments, read into what each line has to go through.
 *
 * A stanza is a run of selections and the actions that follow it. Control directives hold for every
 * later action, except `t` and `T`, which hold for the next one. C forgets after each action that a
 * processor is to be run by the shell; here that stays with the processor. Source: s6,
 * doc/s6-log.html; daemontools-extras/s6-log.c, script_firstpass and script_secondpass. Pure.
 */
import {
  LOG_CONTROL_START,
  type LogdirSettings,
  LogScriptError,
  parseLogControl,
} from "./log_control.ts";

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
    /**
     * The container's standard output, each line with its service's name; `json`: one JSON object a
     * line.
     */
    | { readonly kind: "container"; readonly json: boolean }
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

const ALONE = "ftT12";
const ACTIONS = "12o=./";
const SELECTIONS = "+-f";
/** What is padded is made in memory. C makes it on its stack, and dies a little below this. */
const STATUS_BYTES_MAX = 8 << 20;
const STARTS = ALONE + ACTIONS + SELECTIONS + "nsSlrRE^p!?";

/**
 * Reads a whole script.
 *
 * @throws {LogScriptError} If C's s6-log would exit 100 over it, or die of a status file's size.
 */
export function parseLogScript(
  directives: readonly string[],
  options: LogScriptOptions = {},
): LogScript {
  for (const directive of directives) checkForm(directive);
  const lastAction = directives.findLastIndex(isAction);
  if (lastAction === -1) throw new LogScriptError("no action directive specified");
  const script = readDirectives(directives, options);
  const extra = directives.slice(lastAction + 1);
  const warnings = extra.length === 0
    ? []
    : [`ignoring extraneous non-action directives: ${extra.join(" ")}`];
  const actions = script.stanzas.flatMap((stanza) => stanza.actions);
  return {
    ...script,
    warnings,
    needsTai64n: actions.some((action) => action.tai64n),
    needsLocal: actions.some((action) => action.local),
  };
}

function isAction(directive: string): boolean {
  return ACTIONS.includes(directive.charAt(0));
}

/** What can be said about a directive by itself. */
function checkForm(directive: string): void {
  const start = directive.charAt(0);
  if (start === "") throw new LogScriptError("unrecognized directive:  (it is empty)");
  if (!STARTS.includes(start)) {
    throw new LogScriptError(
      `unrecognized directive: ${directive} (a logdir begins with / or ., a regular expression with + or -)`,
    );
  }
  if (ALONE.includes(start) && directive.length > 1) {
    throw new LogScriptError(
      `syntax error at directive: ${directive} (nothing can follow ${start})`,
    );
  }
  if (start === "o" && directive !== "o" && directive !== "oj") {
    throw new LogScriptError(`syntax error at directive: ${directive} (it is o, or oj for JSON)`);
  }
  if (directive === "=") {
    throw new LogScriptError(
      "syntax error at directive: = (the name of the status file is missing)",
    );
  }
}

/**
 * @throws {LogScriptError} If a number or a regular expression is wrong, even behind the last
 *   action.
 */
function readDirectives(
  directives: readonly string[],
  options: LogScriptOptions,
): Pick<LogScript, "stanzas" | "logdirs"> {
  const stanzas: Stanza[] = [];
  const logdirs: LogdirSettings[] = [];
  let selections: Selection[] = [];
  let actions: LogAction[] = [];
  let control = LOG_CONTROL_START;
  let stamps = { tai64n: false, local: false };
  for (const directive of directives) {
    if (directive === "t") stamps = { ...stamps, tai64n: true };
    else if (directive === "T") stamps = { ...stamps, local: true };
    else if (isAction(directive)) {
      const known = isLogdir(directive)
        ? logdirs.findIndex(({ path }) => samePath(path, directive))
        : -1;
      if (isLogdir(directive) && known < 0) logdirs.push({ path: directive, ...control.logdir });
      const { alertBytes, statusBytes, prefix } = control;
      const logdir = known < 0 ? logdirs.length - 1 : known;
      actions.push(
        readAction(directive, { ...stamps, prefix }, { alertBytes, statusBytes, logdir }),
      );
      stamps = { tai64n: false, local: false };
    } else if (SELECTIONS.includes(directive.charAt(0))) {
      const selection = readSelection(directive, options);
      if (actions.length > 0) {
        stanzas.push({ selections, actions });
        selections = [];
        actions = [];
      }
      selections.push(selection);
    } else control = parseLogControl(control, directive);
  }
  if (actions.length > 0) stanzas.push({ selections, actions });
  return { stanzas, logdirs };
}

/** `./log`, `./log/` and `././/log` are one. */
function samePath(one: string, other: string): boolean {
  const parts = (path: string): string =>
    path.split("/").filter((part) => part !== "" && part !== ".").join("/");
  return one.startsWith("/") === other.startsWith("/") && parts(one) === parts(other);
}

function isLogdir(directive: string): boolean {
  return directive.startsWith("/") || directive.startsWith(".");
}

function readAction(
  directive: string,
  form: LineForm,
  now: { readonly alertBytes: number; readonly statusBytes: number; readonly logdir: number },
): LogAction {
  if (directive === "1") return { ...form, kind: "stdout" };
  if (directive.startsWith("o")) return { ...form, kind: "container", json: directive === "oj" };
  if (directive === "2") return { ...form, kind: "alert", sizeBytes: now.alertBytes };
  if (directive.startsWith("=")) {
    if (now.statusBytes > STATUS_BYTES_MAX) {
      throw new LogScriptError(
        `directive ${directive} conflicts with ^${now.statusBytes} (a status file has at most ${STATUS_BYTES_MAX} bytes)`,
      );
    }
    return { ...form, kind: "status", file: directive.slice(1), sizeBytes: now.statusBytes };
  }
  return { ...form, kind: "logdir", index: now.logdir };
}

function readSelection(directive: string, options: LogScriptOptions): Selection {
  if (directive === "f") return { kind: "f" };
  const pattern = directive.slice(1);
  const fault = options.patternFault?.(pattern);
  if (fault !== undefined) {
    throw new LogScriptError(`unrecognized directive: ${directive} (regular expression: ${fault})`);
  }
  return { kind: directive.startsWith("+") ? "+" : "-", pattern };
}
