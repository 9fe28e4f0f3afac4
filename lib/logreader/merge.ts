/**
 * The lines of several sources in the order of their moments; those of one source stay in their
 * order, whatever their stamps say.
 */
import { MergeHeap } from "./core/merge_heap.ts";
import type { LogLine } from "./line_filter.ts";

/** A run of lines of one source. */
export interface MergedLines {
  readonly source: number;
  readonly lines: readonly LogLine[];
}

/** Runs are not longer than this, so that what is waiting is little. */
const MAX_RUN = 512;

interface Head {
  readonly batches: AsyncIterator<LogLine[]>;
  batch: readonly LogLine[];
  next: number;
}

/** Whether the source has a next line; reads more of it if need be. */
async function fill(head: Head): Promise<boolean> {
  while (head.next >= head.batch.length) {
    const { done, value } = await head.batches.next();
    if (done) return false;
    head.batch = value;
    head.next = 0;
  }
  return true;
}

export async function* merged(
  sources: readonly AsyncIterator<LogLine[]>[],
): AsyncGenerator<MergedLines> {
  const heads: Head[] = sources.map((batches) => ({ batches, batch: [], next: 0 }));
  const heap = new MergeHeap();
  for (const [source, head] of heads.entries()) {
    if (await fill(head)) heap.push(source, head.batch[head.next]!.at);
  }
  while (heap.size > 0) {
    const source = heap.first!;
    const head = heads[source]!;
    const lines: LogLine[] = [];
    // as long as the next line is this source's too
    do {
      lines.push(head.batch[head.next++]!);
      if (head.next >= head.batch.length) break;
      heap.replaceFirst(head.batch[head.next]!.at);
    } while (heap.first === source && lines.length < MAX_RUN);
    if (head.next >= head.batch.length) {
      if (await fill(head)) heap.replaceFirst(head.batch[head.next]!.at);
      else heap.pop();
    }
    yield { source, lines };
  }
}
