/** Runs a child through spawn() and gives what it wrote and how it ended. */
import { pipe } from "../../../lib/libc/fd.ts";
import { close, read } from "../../../lib/libc/file.ts";
import { spawn, type SpawnRequest } from "../../../lib/libc/spawn.ts";
import { waitFor } from "../../../lib/libc/process.ts";

export interface ChildOutput {
  readonly pid: number;
  /** What it wrote to descriptor 1, one character a byte. */
  readonly text: string;
  readonly wstat: number;
}

/** All that comes out of `fd` up to its end, one character a byte. Closes it. */
export function readToEnd(fd: number): string {
  const buffer = new Uint8Array(4096);
  let text = "";
  for (let count = read(fd, buffer); count > 0; count = read(fd, buffer)) {
    text += String.fromCharCode(...buffer.subarray(0, count));
  }
  close(fd);
  return text;
}

/** @throws {Error} If there is no child. */
export function childOutput(request: SpawnRequest): ChildOutput {
  const { readFd, writeFd } = pipe();
  const pid = spawn({ ...request, fds: [[1, writeFd], ...(request.fds ?? [])] });
  close(writeFd);
  const text = readToEnd(readFd);
  if (pid < 0) throw new Error(`spawn gave ${pid}`);
  return { pid, text, wstat: waitFor(pid) };
}

/** What a shell script writes to its standard output. */
export function shell(script: string, request: Partial<SpawnRequest> = {}): string {
  return childOutput({ path: "/bin/sh", argv: ["sh", "-c", script], ...request }).text;
}

/** A field of `/proc/PID/status` as text. */
export function statusField(status: string, name: string): string | undefined {
  return new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status)?.[1];
}
