/**
 * Tells deaths by the kernel's out-of-memory killer from other deaths by SIGKILL: the count that it
 * keeps for our cgroup has risen. The count is looked at once in the beginning and at such deaths,
 * so nothing is spent on it otherwise; and it says how many were killed, not who. So a kill that
 * nobody claims at that time was of a process that is not ours to tell of, and is forgotten.
 */
import { oomCountFiles, parseOomKills } from "./core/cgroup_memory.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { SyscallError } from "../libc/bind.ts";
import { readSmallFile } from "../libc/small_file.ts";

const MAX_FILE_BYTES = 4096;
/** Those that the kernel kills together die within this time. */
const CLAIM_LASTS_MS = 1000;

function readText(path: string): string | undefined {
  try {
    const bytes = readSmallFile(path, MAX_FILE_BYTES);
    return bytes === undefined ? undefined : decodePath(bytes);
  } catch (error) {
    // not for us to read: then nothing is known
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

export class OomCounter {
  readonly #read: (path: string) => string | undefined;
  #file: string | undefined;
  /** The count when it was last looked at. */
  #seen: number | undefined;
  #unclaimed = 0;
  #seenAtMs = 0;

  /** @param read gives the text of a file, `undefined` if it can't be read */
  constructor(read: (path: string) => string | undefined = readText) {
    this.#read = read;
  }

  /** Reads the count: earlier kills belong to no service. */
  mark(): void {
    const candidates = oomCountFiles(this.#read("/proc/self/cgroup") ?? "");
    this.#file = candidates.find((file) => parseOomKills(this.#read(file) ?? "") !== undefined);
    this.#seen = this.#count();
  }

  #count(): number | undefined {
    return this.#file === undefined ? undefined : parseOomKills(this.#read(this.#file) ?? "");
  }

  /**
   * Has the kernel killed one since this was last asked, or since the mark? One kill is one yes.
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
