/** What svlogd and multilog share: a logger with their stamps, which count no leap seconds. */
import { stampOfOld } from "../../lib/compat/core/old_stamp.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import { unixMs } from "../../lib/libc/clock.ts";
import type { LogScript } from "../../lib/logdir/core/log_script.ts";
import type { LoggerOptions } from "../../lib/logdir/logger.ts";
import type { Context } from "../context.ts";
import { type LoggerRun, runLogger } from "../log/run_logger.ts";

/** As multilog waits for the rest of a line when it is told to end: for ever. */
const LAST_LINE_MS = 0;
const SVLOGD_FRACTION_DIGITS = 5;

/** How a moment is written: for multilog and svlogd -t; for -tt; for -ttt. */
export type OldStampForm = "tai64n" | "_" | "T";

export function oldHead(stamp: OldStampForm): NonNullable<LoggerOptions["head"]> {
  return ({ tai64n, prefix }) => encodePath(`${tai64n ? `${stampNow(stamp)} ` : ""}${prefix}`);
}

function stampNow(form: OldStampForm): string {
  const now = unixMs();
  if (form === "tai64n") return stampOfOld(now);
  const [date, time] = new Date(now).toISOString().slice(0, -1).split("T");
  const [seconds, milliseconds] = time!.split(".");
  const below = Math.floor((now % 1) * 100).toString().padStart(2, "0");
  return `${date}${form}${seconds}.${`${milliseconds}${below}`.slice(0, SVLOGD_FRACTION_DIGITS)}`;
}

export function runOldLogger(
  context: Context,
  script: LogScript,
  run: Pick<LoggerRun, "head" | "prepare" | "signals">,
): Promise<void> {
  return runLogger(context, script, {
    ...run,
    lineLimit: 0,
    holdBack: true,
    lastLineMs: LAST_LINE_MS,
    form: () => ({ service: "", colours: false }),
    warn: context.warn,
    alertHead: "",
  });
}
