/**
 * A request that leads to several changes, one after the other. Once it has begun it runs to the
 * end, even if the client has gone: a half-finished request would be worse than either outcome.
 */
import { EXIT_IMPOSSIBLE, EXIT_SYSTEM } from "../core/cli/exit_codes.ts";
import { SyscallError } from "../libc/bind.ts";
import { monotonicMs } from "../libc/clock.ts";
import type { Client, Underway } from "./connection.ts";
import type { ServiceNumber } from "./core/database.ts";
import { isIdle } from "./core/engine.ts";
import type { ChangeId, ChangeRequest } from "./core/engine_state.ts";
import { fatal } from "./core/lines.ts";
import type { LiveSet } from "./live_set.ts";
import type { ScriptStdio } from "./port.ts";

/** Items in one message to the client. */
const ITEMS_AT_ONCE = 200;

export interface SeriesOptions {
  readonly client: Client;
  readonly set: LiveSet;
  /** Milliseconds for the whole request; 0: no limit. */
  readonly timeoutMs: number;
  readonly verbosity: number;
  /** The oneshot that the client belongs to; undefined: none. */
  readonly requester: ServiceNumber | undefined;
  /** Prints a warning in our own name, for when there is no client to send it to. */
  warn(text: string): void;
}

export class ChangeSeries implements Underway {
  readonly #options: SeriesOptions;
  readonly #startedMs = monotonicMs();
  #change: ChangeId | undefined;
  #isLeft = false;
  #isCancelled = false;

  constructor(options: SeriesOptions) {
    this.#options = options;
  }

  get set(): LiveSet {
    return this.#options.set;
  }

  /** The client got a signal: nothing that has not begun yet will begin. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  cancel(signal: string): void {
    this.#isCancelled = true;
    if (this.#change !== undefined) this.set.loop.cancel(this.#change, signal);
  }

  vanish(): void {
    this.#isLeft = true;
  }

  /** Does the work, which returns the exit code. */
  async serve(work: () => Promise<number>): Promise<void> {
    let code: number;
    try {
      code = await work();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const isKnown = error instanceof SyscallError;
      this.fail(isKnown ? text : `internal error: ${text}`);
      code = isKnown ? EXIT_SYSTEM : EXIT_IMPOSSIBLE;
    }
    if (!this.#isLeft) this.#options.client.end(code);
  }

  fail(text: string): void {
    const line = fatal(text);
    if (this.#isLeft) this.#options.warn(text);
    else this.#options.client.say(line);
  }

  /** Shows a list, split so that no message is too long. */
  show(kind: string, items: readonly unknown[]): void {
    if (this.#isLeft) return;
    for (let at = 0; at < items.length; at += ITEMS_AT_ONCE) {
      this.#options.client.show({ kind, items: items.slice(at, at + ITEMS_AT_ONCE) });
    }
  }

  /** Resolves when nothing is being changed. */
  async idle(): Promise<void> {
    const { loop } = this.set;
    do await new Promise<void>((resolve) => loop.whenIdle(resolve)); while (!isIdle(loop.engine));
  }

  /** Makes a change. Returns the exit code that s6-rc would have. */
  change(request: Omit<ChangeRequest, "id" | "timeoutMs">): Promise<number> {
    const { client, timeoutMs, verbosity, requester, warn } = this.#options;
    const leftMs = timeoutMs === 0
      ? 0
      : Math.max(1, Math.ceil(timeoutMs - (monotonicMs() - this.#startedMs)));
    const stdio = (): ScriptStdio | undefined => this.#isLeft ? undefined : client.stdio;
    const isLeft = (): boolean => this.#isLeft;
    const ended = Promise.withResolvers<number>();
    const from = requester === undefined ? {} : { requester };
    const change = this.set.loop.change({ ...request, ...from, timeoutMs: leftMs }, {
      say(line): void {
        if (line.level > verbosity) return;
        if (!isLeft()) client.say(line);
        else if (line.severity !== "info") warn(line.text);
      },
      end: ended.resolve,
      // once the client has gone, its descriptors are closed
      get stdio(): ScriptStdio | undefined {
        return stdio();
      },
    });
    this.#change = change;
    return ended.promise.then((code) => {
      if (this.#change === change) this.#change = undefined;
      return code;
    });
  }
}
