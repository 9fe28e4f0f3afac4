/** One result on standard output, with a newline unless -n forbids it. */
import type { Context } from "../context.ts";

const LF = 10;

/** Writes it in one go. @throws {BrokenPipe | SyscallError} If it can't be written. */
export function printLine(
  context: Context,
  bytes: Uint8Array<ArrayBuffer>,
  { newline }: { readonly newline: boolean },
): void {
  if (!newline) return context.out(bytes);
  const line = new Uint8Array(bytes.length + 1);
  line.set(bytes);
  line[bytes.length] = LF;
  context.out(line);
}
