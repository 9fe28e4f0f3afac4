/**
 * Lines for the container's standard output, put together: each once for every `o` or `oj` that
 * selects it, with its service's name.
 */
import { withRoom } from "../core/text/bytes.ts";
import type { ServiceLineForm } from "../logreader/core/service_line.ts";
import { jsonLine, serviceHead } from "../logreader/core/service_line.ts";
import { isoTime } from "../core/time/utc_time.ts";
import { wallclock } from "../libc/clock.ts";
import type { Block } from "./block.ts";

/** What one directive does with a block. */
export interface ContainerDelivery {
  readonly json: boolean;
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

/** The bytes for the output; valid until the next call. */
export function containerLines(
  block: Block,
  deliveries: readonly ContainerDelivery[],
  form: ServiceLineForm,
): Uint8Array<ArrayBuffer> {
  const { bytes, starts, count } = block;
  const name = serviceHead(form);
  const time = isoTime(wallclock()) ?? "";
  used = 0;
  for (let i = 0; i < count; i++) {
    for (const { json, selected, head } of deliveries) {
      if (selected[i] === 0) continue;
      const line = bytes.subarray(starts[i]!, starts[i + 1]!);
      if (json) add(jsonLine(form.service, time, joined(head, line)));
      else [name, head, line].forEach(add);
    }
  }
  return scratch.subarray(0, used);
}

/** One line of our own in the same form. */
export function containerNote(
  text: string,
  json: boolean,
  form: ServiceLineForm,
): Uint8Array<ArrayBuffer> {
  const line = new TextEncoder().encode(`hexad: ${text}\n`);
  if (json) return jsonLine(form.service, isoTime(wallclock()) ?? "", line);
  return joined(serviceHead(form), line) as Uint8Array<ArrayBuffer>;
}
