import { assertEquals } from "@std/assert";
import { dupAbove, pipe, poll, POLLHUP } from "../../../lib/libc/fd.ts";
import { O_WRONLY } from "../../../lib/core/linux/open_flags.ts";
import { close, open, write } from "../../../lib/libc/file.ts";
import { replaceEverywhere } from "../../../lib/libc/replace_descriptors.ts";

Deno.test("replaceEverywhere() lets go of a pipe under all its numbers, and only of that pipe", () => {
  const { readFd, writeFd } = pipe();
  const other = pipe();
  const copy = dupAbove(writeFd, 3);
  const target = open("/dev/null", O_WRONLY);
  replaceEverywhere(writeFd, target);
  assertEquals(poll([{ fd: readFd, events: 0 }, { fd: other.readFd, events: 0 }], 0), [POLLHUP, 0]);
  assertEquals([writeFd, copy].map((fd) => write(fd, new Uint8Array(3))), [3, 3]);
  for (const fd of [readFd, writeFd, other.readFd, other.writeFd, copy, target]) close(fd);
});

Deno.test("replaceEverywhere() does nothing if both are the same already", () => {
  const { readFd, writeFd } = pipe();
  replaceEverywhere(writeFd, writeFd);
  assertEquals(poll([{ fd: readFd, events: 0 }], 0), [0]);
  for (const fd of [readFd, writeFd]) close(fd);
});
