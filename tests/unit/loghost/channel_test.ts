import { assertEquals, assertGreater } from "@std/assert";
import { Poller } from "../../../lib/libc/epoll.ts";
import { close } from "../../../lib/libc/file.ts";
import { packetSocketPair, receivePacket } from "../../../lib/libc/socket/packet.ts";
import { Channel } from "../../../lib/loghost/channel.ts";
import { eventually } from "../../fixture/deadline.ts";

const NOBODY = { onPacket: () => {}, onEnd: () => {} };

Deno.test("Channel: a throw while it begins to wait for room is the caller's; what could not be sent is sent later, in order", async () => {
  const [ours, theirs] = packetSocketPair();
  using poller = new Poller();
  const loop = poller.run();
  let throws = 0;
  const channel = new Channel(ours, {
    watch: (fd, onReady, options) => {
      if (options?.writing && throws === 0) {
        throws++;
        throw new TypeError("nobody expects this");
      }
      poller.watch(fd, onReady, options);
    },
    unwatch: (fd) => poller.unwatch(fd),
  }, NOBODY);
  let sent = 0;
  const errors: unknown[] = [];
  while (errors.length === 0) {
    try {
      channel.send(new TextEncoder().encode(`${sent++}`), [], 0);
    } catch (error) {
      errors.push(error);
    }
  }
  channel.send(new TextEncoder().encode(`${sent++}`), [], 0);
  assertEquals(throws, 1);
  assertGreater(channel.unsentCount, 1);
  const heard: string[] = [];
  const buffer = new Uint8Array(64);
  await eventually("every packet", () => {
    for (;;) {
      const packet = receivePacket(theirs, buffer);
      if (typeof packet === "number") return heard.length === sent;
      heard.push(new TextDecoder().decode(packet.payload));
    }
  });
  assertEquals(heard, Array.from({ length: sent }, (_, i) => String(i)));
  assertEquals(channel.unsentCount, 0);
  channel.close();
  close(theirs);
  poller.stop();
  await loop;
});
