/**
 * A log directory in memory. Every call is a step with a number and a name: any of them can be made
 * to fail, and before each of them the disk can be kept as it is then, as a kill would leave it.
 * fsync and processors end when the test wants; time is moved by the test.
 */
import { EFBIG, ENOENT, ENOSPC } from "../../lib/core/linux/errno.ts";
import { isArchiveName } from "../../lib/logdir/core/rotation.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import type { LogdirPort, LogFileStat } from "../../lib/logdir/port.ts";

/** The processor of the fake puts this before every line. */
export const PROCESSED_MARK = "+";

interface Inode {
  text: string;
  executable: boolean;
}

/**
 * Files by name; two names of one file share the inode. Content is Latin-1 text, a character for a
 * byte.
 */
export class FakeDisk {
  readonly files = new Map<string, Inode>();
  /** All that was ever written to `current` files. */
  written = "";
  stamps = 0;

  /** The same disk, to go on with in another way. */
  clone(): FakeDisk {
    const copies = new Map<Inode, Inode>();
    const copy = new FakeDisk();
    for (const [name, inode] of this.files) {
      if (!copies.has(inode)) copies.set(inode, { ...inode });
      copy.files.set(name, copies.get(inode)!);
    }
    copy.written = this.written;
    copy.stamps = this.stamps;
    return copy;
  }

  put(name: string, text: string, executable = false): this {
    this.files.set(name, { text, executable });
    return this;
  }

  text(name: string): string | undefined {
    return this.files.get(name)?.text;
  }

  isExecutable(name: string): boolean | undefined {
    return this.files.get(name)?.executable;
  }

  get archives(): readonly string[] {
    return [...this.files.keys()].filter(isArchiveName).sort();
  }

  /** What the archives, the oldest first, and `current` hold; of processed ones what went in. */
  get content(): string {
    const parts = this.archives.map((name) => this.text(name)!.replaceAll(/^[+]/gm, ""));
    return parts.join("") + (this.text("current") ?? "");
  }
}

/** What a step is called, and what a failure of it is asked for by. */
export type Step =
  | "stat"
  | "unlink"
  | "link"
  | "rename"
  | "open"
  | "truncate"
  | "mark"
  | "write"
  | "sync"
  | "list"
  | "claim"
  | "process";

export class FakeLogdirPort implements LogdirPort {
  disk: FakeDisk;
  /** The steps so far, each with what it was about: `rename current previous`. */
  readonly steps: string[] = [];
  readonly warnings: string[] = [];
  /** Steps, by number from 0, that fail. */
  readonly failing = new Set<number>();
  /** Kinds of steps that fail, with the error; until they are taken out again. */
  readonly broken = new Map<Step, number>();
  /** The disk before each step, if wanted. */
  snapshots: FakeDisk[] | undefined;
  /** The most that one write takes. */
  writeMost = Infinity;
  /** Bytes that the disk has room for. */
  room = Infinity;
  /** The most bytes that a file may have. */
  largest = Infinity;
  /** While true, fsync and processors do not end. */
  holdSyncs = false;
  holdProcessors = false;
  readonly #held: { readonly what: "sync" | "process"; readonly go: () => void }[] = [];
  readonly #fds = new Map<number, Inode>();
  #nextFd = 10;
  nowMs = 0;
  #timers: { readonly atMs: number; readonly callback: () => void }[] = [];

  constructor(disk = new FakeDisk()) {
    this.disk = disk;
  }

