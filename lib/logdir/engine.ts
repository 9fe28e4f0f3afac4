/**
 * One logger: an input, a script, and what the script writes to. Many can run in one process.
 *
 * Input is read in blocks of up to 256 KiB and cut at the last line end; the rest of a line waits
 * for its end. Buffers are bounded: while PENDING_LIMIT bytes wait to be written (with `holdBack`:
 * while anything waits), nothing is read, and the pipe holds the writer back. Stamps and names make
 * short lines many times as long; so if that much waits in the middle of a block, or the turn is
 * over, the rest of the block waits as it was read. No buffer is made anew for what comes again and
 * again: see core/byte_queue.ts. Source: s6-log(8).
 */
import type { LogScript } from "./core/log_script.ts";
import { cutLongLines, endLinesAtNul, hasLongLine, wholeLines } from "./core/line_block.ts";
import { startTimer } from "../fifodir/timer.ts";
import { hasByte } from "../libc/byte_search.ts";
import { Mishaps } from "../mishap/mishaps.ts";
import { ActionChain } from "./actions.ts";
import { type EngineCounts, engineCounts, InputTally } from "./engine_counts.ts";
import { guardedSinks } from "./guarded_sinks.ts";
import { ByteQueue } from "./core/byte_queue.ts";
import type { LogSinks } from "./actions.ts";
import { LineCarry } from "./core/line_carry.ts";
import type { Logdir } from "./logdir.ts";
import type { OutputSink } from "./shared_output.ts";

/** The most that waits in memory for the disk, apart from the block that is being read. */
export const PENDING_LIMIT = 2 << 20;
/** Larger blocks do not stay in the processor's cache from the read to the write. */
export const BLOCK_SIZE = 1 << 18;
/**
 * Longer lines are cut, even if they may be as long as they like: the beginning of a line has to be
 * kept.
 */
export const LONGEST_LINE = 4 << 20;
/**
 * For so long input is read in one go; between two goes signals are heard, and other engines have
 * their turn.
 */
const TURN_MS = 5;
/**
 * So long nothing is read after something that nobody expected: what has led to it may be there
 * still.
 */
const MISHAP_REST_MS = 1000;
const LF = 10;
const NUL = 0;

export interface LogInput {
  /**
   * Reads what is there. The number of bytes, 0 at the end, or `undefined` if there is nothing now.
   */
  read(buffer: Uint8Array<ArrayBuffer>): number | undefined;
  /** Stops, or starts again, calling the engine's `onReadable`. */
  pause(paused: boolean): void;
  /** Nothing will be read any more. */
  close(): void;
}

export interface EngineOptions {
  /** Longer lines are cut; 0: those longer than LONGEST_LINE. */
  readonly lineLimit: number;
  /** Read nothing while anything waits to be written. */
  readonly holdBack: boolean;
  /** After a request to stop: how long the end of a line is waited for; 0: for ever. */
  readonly lastLineMs: number;
  /** The most that may wait for the disk now; absent: PENDING_LIMIT. */
  pendingLimit?(): number;
  /** At the end, don't wait for a reader of standard output who has stopped reading. */
  readonly leaveStuckOutput?: boolean;
  /** The most that is read at a time; absent: BLOCK_SIZE. */
  readonly blockBytes?: number;
  /** Changes what was read, before lines are looked for in it. */
  readonly prepare?: (bytes: Uint8Array<ArrayBuffer>) => void;
  warn(text: string): void;
  /** Everything is written, and the log directories are closed in good order. */
  onDone(): void;
}

export interface EngineParts {
  readonly input: LogInput;
  readonly logdirs: readonly Logdir[];
  /** The ways to outputs that others share. */
  readonly outputs: readonly OutputSink[];
  readonly sinks: LogSinks;
}

/** The longest beginning of a line that is put before the next block without making a new one. */
const CARRY_ROOM = 1 << 16;
/**
 * Blocks of all engines of the process are read into this one: only the beginning of a line is kept
 * by an engine.
 */
const shared = new Uint8Array(CARRY_ROOM + BLOCK_SIZE);
/**
 * Where a block goes that does not fit in there, and one in which long lines are cut. They grow as
 * needed.
 */
let large = new Uint8Array(0);
let cut = new Uint8Array(0);

function largeOf(sizeBytes: number): Uint8Array<ArrayBuffer> {
  if (large.length < sizeBytes) large = new Uint8Array(sizeBytes);
  return large.subarray(0, sizeBytes);
}

function cutOf(sizeBytes: number): Uint8Array<ArrayBuffer> {
  if (cut.length < sizeBytes) cut = new Uint8Array(sizeBytes);
  return cut;
}

