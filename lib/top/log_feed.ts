/**
 * The log of one service for a screen: its last lines, then what is written, as text in which no
 * control character is left.
 */
import { printable } from "../core/text/printable.ts";
import { KEPT_LINES } from "./core/top_step.ts";
import type { EventHub } from "../fifodir/hub.ts";
import type { KeptLog } from "../logreader/kept_source.ts";
import type { KeptOutput } from "../tree/kept_output.ts";
import { LineFilter } from "../logreader/line_filter.ts";
import type { LogLine } from "../logreader/line_filter.ts";
import { type LineOrigin, LineWriter } from "../logreader/line_writer.ts";
import { LogReading } from "../logreader/log_reading.ts";

const decoder = new TextDecoder();

export interface FedLog {
  readonly name: string;
  readonly logdirs: readonly string[];
  /** Of a service without a log directory: what is kept, and where more comes from. */
  readonly kept?: readonly KeptLog[];
  /** Is disposed of in the end. */
  readonly output?: KeptOutput;
}

/** Troubles are lines too. Told from the next turn of the event loop on. */
export function feedLog(
  { name, logdirs, kept, output }: FedLog,
  hub: EventHub,
  onLines: (lines: readonly string[]) => void,
): Disposable {
  const stack = new DisposableStack();
  stack.use(output);
  let over = false;
  stack.defer(() => over = true);
  const tell = (lines: readonly string[]): void => {
    if (!over && lines.length > 0) onLines(lines);
  };
  const linesOf = shownLog();
  const filter = stack.use(new LineFilter({}, undefined));
  const troubles: string[] = [];
  let begun = false;
  const reading = stack.use(
    new LogReading(logdirs.map((logdir) => ({ label: name, logdir })), filter, {
      onLines: (source, lines) => tell(linesOf(lines, source)),
      onTrouble: (text) => begun ? tell([printable(text)]) : troubles.push(printable(text)),
    }, kept),
  );
  const begin = async (): Promise<void> => {
    await Promise.resolve();
    begun = true;
    tell(troubles);
    await reading.tellHeld(KEPT_LINES);
    if (over) return;
    reading.follow(hub);
    output?.follow(hub, (lines) => reading.tellKept(lines));
  };
  begin().catch((error) => over || hub.fail(error));
  return stack;
}

/** What makes lines of a log into those of the screen. */
export function shownLog(): (lines: readonly LogLine[], origin: LineOrigin) => string[] {
  const writer = new LineWriter({
    time: "local",
    json: false,
    named: false,
    safe: true,
    paint: (text) => text,
  });
  return (lines, origin) => decoder.decode(writer.bytes(lines, origin)).split("\n").slice(0, -1);
}
