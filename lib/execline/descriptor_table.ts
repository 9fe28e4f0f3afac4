/**
 * The descriptors of the program that a chain ends in, by the numbers that it will see.
 *
 * Links rearrange descriptors 0, 1, 3 and so on, while the runtime has descriptors of its own under
 * some of these numbers. So a link changes this table only: a number stands for an open file, which
 * this process has under whatever number, close-on-exec. What nobody has touched is inherited as it
 * is. The numbers become real in the program: exec.ts and spawn.ts give it the table.
 *
 * An open file is closed when no table has it any more. Guests (blocks that run within this
 * process) have tables of their own.
 */
import { EBADF, EINVAL, EMFILE } from "../core/linux/errno.ts";
import { close } from "../libc/file.ts";
import { isInherited } from "../libc/replace_descriptors.ts";
import { nofileLimit } from "../libc/resource_limit.ts";
import { closeStandardCopies, letGoOfStandardFile } from "./standard_file.ts";

/** The limit of descriptors is never below this, as far as anybody looks. */
const CERTAINLY_ALLOWED = 64;

/** Our descriptors that are in some table. */
const held = new Set<number>();

/**
 * To be called before this process waits for others: nothing that the chain has closed stays open.
 * @throws {SyscallError} If that fails.
 */
export function letGoOfClosed(): void {
  closeStandardCopies(held);
}

/** An open file of this process. */
class OpenFile {
  readonly fd: number;
  #holders = 0;

  constructor(fd: number) {
    this.fd = fd;
    held.add(fd);
  }

  hold(): this {
    this.#holders += 1;
    return this;
  }

  get isShared(): boolean {
    return this.#holders > 1;
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    held.delete(this.fd);
    letGoOfStandardFile(this.fd);
    close(this.fd);
  }
}

/** How the descriptors of a child differ from ours. */
export interface Rearrangement {
  /** In the child, `target` is a copy of our `source`. */
  readonly copies: readonly (readonly [target: number, source: number])[];
  /** Numbers that would be inherited and must not be. */
  readonly closed: readonly number[];
}

export class DescriptorTable implements Disposable {
  /**
   * null: closed. A number that is not there is what it is in `#parent`, or, without one,
   * inherited.
   */
  readonly #files = new Map<number, OpenFile | null>();
  readonly #parent: DescriptorTable | undefined;

  constructor(parent?: DescriptorTable) {
    this.#parent = parent;
  }

  /** Our descriptor that stands for `number`; undefined if that is closed. */
  real(number: number): number | undefined {
    return this.#file(number)?.fd;
  }

  /** Does `number` stand for `fd`, and nothing else does? */
  isOnly(number: number, fd: number): boolean {
    const file = this.#file(number);
    return file !== null && file.fd === fd && !file.isShared;
  }

  /**
   * Makes `number` stand for our close-on-exec descriptor `fd`, which is the table's from now on.
   * 0, or `-errno`.
   */
  put(number: number, fd: number): number {
    if (!isAllowed(number)) {
      close(fd);
      return -EBADF;
    }
    this.#set(number, new OpenFile(fd));
    return 0;
  }

  /**
   * Gives our close-on-exec descriptor `fd` the lowest number that is free, as open(2) would. The
   * number, or `-errno`.
   */
  add(fd: number): number {
    const number = this.lowestFree();
    const error = this.put(number, fd);
    return error === 0 ? number : -EMFILE;
  }

  /** The lowest number that is closed, from `atLeast` on. */
  lowestFree(atLeast = 0): number {
    let number = atLeast;
    while (this.#file(number) !== null) number += 1;
    return number;
  }

  /** Closes `number`, if it is open. */
  close(number: number): void {
    if (this.#file(number) !== null) this.#set(number, null);
  }

  /** Makes `to` a copy of `from`. 0, or `-errno`. Source: skalibs, fd_copy.c. */
  copy(to: number, from: number): number {
    if (to === from) return -EINVAL;
    const file = this.#file(from);
    if (file === null || !isAllowed(to)) return -EBADF;
    this.#set(to, file);
    return 0;
  }

  /** Makes `to` what `from` is, and closes that. 0, or `-errno`. Source: skalibs, fd_move.c. */
  move(to: number, from: number): number {
    if (to === from) return this.#file(to) === null ? -EBADF : 0;
    const error = this.copy(to, from);
    if (error === 0) this.close(from);
    return error;
  }

  /** Exchanges two. 0, or `-errno`. Source: skalibs, fd_move2.c. */
  swap(one: number, other: number): number {
    if (one === other) return this.move(one, other);
    const first = this.#file(one);
    const second = this.#file(other);
    if (first === null || second === null) return -EBADF;
    second.hold(); // the table may be its only holder
    this.#set(other, first);
    this.#set(one, second);
    second.release();
    return 0;
  }

  /** What a child must be given. */
  rearrangement(): Rearrangement {
    const copies: [number, number][] = [];
    const closed: number[] = [];
    for (const number of this.#touched()) {
      const file = this.#file(number);
      if (file === null) {
        if (isInherited(number)) closed.push(number);
      } else if (file.fd !== number || !isInherited(number)) {
        copies.push([number, file.fd]);
      }
    }
    return { copies, closed };
  }

  /** Lets go of everything that only this table has. */
  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file?.release();
    this.#files.clear();
  }

  #touched(): Set<number> {
    const numbers = this.#parent === undefined ? new Set<number>() : this.#parent.#touched();
    for (const number of this.#files.keys()) numbers.add(number);
    return numbers;
  }

  #file(number: number): OpenFile | null {
    const known = this.#files.get(number);
    if (known !== undefined) return known;
    const file = this.#parent === undefined ? inheritedFile(number) : this.#parent.#file(number);
    // what is closed in the process may be opened by the runtime at any time: then it is still
    // closed to the chain, so that is not kept
    if (file === null && this.#parent === undefined) return null;
    this.#files.set(number, file === null ? null : file.hold());
    return file;
  }

  #set(number: number, file: OpenFile | null): void {
    const before = this.#file(number);
    this.#files.set(number, file === null ? null : file.hold());
    before?.release();
  }
}

function inheritedFile(number: number): OpenFile | null {
  return number >= 0 && isInherited(number) ? new OpenFile(number) : null;
}

function isAllowed(number: number): boolean {
  return number >= 0 && number < 0x80000000 &&
    (number < CERTAINLY_ALLOWED || number < nofileLimit());
}
