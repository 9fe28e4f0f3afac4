/** What a text has to be for some keys, and how that is said. Pure. */
import { signalNumber } from "../../core/linux/signals.ts";
import { parseEndpoint, parseHttpUrl, parseStatuses } from "../../health/core/check_target.ts";
import { nameFault } from "../../importer/core/service_plan.ts";
import { LogScriptError } from "../../logdir/core/log_control.ts";
import { directiveOf } from "../../logdir/core/log_directives.ts";
import { parseCondition } from "../../servicedir/core/start_condition.ts";
import { parseExitCodes, parseMaxRestarts } from "../../servicedir/core/restart_values.ts";
import { composeSizeBytes, SIZE_PATTERN } from "./compose_units.ts";
import type { TextForm } from "./value_types.ts";

interface FormRow {
  isSound(text: string): boolean;
  /** Follows "this is no ...". */
  readonly what: string;
  /** For the JSON schema, where a pattern says it. */
  readonly pattern?: string;
}

/** `no`, `always`, `unless-stopped`, `on-failure` and `on-failure:N`. */
const RESTART = /^(?:no|always|unless-stopped|on-failure(?::\d{1,4})?)$/;
/** `USER`, `USER:GROUP` and `:GROUP`. */
const USER = /^(?!:$)[^\s:]*(?::[^\s:]+)?$/;
const OCTAL = /^0?[0-7]{3}$/;

export const TEXT_FORMS: Readonly<Record<TextForm, FormRow>> = {
  "absolute path": {
    isSound: (text) => text.startsWith("/") && !text.includes("\0"),
    what: "absolute path",
    pattern: "^/",
  },
  path: { isSound: (text) => text !== "", what: "path" },
  endpoint: {
    isSound: (text) => parseEndpoint(text) !== undefined,
    what: "address; write PORT or HOST:PORT, and an address of IPv6 in brackets",
  },
  "http address": {
    isSound: (text) => parseHttpUrl(text) !== undefined,
    what: "address of HTTP; write http://127.0.0.1:8080/health",
  },
  statuses: {
    isSound: (text) => parseStatuses(text) !== undefined,
    what: "statuses of HTTP; write 200 or 200-299,404",
  },
  condition: {
    isSound: (text) => parseCondition(text) !== undefined,
    what: "condition; write VAR, !VAR, VAR=value or exists /PATH",
  },
  "log directive": {
    isSound: isLogDirective,
    what: "directive of s6-log, such as -debug, +error or n5",
  },
  "service name": {
    isSound: (text) => nameFault(text) === undefined,
    what: "name of a service",
  },
  user: {
    isSound: (text) => text !== "" && USER.test(text),
    what: "user; write USER or USER:GROUP",
    pattern: "^[^\\s:]*(:[^\\s:]+)?$",
  },
  restart: {
    isSound: (text) => RESTART.test(text),
    what: "restart policy; there are no, always, on-failure, on-failure:N, unless-stopped",
    pattern: RESTART.source,
  },
  signal: {
    isSound: (text) => signalNumber(text) !== undefined,
    what: "signal; write SIGTERM, SIGINT or another name",
  },
  octal: { isSound: (text) => OCTAL.test(text), what: "mask such as 022", pattern: OCTAL.source },
  restarts: {
    isSound: (text) => parseMaxRestarts(text) !== undefined,
    what: "N/SECONDS, such as 5/60",
    pattern: "^\\d+/\\d+$",
  },
  "exit code": {
    isSound: (text) => /^\S+$/.test(text) && parseExitCodes(text) !== undefined,
    what: "exit code from 0 to 255, and no signal such as SIGTERM",
  },
  size: {
    isSound: (text) => composeSizeBytes(text) !== undefined,
    what: "size; write 500k, 64m or 1g",
    pattern: SIZE_PATTERN,
  },
};

function isLogDirective(text: string): boolean {
  try {
    directiveOf(text);
    return true;
  } catch (error) {
    if (error instanceof LogScriptError) return false;
    throw error;
  }
}
