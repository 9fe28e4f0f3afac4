/**
 * Asking for the last lines of services without a logger: a socket in the scan directory, behind
 * which a log host answers. What comes is bounded in size and time.
 */
import { EAGAIN, EINTR } from "../core/linux/errno.ts";
import { connectToScanner } from "../files/scanner_socket.ts";
import { monotonicMs } from "../libc/clock.ts";
import { poll, POLLIN } from "../libc/fd.ts";
import { close } from "../libc/file.ts";
import { receivePacket, sendPacket } from "../libc/socket/packet.ts";
import {
  encodeKeptRequest,
  KEPT_SOCKET,
  KeptReader,
  type KeptRequest,
  MOST_PACKET,
} from "./core/kept_protocol.ts";

/** How long a log host may take to send what it keeps. */
const PATIENCE_MS = 2000;
/** The most that is taken at a time of what is kept. */
const MOST_BYTES = 1 << 25;

export type NotKept =
  /** s6-svscan does not see what they write, or there is none. */
  | "no pipe"
  /** It is not for this user to see. */
  | "denied"
  /** The answer is none, or has not come. */
  | "silent";

/** What is kept, by the names of services; the lines have stamps. */
export type KeptTexts = Map<string, Uint8Array<ArrayBuffer>>;

const buffer = new Uint8Array(MOST_PACKET);

/** A connected socket to whoever keeps the output of this scan directory's services. */
function connectTo(scandir: string): number | NotKept {
  const fd = connectToScanner(scandir, KEPT_SOCKET);
  return fd === "nobody" ? "no pipe" : fd;
}

/** A conversation with the one who keeps it; may be begun again when it is over. */
export class KeptOutputClient implements Disposable {
  readonly #scandir: string;
  readonly #reader = new KeptReader();
  #fd = -1;

  constructor(scandir: string) {
    this.#scandir = scandir;
  }

  /** The socket, to be watched after `ask`; negative if the conversation is over. */
  get fd(): number {
    return this.#fd;
  }

  /** Asks, and takes what is kept now; why not, if that can't be had. */
  ask(request: KeptRequest): KeptTexts | NotKept {
    this.end();
    const fd = connectTo(this.#scandir);
    if (typeof fd === "string") return fd;
    this.#fd = fd;
    if (sendPacket(fd, encodeKeptRequest(request), []) < 0) return this.#giveUp();
    const pieces = new Map<string, Uint8Array<ArrayBuffer>[]>();
    const deadline = monotonicMs() + PATIENCE_MS;
    let [size, isHeld] = [0, false];
    while (!isHeld) {
      const state = this.receive((name, bytes) => {
        size += bytes.length;
        const known = pieces.get(name);
        if (known === undefined) pieces.set(name, [bytes]);
        else known.push(bytes);
      }, () => isHeld = true);
      if (isHeld) break;
      if (state === "over" || size > MOST_BYTES) return this.#giveUp();
      const leftMs = Math.ceil(deadline - monotonicMs());
      if (leftMs <= 0) return this.#giveUp();
      if (state === "empty") poll([{ fd, events: POLLIN }], leftMs);
    }
    return new Map([...pieces].map(([name, parts]) => [name, joined(parts)]));
  }

  #giveUp(): "silent" {
    this.end();
    return "silent";
  }

  /** Takes one packet, if there is one. The bytes are whole lines, and the callee's. */
  receive(
    onLines: (name: string, bytes: Uint8Array<ArrayBuffer>, missing: number) => void,
    onHeld: () => void = () => {},
  ): "more" | "empty" | "over" {
    const packet = receivePacket(this.#fd, buffer);
    if (packet === -EAGAIN || packet === -EINTR) return "empty";
    if (typeof packet === "number" || packet.payload.length === 0) return "over";
    packet.fds.forEach(close); // nothing that we want
    try {
      const event = this.#reader.add(packet.payload);
      if (event?.kind === "held") onHeld();
      else if (event !== undefined) onLines(event.name, event.bytes, event.missing);
      return "more";
    } catch (error) {
      if (error instanceof SyntaxError) return "over"; // it speaks another language
      throw error;
    }
  }

  end(): void {
    if (this.#fd >= 0) close(this.#fd);
    this.#fd = -1;
  }

  [Symbol.dispose](): void {
    this.end();
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
