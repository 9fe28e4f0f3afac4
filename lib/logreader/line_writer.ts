/**
 * Lines as they are printed, in one of several forms. The newest second is remembered: most lines
 * are of the same one as the line before.
 */
import { formatCalendarTime } from "../core/time/calendar_time.ts";
import { logDocument, type TimeForm } from "../logdir/core/log_line_form.ts";
import { stampOf } from "../logdir/core/log_stamp.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { printable } from "../core/text/printable.ts";
import { type Tain, tainFromUnix } from "../core/time/tain.ts";
import { isoTime } from "../core/time/utc_time.ts";
import { localTime, unixTime } from "../libc/clock.ts";
import type { LogLine } from "./line_filter.ts";

const LF = 10;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

export interface LineForm {
  readonly time: TimeForm;
  readonly json: boolean;
  /** The names of services stand before their lines. */
  readonly named: boolean;
  /** For a terminal: what it would obey is written out. */
  readonly safe: boolean;
  paint(text: string, style: string): string;
}

export interface LineOrigin {
  readonly label: string;
  /** Undefined: there is none, the lines are kept in memory. */
  readonly logdir: string | undefined;
}

/** Unix seconds up to which the calendar has four digits for a year. */
const LAST_SECOND = 253_402_300_799;

export class LineWriter {
  readonly #form: LineForm;
  #second = Number.NaN;
  #secondText = "";

  constructor(form: LineForm) {
    this.#form = form;
  }

  /** The lines with a newline after each. */
  bytes(lines: readonly LogLine[], origin: LineOrigin): Uint8Array<ArrayBuffer> {
    const { json, named, paint } = this.#form;
    if (json) {
      return encoder.encode(
        lines.map((line) => `${JSON.stringify(documentOf(line, origin))}\n`).join(""),
      );
    }
    const label = named
      ? encodePath(`${paint(printable(origin.label), "name")}: `)
      : new Uint8Array(0);
    const parts = lines.map((line) => ({
      time: encoder.encode(this.#time(line)),
      text: this.#text(line),
    }));
    const output = new Uint8Array(
      parts.reduce((sum, { time, text }) => sum + time.length + label.length + text.length + 1, 0),
    );
    let at = 0;
    for (const { time, text } of parts) {
      for (const piece of [time, label, text]) {
        output.set(piece, at);
        at += piece.length;
      }
      output[at++] = LF;
    }
    return output;
  }

  #text({ bytes, stampBytes }: LogLine): Uint8Array {
    const text = bytes.subarray(stampBytes);
    return this.#form.safe ? encoder.encode(printable(decoder.decode(text))) : text;
  }

  #time(line: LogLine): string {
    const { time, paint } = this.#form;
    if (time === "none" || line.stampBytes === 0) return "";
    if (time === "raw") {
      return paint(decoder.decode(line.bytes.subarray(0, line.stampBytes)), "minor");
    }
    const text = time === "local" ? this.#local(line.at) : isoTime(exactTime(line)!) ?? "";
    return text === "" ? "" : paint(`${text} `, "minor");
  }

  /** `2026-11-24 06:30:00.123`. */
  #local(at: number): string {
    const second = Math.floor(at);
    if (second !== this.#second) {
      this.#second = second;
      this.#secondText = second < 0 || second > LAST_SECOND
        ? ""
        : formatCalendarTime(localTime(BigInt(second)));
    }
    if (this.#secondText === "") return "";
    // a stamp of .123 is .12299... as a fraction of two
    const milliseconds = Math.min(999, Math.floor((at - second) * 1000 + 1e-4));
    return `${this.#secondText}.${String(milliseconds).padStart(3, "0")}`;
  }
}

/** The moment to the nanosecond. */
function exactTime({ bytes, stampBytes }: LogLine): Tain | undefined {
  const stamp = stampBytes === 0 ? undefined : stampOf(bytes);
  if (stamp === undefined) return undefined;
  return stamp.kind === "tai64n" ? stamp.time : tainFromUnix(unixTime(stamp.time), stamp.nano);
}

/** The line as `hexad logs --json` prints it. */
export function documentOf(
  line: LogLine,
  { label, logdir }: LineOrigin,
): ReturnType<typeof logDocument> {
  return logDocument(
    { time: exactTime(line), text: decoder.decode(line.bytes.subarray(line.stampBytes)) },
    label,
    logdir ?? null,
  );
}
