/** Reading the control FIFO of a service. */
import { EAGAIN, EINTR, strerror } from "../core/linux/errno.ts";
import { read } from "../libc/file.ts";
import { CONTROL_FILENAME } from "../servicedir/core/supervise_files.ts";
import type { Supervisor } from "./supervisor.ts";

/** Letters obeyed in one turn: each may write files and start programs. The rest wait. */
const commands = new Uint8Array(32);

export function readCommands(
  controlFd: number,
  supervisor: Supervisor,
  warn: (text: string) => void,
): void {
  const count = read(controlFd, commands);
  if (count < 0 && count !== -EAGAIN && count !== -EINTR) {
    warn(`unable to read ${CONTROL_FILENAME}: ${strerror(-count)}`);
    return supervisor.handle("QUIT");
  }
  for (const byte of commands.slice(0, Math.max(count, 0))) supervisor.command(byte);
}
