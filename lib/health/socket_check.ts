/**
 * A check by a connection, without a process and without waiting: whether somebody accepts it, and
 * with `http`, which status the answer has. No more of the answer is read than that takes.
 */
import { EAGAIN, EINTR, strerror } from "../core/linux/errno.ts";
import { isShortage } from "../scandir/core/begin_failures.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Poller } from "../libc/epoll.ts";
import { close, read, write } from "../libc/file.ts";
import { connectIp, connectResult, connectUnix } from "../libc/socket/stream.ts";
import { addressesOf, type Endpoint, isAmong } from "./core/check_target.ts";
import type { CheckOutcome } from "./core/health_machine.ts";
import type { HealthCheck } from "./core/health_settings.ts";
import { MAX_ANSWER_HEAD, readAnswer, requestOf } from "./core/http_answer.ts";
import type { RunningCheck } from "./port.ts";

export type ConnectionCheck = Exclude<HealthCheck, { readonly kind: "run" }>;

/** What is read of an answer; all checks share it, and copy what they have read. */
const block = new Uint8Array(MAX_ANSWER_HEAD);
const NOTHING = new Uint8Array(0);

/** Connects to one address: a socket, or `-errno`. */
type Connect = () => number;

export interface SocketCheckOptions {
  readonly poller: Poller;
  /** A path of a Unix socket is relative to the directory that the process is in now. */
  readonly check: ConnectionCheck;
  onEnd(outcome: CheckOutcome): void;
  /** An unexpected exception has ended the check. */
  onMishap(error: unknown): void;
}

export class SocketCheck implements RunningCheck {
  readonly #options: SocketCheckOptions;
  readonly #left: Connect[];
  /** Why the first address has refused. */
  #refusal: CheckOutcome | undefined;
  #fd = -1;
  #isOver = false;
  /** What has been read of an answer. */
  #head: Uint8Array = NOTHING;

  constructor(options: SocketCheckOptions) {
    this.#options = options;
    this.#left = connectionsOf(options.check);
    this.#guard(() => this.#connect());
  }

  giveUp(onGone: () => void): void {
    this.#isOver = true;
    this.#close();
    onGone();
  }

  #guard(attempt: () => void): void {
    if (this.#isOver) return;
    try {
      attempt();
    } catch (error) {
      if (error instanceof SyscallError) return this.#end(outcomeOf(-error.errno));
      this.#options.onMishap(error);
      this.#end({ kind: "unable", why: "internal error" });
    }
  }

  #end(outcome: CheckOutcome): void {
    this.#isOver = true;
    this.#close();
    this.#options.onEnd(outcome);
  }

  #close(): void {
    if (this.#fd < 0) return;
    this.#options.poller.unwatch(this.#fd);
    close(this.#fd);
    this.#fd = -1;
  }

  /** Tries the next address. */
  #connect(): void {
    const connect = this.#left.shift();
    if (connect === undefined) return this.#end(this.#refusal!);
    const fd = connect();
    if (fd < 0) return this.#refused(fd);
    this.#fd = fd;
    this.#options.poller.watch(fd, () => this.#guard(() => this.#connected()), { writing: true });
  }

  #refused(errno: number): void {
    this.#close();
    this.#refusal ??= outcomeOf(errno);
    this.#connect();
  }

  #connected(): void {
    const result = connectResult(this.#fd);
    if (result < 0) return this.#refused(result);
    const { check, poller } = this.#options;
    if (check.kind !== "http") return this.#end({ kind: "success" });
    const request = requestOf(check.target);
    const written = write(this.#fd, request);
    if (written < 0) return this.#end(outcomeOf(written));
    if (written < request.length) return this.#end(failure("it does not read the request"));
    poller.unwatch(this.#fd);
    poller.watch(this.#fd, () => this.#guard(() => this.#read()));
  }

  #read(): void {
    const count = read(this.#fd, block.subarray(this.#head.length));
    if (count === -EAGAIN || count === -EINTR) return;
    if (count < 0) return this.#end(outcomeOf(count));
    const head = new Uint8Array(this.#head.length + count);
    head.set(this.#head);
    head.set(block.subarray(this.#head.length, head.length), this.#head.length);
    this.#head = head;
    const answer = readAnswer(head);
    if (answer.kind === "status") return this.#judge(answer.status);
    if (answer.kind === "strange" || head.length === MAX_ANSWER_HEAD) {
      return this.#end(failure("the answer is not HTTP"));
    }
    if (count === 0) {
      this.#end(failure(head.length === 0 ? "no answer" : "the answer ends too early"));
    }
  }

  #judge(status: number): void {
    const { check } = this.#options;
    const isGood = check.kind === "http" && isAmong(status, check.good);
    this.#end(isGood ? { kind: "success" } : failure(`status ${status}`));
  }
}

function connectionsOf(check: ConnectionCheck): Connect[] {
  switch (check.kind) {
    case "unix":
      return [() => connectUnix(check.path)];
    case "tcp":
      return toEndpoint(check.endpoint);
    case "http":
      return toEndpoint(check.target);
    default:
      return check satisfies never;
  }
}

function toEndpoint({ host, port }: Endpoint): Connect[] {
  return (addressesOf(host) ?? []).map((ip) => () => connectIp({ ip, port }));
}

function failure(why: string): CheckOutcome {
  return { kind: "failure", why };
}

/** @param errno Negative, as a call returns it */
function outcomeOf(errno: number): CheckOutcome {
  const why = strerror(-errno);
  // a full queue of the service is EAGAIN, and its own fault
  return isShortage(-errno) && errno !== -EAGAIN ? { kind: "unable", why } : failure(why);
}
