/** Putting the lines that an action gets together: selected ones, each behind its stamps and prefix. */
import type { Block } from "./block.ts";

/** What was assembled last. One buffer serves all: whoever gets it writes it, or copies what must wait. */
let scratch = new Uint8Array(0);

function scratchOf(sizeBytes: number): Uint8Array<ArrayBuffer> {
  if (scratch.length < sizeBytes) scratch = new Uint8Array(sizeBytes + (sizeBytes >> 2));
  return scratch;
}

/** The selected lines of a block, copied one behind the other. Runs of neighbours are copied together. */
function copySelected({ bytes, starts, count }: Block, selected: Uint8Array): Uint8Array<ArrayBuffer> {
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

function copyBehindHead({ bytes, starts, count }: Block, selected: Uint8Array, head: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = scratchOf(bytes.length + count * head.length);
  let length = 0;
  for (let line = 0; line < count; line++) {
    if (selected[line] === 0) continue;
    out.set(head, length);
    length += head.length;
    const start = starts[line]!;
    const end = starts[line + 1]!;
    out.set(bytes.subarray(start, end), length);
    length += end - start;
  }
  return out.subarray(0, length);
}

/**
 * The selected lines of `block`, each behind `head`; valid until the next call.
 *
 * @param selected One byte a line: 1 if it is selected.
 */
export function assembleLines(block: Block, selected: Uint8Array, head: Uint8Array): Uint8Array<ArrayBuffer> {
  if (head.length > 0) return copyBehindHead(block, selected, head);
  return selected.includes(0) ? copySelected(block, selected) : block.bytes;
}

/** The lines of `block` for several actions on one output: each line once for every action that it is selected for, behind that one's head. */
export function assembleInterleaved(
  block: Block,
  parts: readonly { readonly selected: Uint8Array; readonly head: Uint8Array }[],
): Uint8Array<ArrayBuffer> {
  const { bytes, starts, count } = block;
  const out = scratchOf(parts.reduce((sum, { head }) => sum + bytes.length + count * head.length, 0));
  let length = 0;
  for (let line = 0; line < count; line++) {
    for (const { selected, head } of parts) {
      if (selected[line] === 0) continue;
      out.set(head, length);
      length += head.length;
      out.set(bytes.subarray(starts[line]!, starts[line + 1]!), length);
      length += starts[line + 1]! - starts[line]!;
    }
  }
  return out.subarray(0, length);
}
