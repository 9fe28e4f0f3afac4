/** hexad up --detach: another process of ours runs the tree; this one tells how its start went. */
import { parseUint } from "../../../lib/core/linux/config_file.ts";
import {
  O_APPEND,
  O_CREAT,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
} from "../../../lib/core/linux/open_flags.ts";
import { exitStatusOf } from "../../../lib/core/linux/wstat.ts";
import type { ProjectPlace } from "../../../lib/foreground/core/project_place.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { pipe } from "../../../lib/libc/fd.ts";
import { close, open, read, writeAll } from "../../../lib/libc/file.ts";
import { waitFor } from "../../../lib/libc/process.ts";
import { spawn } from "../../../lib/libc/spawn.ts";
import type { Context } from "../../context.ts";
import { selfCommand } from "../../self.ts";

const TOLD = 3;
const MOST_MESSAGES = 65536;

/** @param args Which files and profiles. @returns the exit code */
export function upInBackground(
  context: Context,
  place: ProjectPlace,
  args: readonly string[],
): number {
  const { readFd, writeFd } = pipe();
  const nowhere = open("/dev/null", O_RDWR);
  const messages = open(place.messages, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600);
  // opened now: at its end the tree takes its directory away
  const said = open(place.messages, O_RDONLY);
  const pid = spawn({
    ...selfCommand("hexad", ["up", "--keep", `--notification-fd=${TOLD}`, ...args]),
    fds: [[0, nowhere], [1, nowhere], [2, messages], [TOLD, writeFd]],
    newSession: true,
  });
  if (pid < 0) throw new SyscallError("start the tree", -pid);
  for (const fd of [writeFd, nowhere, messages]) close(fd);
  const answer = new TextDecoder().decode(bytesOf(readFd));
  writeAll(context.stderr, bytesOf(said));
  const code = parseUint(answer.trimEnd());
  if (code === undefined) return exitStatusOf(waitFor(pid)); // it has given up
  context.out(`${place.scandir}\n`);
  return code;
}

/** What can be read from there until its end, or until its writer waits. */
function bytesOf(fd: number): Uint8Array<ArrayBuffer> {
  const buffer = new Uint8Array(MOST_MESSAGES);
  let length = 0;
  for (;;) {
    const count = read(fd, buffer.subarray(length));
    if (count <= 0) break;
    length += count;
  }
  close(fd);
  return buffer.subarray(0, length);
}
