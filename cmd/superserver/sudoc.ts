/** s6-sudoc: asks s6-sudod. Source: s6, doc/s6-sudoc.html, conn-tools/s6-sudoc.c. */
import { EXIT_SYSTEM, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { EBADF, EPIPE, strerror } from "../../lib/core/linux/errno.ts";
import { millisecondsOf } from "../../lib/execline/arguments.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { monotonicMs } from "../../lib/libc/clock.ts";
import { environmentStrings } from "../../lib/libc/environ.ts";
import { dupAbove } from "../../lib/libc/fd.ts";
import { isInherited } from "../../lib/libc/replace_descriptors.ts";
import { exitStatusOf } from "../../lib/core/linux/wstat.ts";
import { SERVER_BANNER, sudoRequest } from "../../lib/superserver/core/sudo_protocol.ts";
import { readWithin } from "../../lib/superserver/timed_bytes.ts";
import { Conversation } from "../../lib/unixmessage/conversation.ts";
import { type Context, Failure } from "../context.ts";
import { SUDO_EXITS, SUDO_OPTIONS } from "./sudo_options.ts";

const READING = 6;
const WRITING = 7;
const FIRST_FREE_FD = 3;

export const table = {
  summary:
    "Has the s6-sudod at the other end of descriptors 6 and 7 run a program with the own standard descriptors, arguments and variables.",
  usage: "[ -e ] [ -t timeoutconn ] [ -T timeoutrun ] [ args... ]",
  options: SUDO_OPTIONS,
  exits: SUDO_EXITS,
  example: "s6-ipcclient /run/reload/s s6-sudoc nginx",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { operands: args, flag, value } = readCommandLine(context.argv, table);
  const startMs = millisecondsOf("timeout", value("t"));
  const runMs = millisecondsOf("timeout", value("T"));
  if (![READING, WRITING].every(isInherited)) {
    throw new SyscallError("make socket non-blocking", EBADF);
  }
  const deadlineMs = monotonicMs() + startMs;
  checkBanner(deadlineMs);
  const env = flag("e") ? [] : environmentStrings();
  using conversation = new Conversation(dupAbove(WRITING, FIRST_FREE_FD), deadlineMs, 0);
  const sent = conversation.send({ content: sudoRequest({ args, env }), fds: [0, 1, 2] });
  if (sent < 0) throw new SyscallError("send args to server", -sent);
  const [errno] = needed("get confirmation from server", 1, deadlineMs);
  if (errno !== 0) {
    throw new Failure(
      EXIT_SYSTEM,
      `unable to start privileged program: server answered: ${strerror(errno!)}`,
    );
  }
  const status = needed("get exit status from server", 4, monotonicMs() + runMs);
  return exitStatusOf(new DataView(status.buffer).getUint32(0));
}

function checkBanner(deadlineMs: number): void {
  const banner = readWithin(READING, SERVER_BANNER.length, deadlineMs);
  if (typeof banner === "number") throw new SyscallError("read banner from s6-sudod", -banner);
  if (banner.length === 0) {
    throw new Failure(
      EXIT_SYSTEM,
      "unable to connect to the s6-sudod server - check that you have appropriate permissions",
    );
  }
  if (!SERVER_BANNER.every((byte, i) => banner[i] === byte)) {
    throw new Failure(
      EXIT_USAGE,
      "wrong banner - check that you are connecting to a s6-sudod server",
    );
  }
}

/** @throws {SyscallError} If they don't come. */
function needed(action: string, count: number, deadlineMs: number): Uint8Array<ArrayBuffer> {
  const bytes = readWithin(READING, count, deadlineMs);
  if (typeof bytes === "number") throw new SyscallError(action, -bytes);
  if (bytes.length < count) throw new SyscallError(action, EPIPE);
  return bytes;
}
