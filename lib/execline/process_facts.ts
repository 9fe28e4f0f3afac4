/**
 * cd, umask, posix-umask, getcwd, getpid. Source: execline, doc/execline-cd.html and the pages of
 * the others.
 */
import { applySymbolicMask, symbolicMask } from "../core/linux/symbolic_mask.ts";
import { UsageError } from "../core/cli/getopt.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { SyscallError } from "../libc/bind.ts";
import { workingDirectory } from "../libc/cwd.ts";
import { umask, writeAll } from "../libc/file.ts";
import { getpid, getppid } from "../libc/process.ts";
import { needWords, setAndGoOn, variableName } from "./arguments.ts";
import { type Call, goOn, type Link, type LinkResult } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";

const EXIT_BAD_MASK = 1;

/** cd path prog... */
export const cd: Link = {
  nature: "state",
  allOperands: true,
  run({ state, words }): LinkResult {
    needWords(words, 2, "a directory and a program are");
    const path = words.first!;
    const error = state.chdir(path);
    if (error < 0) throw new SyscallError(`chdir to ${path}`, -error);
    return goOn(words.slice(1));
  },
};

/** umask value prog... */
export const umaskLink: Link = {
  nature: "state",
  allOperands: true,
  run({ state, words }): LinkResult {
    needWords(words, 2, "a mask and a program are");
    const digits = /^[0-7]+/.exec(words.first!)?.[0];
    if (digits === undefined) throw new UsageError(`invalid mask: ${words.first}`);
    state.setUmask(parseInt(digits, 8) & 0o777);
    return goOn(words.slice(1));
  },
};

/** posix-umask [ -S ] [ mask ] [ prog... ] */
export const posixUmask: Link = {
  nature: "waits", // it may write
  run({ state, flag, words }): LinkResult {
    if (words.first === undefined) {
      const mask = umask(0);
      umask(mask);
      const text = flag("S") ? symbolicMask(mask) : mask.toString(8).padStart(4, "0");
      writeAll(state.fd(1), encodePath(`${text}\n`), "write to stdout");
      return 0;
    }
    const before = state.setUmask(0);
    const mask = /^[0-7]+$/.test(words.first)
      ? parseInt(words.first, 8)
      : applySymbolicMask(before, words.first);
    if (mask === undefined) {
      throw new LinkFailure(EXIT_BAD_MASK, `invalid mode string: ${words.first}`);
    }
    state.setUmask(mask & 0o777);
    return goOn(words.slice(1));
  },
};

/** getcwd [ -E | -e ] variable prog... */
export const getcwd: Link = {
  nature: "state",
  run(call): LinkResult {
    needWords(call.words, 2, "a variable and a program are");
    const name = variableName(call.words.first!);
    return setVariable(call, name, workingDirectory());
  },
};

/** getpid [ -E | -e ] [ -P | -p ] variable prog... */
export const getpidLink: Link = {
  nature: "process",
  run(call): LinkResult {
    needWords(call.words, 2, "a variable and a program are");
    const name = variableName(call.words.first!);
    return setVariable(
      call,
      name,
      String(call.last("P", "p") === "P" ? getppid() : getpid()),
    );
  },
};

function setVariable(call: Call, name: string, value: string): LinkResult {
  return setAndGoOn(
    call,
    call.words.slice(1),
    [[name, value]],
    call.last("E", "e") === "E",
  );
}
