/**
 * A datagram of syslog(3) as a line: NULs and newlines at its end are dropped, those within become
 * `~`, a code becomes a name. Source: s6, doc/s6-socklog.html. Where C keeps one byte more of a
 * datagram that is too long, this keeps as many as the page says. Pure.
 */
import { syslogCode } from "./syslog_line.ts";

const NUL = 0;
const LF = 10;
const TILDE = 126;

const encoder = new TextEncoder();

export interface DatagramForm {
  /** More than this is cut off, and the line ends in `...`. */
  readonly maxBytes: number;
  /** Leave codes as they are. */
  readonly raw: boolean;
}

/** What a line is longer by, at most, than its datagram was: name, sender, ellipsis, newline. */
export const DATAGRAM_LINE_EXTRA = 96;

/**
 * Writes the line for `datagram`, whose bytes may be changed, to `out`, where there has to be room.
 * Returns the line's length.
 *
 * @param head comes first, as it is
 */
export function writeDatagramLine(
  datagram: Uint8Array,
  head: string,
  form: DatagramForm,
  out: Uint8Array,
): number {
  let end = Math.min(datagram.length, form.maxBytes);
  while (end > 0 && (datagram[end - 1] === NUL || datagram[end - 1] === LF)) end--;
  for (let i = 0; i < end; i++) if (datagram[i] === NUL || datagram[i] === LF) datagram[i] = TILDE;
  const text = datagram.subarray(0, end);
  const code = form.raw ? undefined : syslogCode(text, 0);
  let length = encoder.encodeInto(head + (code?.name ?? ""), out).written;
  out.set(text.subarray(code?.length ?? 0), length);
  length += end - (code?.length ?? 0);
  length +=
    encoder.encodeInto(datagram.length > form.maxBytes ? "...\n" : "\n", out.subarray(length))
      .written;
  return length;
}
