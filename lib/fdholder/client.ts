/**
 * What a client asks of a holder of descriptors. Source: s6, libs6/s6_fdholder_*.c,
 * doc/s6-fdholder-errorcodes.html.
 */
import { EAGAIN, EINVAL, ENAMETOOLONG, EPROTO, strerror } from "../core/linux/errno.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import type { Tain } from "../core/time/tain.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { close } from "../libc/file.ts";
import { monotonicMs } from "../libc/clock.ts";
import { connectedUnixSocket } from "../libc/socket/stream_server.ts";
import { setNonblocking } from "../libc/fd.ts";
import { Conversation } from "../unixmessage/conversation.ts";
import { type Message, MOST_FDS } from "../unixmessage/core/frames.ts";
import {
  answeredErrno,
  type Held,
  inMessages,
  isName,
  MOST_NAME_BYTES,
  parseDumpMessage,
  parseListAnswer,
  parseNumbers,
  type Request,
  requestMessage,
} from "./core/protocol.ts";

/** Far more than the names of all descriptors that a process can have. */
const MOST_ANSWER_BYTES = 1 << 28;
const EXIT_REFUSED = 1;

/** A holder that we are connected to. Every method throws a LinkFailure if it refuses. */
export class HolderClient implements Disposable {
  readonly #conversation: Conversation;

  /**
   * @param timeoutMs For everything that is asked of it; Infinity: no limit.
   * @throws {SyscallError} If nobody listens there.
   */
  constructor(path: string, timeoutMs: number, whose = "a") {
    const deadlineMs = monotonicMs() + timeoutMs;
    const fd = connectedUnixSocket(path, {
      timeoutMs,
      action: `connect to ${whose} fd-holder daemon at ${path}`,
    });
    setNonblocking(fd, true);
    this.#conversation = new Conversation(fd, deadlineMs, MOST_ANSWER_BYTES);
  }

  store(fd: number, name: string, limit: Tain): void {
    const action = "store fd";
    checkName(action, name);
    this.#done(action, this.#ask(action, { kind: "store", fd, name, limit }));
  }

  delete(name: string): void {
    const action = `delete fd for id ${name}`;
    checkName(action, name);
    this.#done(action, this.#ask(action, { kind: "delete", name }));
  }

  /** A copy of the descriptor, close-on-exec. */
  retrieve(name: string, deletes: boolean): number {
    const action = `retrieve fd for id ${name}`;
    checkName(action, name);
    const { fds } = this.#ask(action, { kind: "retrieve", name, deletes });
    if (fds.length === 1) return fds[0]!;
    return refuse(action, EPROTO, fds);
  }

  list(): readonly string[] {
    const action = "get fd list";
    const answer = this.#ask(action, { kind: "list" });
    return parseListAnswer(answer) ?? refuse(action, EPROTO, answer.fds);
  }

  /** Copies of all descriptors, close-on-exec. */
  getDump(): readonly Held[] {
    const action = "get dump";
    const answer = this.#ask(action, { kind: "get dump" });
    const [messages, count] = parseNumbers(answer, 2) ?? refuse(action, EPROTO, answer.fds);
    if (messages !== Math.ceil(count! / MOST_FDS)) refuse(action, EPROTO);
    const entries: Held[] = [];
    for (let i = 0; i < messages!; i++) {
      const message = this.#conversation.receive();
      const before = entries.map(({ fd }) => fd);
      if (typeof message === "number") return refuse(action, -message, before);
      const some = parseDumpMessage(message);
      if (some === undefined) return refuse(action, EPROTO, [...before, ...message.fds]);
      entries.push(...some);
    }
    if (entries.length !== count) refuse(action, EPROTO, entries.map(({ fd }) => fd));
    return entries;
  }

  setDump(entries: readonly Held[]): void {
    const action = "set dump";
    if (entries.length === 0) return;
    if (!entries.every(({ name }) => isName(name))) refuse(action, EINVAL);
    const parts = inMessages(entries);
    const answer = this.#ask(action, { kind: "set dump", count: entries.length });
    if (parseNumbers(answer, 1)?.[0] !== parts.length) refuse(action, EPROTO, answer.fds);
    parts.forEach((part, i) => {
      const taken = this.#exchange(action, { kind: "dumped", entries: part });
      const errno = answeredErrno(taken);
      if (errno === (i === parts.length - 1 ? 0 : EAGAIN)) return;
      refuse(action, errno === 0 || errno === EAGAIN ? EPROTO : errno, taken.fds);
    });
  }

  /** The answer, unless it is a refusal. */
  #ask(action: string, request: Request): Message {
    const answer = this.#exchange(action, request);
    const errno = answeredErrno(answer);
    return errno === 0 ? answer : refuse(action, errno, answer.fds);
  }

  #exchange(action: string, request: Request): Message {
    const sent = this.#conversation.send(requestMessage(request));
    // who has been sent away can't write any more; why is not told
    const answer = sent < 0 ? sent : this.#conversation.receive();
    return typeof answer === "number" ? refuse(action, -answer) : answer;
  }

  #done(action: string, { content, fds }: Message): void {
    if (content.length !== 1 || fds.length > 0) refuse(action, EPROTO, fds);
  }

  [Symbol.dispose](): void {
    this.#conversation[Symbol.dispose]();
  }
}

function checkName(action: string, name: string): void {
  if (isName(name)) return;
  refuse(action, encodePath(name).length > MOST_NAME_BYTES ? ENAMETOOLONG : EINVAL);
}

function refuse(action: string, errno: number, fds: readonly number[] = []): never {
  fds.forEach(close);
  throw new LinkFailure(EXIT_REFUSED, `unable to ${action}: ${strerror(errno)}`);
}
