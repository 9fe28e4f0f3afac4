/** How much one write into a pipe, a file, or nothing takes without waiting. */
import { assertEquals } from "@std/assert";
import { O_RDWR } from "../../../lib/core/linux/open_flags.ts";
import { Poller } from "../../../lib/libc/epoll.ts";
import { pipe, pipeCapacity } from "../../../lib/libc/fd.ts";
import { close, open, read, write } from "../../../lib/libc/file.ts";
import { descriptorOutput } from "../../../lib/logdir/descriptor_output.ts";

Deno.test("descriptorOutput(): an empty pipe takes half of what it holds, one with something in it what poll promises, a full one nothing", () => {
  using poller = new Poller();
  const { readFd, writeFd } = pipe();
  const half = pipeCapacity(writeFd) / 2;
  const output = descriptorOutput(writeFd, poller, () => {});
  assertEquals([output.room(1), output.room(4096), output.room(half * 3)], [4096, 4096, half]);
  write(writeFd, new Uint8Array(1));
  assertEquals(output.room(half * 3), 4096);
  read(readFd, new Uint8Array(1));
  while (output.room(half * 3) > 0) output.write(new Uint8Array(output.room(half * 3)));
  assertEquals([output.room(1), output.room(half * 3)], [0, 0]);
  close(readFd);
  close(writeFd);
});

Deno.test("descriptorOutput(): what is no pipe takes what poll promises", () => {
  using poller = new Poller();
  const fd = open("/dev/null", O_RDWR);
  assertEquals(descriptorOutput(fd, poller, () => {}).room(1 << 20), 4096);
  close(fd);
});
