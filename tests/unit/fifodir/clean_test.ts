import { assertEquals, assertThrows } from "@std/assert";
import { cleanFifodir } from "../../../lib/fifodir/clean.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { mkfifo } from "../../../lib/libc/file.ts";
import { NAME, received, TemporaryFifodir } from "./temporary_fifodir.ts";

Deno.test("cleanFifodir() removes dead listeners' FIFOs and nothing else", () => {
  using dir = new TemporaryFifodir();
  const fd = dir.listen(1);
  dir.fifo(2);
  Deno.writeTextFileSync(`${dir.path}/${NAME}3`, "");
  mkfifo(`${dir.path}/other`, 0o622);
  cleanFifodir(dir.path);
  assertEquals(dir.names(), [`${NAME}1`, `${NAME}3`, "other"]);
  assertEquals(received(fd), "");
});

Deno.test("cleanFifodir() says which fifodir is missing", () => {
  assertThrows(
    () => cleanFifodir("/nonexistent"),
    SyscallError,
    "unable to clean up fifodir at /nonexistent: No such file or directory",
  );
});
