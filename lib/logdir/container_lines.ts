/**
 * Lines for the container's standard output, put together: each once for every `o`, `oj` or `ot`
 * that selects it, with its service's name.
 */
import { withRoom } from "../core/text/bytes.ts";
import type { OutputForm, ServiceLineForm } from "../logreader/core/service_line.ts";
import { jsonLine, serviceHead } from "../logreader/core/service_line.ts";
import { isoTime } from "../core/time/utc_time.ts";
import type { Tain } from "../core/time/tain.ts";
import { wallclock } from "../libc/clock.ts";
import type { Block } from "./block.ts";
import { timeOfDay } from "./local_stamp.ts";

/** What one directive does with a block. */
export interface ContainerDelivery {
  readonly form: OutputForm;
  /** One byte a line: 1 if it is selected. */
  readonly selected: Uint8Array;
  /** Stamps and prefix of the script. */
  readonly head: Uint8Array<ArrayBuffer>;
}

/** One buffer serves all: whoever gets it writes it, or copies what must wait. */
let scratch = new Uint8Array(0);
let used = 0;

function add(bytes: Uint8Array): void {
  scratch = withRoom(scratch, used, bytes.length);
  scratch.set(bytes, used);
  used += bytes.length;
}

function joined(head: Uint8Array, line: Uint8Array): Uint8Array {
  if (head.length === 0) return line;
  const both = new Uint8Array(head.length + line.length);
  both.set(head);
  both.set(line, head.length);
  return both;
}

const NOTHING = new Uint8Array(0);

/** Adds a line, whose own head comes first, in that form. */
function shapeOf(
  output: OutputForm,
  form: ServiceLineForm,
  now: Tain,
): (head: Uint8Array, line: Uint8Array) => void {
  if (output.kind === "json") {
    const time = isoTime(now) ?? "";
    return (head, line) => add(jsonLine(form.service, time, joined(head, line)));
  }
  const name = output.kind === "time"
    ? serviceHead(form, { time: timeOfDay(now), width: output.width })
    : serviceHead(form);
  return (head, line) => [name, head, line].forEach(add);
}

/** The bytes for the output; valid until the next call. */
export function containerLines(
  block: Block,
  deliveries: readonly ContainerDelivery[],
  form: ServiceLineForm,
): Uint8Array<ArrayBuffer> {
  const { bytes, starts, count } = block;
  const now = wallclock();
  const shaped = deliveries.map((delivery) => ({
    ...delivery,
    shape: shapeOf(delivery.form, form, now),
  }));
  used = 0;
  for (let i = 0; i < count; i++) {
    for (const { shape, selected, head } of shaped) {
      if (selected[i] === 0) continue;
      const line = bytes.subarray(starts[i]!, starts[i + 1]!);
      shape(head, line);
    }
  }
  return scratch.subarray(0, used);
}

/** One line of our own in the same form. */
export function containerNote(
  text: string,
  output: OutputForm,
  form: ServiceLineForm,
): Uint8Array<ArrayBuffer> {
  used = 0;
  shapeOf(output, form, wallclock())(NOTHING, new TextEncoder().encode(`hexad: ${text}\n`));
  return scratch.slice(0, used);
}
