/** What `hexad run` and `hexad up` say of their tree, in the form of the lines of services. */
import { wallclock } from "../../../lib/libc/clock.ts";
import { lineForm } from "../../../lib/logdir/descriptor_output.ts";
import { timeOfDay } from "../../../lib/logdir/local_stamp.ts";
import { serviceHead } from "../../../lib/logreader/core/service_line.ts";
import { concat } from "../../../lib/logreader/line_blocks.ts";
import type { Context } from "../../context.ts";

/** The name before lines about the tree itself, as wide as foreman makes names at least. */
const OURSELVES = "system";

/** As wide as the longest name, ours included. */
export function widthOf(names: readonly string[]): number {
  return Math.max(OURSELVES.length, ...names.map((name) => name.length));
}

/** Writes a line about the tree to standard output. */
export function noteWriter(context: Context, width: number): (text: string) => void {
  const form = lineForm(OURSELVES, context.stdout);
  return (text) => {
    const head = serviceHead(form, { time: timeOfDay(wallclock()), width });
    // in one piece: the log host writes there too
    context.out(concat(head, new TextEncoder().encode(`${text}\n`)));
  };
}
