/**
 * `ready-log`: a service is ready when it writes a certain text. This process relays its output to
 * where it would have gone and searches it until the text appears. Each life of the service is
 * searched separately: what the last one left in the pipe is passed on before the next one begins.
 */
import { EINVAL } from "../core/linux/errno.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Poller } from "../libc/epoll.ts";
import { tryFstat } from "../libc/stat.ts";
import type { Stdio } from "../supervise/port.ts";
import { ContainerStream } from "./container_stream.ts";
import { TextFinder } from "./core/text_finder.ts";
import { RelayPipe } from "./relay_pipe.ts";

const LAST_SIZE = 512;
const decoder = new TextDecoder();

export interface LogWatchOptions {
  readonly poller: Poller;
  /** The text that appears in a line when the service is ready. */
  readonly text: string;
  /** Where the service's standard output goes. */
  readonly stdout: number;
  /** Where its standard error goes; absent: it is not searched. */
  readonly stderr?: number | undefined;
}

export class LogWatch implements Disposable {
  readonly #pipes: readonly RelayPipe[];
  #onFound: (() => void) | undefined;
  /**
   * The end of what it wrote before it was ready, over all its lives, because the last words tell
   * why it failed.
   */
  #last = "";

  readonly #withError: boolean;

  private constructor(pipes: readonly RelayPipe[], withError: boolean) {
    this.#pipes = pipes;
    this.#withError = withError;
  }

  /** Undefined if we can't relay output to that place: a terminal, or a socket. */
  static begin({ poller, text, stdout, stderr }: LogWatchOptions): LogWatch | undefined {
    const targets = stderr === undefined || isSameFile(stdout, stderr)
      ? [stdout]
      : [stdout, stderr];
    const streams: ContainerStream[] = [];
    const pipes: RelayPipe[] = [];
    try {
      for (const [i, target] of targets.entries()) {
        const stream = ContainerStream.open(poller, target);
        if (stream === undefined) throw new SyscallError(`write to ${target}`, EINVAL);
        streams.push(stream);
        const finder = new TextFinder(text);
        pipes.push(
          new RelayPipe(poller, stream, {
            onBytes: (bytes) => watch.#look(finder, bytes),
            onOver: () => streams[i]!.close(),
          }),
        );
      }
    } catch (error) {
      for (const each of pipes) each.end();
      for (const stream of streams.slice(pipes.length)) stream.close();
      if (!(error instanceof SyscallError)) throw error;
      return undefined;
    }
    const watch = new LogWatch(pipes, stderr !== undefined);
    return watch;
  }

  /** The descriptors that the service is started with. */
  get stdio(): Stdio {
    const [out, error = out] = this.#pipes;
    return { stdout: out!.writeFd, ...(this.#withError ? { stderr: error!.writeFd } : {}) };
  }

  #look(finder: TextFinder, bytes: Uint8Array): void {
    const onFound = this.#onFound;
    if (onFound === undefined) return finder.clear();
    this.#last = decoder.decode(bytes.subarray(-LAST_SIZE));
    if (!finder.add(bytes)) return;
    this.#onFound = undefined;
    finder.clear();
    onFound();
  }

  /** The last line that is not empty, from a life in which the text has not appeared yet. */
  get lastLine(): string | undefined {
    return this.#last.split("\n").findLast((line) => line !== "");
  }

  /** Begins a life: calls back once when the text appears. */
  expect(onFound: () => void): void {
    this.#onFound = onFound;
  }

  /** Ends a life: the rest of its output is passed on but no longer searched. */
  forget(): void {
    for (const each of this.#pipes) each.drain();
    this.#onFound = undefined;
  }

  /** The service has gone: what it left in the pipes is passed on as there is room. */
  [Symbol.dispose](): void {
    this.forget();
    for (const each of this.#pipes) each.begun();
  }
}

function isSameFile(a: number, b: number): boolean {
  const [first, second] = [tryFstat(a), tryFstat(b)];
  return typeof first !== "number" && typeof second !== "number" && first.dev === second.dev &&
    first.ino === second.ino;
}
