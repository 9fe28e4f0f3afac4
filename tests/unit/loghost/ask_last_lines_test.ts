/** The supervising process asks a log host for last lines: both ends, over a real socket. */
import { assertEquals } from "@std/assert";
import { askLastLines, type LastLinesOf } from "../../../lib/keptoutput/ask_last_lines.ts";
import { helloAnswer } from "../../../lib/keptoutput/core/kept_protocol.ts";
import { Poller } from "../../../lib/libc/epoll.ts";
import { close } from "../../../lib/libc/file.ts";
import { packetSocketPair, sendPacket } from "../../../lib/libc/socket/packet.ts";
import { OutputReaders } from "../../../lib/loghost/output_readers.ts";

const encoder = new TextEncoder();
const STAMP = "@400000005fc6f2a30000000a";

/** What is answered by whoever gets the other end. */
async function answerOf(
  serve: (fd: number, poller: Poller) => void,
  patienceMs = 60_000,
): Promise<unknown> {
  using poller = new Poller();
  const loop = poller.run();
  const [ours, theirs] = packetSocketPair();
  const answer = Promise.withResolvers<LastLinesOf>();
  askLastLines(ours, poller, answer.resolve, patienceMs);
  serve(theirs, poller);
  const lines = await answer.promise;
  poller.stop();
  await loop;
  return Object.fromEntries(
    [...lines].map(([name, those]) => [name, those.map(({ text }) => text)]),
  );
}

Deno.test("askLastLines(): the last lines of each service, without their stamps", async () => {
  const answer = await answerOf((fd, poller) => {
    const readers = new OutputReaders(poller, "this one");
    const write = (name: string, ...lines: string[]): void => {
      for (const line of lines) {
        const bytes = encoder.encode(`${line}\n`);
        const starts = new Int32Array([0, bytes.length]);
        readers.keep(name, { bytes, starts, count: 1 }, encoder.encode(`${STAMP} `));
      }
    };
    write("web", "one", "two", "three", "four", "five");
    write("long", "x".repeat(60_000));
    write("db", "");
    readers.take(fd);
  });
  assertEquals(answer, {
    web: ["two", "three", "four", "five"],
    long: ["x".repeat(60_000)],
    db: [""],
  });
});

Deno.test("askLastLines(): nobody there, and one who speaks another language, are no lines", async () => {
  assertEquals(await answerOf((fd) => close(fd)), {});
  const stranger = (fd: number): void => {
    sendPacket(fd, new Uint8Array([200, 1, 2]));
    close(fd);
  };
  assertEquals(await answerOf(stranger), {});
  const early = (fd: number): void => {
    sendPacket(fd, helloAnswer("a host that dies then"));
    close(fd);
  };
  assertEquals(await answerOf(early), {});
});

Deno.test("askLastLines(): who does not answer is given up", async () => {
  let held = -1;
  assertEquals(await answerOf((fd) => held = fd, 1), {});
  close(held);
});
