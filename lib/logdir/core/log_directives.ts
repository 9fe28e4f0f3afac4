/**
 * The one table of the directives of a logging script: how each is written, what it means, and what
 * it does to the script that is being read. The engine, `hexad check` and `hexad help logs` use it.
 *
 * Numbers are unsigned decimals that fill the directive: no sign, no blank, no unit. A file size
 * outside 4096..268435455 is moved to the nearer end; the tolerance is held against the file size
 * set so far, not against one set later. Source: s6, doc/s6-log.html; daemontools-extras/s6-log.c,
 * script_secondpass; skalibs, uint320_scan, uint640_scan, tain_from_millisecs. Pure.
 */
import type { OutputForm } from "../../logreader/core/service_line.ts";
import { type LogControl, type LogdirSettings, LogScriptError } from "./log_control.ts";
import type { LineForm, LogAction, LogScriptOptions, Selection, Stanza } from "./log_script.ts";

/** A script as far as it has been read. */
export interface ScriptDraft {
  readonly stanzas: Stanza[];
  readonly logdirs: LogdirSettings[];
  selections: Selection[];
  actions: LogAction[];
  control: LogControl;
  /** Of the next action. */
  stamps: Pick<LineForm, "tai64n" | "local">;
}

export interface LogDirective {
  /** How it is written. */
  readonly form: string;
  /** What it does, for `hexad help logs`. */
  readonly text: string;
  /** An action ends what may come before it; all others hold for actions after them. */
  readonly isAction: boolean;
  /** What can be said against it by itself. */
  readonly formFault?: (directive: string) => string | undefined;
  /** @throws {LogScriptError} If what follows the letter is wrong. */
  readonly read: (draft: ScriptDraft, directive: string, options: LogScriptOptions) => void;
}

const SIZE_MIN = 4096;
const SIZE_MAX = 268435455;
const UINT32_MAX = 2n ** 32n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;
const INT_MAX = 2n ** 31n - 1n; // tain_from_millisecs takes an int
/** What is padded is made in memory. C makes it on its stack, and dies a little below this. */
const STATUS_BYTES_MAX = 8 << 20;

const standsAlone = (directive: string): string | undefined =>
  directive.length > 1 ? `(nothing can follow ${directive.charAt(0)})` : undefined;

/** A directive that sets something for all later actions. */
function control(
  form: string,
  text: string,
  set: (directive: string, before: LogControl) => Partial<LogControl>,
): LogDirective {
  return {
    form,
    text,
    isAction: false,
    read(draft, directive): void {
      draft.control = { ...draft.control, ...set(directive, draft.control) };
    },
  };
}

/** A directive that sets something for all later log directories. */
function logdirControl(
  form: string,
  text: string,
  set: (directive: string, before: LogControl["logdir"]) => Partial<LogControl["logdir"]>,
): LogDirective {
  return control(form, text, (directive, { logdir }) => ({
    logdir: { ...logdir, ...set(directive, logdir) },
  }));
}

/** A stamp for the next action. */
function stamp(form: string, text: string, which: Partial<ScriptDraft["stamps"]>): LogDirective {
  return {
    form,
    text,
    isAction: false,
    formFault: standsAlone,
    read(draft): void {
      draft.stamps = { ...draft.stamps, ...which };
    },
  };
}

function action(
  form: string,
  text: string,
  make: (directive: string, draft: ScriptDraft, line: LineForm) => LogAction,
  formFault?: LogDirective["formFault"],
): LogDirective {
  return {
    form,
    text,
    isAction: true,
    ...(formFault === undefined ? {} : { formFault }),
    read(draft, directive): void {
      const line = { ...draft.stamps, prefix: draft.control.prefix };
      draft.actions.push(make(directive, draft, line));
      draft.stamps = { tai64n: false, local: false };
    },
  };
}

/** A selection; the first one behind actions begins a stanza. */
function selection(
  form: string,
  text: string,
  make: (directive: string, options: LogScriptOptions) => Selection,
  formFault?: LogDirective["formFault"],
): LogDirective {
  return {
    form,
    text,
    isAction: false,
    ...(formFault === undefined ? {} : { formFault }),
    read(draft, directive, options): void {
      const selected = make(directive, options);
      endStanza(draft);
      draft.selections.push(selected);
    },
  };
}

/** What has been read so far is a stanza, if it has an action. */
export function endStanza(draft: ScriptDraft): void {
  if (draft.actions.length === 0) return;
  draft.stanzas.push({ selections: draft.selections, actions: draft.actions });
  draft.selections = [];
  draft.actions = [];
}

const LOGDIR = action(
  "DIR",
  "into that log directory, which begins with / or .; its file current is the newest",
  (directive, { logdirs, control }, line) => {
    const known = logdirs.findIndex(({ path }) => samePath(path, directive));
    if (known < 0) logdirs.push({ path: directive, ...control.logdir });
    return { ...line, kind: "logdir", index: known < 0 ? logdirs.length - 1 : known };
  },
);

const matching = (kind: "+" | "-") => (directive: string, options: LogScriptOptions): Selection => {
  const pattern = directive.slice(1);
  const fault = options.patternFault?.(pattern);
  if (fault !== undefined) {
    throw new LogScriptError(`unrecognized directive: ${directive} (regular expression: ${fault})`);
  }
  return { kind, pattern };
};

