/**
 * Lines as syslog(3) sends them: `<13>text`, where 13 is 8 times the facility plus the priority.
 * The names are those of C's table, where a warning is called `warn`. Source: glibc, sys/syslog.h;
 * s6, doc/ucspilogd.html, daemontools-extras/lolsyslog.c. Pure.
 */
import { withRoom } from "../../core/text/bytes.ts";

const LF = 10;
const LESS_THAN = 60;
const GREATER_THAN = 62;
const ZERO = 48;
const NINE = 57;
const AT_SIGN = 64;
const BLANK = 32;
const MAX_CODE = 0xffffffff;
const FACILITY_MASK = 0x7f;
const LOCAL0 = 16;

/** A stamp and a blank: where a line goes on that s6-tai64n has been over. */
const STAMP_BYTES = 26;
const LONGEST_NAME = 32;

const encoder = new TextEncoder();

const PRIORITIES = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];
const FACILITIES = [
  "kern",
  "user",
  "mail",
  "daemon",
  "auth",
  "syslog",
  "lpr",
  "news",
  "uucp",
  "cron",
  "authpriv",
  "ftp",
];

function facilityName(facility: number): string {
  if (facility >= LOCAL0 && facility < LOCAL0 + 8) return `local${facility - LOCAL0}`;
  return facility === LOCAL0 + 8 ? "mark" : FACILITIES[facility] ?? "unknown";
}

export interface SyslogCode {
  /** `user.notice: ` */
  readonly name: string;
  /** How many bytes it takes in the line. */
  readonly length: number;
}

/** The code that `line` has at `at`, or undefined. */
export function syslogCode(line: Uint8Array, at: number): SyslogCode | undefined {
  if (line[at] !== LESS_THAN) return undefined;
  let code = 0;
  let end = at + 1;
  for (; line[end]! >= ZERO && line[end]! <= NINE; end++) {
    code = code * 10 + line[end]! - ZERO;
    if (code > MAX_CODE) return undefined;
  }
  if (end === at + 1 || line[end] !== GREATER_THAN) return undefined;
  const facility = Math.floor(code / 8) & FACILITY_MASK;
  return { name: `${facilityName(facility)}.${PRIORITIES[code % 8]!}: `, length: end + 1 - at };
}

/**
 * `block`, which is whole lines, with `head` before each of them and names for their codes. A stamp
 * that s6-tai64n has put before a line stays before it.
 */
export function namedLines(block: Uint8Array, head: Uint8Array): Uint8Array<ArrayBuffer> {
  let out = new Uint8Array(2 * block.length);
  let length = 0;
  for (let start = 0; start < block.length;) {
    const end = block.indexOf(LF, start) + 1;
    const line = block.subarray(start, end);
    out = withRoom(out, length, line.length + head.length + LONGEST_NAME);
    const stamp = stampLength(line);
    out.set(line.subarray(0, stamp), length);
    length += stamp;
    out.set(head, length);
    length += head.length;
    const code = syslogCode(line, stamp);
    if (code !== undefined) length += encoder.encodeInto(code.name, out.subarray(length)).written;
    const text = line.subarray(stamp + (code?.length ?? 0));
    out.set(text, length);
    length += text.length;
    start = end;
  }
  return out.subarray(0, length);
}

/**
 * The length of a TAI64N stamp, and the blank behind it, that `line` begins with; the digits are
 * not looked at.
 */
function stampLength(line: Uint8Array): number {
  return line[0] === AT_SIGN && line.subarray(0, STAMP_BYTES).indexOf(BLANK) === STAMP_BYTES - 1
    ? STAMP_BYTES
    : 0;
}
