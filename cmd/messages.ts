/**
 * Standard output and standard error of a command.
 *
 * A message on standard error is one write, and it never waits: a reader that is stuck must not
 * stop a supervisor. What could not be said is counted, and the next message that finds room tells
 * how many are missing.
 */
import { poll, POLLOUT } from "../lib/libc/fd.ts";
import { encodePath } from "../lib/core/text/path_bytes.ts";
import { writeFully } from "../lib/files/output.ts";
import { write } from "../lib/libc/file.ts";

const PIPE_BUF = 4096;
const LF = 10;

let unsaid = 0;

// deno-lint-ignore no-control-regex -- they are what is being looked for
const CONTROL = /[\x00-\x1f\x7f]/g;

function hasRoom(fd: number): boolean {
  return (poll([{ fd, events: POLLOUT }], 0)[0]! & POLLOUT) !== 0;
}

/** The bytes of a line, cut so that one write brings it whole or not at all. */
function lineBytes(text: string): Uint8Array<ArrayBuffer> {
  const line = text.replace(CONTROL, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
  const bytes = encodePath(`${line}\n`).slice(0, PIPE_BUF);
  bytes[bytes.length - 1] = LF;
  return bytes;
}

/**
 * Says one line on standard error, or counts it as unsaid. Control characters are shown, not sent.
 *
 * @param stderr Our descriptor that stands for it.
 */
export function sayLine(text: string, stderr = 2): void {
  if (unsaid > 0 && hasRoom(stderr)) {
    const missed = lineBytes(
      `hexad: warning: ${unsaid} messages before this one could not be written`,
    );
    if (write(stderr, missed) > 0) unsaid = 0;
  }
  if (unsaid > 0 || !hasRoom(stderr) || write(stderr, lineBytes(text)) <= 0) unsaid++;
}

/**
 * Writes all of it to standard output. @throws {BrokenPipe | SyscallError} If it can't be written.
 */
export function writeOut(text: string | Uint8Array<ArrayBuffer>): void {
  writeFully(1, typeof text === "string" ? encodePath(text) : text);
}
