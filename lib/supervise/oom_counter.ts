/**
 * Distinguishes deaths by the kernel's out-of-memory killer from other deaths by SIGKILL: after the
 * former, the kernel's count for our cgroup has risen. We read the count only at the beginning and
 * at deaths by SIGKILL, so it costs nothing otherwise. It says how many processes were killed, but
 * not which. So a kill that no service claims in time is taken to be of some other process, and is
 * forgotten.
 */
import { oomCountFiles, parseOomKills } from "./core/cgroup_memory.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { SyscallError } from "../libc/bind.ts";
import { readSmallFile } from "../libc/small_file.ts";

const MAX_FILE_BYTES = 4096;
/** Processes that the kernel kills together die within this time. */
const CLAIM_LASTS_MS = 1000;

function readText(path: string): string | undefined {
  try {
    const bytes = readSmallFile(path, MAX_FILE_BYTES);
    return bytes === undefined ? undefined : decodePath(bytes);
  } catch (error) {
    // we may not read it, so nothing is known
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

export class OomCounter {
  readonly #read: (path: string) => string | undefined;
  #file: string | undefined;
  /** The count at the last reading. */
  #seen: number | undefined;
  #unclaimed = 0;
  #seenAtMs = 0;

  /** @param read Returns the text of a file, `undefined` if it can't be read */
  constructor(read: (path: string) => string | undefined = readText) {
    this.#read = read;
  }

  /** Reads the count, so that earlier kills count for no service. */
  mark(): void {
    const candidates = oomCountFiles(this.#read("/proc/self/cgroup") ?? "");
    this.#file = candidates.find((file) => parseOomKills(this.#read(file) ?? "") !== undefined);
    this.#seen = this.#count();
  }

  #count(): number | undefined {
    return this.#file === undefined ? undefined : parseOomKills(this.#read(this.#file) ?? "");
  }

  /**
   * Whether the kernel has killed a process since the last call, or since the mark. Each kill gives
   * one true.
   */
  claim(nowMs: number): boolean {
    if (this.#seen === undefined) {
      this.mark();
      return false;
    }
    if (nowMs - this.#seenAtMs > CLAIM_LASTS_MS) this.#unclaimed = 0;
    const count = this.#count() ?? this.#seen;
    if (count > this.#seen) {
      this.#unclaimed += count - this.#seen;
      this.#seenAtMs = nowMs;
    }
    this.#seen = count;
    if (this.#unclaimed === 0) return false;
    this.#unclaimed--;
    return true;
  }
}
