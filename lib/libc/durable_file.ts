/** Bringing files to the disk and marking them, for logs. */
import { Turns } from "../core/turns.ts";
import { bindLibrary, call, checked } from "./bind.ts";

const libc = bindLibrary({
  fchmod: { parameters: ["i32", "u32"], result: "i32" },
});

const beside = bindLibrary({ fsync: { parameters: ["i32"], result: "i32", nonblocking: true } });

/** @throws {SyscallError} If the mode can't be changed. */
export function fchmod(fd: number, mode: number): void {
  checked(`change the mode of descriptor ${fd}`, call(libc.fchmod, fd, mode));
}

/**
 * So many threads at a time are enough for any disk. Without a bound a thousand logs that end together would want a thousand, and the runtime, whose
 * threads they are, would have none left to wait for events with.
 */
const MOST_THREADS = 8;
const turns = new Turns(MOST_THREADS);

/** fsync on another thread. Resolves to whether it worked; why it did not can't be told from there. */
export async function syncBeside(fd: number): Promise<boolean> {
  return await turns.take(() => beside.fsync(fd)) === 0;
}
