/**
 * heredoc: a string to be read from a descriptor. Source: execline, doc/heredoc.html, heredoc.c.
 */
import { HEREDOC_WRITER } from "../core/cli/internal_commands.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { Words } from "./core/words.ts";
import { checked } from "../libc/bind.ts";
import { pipe, pipeCapacity } from "../libc/fd.ts";
import { close, write, writeAll } from "../libc/file.ts";
import { needWords, parseDescriptor } from "./arguments.ts";
import { type Call, goOn, type Link, type LinkResult } from "./link.ts";

/**
 * heredoc [ -d ] fd string prog...
 *
 * What the pipe can hold is in it at once. Only for more there is a process that writes, where C
 * always has one.
 */
export const heredoc: Link = {
  nature: "waits",
  async run(call): Promise<LinkResult> {
    const { state, words } = call;
    needWords(words, 3, "a descriptor, a string and a program are");
    const number = parseDescriptor(words.first);
    const text = words.texts[1]!;
    checked(`read on fd ${number}`, state.fds.put(number, await readingEnd(call, text)));
    return goOn(words.slice(2));
  },
};

/** The end of a pipe from which `text` can be read. */
async function readingEnd(call: Call, text: string): Promise<number> {
  const bytes = encodePath(text);
  const { readFd, writeFd } = pipe();
  if (bytes.length <= pipeCapacity(writeFd)) {
    if (bytes.length > 0) checked("write into the pipe", write(writeFd, bytes));
    close(writeFd);
    return readFd;
  }
  const writer = new Words([HEREDOC_WRITER, text]);
  const prepare = (guest: Call["state"]): void => void guest.fds.put(1, writeFd);
  // a block's process would be over before
  const orphan = call.flag("d") || call.state.isGuest;
  checked(
    "spawn a writer",
    await (orphan ? call.startOrphan(writer, prepare) : call.start(writer, prepare)),
  );
  return readFd;
}

/** The process that writes: `hexad-heredoc TEXT`. */
export const heredocWriter: Link = {
  nature: "process",
  allOperands: true,
  run({ state, words }): LinkResult {
    writeAll(state.fd(1), encodePath(words.first ?? ""), "write into the pipe");
    return 0;
  },
};
