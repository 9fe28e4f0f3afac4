/**
 * How a line of a log is shown: which form its moment has, and what names its service.
 * docs/log.schema.json describes the one for programs. Pure.
 */
import type { Tain } from "../../core/time/tain.ts";
import { isoTime } from "../../core/time/utc_time.ts";

/** The local time; UTC as ISO 8601 has it; the stamp as it is; nothing. */
export const TIME_FORMS = ["local", "iso", "raw", "none"] as const;
export type TimeForm = typeof TIME_FORMS[number];

export const LOG_FORMAT = 1;

export interface LogDocument {
  readonly format: typeof LOG_FORMAT;
  /** What the stamp says; null without one. */
  readonly time: string | null;
  readonly service: string;
  /** Null: there is none. */
  readonly directory: string | null;
  /** Without stamp and newline. */
  readonly text: string;
}

export function logDocument(
  line: { readonly time: Tain | undefined; readonly text: string },
  service: string,
  directory: string | null,
): LogDocument {
  return {
    format: LOG_FORMAT,
    time: line.time === undefined ? null : isoTime(line.time) ?? null,
    service,
    directory,
    text: line.text,
  };
}
