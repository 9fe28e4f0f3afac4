import { assertEquals, assertGreater } from "@std/assert";
import { Poller } from "../../../lib/libc/epoll.ts";
import { close } from "../../../lib/libc/file.ts";
import { packetSocketPair, receivePacket, sendPacket } from "../../../lib/libc/socket/packet.ts";
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

Deno.test("Channel: what a peer has sent before it was killed is read, though nothing can be sent to it any more", async () => {
  const [ours, theirs] = packetSocketPair();
  using poller = new Poller();
  const loop = poller.run();
  const words = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
  for (const text of ["one", "two"]) sendPacket(theirs, words(text), []);
  close(theirs);
  const heard: string[] = [];
  const channel = new Channel(ours, poller, {
    onPacket: (packet) => void heard.push(new TextDecoder().decode(packet)),
    onEnd: () => void heard.push("the end"),
  });
  for (const text of ["in vain", "in vain, too"]) channel.send(words(text), [], 0);
  assertEquals([heard, channel.unsentCount], [[], 0]);
  await eventually("the end", () => heard.includes("the end"));
  assertEquals(heard, ["one", "two", "the end"]);
  poller.stop();
  await loop;
});
