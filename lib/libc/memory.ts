/**
 * Giving memory back once the work of starting is done: a supervisor then lives for months and
 * touches little of the runtime's 90 MB of program. Source: madvise(2), malloc_trim(3), proc(5).
 */
import { bindLibrary } from "./bind.ts";

const MADV_DONTNEED = 4;

const libc = bindLibrary({
  madvise: {
    parameters: [
      "pointer", // void *addr
      "usize", // size_t length
      "i32", // int advice
    ],
    result: "i32",
  },
  malloc_trim: { parameters: ["usize"], result: "i32" },
});

const PAGE = 4096n;

/**
 * Gives the whole pages of `bytes` back to the kernel. What was in there is zero afterwards, or
 * still there.
 */
export function forgetContents(bytes: Uint8Array<ArrayBuffer>): void {
  const start = Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes));
  const firstPage = (start + PAGE - 1n) / PAGE * PAGE;
  const length = (start + BigInt(bytes.length)) / PAGE * PAGE - firstPage;
  // SAFETY: private memory without a file, of which nobody needs the content.
  if (length > 0n) libc.madvise(Deno.UnsafePointer.create(firstPage), length, MADV_DONTNEED);
}

interface Mapping {
  readonly start: bigint;
  readonly end: bigint;
}

/**
 * The mappings of files that hold nothing of our own: not writable, and no page of them was ever
 * changed. What the loader has relocated is not among them, and must not be.
 */
function pristineFileMappings(smaps: string): Mapping[] {
  const mappings: Mapping[] = [];
  for (const block of smaps.split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/)) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) r-[x-]p [0-9a-f]+ [0-9a-f:]+ ([1-9][0-9]*) /.exec(block);
    if (head === null || !/^Anonymous: +0 kB$/m.test(block)) continue;
    mappings.push({ start: BigInt(`0x${head[1]}`), end: BigInt(`0x${head[2]}`) });
  }
  return mappings;
}

function readSmaps(): string {
  try {
    return Deno.readTextFileSync("/proc/self/smaps");
  } catch {
    return ""; // no /proc, or a kernel that doesn't tell: then nothing is given back
  }
}

/**
 * A heap up to this size holds little that only the start needed, and collecting it would take ten
 * milliseconds for a megabyte.
 */
const SMALL_HEAP_BYTES = 10.5 * 1024 * 1024;

type Collect = (options: { readonly type: "major"; readonly flavor: "last-resort" }) => void;

/**
 * Collects garbage and moves what lives together, since pages that are half empty count in full.
 * The flag that gives us `gc` is in tools/build/compile.ts.
 */
export function collectGarbage(): void {
  const { gc } = globalThis as { gc?: Collect };
  gc?.({ type: "major", flavor: "last-resort" });
}

function compactLargeHeap(): void {
  if (Deno.memoryUsage().heapTotal > SMALL_HEAP_BYTES) collectGarbage();
}

/**
 * Lets go of memory that only the start needed. The kernel brings a page of the program back when
 * it is touched again.
 */
export function releaseStartupMemory(): void {
  compactLargeHeap();
  libc.malloc_trim(0n);
  for (const { start, end } of pristineFileMappings(readSmaps())) {
    // SAFETY: pages that are equal to the file's; after this call they are read from it again.
    libc.madvise(Deno.UnsafePointer.create(start), end - start, MADV_DONTNEED);
  }
}