export class LogEngine {
  readonly #mishaps: Mishaps;
  #resting = false;
  readonly #options: EngineOptions;
  readonly #parts: EngineParts;
  readonly #chain: ActionChain;
  readonly #carry = new LineCarry();
  /** Whole lines that were read and are still to be acted on. */
  readonly #backlog = new ByteQueue();
  /** When this turn is over. */
  #turnEndMs = 0;
  #acting = false;
  #paused = false;
  /** Nothing is to be read until it is let go on. */
  #held = false;
  #stopping = false;
  #readsRest = false;
  /** Nobody can write any more: what is read from now on are last words. */
  #hungUp = false;
  #ended = false;
  #finishing = false;
  #lastLineTimer: Disposable | undefined;
  readonly #tally = new InputTally();

  /** @throws {SyntaxError} If a regular expression of the script is none. */
  constructor(script: LogScript, options: EngineOptions, parts: EngineParts) {
    this.#options = options;
    this.#parts = parts;
    this.#mishaps = new Mishaps((text) => options.warn(text));
    this.#chain = new ActionChain(script, guardedSinks(parts.sinks, this.#mishaps));
  }

  /**
   * Calls it from outside. An unexpected exception is reported, and the engine goes on after a
   * rest.
   */
  #guard(action: () => void): void {
    if (this.#mishaps.survives(action) || this.#resting) return;
    this.#resting = true;
    startTimer(MISHAP_REST_MS, () => {
      this.#resting = false;
      if (!this.#finishing) this.onProgress();
    });
    this.#mishaps.survives(() => this.#setPause());
  }

  get #lineLimit(): number {
    const { lineLimit } = this.#options;
    return lineLimit > 0 ? Math.min(lineLimit, LONGEST_LINE) : LONGEST_LINE;
  }

  /** There is input. */
  onReadable(): void {
    this.#guard(() => this.#readOn());
  }