  #step(kind: Step, about = ""): void {
    const number = this.steps.push(`${kind} ${about}`.trimEnd()) - 1;
    this.snapshots?.push(this.disk.clone());
    const errno = this.broken.get(kind) ?? (this.failing.has(number) ? ENOSPC : 0);
    if (errno > 0) throw new SyscallError(`${kind} ${about}`.trimEnd(), errno);
  }

  get openFds(): number {
    return this.#fds.size;
  }

  /** The process ends, and another takes its place. */
  closeAll(): void {
    this.#fds.clear();
  }

  stat(name: string): LogFileStat | undefined {
    this.#step("stat", name);
    const inode = this.disk.files.get(name);
    if (inode === undefined) return undefined;
    const links = [...this.disk.files.values()].filter((other) => other === inode).length;
    return { executable: inode.executable, size: inode.text.length, links };
  }

  unlink(name: string): void {
    this.#step("unlink", name);
    this.disk.files.delete(name);
  }

  link(from: string, to: string): void {
    this.#step("link", `${from} ${to.slice(-1)}`);
    this.disk.files.set(to, this.#existing(from));
  }

  rename(from: string, to: string): void {
    this.#step("rename", `${from} ${to}`);
    const inode = this.#existing(from);
    this.disk.files.delete(from);
    this.disk.files.set(to, inode);
  }

  #existing(name: string): Inode {
    const inode = this.disk.files.get(name);
    if (inode === undefined) throw new SyscallError(`find ${name}`, ENOENT);
    return inode;
  }

  openAppend(name: string): number {
    this.#step("open", name);
    if (!this.disk.files.has(name)) this.disk.put(name, "");
    this.#fds.set(this.#nextFd, this.disk.files.get(name)!);
    return this.#nextFd++;
  }

  truncate(name: string): void {
    this.#step("truncate", name);
    const inode = this.disk.files.get(name);
    if (inode === undefined) this.disk.put(name, "");
    else inode.text = "";
  }

  close(fd: number): void {
    if (!this.#fds.delete(fd)) throw new Error(`descriptor ${fd} is closed twice`);
  }

  #open(fd: number): Inode {
    const inode = this.#fds.get(fd);
    if (inode === undefined) throw new Error(`descriptor ${fd} is used and not open`);
    return inode;
  }

  isRemoved(fd: number): boolean {
    const inode = this.#open(fd);
    return ![...this.disk.files.values()].includes(inode);
  }

  claim(): void {
    this.#step("claim");
  }

  unclaim(): void {
    this.steps.push("unclaim");
  }

  setFinished(fd: number, finished: boolean): void {
    this.#step("mark", finished ? "finished" : "in use");
    this.#open(fd).executable = finished;
  }

  write(fd: number, bytes: Uint8Array<ArrayBuffer>): number {
    this.#step("write");
    const left = this.largest - this.#open(fd).text.length;
    if (left <= 0) throw new SyscallError("write to current", EFBIG);
    const taken = bytes.subarray(0, Math.min(this.writeMost, this.room, left));
    if (taken.length === 0 && bytes.length > 0) throw new SyscallError("write to current", ENOSPC);
    this.room -= taken.length;
    const text = latin1(taken);
    this.#open(fd).text += text;
    this.disk.written += text;
    return taken.length;
  }

  sync(fd: number): Promise<boolean> {
    this.#open(fd);
    const works = this.#works("sync");
    return this.#ending("sync", this.holdSyncs, works);
  }

  #works(step: Step, about = ""): boolean {
    try {
      this.#step(step, about);
      return true;
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      return false;
    }
  }

  #ending<T>(what: "sync" | "process", held: boolean, value: T): Promise<T> {
    if (!held) return Promise.resolve(value);
    return new Promise((resolve) => this.#held.push({ what, go: () => resolve(value) }));
  }

  /** Lets what is held now end. */
  release(): void {
    for (const { go } of this.#held.splice(0)) go();
  }

  /** How many of them have begun and not ended. */
  held(what: "sync" | "process"): number {
    return this.#held.filter((one) => one.what === what).length;
  }

  list(): readonly string[] {
    this.#step("list");
    return [...this.disk.files.keys()].reverse();
  }

  stamp(): string {
    return `@${String(++this.disk.stamps).padStart(24, "0")}`;
  }

  /**
   * Marks every line, and counts in `state` how often it has run; it can be killed, or fail, with
   * half of it done.
   */
  process(): Promise<string | undefined> {
    const { disk } = this;
    const runs = Number(disk.text("state") ?? "0");
    const text = this.#existing("previous").text.replaceAll(/^(?=[^\n]*\n)/gm, PROCESSED_MARK);
    disk.put("processed", "").put("newstate", "");
    const worked = this.#works("process", "begins") && (() => {
      disk.put("processed", text.slice(0, text.length / 2)).put(
        "newstate",
        String(runs + 1).slice(1),
      );
      return this.#works("process", "half");
    })() && (() => {
      disk.put("processed", text).put("newstate", String(runs + 1));
      return this.#works("process", "ends");
    })();
    return this.#ending(
      "process",
      this.holdProcessors,
      worked ? undefined : "processor failed (exit code 1)",
    );
  }

  later(delayMs: number, callback: () => void): Disposable {
    const timer = { atMs: this.nowMs + delayMs, callback };
    this.#timers.push(timer);
    return { [Symbol.dispose]: () => this.#timers = this.#timers.filter((one) => one !== timer) };
  }

  /** Moves the clock, and lets what follows from it happen. */
  async elapse(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    for (;;) {
      await settle();
      const next = this.#timers.filter(({ atMs }) =>
        atMs <= endMs
      ).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.nowMs = next.atMs;
      next.callback();
    }
    this.nowMs = endMs;
  }

  warn(text: string): void {
    this.warnings.push(text);
  }
}

/** A character for each byte. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 40; i++) await null;
}
