/**
 * Putting the lines that an action gets together: selected ones, each behind its stamps and prefix.
 */
import { COPY_SLACK, copyLine, copyShort } from "./core/line_words.ts";
import { type Block, viewOf } from "./block.ts";

/**
 * What was assembled last. One buffer serves all: whoever gets it writes it, or copies what must
 * wait.
 */
let scratch = new Uint8Array(0);

/** With room for so many bytes, and for what copies write behind their end. */
function scratchOf(sizeBytes: number): Uint8Array<ArrayBuffer> {
  if (scratch.length < sizeBytes + COPY_SLACK) {
    scratch = new Uint8Array(sizeBytes + (sizeBytes >> 3) + COPY_SLACK);
  }
  return scratch;
}

/** Longer lines are copied by a call. */
const SHORT_LINE = 512;

/** Copies the lines of `block` from `start` up to `end` to `into` of the scratch buffer. */
function copySpan(
  { bytes, view }: Block,
  start: number,
  end: number,
  out: DataView,
  into: number,
): void {
  if (end - start <= SHORT_LINE) copyShort(view, start, end, out, into);
  else scratch.set(bytes.subarray(start, end), into);
}

/**
 * The selected lines of a block, copied one behind the other. Runs of neighbours are copied
 * together.
 */
function copySelected(
  { bytes, starts, count }: Block,
  selected: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const out = scratchOf(bytes.length);
  let length = 0;
  for (let first = selected.indexOf(1); first >= 0 && first < count;) {
    const found = selected.indexOf(0, first);
    const end = found < 0 || found > count ? count : found;
    const run = bytes.subarray(starts[first]!, starts[end]!);
    out.set(run, length);
    length += run.length;
    first = selected.indexOf(1, end);
  }
  return out.subarray(0, length);
}

function copyBehindHead(
  block: Block,
  selected: Uint8Array,
  head: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const { bytes, starts, count } = block;
  const out = scratchOf(bytes.length + count * head.length);
  const [outView, headView] = [viewOf(out), viewOf(head)];
  let length = 0;
  for (let line = 0; line < count; line++) {
    if (selected[line] === 0) continue;
    copyShort(headView, 0, head.length, outView, length);
    length += head.length;
    const start = starts[line]!;
    const end = starts[line + 1]!;
    copySpan(block, start, end, outView, length);
    length += end - start;
  }
  return out.subarray(0, length);
}

/** From so many bytes on, what is assembled at a time has no further line. */
const ENOUGH = 1 << 19;

/**
 * The first of `lines`, which are whole, each behind `head`; valid until the next call. `end` is
 * where the others begin.
 */
export function assembleFirst(
  lines: Uint8Array<ArrayBuffer>,
  head: Uint8Array<ArrayBuffer>,
): { readonly assembled: Uint8Array<ArrayBuffer>; readonly end: number } {
  const [view, headView] = [viewOf(lines), viewOf(head)];
  const out = scratchOf(ENOUGH + head.length + lines.length);
  const outView = viewOf(out);
  let length = 0;
  let at = 0;
  while (at < lines.length && length < ENOUGH) {
    copyShort(headView, 0, head.length, outView, length);
    length += head.length;
    const next = copyLine(view, at, outView, length);
    length += next - at;
    at = next;
  }
  return { assembled: out.subarray(0, length), end: at };
}

/**
 * The selected lines of `block`, each behind `head`; valid until the next call.
 *
 * @param selected One byte a line: 1 if it is selected.
 */
export function assembleLines(
  block: Block,
  selected: Uint8Array,
  head: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  if (head.length > 0) return copyBehindHead(block, selected, head);
  return selected.includes(0) ? copySelected(block, selected) : block.bytes;
}

/**
 * The lines of `block` for several actions on one output: each line once for every action that it
 * is selected for, behind that one's head.
 */
export function assembleInterleaved(
  block: Block,
  parts: readonly { readonly selected: Uint8Array; readonly head: Uint8Array<ArrayBuffer> }[],
): Uint8Array<ArrayBuffer> {
  const { bytes, starts, count } = block;
  const out = scratchOf(
    parts.reduce((sum, { head }) => sum + bytes.length + count * head.length, 0),
  );
  const outView = viewOf(out);
  let length = 0;
  for (let line = 0; line < count; line++) {
    const [start, end] = [starts[line]!, starts[line + 1]!];
    for (const { selected, head } of parts) {
      if (selected[line] === 0) continue;
      out.set(head, length);
      length += head.length;
      copySpan(block, start, end, outView, length);
      length += end - start;
    }
  }
  return out.subarray(0, length);
}