  #readOn(): void {
    this.#turnEndMs = performance.now() + TURN_MS;
    // one read at least: who is called gets on, however long others have kept the processor from
    // him
    for (
      let isFirst = true;
      !this.#paused && !this.#ended && (isFirst || performance.now() < this.#turnEndMs);
      isFirst = false
    ) {
      const start = this.#carry.length <= CARRY_ROOM ? this.#carry.length : 0;
      const room = shared.subarray(
        start,
        start +
          (this.#stopping
            ? 1
            : Math.min(this.#options.blockBytes ?? BLOCK_SIZE, this.#pendingLimit())),
      );
      const count = this.#read(room);
      if (count === undefined) return;
      if (count === 0) return this.#end();
      const fresh = room.subarray(0, count);
      if (hasByte(fresh, NUL)) endLinesAtNul(fresh);
      this.#options.prepare?.(fresh);
      this.#take(start, count);
    }
    // nothing may come that would call
    if (this.#readsRest && !this.#paused && !this.#ended) startTimer(0, () => this.onReadable());
  }

  /**
   * As the input does. When only the rest is to be read, nothing to read is the end; the input may
   * be wrong once when it says so.
   */
  #read(room: Uint8Array<ArrayBuffer>): number | undefined {
    const { input } = this.#parts;
    if (!this.#readsRest) return input.read(room);
    return input.read(room) ?? input.read(room) ?? 0;
  }

  /** Ends when all that is there now has been read, whoever may still hold the other end. */
  readRest(): void {
    this.#readsRest = true;
    if (!this.#paused) this.onReadable(); // which throws nothing
  }

  /** `count` new bytes stand in the shared block at `start`, behind room for what was kept. */
  #take(start: number, count: number): void {
    const lineLimit = this.#lineLimit;
    const fresh = shared.subarray(start, start + count);
    if (this.#carry.length > 0 && this.#carry.length + count < lineLimit && !hasByte(fresh, LF)) {
      return this.#carry.add(fresh);
    }
    const fits = start === this.#carry.length;
    let block = fits ? shared.subarray(0, start + count) : largeOf(this.#carry.length + count);
    if (!fits) block.set(fresh, this.#carry.length);
    this.#carry.moveInto(block);
    if (this.#stopping && block.length >= lineLimit && block[block.length - 1] !== LF) {
      this.#options.warn("input line too long, stopping before the end");
      this.#carry.add(block);
      return this.#end();
    }
    if (hasLongLine(block, lineLimit)) block = cutLongLines(block, lineLimit, cutOf);
    const whole = wholeLines(block);
    if (whole < block.length) this.#carry.add(block.subarray(whole));
    if (whole > 0) this.#process(block.subarray(0, whole));
    if (this.#stopping && this.#carry.length === 0) this.#end();
  }

  /** From now on lines are counted, too. */
  countLines(): void {
    this.#tally.countsLines = true;
  }

  get counts(): EngineCounts {
    return engineCounts(this.#tally, this.#parts, this.#backlog.length);
  }

  #process(lines: Uint8Array<ArrayBuffer>): void {
    this.#tally.add(lines);
    this.#act(lines);
    this.#setPause();
  }

  /**
   * What is not done now because enough waits, or because it is the turn of others, goes into the
   * backlog, which must be empty.
   */
  #act(lines: Uint8Array<ArrayBuffer>): void {
    this.#acting = true;
    const done = this.#mishaps.guard(() => this.#chain.run(lines, this.#isEnough), lines.length);
    this.#acting = false;
    if (done === lines.length) return;
    this.#backlog.append(lines.subarray(done));
    if (!this.#isFull()) startTimer(0, () => this.onProgress()); // nobody else would call
  }

  readonly #isEnough = (): boolean => this.#isFull() || performance.now() >= this.#turnEndMs;

  /** Goes on with lines that were read, if there is room for them again. */
  #workOff(): void {
    if (this.#backlog.length === 0 || this.#isFull()) return;
    this.#turnEndMs = performance.now() + TURN_MS;
    const lines = largeOf(this.#backlog.length);
    this.#backlog.copyTo(lines);
    this.#backlog.clear();
    this.#act(lines);
  }

  #pendingBytes(): number {
    const { logdirs, outputs } = this.#parts;
    const leavesStuck = this.#hungUp && this.#options.leaveStuckOutput;
    const outputBytes = outputs.reduce(
      (sum, sink) => sum + (leavesStuck && sink.isStuck ? 0 : sink.heldBytes),
      0,
    );
    return logdirs.reduce((sum, logdir) => sum + logdir.pendingBytes, outputBytes);
  }

  #pendingLimit(): number {
    return this.#options.pendingLimit?.() ?? PENDING_LIMIT;
  }

  /** Does so much wait that no more is to be added? */
  #isFull(): boolean {
    const most = this.#pendingLimit();
    return this.#pendingBytes() >= (this.#options.holdBack ? 1 : this.#paused ? most / 2 : most);
  }

  #setPause(): void {
    const paused = this.#held || this.#resting || this.#backlog.length > 0 || this.#isFull();
    if (paused === this.#paused || this.#ended) return;
    this.#paused = paused;
    this.#parts.input.pause(paused);
  }

  /** Something that waited has been written or stored. */
  onProgress(): void {
    if (!this.#acting) this.#guard(() => this.#goOn()); // else what follows is done after it
  }

  #goOn(): void {
    this.#workOff();
    this.#setPause();
    if (this.#ended) this.#finishIfIdle();
    else if (this.#readsRest && !this.#paused) this.onReadable();
  }

  /** Nobody can write to the input any more; told only while it is paused. */
  onHangup(): void {
    this.#hungUp = true;
    this.onProgress();
  }

  /** Rotates every log directory now. */
  rotate(): void {
    for (const logdir of this.#parts.logdirs) this.#guard(() => logdir.rotate());
  }

  /** Ends after the line that is being read. */
  stop(): void {
    if (this.#stopping || this.#ended) return;
    this.#stopping = true;
    if (this.#carry.length === 0) return this.#guard(() => this.#end());
    const { lastLineMs } = this.#options;
    if (lastLineMs > 0) {
      this.#lastLineTimer = startTimer(lastLineMs, () => this.#guard(() => this.#end()));
    }
  }

  /** Reads nothing, or goes on reading. */
  hold(held: boolean): void {
    this.#held = held;
    this.#guard(() => this.#setPause());
  }

  /** Ends here and now: what has been read and is not written is lost. `onDone` is not called. */
  abandon(): void {
    this.#ended = this.#finishing = true;
    this.#backlog.clear();
    this.#close();
  }

  #close(): void {
    this.#lastLineTimer?.[Symbol.dispose]();
    this.#carry.clear();
    this.#mishaps.survives(() => this.#parts.input.close());
    for (const sink of this.#parts.outputs) this.#mishaps.survives(() => sink.drop());
    for (const logdir of this.#parts.logdirs) this.#mishaps.survives(() => logdir.close());
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#lastLineTimer?.[Symbol.dispose]();
    this.#mishaps.survives(() => this.#parts.input.pause(true));
    if (this.#carry.length > 0) {
      const line = new Uint8Array(this.#carry.length + 1).fill(LF);
      this.#carry.moveInto(line);
      this.#tally.add(line);
      if (this.#backlog.length > 0) this.#backlog.append(line);
      else this.#act(line);
    }
    this.#finishIfIdle();
  }

  #finishIfIdle(): void {
    const { logdirs, outputs } = this.#parts;
    const isHeld = outputs.some((sink) =>
      sink.pendingBytes > 0 && !(this.#options.leaveStuckOutput && sink.isStuck)
    );
    if (
      this.#finishing || isHeld || this.#backlog.length > 0 ||
      !logdirs.every((logdir) => logdir.isIdle)
    ) return;
    const lostBytes = outputs.reduce((sum, sink) => sum + sink.pendingBytes, 0);
    if (lostBytes > 0) {
      this.#options.warn(
        `nobody reads standard output: ${lostBytes} bytes of the last lines are lost`,
      );
    }
    this.#finishing = true;
    const over = (): void => {
      this.#close();
      this.#options.onDone();
    };
    Promise.all(this.#parts.logdirs.map((logdir) => logdir.finish())).then(over, (error) => {
      this.#mishaps.tell(error);
      over();
    });
  }
}
