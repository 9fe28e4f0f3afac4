/**
 * Following a log directory: each line that is written, once, across rotations.
 *
 * The file that is being read stays open, so its last lines are read whatever becomes of it. When
 * `current` is another one, those that were current in between, if rotations are faster than we
 * are, have become archives: they are read before the new one. Which archives are what we have read
 * already, under another name, the identity of the file tells; where a processor has made a new
 * file of it, the order does, and if need be the stamp of its first line.
 */
import { ENOENT } from "../core/linux/errno.ts";
import { CURRENT, PREVIOUS } from "../logdir/core/rotation.ts";
import type { EventHub } from "../fifodir/hub.ts";
import { SyscallError } from "../libc/bind.ts";
import {
  IN_CREATE,
  IN_DELETE,
  IN_DELETE_SELF,
  IN_MODIFY,
  IN_MOVE_SELF,
  IN_MOVED_FROM,
  IN_MOVED_TO,
  IN_ONLYDIR,
} from "../libc/inotify.ts";
import { pread } from "../libc/fd.ts";
import { fstat, tryLstat } from "../libc/stat.ts";
import { concat, lineBlocks, linesOf, LONGEST_LINE } from "./line_blocks.ts";
import { LineDater, type LineFilter, type LogLine } from "./line_filter.ts";
import {
  fileIdentity,
  type ListedFile,
  logdirFailure,
  LogFileError,
  type OpenLogFile,
  openLogFile,
  viewLogdir,
} from "./log_file.ts";
import { unixNow } from "./log_moment.ts";
import type { LogSource } from "./log_source.ts";

const CHANGES = IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF |
  IN_MOVE_SELF | IN_ONLYDIR;
const BLOCK_BYTES = 65536;
const RETRY_MS = 1000;
const LF = 10;

export interface FollowerEvents {
  /** No more lines are read until a promise that it returns has settled. */
  onLines(lines: readonly LogLine[]): void | Promise<void>;
  /** Told once for each trouble. */
  onTrouble(text: string): void;
}

export class LogFollower implements Disposable {
  readonly #logdir: string;
  readonly #filter: LineFilter;
  readonly #hub: EventHub;
  readonly #events: FollowerEvents;
  readonly #known: Set<string>;
  /**
   * What has been read and is not known by an archive's name yet: the file's identity, and its
   * size.
   */
  readonly #read = new Map<string, number>();
  /** Sizes of such files that have gone: a processor has replaced them, or they were removed. */
  #vanished: number[] = [];
  #held: OpenLogFile | undefined;
  #offset: number;
  #rest = new Uint8Array(0);
  #dater = new LineDater(0);
  #lastAt = -Infinity;
  #watch: Disposable | undefined;
  #later: Disposable | undefined;
  #trouble = "";
  #running = false;
  #again = false;
  #over = false;
  /** Until whoever gets the lines wants more. */
  #pause: Promise<void> | undefined;

  /** Goes on where the source ended. Lines are passed on from `begin` on. */
  constructor(source: LogSource, hub: EventHub, events: FollowerEvents) {
    this.#logdir = source.logdir;
    this.#filter = source.filter;
    this.#hub = hub;
    this.#events = events;
    this.#known = new Set(source.view.archives.map(({ name }) => name));
    this.#held = source.view.current;
    this.#offset = source.view.current?.size ?? 0;
    const { previous } = source.view;
    if (previous !== undefined) this.#read.set(previous.identity, previous.size);
  }

  /**
   * To be called as soon as what the source held is printed; what was written meanwhile is not
   * missed.
   */
  begin(): void {
    this.#watchDirectory();
    this.#wake();
  }

