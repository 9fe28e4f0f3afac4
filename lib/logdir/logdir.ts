/**
 * One log directory: appends lines to `current`, rotates it, runs the processor, keeps the archives
 * within their limits.
 *
 * A full file is renamed and the next one opened at once; bringing the full one to the disk,
 * processing and archiving it happen beside the writing. Only if the next file is full before the
 * last one is stored, lines have to wait. No error loses a line: it is said, and tried again after
 * the script's delay. If somebody removes or moves `current`, or all of the directory, the next
 * line makes them anew. Source: s6-log(8).
 */
import type { LogdirSettings } from "./core/log_control.ts";
import { EFBIG, ENOENT } from "../core/linux/errno.ts";
import type { LogdirFacts, LogdirStep, LogFile } from "./core/rotation.ts";
import {
  CURRENT,
  excessArchives,
  fillLength,
  fittingLength,
  isArchiveName,
  isFull,
  NEWSTATE,
  PREVIOUS,
  PROCESSED,
  startPlan,
  STATE,
} from "./core/rotation.ts";
import { ByteQueue } from "./core/byte_queue.ts";
import { mishapText } from "../mishap/core/mishap_text.ts";
import { Mishaps } from "../mishap/mishaps.ts";
import type { LogdirPort } from "./port.ts";
import { type StepFailure, Tries } from "./tries.ts";

const LF = 10;

export class Logdir {
  readonly #port: LogdirPort;
  readonly #settings: LogdirSettings;
  readonly #onChange: () => void;
  readonly #mishaps: Mishaps;
  readonly #tries: Tries;
  #fd = -1;
  #size = 0;
  /** Lines that could not be written yet. */
  readonly #pending = new ByteQueue();
  /** A write or a rotation has failed and is waiting for its next try. */
  #waiting = false;
  /** `previous` is not stored yet. */
  #storing = false;
  #rotationWanted = false;
  #rotationTimer: Disposable | undefined;
  /** `current` has become `previous`, and the new one is not open yet. */
  #renamed = false;
  /** `current` ends within a line whose rest waits. */
  #midLine = false;
  /** More than this no file can have, as a write has found out. */
  #largestBytes = Infinity;
  #closed = false;
  /** How often a full `current` has given way to the next one. */
  rotations = 0;
  /** Nothing is done any more, not even what has been begun. */
  #abandoned = false;
  /** Descriptors of files that are being stored beside the writing. */
  readonly #storedFds = new Set<number>();

  /**
   * @param onChange Called when lines that waited have been written, or what was stored beside is
   *   done.
   */
  constructor(settings: LogdirSettings, port: LogdirPort, onChange: () => void) {
    this.#settings = settings;
    this.#port = port;
    this.#onChange = onChange;
    this.#mishaps = new Mishaps((text) => port.warn(`${text} in ${settings.path}`));
    this.#tries = new Tries(port, settings, this.#mishaps, () => this.#abandoned);
  }

  /** Bytes that wait to be written. */
  get pendingBytes(): number {
    return this.#pending.length;
  }

  /** Steps that have failed. */
  get failures(): number {
    return this.#tries.failures;
  }

  /** Everything is written and stored. */
  get isIdle(): boolean {
    return this.#pending.length === 0 && !this.#storing && !this.#rotationWanted;
  }

  /**
   * Finishes what an earlier logger left, and opens `current`. @throws {SyscallError} If the
   * directory can't be used.
   */
  open(): void {
    for (const step of startPlan(this.#facts())) this.#apply(step);
    this.#openCurrent();
    this.#port.setFinished(this.#fd, false);
    if (this.#settings.rotateSeconds > 0) this.#rotateByTime();
  }

  #rotateByTime(): void {
    this.#rotationTimer = this.#port.later(this.#settings.rotateSeconds * 1000, () => {
      if (this.#closed) return;
      this.rotate();
      this.#rotateByTime();
    });
  }

  #facts(): LogdirFacts {
    const names = [CURRENT, PREVIOUS, PROCESSED] as const;
    const found: Partial<Record<typeof names[number], LogFile>> = {};
    for (const name of names) {
      const file = this.#port.stat(name);
      if (file !== undefined) found[name] = file;
    }
    return found;
  }

