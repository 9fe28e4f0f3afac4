/**
 * fdblock, fdclose, fdmove, fdreserve, fdswap, piperw: links that rearrange descriptors.
 * Source: execline, doc/fdblock.html and the pages of the others.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { UsageError } from "../core/cli/getopt.ts";
import { EBADF, EMFILE } from "../core/linux/errno.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { pipe, setNonblocking } from "../libc/fd.ts";
import { nofileLimit } from "../libc/resource_limit.ts";
import { needWords, parseDescriptor, parseNumber } from "./arguments.ts";
import { goOn, type Link, type LinkResult } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";

/** fdclose fd prog... */
export const fdclose: Link = {
  nature: "state",
  allOperands: true,
  run({ state, words }): LinkResult {
    needWords(words, 2, "a descriptor and a program are");
    state.fds.close(parseDescriptor(words.first));
    return goOn(words.slice(1));
  },
};

/** fdmove [ -c ] to from prog... */
export const fdmove: Link = {
  nature: "state",
  run({ state, flag, words }): LinkResult {
    needWords(words, 3, "two descriptors and a program are");
    const to = parseDescriptor(words.texts[0]);
    const from = parseDescriptor(words.texts[1]);
    checked(
      `move fd ${from} to fd ${to}`,
      flag("c") ? state.fds.copy(to, from) : state.fds.move(to, from),
    );
    return goOn(words.slice(2));
  },
};

/** fdswap fd1 fd2 prog... */
export const fdswap: Link = {
  nature: "state",
  allOperands: true,
  run({ state, words }): LinkResult {
    needWords(words, 3, "two descriptors and a program are");
    checked(
      "swap fds",
      state.fds.swap(parseDescriptor(words.texts[0]), parseDescriptor(words.texts[1])),
    );
    return goOn(words.slice(2));
  },
};

/** fdblock [ -n ] fd prog... */
export const fdblock: Link = {
  nature: "state",
  run({ state, flag, words }): LinkResult {
    needWords(words, 2, "a descriptor and a program are");
    const fd = state.fds.real(parseDescriptor(words.first));
    const nonblocking = flag("n");
    const action = nonblocking ? "ndelay_on" : "ndelay_off";
    checked(action, fd === undefined ? -EBADF : setNonblocking(fd, nonblocking));
    return goOn(words.slice(1));
  },
};

/** fdreserve n prog... */
export const fdreserve: Link = {
  nature: "state",
  allOperands: true,
  run({ state, words }): LinkResult {
    needWords(words, 2, "a number and a program are");
    const count = parseNumber("number of descriptors", words.first);
    if (count > nofileLimit()) throw new LinkFailure(EXIT_USAGE, "too many requested fds");
    const free: number[] = [];
    for (let number = -1; free.length < count;) {
      number = state.fds.lowestFree(number + 1);
      free.push(number);
    }
    if (free.length > 0 && free.at(-1)! >= nofileLimit()) {
      throw new SyscallError("reserve fds", EMFILE);
    }
    // C opens pairs, and the last of an odd number after them, but tells that one first
    const odd = count % 2 === 1 ? count - 1 : -1;
    if (odd >= 0) state.env.set(`FD${odd}`, String(free[odd]));
    free.forEach((number, i) => i === odd || state.env.set(`FD${i}`, String(number)));
    return goOn(words.slice(1));
  },
};

/** piperw fdr fdw prog... */
export const piperw: Link = {
  nature: "state",
  allOperands: true,
  run({ state, words }): LinkResult {
    needWords(words, 3, "two descriptors and a program are");
    const readNumber = parseDescriptor(words.texts[0]);
    const writeNumber = parseDescriptor(words.texts[1]);
    if (readNumber === writeNumber) {
      throw new UsageError(`the two ends of a pipe can't be one descriptor: ${readNumber}`);
    }
    const { readFd, writeFd } = pipe();
    checked("move fds", state.fds.put(readNumber, readFd));
    checked("move fds", state.fds.put(writeNumber, writeFd));
    return goOn(words.slice(2));
  },
};
