/** s6-rc change, start, stop, reload: asks the supervising process and prints its answers. */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { strerror } from "../../lib/core/linux/errno.ts";
import { access, F_OK } from "../../lib/libc/file.ts";
import { converse } from "../../lib/rc/client.ts";
import { lineText } from "../../lib/rc/core/lines.ts";
import type { Request } from "../../lib/rc/core/protocol.ts";
import { LIVE_SOCKET } from "../../lib/rc/live_folder.ts";
import { connectIn, isNobody } from "../../lib/files/sockets.ts";
import { type Context, Failure } from "../context.ts";
import { sayLine } from "../messages.ts";
import type { RcOptions } from "./rc_options.ts";

/**
 * A socket to the supervising process of the live directory. @throws {Failure} If there is none.
 */
export function connectToLive(live: string): number {
  const there = access(`${live}/lock`, F_OK);
  if (there < 0) throw new Failure(EXIT_SYSTEM, `unable to take locks: ${strerror(-there)}`);
  const fd = connectIn(live, LIVE_SOCKET);
  if (fd >= 0) return fd;
  const cure = isNobody(fd)
    ? " (nobody works on it: is s6-svscan running? then s6-rc-init makes it anew)"
    : "";
  throw new Failure(
    EXIT_SYSTEM,
    `unable to reach the supervisor of ${live}: ${strerror(-fd)}${cure}`,
  );
}

export async function request(
  context: Context,
  isReload: boolean,
  options: RcOptions,
): Promise<number> {
  const { live, names, all, timeoutMs, verbosity, down, hideEssentials, prune } = options;
  const common = { live, names, all, timeoutMs, verbosity };
  return await ask(context, connectToLive(live), {
    ...common,
    ...(isReload ? { command: "reload" as const } : {
      command: "change" as const,
      direction: down ? "down" as const : "up" as const,
      forced: hideEssentials,
      prune,
    }),
  });
}

/**
 * Sends a request with our descriptors, passes on signals and prints the lines. Returns the exit
 * code.
 *
 * @param onDocument Receives the other side's description of what it is going to do. Returns
 *   whether that is enough
 */
export async function ask(
  context: Pick<Context, "program">,
  fd: number,
  wanted: Request,
  onDocument?: (document: unknown) => boolean,
): Promise<number> {
  const code = await converse({
    fd,
    request: wanted,
    withStdio: true,
    say: (line) => sayLine(lineText(context.program, line)),
    ...(onDocument === undefined ? {} : { onDocument }),
    onSent: (cancel) => {
      Deno.addSignalListener("SIGTERM", () => cancel("TERM"));
      Deno.addSignalListener("SIGINT", () => cancel("INT"));
    },
  });
  if (code === undefined) {
    throw new Failure(EXIT_SYSTEM, "the supervisor has gone before the change was done");
  }
  return code;
}