  /**
   * For whoever knows that a directory above has been replaced, of which the log directory itself
   * tells nothing.
   */
  lookAgain(): void {
    if (this.#over) return;
    this.#watchDirectory();
    this.#wake();
  }

  #watchDirectory(): void {
    this.#watch?.[Symbol.dispose]();
    const watch = this.#hub.watchFile(this.#logdir, CHANGES, ({ mask }) => {
      if ((mask & IN_MOVE_SELF) !== 0) this.#watchDirectory(); // another one may have its name
      this.#wake();
    });
    this.#watch = typeof watch === "number" ? undefined : watch;
  }

  /**
   * As long as there is no `current`: the directory may be gone, and while we hold a file of it
   * nobody tells.
   */
  #lookLater(): void {
    if (this.#over) return;
    this.#later ??= this.#hub.after(RETRY_MS, () => {
      this.#later = undefined;
      this.#watchDirectory();
      this.#wake();
    });
  }

  #wake(): void {
    this.#again = true;
    if (this.#running || this.#over) return;
    this.#running = true;
    this.#run().catch((error) => this.#hub.fail(error));
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#over) {
      this.#again = false;
      try {
        await this.#catchUp();
        this.#trouble = "";
      } catch (error) {
        this.#tell(logdirFailure(error, this.#logdir));
        this.#lookLater();
      }
    }
    this.#running = false;
    if (this.#over) this.#close();
  }

  /** No more callbacks. Files are closed as soon as possible. */
  [Symbol.dispose](): void {
    this.#over = true;
    if (!this.#running) this.#close();
  }

  #close(): void {
    for (const one of [this.#watch, this.#later, this.#held]) one?.[Symbol.dispose]();
    this.#held = undefined;
  }

  #tell(text: string): void {
    if (text !== this.#trouble) this.#events.onTrouble(text);
    this.#trouble = text;
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      await this.#readHeld();
      if (this.#over || !this.#isReplaced()) return;
      await this.#readHeld(); // what was written between the two looks
      // while it is open no other file can have its number
      const { archives, previous, current } = viewLogdir(this.#logdir);
      using _previous = previous;
      this.#letGo();
      this.#held = current;
      this.#offset = 0;
      this.#noteVanished([...archives, ...(previous === undefined ? [] : [previous])]);
      for (const archive of archives) await this.#meet(archive);
      if (previous !== undefined && !this.#read.has(previous.identity)) {
        this.#read.set(previous.identity, previous.size);
        await this.#readWhole(`${this.#logdir}/${PREVIOUS}`, previous);
      }
      this.#dater = new LineDater(0);
      if (current === undefined) return;
    }
  }

  /**
   * Is `current` another file than the one we read? Between two of them there may be none for a
   * moment.
   */
  #isReplaced(): boolean {
    const now = tryLstat(`${this.#logdir}/${CURRENT}`);
    if (typeof now === "number") {
      if (now !== -ENOENT || typeof tryLstat(this.#logdir) === "number") {
        throw new SyscallError(`read ${this.#logdir}`, -now);
      }
      this.#lookLater();
      return false;
    }
    return now.ino !== this.#held?.ino;
  }

  async #readHeld(): Promise<void> {
    if (this.#held === undefined) return;
    const { fd } = this.#held;
    if (fstat(fd).size < this.#offset) this.#offset = 0; // somebody has emptied it
    for (;;) {
      const chunk = new Uint8Array(BLOCK_BYTES);
      const count = pread(fd, chunk, this.#offset);
      if (count <= 0) return;
      this.#offset += count;
      this.#take(chunk.subarray(0, count));
      await this.#paused();
      if (this.#over) return;
    }
  }

  async #paused(): Promise<void> {
    const pause = this.#pause;
    this.#pause = undefined;
    if (pause !== undefined) await pause;
  }

  /** Tells the whole lines, and keeps what is not one yet. */
  #take(chunk: Uint8Array): void {
    const joined = concat(this.#rest, chunk);
    const newline = joined.lastIndexOf(LF);
    const whole = newline >= 0 ? newline + 1 : joined.length > LONGEST_LINE ? joined.length : 0;
    this.#rest = joined.slice(whole);
    if (whole > 0) this.#pass(joined.subarray(0, whole), this.#dater);
  }

  #pass(block: Uint8Array<ArrayBuffer>, dater: LineDater): void {
    const now = unixNow();
    const lines = linesOf(block).map((bytes) => {
      const line = dater.date(bytes);
      return line.stampBytes > 0 ? line : { ...line, at: now };
    });
    if (lines.length > 0) this.#lastAt = lines.at(-1)!.at;
    const passing = lines.filter((line) =>
      this.#filter.side(line.at) === "within" && this.#filter.matches(line)
    );
    if (passing.length === 0 || this.#over) return;
    try {
      this.#pause = this.#events.onLines(passing) ?? undefined;
    } catch (error) {
      this.#hub.fail(error); // no trouble of the log directory
    }
  }

  /** The held file is complete. */
  #letGo(): void {
    if (this.#rest.length > 0) this.#pass(this.#rest, this.#dater);
    this.#rest = new Uint8Array(0);
    // an empty file becomes no archive
    if (this.#held !== undefined && this.#offset > 0) {
      this.#read.set(fileIdentity(fstat(this.#held.fd)), this.#offset);
    }
    this.#held?.[Symbol.dispose]();
    this.#held = undefined;
  }

  #noteVanished(files: readonly { readonly identity: string }[]): void {
    const there = new Set(files.map(({ identity }) => identity));
    for (const [identity, size] of this.#read) {
      if (there.has(identity)) continue;
      this.#read.delete(identity);
      this.#vanished.push(size);
    }
  }

  /** An archive: known, or read under another name, or one that we have missed. */
  async #meet(file: ListedFile): Promise<void> {
    if (this.#known.has(file.name)) return;
    this.#known.add(file.name);
    if (this.#read.delete(file.identity)) return;
    const opened = openLogFile(file.path);
    if (typeof opened === "string") {
      return opened === ""
        ? undefined
        : this.#events.onTrouble(`unable to read ${file.path}: ${opened}`);
    }
    try {
      if (!await this.#replacesVanished(opened)) await this.#readWhole(file.path, opened);
    } finally {
      opened[Symbol.dispose]();
    }
  }

  /**
   * Is it what a processor has made of the oldest file that has vanished? Or is that gone for good,
   * and this a later one?
   */
  async #replacesVanished(opened: OpenLogFile): Promise<boolean> {
    const [size] = this.#vanished;
    if (size === undefined) return false;
    const first = await firstLine(opened);
    const isOurs = first === undefined ||
      (first.stampBytes > 0
        ? first.at <= this.#lastAt
        : opened.compression !== undefined || opened.size === size);
    this.#vanished = isOurs ? this.#vanished.slice(1) : []; // all of them are older
    return isOurs;
  }

  async #readWhole(path: string, opened: OpenLogFile): Promise<void> {
    if (opened.compression !== undefined && opened.compression !== "gzip") {
      return this.#events.onTrouble(
        `unable to read ${path}: it is compressed by ${opened.compression}, and only gzip can be unpacked here`,
      );
    }
    const dater = new LineDater(0);
    try {
      for await (const block of lineBlocks(opened, { blockBytes: BLOCK_BYTES })) {
        this.#pass(block, dater);
        await this.#paused();
        if (this.#over) return;
      }
    } catch (error) {
      if (!(error instanceof TypeError) && !(error instanceof LogFileError)) throw error;
      this.#events.onTrouble(`${path}: it is damaged; what follows in it is missing`);
    }
  }
}

async function firstLine(opened: OpenLogFile): Promise<LogLine | undefined> {
  try {
    for await (const block of lineBlocks(opened, { blockBytes: BLOCK_BYTES })) {
      return new LineDater(0).date(linesOf(block)[0]!);
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // damaged: reading it will tell
  }
  return undefined;
}
