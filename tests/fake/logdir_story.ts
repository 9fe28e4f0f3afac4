/** A log directory under test: lines into it, what is on its disk, kills and new beginnings. */
import { assertEquals } from "@std/assert";
import type { LogdirSettings } from "../../lib/logdir/core/log_control.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { Logdir } from "../../lib/logdir/logdir.ts";
import { FakeDisk, FakeLogdirPort, PROCESSED_MARK, settle } from "./logdir_port.ts";

export const SETTINGS: LogdirSettings = {
  path: "./log",
  archivesMax: 100,
  sizeBytes: 24,
  toleranceBytes: 4,
  totalBytes: 0,
  retryMs: 100,
  rotateSeconds: 0,
};

export const WITH_PROCESSOR: LogdirSettings = {
  ...SETTINGS,
  processor: { command: "mark", shell: false },
};

export function bytes(text: string): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

/** `line 1\n` to `line COUNT\n`. */
export function numbered(count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, index) => `line ${from + index}\n`);
}

export class LogdirStory {
  readonly port: FakeLogdirPort;
  readonly settings: LogdirSettings;
  logdir: Logdir;
  /** How often the log directory has told of a change. */
  changes = 0;

  constructor(settings: LogdirSettings = SETTINGS, disk = new FakeDisk()) {
    this.settings = settings;
    this.port = new FakeLogdirPort(disk);
    this.logdir = this.#make();
  }

  #make(): Logdir {
    return new Logdir(this.settings, this.port, () => this.changes++);
  }

  get disk(): FakeDisk {
    return this.port.disk;
  }

  /**
   * Begins, as often as it takes: what fails at the start ends the logger, and its supervisor
   * begins it again.
   */
  open(): this {
    for (;;) {
      try {
        this.logdir.open();
        return this;
      } catch (error) {
        if (!(error instanceof SyscallError)) throw error;
        this.port.closeAll();
        this.logdir = this.#make();
      }
    }
  }

  /** One append, and what follows from it. */
  async append(text: string): Promise<this> {
    this.logdir.append(bytes(text));
    await settle();
    return this;
  }

  async appendEach(lines: readonly string[]): Promise<this> {
    for (const line of lines) await this.append(line);
    return this;
  }

  async rotate(): Promise<this> {
    this.logdir.rotate();
    await settle();
    return this;
  }

  /** Waits for all to be stored, and closes in good order. */
  async close(): Promise<this> {
    for (let tries = 0; !this.logdir.isIdle; tries++) {
      if (tries > 100) throw new Error(`never idle; it said: ${this.port.warnings.join("; ")}`);
      await this.port.elapse(this.settings.retryMs);
    }
    const closed = this.logdir.finish();
    let over = false;
    closed.then(() => over = true);
    for (let tries = 0; !over; tries++) {
      if (tries > 100) throw new Error(`never closed; it said: ${this.port.warnings.join("; ")}`);
      await this.port.elapse(this.settings.retryMs);
    }
    return this;
  }

  /** The texts of the archives, the oldest first, and of `current`. */
  get files(): readonly string[] {
    return [...this.disk.archives, "current"].map((name) => this.disk.text(name)!);
  }

  /**
   * Asserts that a logger that has ended in good order has left nothing but its results, with no
   * line split, lost or doubled.
   */
  assertClosed(lines: string, { unfinished = false } = {}): void {
    const { disk } = this;
    assertEquals(disk.content, lines);
    const names = [...disk.files.keys()].filter((name) => !disk.archives.includes(name)).sort();
    assertEquals(names, ["current", "state"]);
    assertEquals(disk.isExecutable("current"), true);
    for (const file of this.files) {
      if (file !== "") assertEquals(file.slice(-1), "\n", "files end at line ends");
    }
    for (const name of disk.archives) this.#assertArchive(name, unfinished);
    assertEquals(this.port.openFds, 1, "descriptors");
  }

  #assertArchive(name: string, unfinished: boolean): void {
    const stored = name.endsWith(".s");
    if (!unfinished) assertEquals(stored, true, `${name} was left unfinished`);
    if (!stored) return;
    const mark = this.settings.processor === undefined ? "" : PROCESSED_MARK;
    const wrong = this.disk.text(name)!.split("\n").slice(0, -1).filter((line) =>
      !line.startsWith(`${mark}line`)
    );
    assertEquals(wrong, [], `lines of ${name} that did not go through the processor exactly once`);
    assertEquals(this.disk.isExecutable(name), true, `${name} is not marked as finished`);
  }
}