/** A processor for later log directories; a command that is empty: none. */
function processor(form: string, text: string, shell: boolean): LogDirective {
  return control(form, text, (directive, { logdir: { processor: _, ...rest } }) => {
    const command = directive.slice(1);
    return { logdir: command === "" ? rest : { ...rest, processor: { command, shell } } };
  });
}

/** By the character that each begins with. */
export const LOG_DIRECTIVES: Readonly<Record<string, LogDirective>> = {
  "+": selection("+REGEX", "take the lines that match", matching("+")),
  "-": selection("-REGEX", "leave out the lines that match", matching("-")),
  "f": selection("f", "take what no action has had yet", () => ({ kind: "f" }), standsAlone),
  "t": stamp("t", "a TAI64N stamp before each line of the next action", { tai64n: true }),
  "T": stamp("T", "a readable stamp, of local time", { local: true }),
  "p": control("pTEXT", "TEXT: before each line; p alone: no more", (directive) => ({
    prefix: directive.slice(1),
  })),
  "n": logdirControl("nN", "keep so many archives (10)", (directive) => ({
    archivesMax: number(directive, UINT32_MAX),
  })),
  "s": logdirControl("sBYTES", "a new file after so many bytes (99999)", (directive) => ({
    sizeBytes: Math.min(Math.max(number(directive, UINT32_MAX), SIZE_MIN), SIZE_MAX),
  })),
  "l": logdirControl(
    "lBYTES",
    "or so much sooner, where a line ends (2000)",
    (directive, { sizeBytes }) => ({ toleranceBytes: tolerance(directive, sizeBytes) }),
  ),
  "R": logdirControl("RSECONDS", "a new file after so many seconds, too (0: no)", (directive) => ({
    rotateSeconds: number(directive, UINT32_MAX),
  })),
  "S": logdirControl("SBYTES", "of all archives together, at most (0: no limit)", (directive) => ({
    totalBytes: number(directive, UINT64_MAX),
  })),
  "r": logdirControl("rMS", "after an error of the disk, try again so much later (2000)", (
    directive,
  ) => ({ retryMs: number(directive, INT_MAX) })),
  "!": processor("!COMMAND", "run each finished file through it, by execlineb", false),
  "?": processor("?COMMAND", "the same by sh", true),
  "E": control("EBYTES", "so much of a line for 2 (200; 0: all of it)", (directive) => ({
    alertBytes: number(directive, UINT32_MAX),
  })),
  "^": control("^BYTES", "the size of a status file (1001; 0: that of the line)", (directive) => ({
    statusBytes: number(directive, UINT32_MAX),
  })),
  "1": action(
    "1",
    "to standard output",
    (_, __, line) => ({ ...line, kind: "stdout" }),
    standsAlone,
  ),
  "2": action(
    "2",
    "to standard error, as an alert",
    (_, { control }, line) => ({ ...line, kind: "alert", sizeBytes: control.alertBytes }),
    standsAlone,
  ),
  "o": action(
    "o, oj, ot",
    "to the container's output, with the service's name; oj: as JSON; ot: with the time of day too",
    (directive, _, line) => ({ ...line, kind: "container", form: outputFormOf(directive) }),
    (directive) =>
      /^o(?:j|t\d{0,3})?$/.test(directive)
        ? undefined
        : "(it is o, oj for JSON, or ot for the time of day)",
  ),
  "=": action(
    "=FILE",
    "the latest line alone, in that status file",
    (directive, { control: { statusBytes } }, line) => {
      if (statusBytes > STATUS_BYTES_MAX) {
        throw new LogScriptError(
          `directive ${directive} conflicts with ^${statusBytes} (a status file has at most ${STATUS_BYTES_MAX} bytes)`,
        );
      }
      return { ...line, kind: "status", file: directive.slice(1), sizeBytes: statusBytes };
    },
    (directive) => directive === "=" ? "(the name of the status file is missing)" : undefined,
  ),
  ".": LOGDIR,
  "/": LOGDIR,
};

/** The directive for the container's standard output. */
export function outputDirective(form: OutputForm): string {
  if (form.kind === "time") return `ot${form.width}`;
  return form.kind === "json" ? "oj" : "o";
}

function outputFormOf(directive: string): OutputForm {
  if (directive === "oj") return { kind: "json" };
  return directive === "o" ? { kind: "name" } : { kind: "time", width: Number(directive.slice(2)) };
}

/** The directive that a word is. @throws {LogScriptError} If it is none, or malformed by itself. */
export function directiveOf(word: string): LogDirective {
  const start = word.charAt(0);
  if (start === "") throw new LogScriptError("unrecognized directive:  (it is empty)");
  if (!Object.hasOwn(LOG_DIRECTIVES, start)) {
    throw new LogScriptError(
      `unrecognized directive: ${word} (a logdir begins with / or ., a regular expression with + or -)`,
    );
  }
  const directive = LOG_DIRECTIVES[start]!;
  const fault = directive.formFault?.(word);
  if (fault !== undefined) throw new LogScriptError(`syntax error at directive: ${word} ${fault}`);
  return directive;
}

/** `./log`, `./log/` and `././/log` are one. */
function samePath(one: string, other: string): boolean {
  const parts = (path: string): string =>
    path.split("/").filter((part) => part !== "" && part !== ".").join("/");
  return one.startsWith("/") === other.startsWith("/") && parts(one) === parts(other);
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
