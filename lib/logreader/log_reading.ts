/**
 * Several log directories read as one: what they hold, merged by time, and then what is written to
 * them, to those that come later too.
 */
import type { EventHub } from "../fifodir/hub.ts";
import { placeKey } from "../libc/places.ts";
import { LogFollower } from "./follower.ts";
import type { LineFilter, LogLine } from "./line_filter.ts";
import { type KeptLog, KeptSource } from "./kept_source.ts";
import type { LineOrigin } from "./line_writer.ts";
import { logdirFailure } from "./log_file.ts";
import { BEGINNING, LogSource } from "./log_source.ts";
import { merged } from "./merge.ts";
import { tailOf } from "./tail.ts";

const MAX_BLOCK_BYTES = 65536;
const MIN_BLOCK_BYTES = 4096;
/** Of all sources together. */
const ALL_BLOCKS_BYTES = 1 << 24;

export interface FoundLog {
  /** Before its lines: the service's name, with the directory's if the service has several. */
  readonly label: string;
  readonly logdir: string;
}

export interface ReadingEvents {
  /** No more lines of log directories are told until a promise that it returns has settled. */
  onLines(source: LineOrigin, lines: readonly LogLine[]): void | Promise<void>;
  /** Told of each file and directory that could not be read. */
  onTrouble(text: string): void;
}

export class LogReading implements Disposable {
  readonly #filter: LineFilter;
  readonly #events: ReadingEvents;
  readonly #stack = new DisposableStack();
  readonly #sources: LogSource[] = [];
  readonly #kept: readonly KeptSource[];
  readonly #followers = new Map<LogSource, LogFollower>();
  /** Why directories could not be opened: each told once, however often it is tried. */
  readonly #told = new Set<string>();

  /**
   * Directories that can't be read are reported and left out.
   *
   * @param kept Of services without log directories
   */
  constructor(
    found: readonly FoundLog[],
    filter: LineFilter,
    events: ReadingEvents,
    kept: readonly KeptLog[] = [],
  ) {
    this.#filter = filter;
    this.#events = events;
    const blockBytes = Math.max(
      MIN_BLOCK_BYTES,
      Math.min(MAX_BLOCK_BYTES, Math.floor(ALL_BLOCKS_BYTES / found.length)),
    );
    for (const one of found) this.#open(one, filter, blockBytes);
    this.#kept = kept.map((one) => new KeptSource(one, filter));
  }

  get sources(): readonly LineOrigin[] {
    return [...this.#sources, ...this.#kept];
  }

  has(logdir: string): boolean {
    if (this.#sources.some((source) => source.logdir === logdir)) return true;
    const key = placeKey(logdir);
    return this.#sources.some((source) => placeKey(source.logdir) === key);
  }

  #open(
    { label, logdir }: FoundLog,
    filter: LineFilter,
    blockBytes: number,
  ): LogSource | undefined {
    const { onTrouble } = this.#events;
    try {
      const source = this.#stack.use(
        new LogSource({ label, logdir, filter, blockBytes, onTrouble }),
      );
      this.#sources.push(source);
      return source;
    } catch (error) {
      const text = logdirFailure(error, logdir);
      if (!this.#told.has(text)) onTrouble(text);
      this.#told.add(text);
      return undefined;
    }
  }

  /** Tells the last `wanted` lines that all of them hold now. */
  async tellHeld(wanted: number): Promise<void> {
    if (wanted === 0) return;
    const sources = [...this.#sources, ...this.#kept];
    const tails = wanted === Infinity ? undefined : await Promise.all(
      sources.map((source) =>
        source instanceof KeptSource ? source.tail(wanted) : tailOf(source, wanted)
      ),
    );
    // each source gives its last lines; of them together the last are meant
    let skip = tails === undefined
      ? 0
      : Math.max(0, tails.reduce((sum, { lines }) => sum + lines, 0) - wanted);
    const batches = sources.map((source, i) => source.batches(tails?.[i]?.start ?? BEGINNING));
    for await (const { source, lines } of merged(batches)) {
      const shown = lines.slice(skip);
      skip = Math.max(0, skip - lines.length);
      if (shown.length === 0) continue;
      const waiting = this.#events.onLines(sources[source]!, shown);
      if (waiting !== undefined) await waiting;
    }
  }

  /** Tells lines that a service without a log directory has just written. */
  tellKept({ missing, ...kept }: KeptLog & { readonly missing: number }): void {
    const { onLines, onTrouble } = this.#events;
    if (missing > 0) {
      onTrouble(
        `${missing} bytes that ${kept.label} has written are missing here: it writes faster than they are read`,
      );
    }
    const source = new KeptSource(kept, this.#filter);
    if (source.lines.length > 0) onLines(source, source.lines);
  }

  /**
   * Goes on with what is written to them from now on: no line is printed twice, and none is missed.
   */
  follow(hub: EventHub): void {
    for (const source of this.#sources) this.#follow(source, hub);
  }

  #follow(source: LogSource, hub: EventHub): void {
    if (this.#followers.has(source)) return;
    const { onLines, onTrouble } = this.#events;
    const follower = this.#stack.use(
      new LogFollower(source, hub, { onLines: (lines) => onLines(source, lines), onTrouble }),
    );
    this.#followers.set(source, follower);
    follower.begin();
  }

  /** Looks for directories that others have taken the place of, with their service. */
  lookAgain(): void {
    for (const follower of this.#followers.values()) follower.lookAgain();
  }

  /**
   * One more, all of whose lines are told that are not older than `since` in Unix seconds. Follows
   * it at once.
   */
  async join(found: FoundLog, hub: EventHub, since: number): Promise<void> {
    const { span } = this.#filter;
    const source = this.#open(
      found,
      this.#filter.after(Math.max(since, span.since ?? -Infinity)),
      MIN_BLOCK_BYTES,
    );
    if (source === undefined) return;
    for await (const lines of source.batches()) {
      const waiting = this.#events.onLines(source, lines);
      if (waiting !== undefined) await waiting;
    }
    this.#follow(source, hub);
  }

  [Symbol.dispose](): void {
    this.#stack.dispose();
  }
}
