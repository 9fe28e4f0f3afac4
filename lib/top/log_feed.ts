/**
 * The log of one service for a screen: its last lines, then what is written, as text in which no
 * control character is left.
 */
import { printable } from "../core/text/printable.ts";
import { KEPT_LINES } from "./core/top_step.ts";
import type { EventHub } from "../fifodir/hub.ts";
import { LineFilter } from "../logreader/line_filter.ts";
import { LineWriter } from "../logreader/line_writer.ts";
import { LogReading } from "../logreader/log_reading.ts";

const decoder = new TextDecoder();

/** Troubles are lines too. Told from the next turn of the event loop on. */
export function feedLog(
  { name, logdirs }: { readonly name: string; readonly logdirs: readonly string[] },
  hub: EventHub,
  onLines: (lines: readonly string[]) => void,
): Disposable {
  const stack = new DisposableStack();
  let over = false;
  stack.defer(() => over = true);
  const tell = (lines: readonly string[]): void => {
    if (!over && lines.length > 0) onLines(lines);
  };
  const writer = new LineWriter({
    time: "local",
    json: false,
    named: false,
    safe: true,
    paint: (text) => text,
  });
  const filter = stack.use(new LineFilter({}, undefined));
  const troubles: string[] = [];
  let begun = false;
  const reading = stack.use(
    new LogReading(logdirs.map((logdir) => ({ label: name, logdir })), filter, {
      onLines: (source, lines) =>
        tell(decoder.decode(writer.bytes(lines, source)).split("\n").slice(0, -1)),
      onTrouble: (text) => begun ? tell([printable(text)]) : troubles.push(printable(text)),
    }),
  );
  const begin = async (): Promise<void> => {
    await Promise.resolve();
    begun = true;
    tell(troubles);
    await reading.tellHeld(KEPT_LINES);
    if (!over) reading.follow(hub);
  };
  begin().catch((error) => over || hub.fail(error));
  return stack;
}
