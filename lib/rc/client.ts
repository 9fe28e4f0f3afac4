/**
 * A client of the process that supervises: sends one request with its own descriptors, prints what
 * comes back, and returns the exit code.
 */
import { Poller } from "../libc/epoll.ts";
import { O_RDWR } from "../core/linux/open_flags.ts";
import { tryOpen } from "../libc/file.ts";
import { isInherited } from "../libc/replace_descriptors.ts";
import { Channel } from "../loghost/channel.ts";
import type { Line } from "./core/engine_state.ts";
import type { Request } from "./core/protocol.ts";
import { Assembler, packetsOf, parseAnswer, requestText } from "./core/protocol.ts";

export interface Conversation {
  /** A connected socket, which we own from now on. */
  readonly fd: number;
  readonly request: Request;
  /** Pass standard input, output and error along. */
  readonly withStdio: boolean;
  say(line: Line): void;
  /**
   * Receives the other side's description of what it is going to do. Returns whether that is
   * enough.
   */
  onDocument?(document: unknown): boolean;
  /** Called once the request is sent. `cancel` passes its argument to the other side. */
  onSent?(cancel: (signal: "TERM" | "INT") => void): void;
}

/** Returns the exit code; undefined if the other side closed the connection without sending one. */
export async function converse(
  { fd, request, withStdio, say, onDocument, onSent }: Conversation,
): Promise<number | undefined> {
  using poller = new Poller();
  const assembler = new Assembler();
  let code: number | undefined;
  const channel = new Channel(fd, poller, {
    onPacket: (packet) => {
      const text = assembler.add(packet);
      if (text === undefined) return;
      const answer = parseAnswer(text);
      if (answer.kind === "line") return say(answer.line);
      if (answer.kind === "document") {
        if (onDocument?.(answer.document) !== true) return;
        code = 0;
      } else code = answer.code;
      poller.stop();
    },
    onEnd: () => poller.stop(),
  });
  const send = (message: Request, fds: readonly number[]): void => {
    packetsOf(requestText(message)).forEach((packet, i, { length }) =>
      channel.send(packet, i === length - 1 ? fds : [], 0)
    );
  };
  send(request, withStdio ? standardFds() : []);
  onSent?.((signal) => send({ command: "cancel", signal }, []));
  await poller.run();
  channel.close();
  return code;
}

/** Our own 0, 1 and 2, with the null device in place of any that is closed. */
function standardFds(): number[] {
  let nullFd = -1;
  return [0, 1, 2].map((fd) => {
    if (isInherited(fd)) return fd;
    if (nullFd < 0) nullFd = tryOpen("/dev/null", O_RDWR);
    return nullFd;
  });
}
