/**
 * One client of s6-rc. Whatever it sends, and however slowly it reads, no other client has to wait.
 * When it disconnects, the change that it asked for is cancelled.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { close } from "../libc/file.ts";
import type { Poller } from "../libc/epoll.ts";
import { Channel } from "../loghost/channel.ts";
import type { Line } from "./core/engine_state.ts";
import { fatal } from "./core/lines.ts";
import type { Answer, Request } from "./core/protocol.ts";
import { Assembler, packetsOf, parseRequest } from "./core/protocol.ts";
import type { Reporter, ScriptStdio } from "./port.ts";

/** The most packets that may wait for a slow client. Beyond that it is treated as gone. */
const MAX_UNSENT = 10_000;
const STDIO_COUNT = 3;

/** A request that is being served. */
export interface Underway {
  cancel(signal: string): void;
  vanish(): void;
}

export interface Client {
  readonly pid: number;
  /** Its standard descriptors, which we may use until the end of the request. */
  readonly stdio: ScriptStdio | undefined;
  say(line: Line): void;
  /** Sends the client a description of what is going to happen. */
  show(document: unknown): void;
  end(code: number): void;
}

export interface ConnectionOptions {
  readonly fd: number;
  readonly poller: Poller;
  readonly pid: number;
  /** Starts serving a request. Never throws. */
  serve(
    request: Exclude<Request, { readonly command: "cancel" }>,
    client: Client,
  ): Underway | undefined;
  onClose(): void;
}

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #channel: Channel;
  readonly #assembler = new Assembler();
  #fds: number[] = [];
  #underway: Underway | undefined;
  #isServed = false;
  #isOver = false;

  /** @throws {SyscallError} If the socket can't be watched. */
  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#channel = new Channel(options.fd, options.poller, {
      onPacket: (packet, fds) => this.#take(packet, fds),
      onEnd: () => this.#gone(),
    });
  }

  #take(packet: Uint8Array, fds: readonly number[]): void {
    const room = STDIO_COUNT - this.#fds.length;
    if (this.#isServed) fds.forEach(close);
    else {
      this.#fds.push(...fds.slice(0, room));
      fds.slice(room).forEach(close);
    }
    try {
      const text = this.#assembler.add(packet);
      if (text !== undefined) this.#obey(parseRequest(text));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#refuse(EXIT_USAGE, error.message);
    }
  }

  #obey(request: Request): void {
    if (request.command === "cancel") return this.#underway?.cancel(request.signal);
    if (this.#isServed) return this.#refuse(EXIT_USAGE, "one request at a time");
    this.#isServed = true;
    const [stdin, stdout, stderr] = this.#fds;
    const stdio = stdin === undefined || stdout === undefined || stderr === undefined
      ? undefined
      : [stdin, stdout, stderr] as const;
    const client: Client = {
      pid: this.#options.pid,
      stdio,
      say: (line) => this.#send({ kind: "line", line }),
      show: (document) => this.#send({ kind: "document", document }),
      end: (code) => this.#end(code),
    };
    this.#underway = this.#options.serve(request, client);
    if (this.#isOver) this.#underway = undefined;
  }

  #refuse(code: number, text: string): void {
    this.#send({ kind: "line", line: fatal(text) });
    this.#end(code);
  }

  #send(answer: Answer): void {
    if (this.#isOver) return;
    for (const packet of packetsOf(JSON.stringify(answer))) this.#channel.send(packet, [], 0);
    if (this.#channel.unsentCount > MAX_UNSENT) {
      this.#channel.close();
      this.#gone();
    }
  }

  /** Reports the end. The client then closes the connection. */
  #end(code: number): void {
    this.#send({ kind: "end", code });
    this.#isOver = true;
    this.#underway = undefined;
    this.#letGo();
  }

  #letGo(): void {
    this.#fds.forEach(close);
    this.#fds = [];
  }

  #gone(): void {
    const underway = this.#underway;
    this.#isOver = true;
    this.#underway = undefined;
    underway?.vanish();
    this.#letGo();
    this.#options.onClose();
  }

  /** Stops reading and sending. */
  close(): void {
    this.#channel.close();
    this.#letGo();
  }
}

/** A reporter for a client that wants lines up to `verbosity`. */
export function reporterFor(client: Client, verbosity: number): Reporter {
  return {
    say: (line) => line.level <= verbosity ? client.say(line) : undefined,
    end: (code) => client.end(code),
    ...(client.stdio === undefined ? {} : { stdio: client.stdio }),
  };
}
