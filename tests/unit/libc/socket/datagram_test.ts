import { assertEquals, assertThrows } from "@std/assert";
import { EAGAIN, EBUSY, ENAMETOOLONG } from "../../../../lib/core/linux/errno.ts";
import { SyscallError } from "../../../../lib/libc/bind.ts";
import {
  bindUdp,
  bindUnixDatagram,
  datagramSocket,
  lastSender,
  receiveDatagram,
  sendTo,
} from "../../../../lib/libc/socket/datagram.ts";
import { close } from "../../../../lib/libc/file.ts";

const buffer = new Uint8Array(16);

Deno.test("bindUnixDatagram: everybody can send, what stood at the path is replaced, a datagram may be cut", () => {
  const dir = Deno.makeTempDirSync();
  const path = `${dir}/log`;
  Deno.writeTextFileSync(path, "in the way");
  const fd = bindUnixDatagram(path);
  const sender = datagramSocket();
  try {
    assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o777);
    assertEquals((Deno.statSync(`${path}.lock`).mode ?? 0) & 0o777, 0o600);
    assertEquals(receiveDatagram(fd, buffer), -EAGAIN);
    sendTo(sender, path, new TextEncoder().encode("hello"));
    sendTo(sender, path, new Uint8Array(100));
    sendTo(sender, path, new Uint8Array());
    assertEquals([receiveDatagram(fd, buffer), new TextDecoder().decode(buffer.subarray(0, 5))], [
      5,
      "hello",
    ]);
    assertEquals([
      receiveDatagram(fd, buffer),
      receiveDatagram(fd, buffer),
      receiveDatagram(fd, buffer),
    ], [16, 0, -EAGAIN]);
  } finally {
    close(sender);
    close(fd);
    Deno.removeSync(dir, { recursive: true });
  }
});

Deno.test("bindUnixDatagram: a socket whose lock another process has is left alone", async () => {
  const dir = Deno.makeTempDirSync();
  const path = `${dir}/log`;
  Deno.writeTextFileSync(path, "theirs");
  const script = `use Fcntl; my $lock = pack("ssx4qqlx4", F_WRLCK, 0, 0, 0, 0);
open(my $file, ">", $ARGV[0]) or die; fcntl($file, F_SETLK, $lock) or die; $| = 1; print "x"; <STDIN>`;
  await using holder = new Deno.Command("perl", {
    args: ["-e", script, `${path}.lock`],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  try {
    assertEquals((await holder.stdout.getReader().read()).value, new TextEncoder().encode("x"));
    const error = assertThrows(() => bindUnixDatagram(path), SyscallError);
    assertEquals([error.errno, Deno.readTextFileSync(path)], [EBUSY, "theirs"]);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
});

Deno.test("bindUnixDatagram: a path that is too long", () => {
  assertEquals(
    assertThrows(() => bindUnixDatagram("x".repeat(108)), SyscallError).errno,
    ENAMETOOLONG,
  );
});

for (
  const { ip, name } of [{ ip: Uint8Array.of(127, 0, 0, 1), name: "127.0.0.1" }, {
    ip: new Uint8Array(16).fill(1, 15),
    name: "::1",
  }]
) {
  Deno.test(`bindUdp: tells who sent, on ${name}`, async () => {
    const port = 20000 + Deno.pid % 10000;
    const fd = bindUdp({ ip, port }, "bind");
    try {
      await new Deno.Command("bash", { args: ["-c", `printf hi >/dev/udp/${name}/${port}`] })
        .output();
      assertEquals(receiveDatagram(fd, buffer), 2);
      assertEquals(lastSender().ip, ip);
      assertThrows(
        () => bindUdp({ ip: Uint8Array.of(192, 0, 2, 1), port }, "bind there"),
        SyscallError,
        "unable to bind there",
      );
    } finally {
      close(fd);
    }
  });
}