  #apply(step: LogdirStep): void {
    if (step.kind === "unlink") this.#port.unlink(step.name);
    else if (step.kind === "truncate") this.#port.truncate(step.name);
    else this.#archive(step.name, step.suffix);
  }

  #openCurrent(): void {
    const fd = this.#port.openAppend(CURRENT);
    try {
      this.#size = this.#port.stat(CURRENT)?.size ?? 0;
    } catch (error) {
      this.#port.close(fd);
      throw error;
    }
    this.#fd = fd;
  }

  #archive(name: string, suffix: "s" | "u"): void {
    const file = this.#port.stat(name);
    if (file === undefined) return;
    if (file.links === 1 && file.size > 0) this.#port.link(name, `${this.#port.stamp()}.${suffix}`);
    this.#port.unlink(name);
    this.#trim();
  }

  #trim(): void {
    const isSizeLimited = this.#settings.totalBytes > 0; // each size is a call, at every rotation
    const archives = this.#port.list().filter(isArchiveName).map((name) => ({
      name,
      size: isSizeLimited ? this.#port.stat(name)?.size ?? 0 : 0,
    }));
    for (const { name } of excessArchives(archives, this.#settings)) {
      this.#tries.try(() => this.#port.unlink(name));
    }
  }

  /** Appends whole lines. What can't be written now is copied and waits. */
  append(lines: Uint8Array<ArrayBuffer>): void {
    if (this.#abandoned) return;
    const rest = this.#pending.length > 0 || this.#waiting ? lines : this.#write(lines);
    if (rest.length > 0) this.#pending.append(rest);
  }

  /** Writes as much as goes now. Returns the rest. */
  #write(lines: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    let rest = lines;
    while (rest.length > 0) {
      if (this.#rotationWanted && !this.#midLine && !this.#rotate()) return rest;
      const filling = rest.subarray(0, fillLength(rest, this.#size, this.#settings));
      const fitting = fittingLength(filling, this.#largestBytes - this.#size);
      if (fitting === 0 && this.#size > 0 && !this.#midLine) {
        this.#rotationWanted = true;
        continue;
      }
      const chunk = fitting > 0 ? filling.subarray(0, fitting) : filling;
      const result = this.#tries.attempt(() => this.#port.write(this.#fd, chunk));
      if (!result.ok && result.error.errno === EFBIG && this.#cutShort(result.error)) continue;
      const count = result.ok ? result.value : 0;
      if (count === 0) {
        if (!result.ok) this.#tries.warn(result.error.message);
        this.#retryLater();
        return rest;
      }
      // looked at after the write: what is in a file that has its name then can be found
      if (this.#tries.try(() => this.#port.isRemoved(this.#fd))) {
        if (this.#beginAnew()) continue;
        this.#retryLater();
        return rest;
      }
      this.#size += count;
      rest = rest.subarray(count);
      this.#midLine = chunk[count - 1] !== LF;
      if (!this.#midLine && isFull(this.#size, this.#settings)) this.#rotationWanted = true;
    }
    if (this.#rotationWanted) this.#rotate();
    return rest;
  }

  /**
   * Files can't become as large as the script says: asks for the next one. A line that has been
   * begun goes on there; those after it are not torn, since the size is known then. False if there
   * is nothing in this one.
   */
  #cutShort({ message }: StepFailure): boolean {
    if (this.#size === 0) return false;
    if (this.#size !== this.#largestBytes) {
      this.#port.warn(
        `${message} in ${this.#settings.path} (rotating at ${this.#size} bytes; ulimit -f raises that)`,
      );
    }
    this.#largestBytes = this.#size;
    this.#midLine = false;
    this.#rotationWanted = true;
    return true;
  }

  /**
   * Goes on in a new `current`: the old one has been removed or moved away. Returns whether that
   * worked.
   */
  #beginAnew(): boolean {
    return this.#tries.try(() => {
      this.#port.claim();
      const old = this.#fd;
      this.#openCurrent();
      this.#mishaps.survives(() => this.#port.close(old));
      this.#midLine = false;
      this.#rotationWanted = false;
      this.#port.warn(`${CURRENT} of ${this.#settings.path} is gone: going on in a new one`);
      return true;
    }) ?? false;
  }

  /** Rotates `current` as soon as it ends with a whole line, however small it is. */
  rotate(): void {
    if (this.#closed) return;
    this.#rotationWanted = true;
    if (!this.#waiting) this.#rotate();
  }

  /** Begins a rotation if the last one is done. Returns whether `current` can be written. */
  #rotate(): boolean {
    if (this.#storing || this.#midLine) return false;
    if (!this.#renamed) {
      const result = this.#tries.attempt(() => this.#port.rename(CURRENT, PREVIOUS));
      if (!result.ok && !this.#isRenamed()) {
        if (result.error.errno === ENOENT && this.#beginAnew()) return true;
        this.#tries.warn(result.error.message);
        return this.#retryLater();
      }
      this.#renamed = true;
    }
    const full = this.#fd;
    const opened = this.#tries.try(() => {
      this.#openCurrent();
      return true;
    });
    if (opened === undefined) return this.#retryLater();
    this.#renamed = false;
    this.#rotationWanted = false;
    this.#storing = true;
    this.rotations++;
    this.#store(full);
    return true;
  }

  /**
   * Has a rename that failed been done nevertheless? `previous` is there only from then until it is
   * stored.
   */
  #isRenamed(): boolean {
    const [current, previous] = [CURRENT, PREVIOUS].map((name) =>
      this.#tries.attempt(() => this.#port.stat(name) !== undefined)
    );
    return current?.ok === true && !current.value && previous?.ok === true && previous.value;
  }

  #retryLater(): false {
    if (!this.#waiting) this.#tries.later(() => this.#retry());
    this.#waiting = true;
    return false;
  }

  #retry(): void {
    if (this.#abandoned) return;
    this.#waiting = false;
    this.#flush();
  }

  #flush(): void {
    while (this.#pending.length > 0 && !this.#waiting) {
      const first = this.#pending.first();
      const rest = this.#write(first);
      this.#pending.drop(first.length - rest.length);
      if (rest.length > 0) break;
    }
    if (this.#rotationWanted && !this.#waiting) this.#rotate();
    this.#onChange();
  }

  /** Brings `previous` to the disk and into the archives, with as many tries as it takes. */
  async #store(fullFd: number): Promise<void> {
    await this.#storeFile(fullFd, PREVIOUS, true);
    const { processor } = this.#settings;
    if (processor === undefined) await this.#tries.insist(() => this.#archive(PREVIOUS, "s"));
    else await this.#storeProcessed(processor);
    this.#storing = false;
    this.#flush();
  }

  async #storeProcessed(
    processor: { readonly command: string; readonly shell: boolean },
  ): Promise<void> {
    for (;;) {
      if (await this.#tries.insist(() => this.#port.stat(PREVIOUS)) === undefined) return;
      const failure = await this.#tries.resultOf(
        () => this.#port.process(processor.command, processor.shell),
        mishapText,
      );
      if (failure === undefined) break;
      await this.#tries.pause(failure);
    }
    await this.#syncNamed(PROCESSED, true);
    await this.#syncNamed(NEWSTATE, false);
    await this.#tries.insist(() => this.#port.unlink(PREVIOUS));
    let hasTried = false;
    await this.#tries.insist(() => {
      // it was done, though it failed
      if (hasTried && this.#port.stat(NEWSTATE) === undefined) return;
      hasTried = true;
      this.#port.rename(NEWSTATE, STATE);
    });
    await this.#tries.insist(() => this.#archive(PROCESSED, "s"));
  }

  async #syncNamed(name: string, finished: boolean): Promise<void> {
    const fd = await this.#tries.insist(() => this.#port.openAppend(name));
    await this.#storeFile(fd, name, finished);
  }

  /** Brings an open file to the disk, marks it as finished if it is, and closes it. */
  async #storeFile(fd: number, name: string, finished: boolean): Promise<void> {
    this.#storedFds.add(fd);
    while (!await this.#tries.resultOf(() => this.#port.sync(fd), () => false)) {
      await this.#tries.pause(`unable to sync ${name}`);
    }
    if (finished) await this.#tries.insist(() => this.#port.setFinished(fd, true));
    if (this.#storedFds.delete(fd)) this.#mishaps.survives(() => this.#port.close(fd));
  }

  /** Marks `current` as closed in good order. Everything must have been written before. */
  async finish(): Promise<void> {
    this.#closed = true;
    while (!await this.#tries.resultOf(() => this.#port.sync(this.#fd), () => false)) {
      await this.#tries.pause(`unable to sync ${CURRENT}`);
    }
    await this.#tries.insist(() => this.#port.setFinished(this.#fd, true));
  }

  /**
   * Lets go of the directory. What waits is lost; what was being stored is found unfinished by the
   * next logger, as after a kill.
   */
  close(): void {
    if (this.#abandoned) return;
    this.#closed = this.#abandoned = true;
    this.#rotationTimer?.[Symbol.dispose]();
    for (const fd of [...this.#storedFds, this.#fd]) {
      if (fd >= 0) this.#mishaps.survives(() => this.#port.close(fd));
    }
    this.#storedFds.clear();
    this.#mishaps.survives(() => this.#port.unclaim());
    this.#pending.clear();
  }
}
