/**
 * Relays what oneshots write to the container's own output. A script gets a pipe. The supervising
 * process passes its bytes on to where they would have gone and keeps the last of them for `hexad
 * logs`.
 *
 * Nothing blocks here: while the container's output is full, the pipe is not read, so the script
 * waits as it would have without a relay. A process that a script leaves behind keeps its pipe,
 * which is read until the last writer has gone. If the output is a terminal or another program's
 * descriptors, scripts get it directly and nothing is kept.
 */
import { SyscallError } from "../libc/bind.ts";
import type { Poller } from "../libc/epoll.ts";
import { mkdir } from "../libc/file.ts";
import { tryFstat } from "../libc/stat.ts";
import { ContainerStream } from "./container_stream.ts";
import { OUTPUT_DIRECTORY, outputLogdir } from "./core/live_record.ts";
import { clearKeptOutput, KeptOutput, MOST_KEPT } from "./kept_output.ts";
import type { ScriptStdio } from "./port.ts";
import type { NamedOutput } from "../scandir/pipes.ts";
import { RelayPipe } from "./relay_pipe.ts";

/** The limit in bytes for all oneshots together, and the least share of one. */
const MOST_KEPT_IN_ALL = 1 << 23;
const LEAST_KEPT = 1 << 12;
const DIRECTORY_MODE = 0o755;

/** The output of one script. */
export interface Relay {
  /** The descriptors that the script is started with. */
  readonly stdio: ScriptStdio;
  /** Closes our copies of the script's ends, once it has started or failed to start. */
  begun(): void;
  /** The script is dead: passes on what it wrote before anybody is told. */
  ended(): void;
}

export interface OutputRelaysOptions {
  readonly poller: Poller;
  /** The live folder itself. */
  folder(): string;
  readonly oneshotCount: number;
  /** Bytes that are kept of all of them together; absent: 8 MiB. */
  readonly mostKept?: number;
  /** Our own standard output and error. */
  readonly outputs: readonly [stdout: number, stderr: number];
  /** Makes a pipe whose lines get that name, instead of those two. @throws {SyscallError} */
  readonly named?: (name: string) => NamedOutput;
}

/** Where the bytes of a script go. */
interface Target {
  readonly streams: readonly ContainerStream[];
  close(): void;
}

export class OutputRelays {
  readonly #options: OutputRelaysOptions;
  readonly #mostKept: number;
  /** Bytes of each run. */
  readonly #limit: number;
  readonly #pipes = new Set<RelayPipe>();
  readonly #streams = new Map<number, ContainerStream>();
  /** What keeps the output of runs that are not over, by the oneshot's name. */
  readonly #runs = new Map<string, KeptOutput>();
  /** Oneshots whose log directories may hold something, the oldest first. */
  readonly #kept = new Set<string>();

  constructor(options: OutputRelaysOptions) {
    this.#options = options;
    this.#mostKept = options.mostKept ?? MOST_KEPT_IN_ALL;
    const share = Math.floor(this.#mostKept / Math.max(1, options.oneshotCount));
    this.#limit = Math.max(LEAST_KEPT, Math.min(MOST_KEPT, share));
  }

  /**
   * @param stdio What the script would get without a relay. Returns undefined if it is to get that.
   */
  begin(name: string, stdio: ScriptStdio | undefined): Relay | undefined {
    this.#forget(name);
    const { outputs } = this.#options;
    const [stdin, stdout, stderr] = stdio ?? [0, ...outputs];
    if (stdout !== outputs[0] || stderr !== outputs[1]) return undefined; // they belong to a client
    const made: RelayPipe[] = [];
    let target: Target | undefined;
    try {
      const own = target = this.#targetFor(name);
      if (own === undefined) return undefined;
      mkdir(`${this.#options.folder()}/${OUTPUT_DIRECTORY}`, DIRECTORY_MODE);
      const kept = this.#keep(name);
      const ends = own.streams.map((stream) => {
        const relayPipe: RelayPipe = new RelayPipe(this.#options.poller, stream, {
          onBytes: (bytes) => kept.add(bytes),
          onOver: () => {
            this.#pipes.delete(relayPipe);
            if (made.every((each) => each.isOver)) this.#runIsOver(name, kept);
            own.close();
          },
        });
        made.push(relayPipe);
        this.#pipes.add(relayPipe);
        return relayPipe;
      });
      const [out, error = out] = ends;
      return {
        stdio: [stdin, out!.writeFd, error!.writeFd],
        begun: () => made.forEach((each) => each.begun()),
        ended: () => made.forEach((each) => each.drain()),
      };
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      for (const each of made) each.end(); // no descriptors left: the script runs without a relay
      if (made.length === 0) target?.close();
      return undefined;
    }
  }

  #keep(name: string): KeptOutput {
    const kept = new KeptOutput({
      logdir: () => this.#logdirOf(name),
      limit: this.#limit,
      onOpen: () => this.#makeRoom(name),
    });
    this.#runs.set(name, kept);
    return kept;
  }

  #logdirOf(name: string): string {
    return outputLogdir(this.#options.folder(), name);
  }

  /** Where all would be too much, what the oldest runs wrote goes. */
  #makeRoom(name: string): void {
    if (this.#kept.has(name)) return;
    while ((this.#kept.size + 1) * this.#limit > this.#mostKept) {
      this.#forget(this.#kept.keys().next().value!);
    }
    this.#kept.add(name);
  }

  #forget(name: string): void {
    this.#runs.get(name)?.end();
    if (this.#kept.delete(name)) clearKeptOutput(this.#logdirOf(name));
  }

  #runIsOver(name: string, kept: KeptOutput): void {
    kept.end();
    if (this.#runs.get(name) === kept) this.#runs.delete(name);
  }

  /** Undefined: the script writes there itself. */
  #targetFor(name: string): Target | undefined {
    const { named } = this.#options;
    if (named === undefined) {
      const streams = this.#openStreams();
      return streams === undefined ? undefined : { streams, close: () => this.#closeStreams() };
    }
    const output = named(name);
    const stream = ContainerStream.open(this.#options.poller, output.writeFd);
    if (stream === undefined) return void output.end();
    const close = (): void => {
      stream.close();
      output.end();
    };
    return { streams: [stream], close };
  }

  /**
   * One for standard output and one for standard error, or one if they are the same. Undefined on
   * failure.
   */
  #openStreams(): ContainerStream[] | undefined {
    const [stdout, stderr] = this.#options.outputs;
    const [out, error] = [tryFstat(stdout), tryFstat(stderr)];
    if (typeof out === "number" || typeof error === "number") return undefined;
    const isSame = out.dev === error.dev && out.ino === error.ino;
    const streams: ContainerStream[] = [];
    for (const fd of isSame ? [stdout] : [stdout, stderr]) {
      const stream = this.#streams.get(fd) ?? ContainerStream.open(this.#options.poller, fd);
      if (stream === undefined) return void this.#closeStreams();
      this.#streams.set(fd, stream);
      streams.push(stream);
    }
    return streams;
  }

  /** Needed because the reader of the container's output waits until nobody can write to it. */
  #closeStreams(): void {
    if (this.#pipes.size > 0) return;
    for (const stream of this.#streams.values()) stream.close();
    this.#streams.clear();
  }

  /** Stops reading. */
  end(): void {
    for (const each of [...this.#pipes]) each.end();
  }
}
