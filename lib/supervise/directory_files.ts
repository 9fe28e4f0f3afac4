/**
 * Reads and writes the small files of a service directory through its descriptor. On a disk that
 * may hang, writes are delayed.
 */
import { ENOENT } from "../core/linux/errno.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { access, close, F_OK, fchdir, readSmallDirectory, unlink } from "../libc/file.ts";
import { readSmallFile, writeFileAtomically } from "../libc/small_file.ts";
import { checkedFile, tryCreate } from "../libc/wary_open.ts";
import { changeMs } from "../libc/stat.ts";
import type { LateFiles } from "./late_files.ts";
import { Unchanged } from "./unchanged.ts";

const MAX_CONFIG_BYTES = 256;
const MAX_TALLY_BYTES = 4096 * 14;

export class DirectoryFiles {
  readonly #dirFd: number;
  readonly #late: LateFiles | undefined;
  /** The names in it. */
  #names: Unchanged<ReadonlySet<string>> | undefined;

  /** @param late Absent: writes happen at once */
  constructor(dirFd: number, late: LateFiles | undefined) {
    this.#dirFd = dirFd;
    this.#late = late;
  }

  #enter(): void {
    fchdir(this.#dirFd);
  }

  /** Undefined if that is too expensive to find out. */
  names(): ReadonlySet<string> | undefined {
    // a disk that may hang is one of another machine, and its times may be old
    const changedMs = this.#late === undefined ? changeMs(this.#dirFd) : undefined;
    if (changedMs === undefined) return this.#look();
    const known = this.#names?.since(changedMs);
    if (known !== undefined) return known;
    const found = this.#look();
    (this.#names ??= new Unchanged()).found(changedMs, found);
    return found;
  }

  #look(): ReadonlySet<string> | undefined {
    try {
      this.#enter();
      const names = readSmallDirectory(".");
      if (names === undefined) return undefined;
      const found = new Set(names);
      return this.#late?.names(found) ?? found;
    } catch (error) {
      // then each file is opened, and the error is reported there
      if (error instanceof SyscallError) return undefined;
      throw error;
    }
  }

  /** Undefined if there is none. @throws {SyscallError} If it can't be read. */
  read(name: string): Uint8Array | undefined {
    if (this.#late?.isWaiting(name)) return this.#late.contentOf(name);
    this.#enter();
    return readSmallFile(name, name.startsWith("supervise/") ? MAX_TALLY_BYTES : MAX_CONFIG_BYTES);
  }

  /** @throws {SyscallError} If that can't be found out. */
  exists(name: string): boolean {
    if (this.#late?.isWaiting(name)) return this.#late.contentOf(name) !== undefined;
    this.#enter();
    const result = access(name, F_OK);
    if (result !== -ENOENT) checked(`access ${name}`, result);
    return result >= 0;
  }

  /** @throws {SyscallError} If it can't be created. */
  createEmpty(name: string): void {
    this.#write(name, new Uint8Array(0), () => {
      if (access(name, F_OK) < 0) close(checkedFile(`create ${name}`, tryCreate(name, 0o666)));
    });
  }

  /** @throws {SyscallError} If it exists and can't be removed. */
  remove(name: string): void {
    this.#write(name, undefined, () => {
      const result = unlink(name);
      if (result !== -ENOENT) checked(`unlink ${name}`, result);
    });
  }

  /** @throws {SyscallError} If it can't be written; the old one remains. */
  replace(name: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.#write(name, bytes, () => writeFileAtomically(name, bytes));
  }

  #write(name: string, content: Uint8Array | undefined, act: () => void): void {
    const write = (): void => {
      this.#enter();
      act();
    };
    if (this.#late === undefined) write();
    else this.#late.write(name, content, write);
  }
}
