/** Real sockets: how slow a reader is, the kernel decides. */
import { assert, assertEquals, assertLess } from "@std/assert";
import { encodeKeptRequest, KeptReader } from "../../../lib/keptoutput/core/kept_protocol.ts";
import type { Lines } from "../../../lib/keptoutput/core/output_ring.ts";
import { Poller } from "../../../lib/libc/epoll.ts";
import { close } from "../../../lib/libc/file.ts";
import { packetSocketPair, receivePacket, sendPacket } from "../../../lib/libc/socket/packet.ts";
import { OutputReaders } from "../../../lib/loghost/output_readers.ts";
import { eventually } from "../../fixture/deadline.ts";

const encoder = new TextEncoder();
const STAMP = encoder.encode("@ ");

function linesOf(...lines: string[]): Lines {
  const starts = [0];
  for (const line of lines) starts.push(starts.at(-1)! + line.length + 1);
  const bytes = encoder.encode(lines.map((line) => `${line}\n`).join(""));
  return { bytes, starts: new Int32Array(starts), count: lines.length };
}

/** One who asks, and reads when the test says so. */
class Asker implements Disposable {
  readonly #fd: number;
  readonly #reader = new KeptReader();
  readonly #buffer = new Uint8Array(1 << 16);
  readonly told: string[] = [];
  missing = 0;
  isOver = false;

  constructor(readers: OutputReaders) {
    const [ours, theirs] = packetSocketPair();
    this.#fd = ours;
    readers.take(theirs);
  }

  ask(request: Parameters<typeof encodeKeptRequest>[0] | string): void {
    const packet = typeof request === "string"
      ? encoder.encode(request)
      : encodeKeptRequest(request);
    sendPacket(this.#fd, packet, []);
  }

  read(): void {
    while (!this.isOver) {
      const packet = receivePacket(this.#fd, this.#buffer);
      if (typeof packet === "number") return;
      if (packet.payload.length === 0) return void (this.isOver = true);
      const event = this.#reader.add(packet.payload);
      if (event?.kind === "held") this.told.push("held");
      else if (event !== undefined) {
        this.missing += event.missing;
        const text = new TextDecoder().decode(event.bytes);
        this.told.push(...text.split("\n").slice(0, -1).map((line) => `${event.name} ${line}`));
      }
    }
  }

  async until(what: string, isSo: () => boolean): Promise<void> {
    await eventually(what, () => {
      this.read();
      return isSo();
    });
  }

  [Symbol.dispose](): void {
    close(this.#fd);
  }
}

async function withReaders(
  body: (readers: OutputReaders) => Promise<void>,
): Promise<void> {
  using poller = new Poller();
  const loop = poller.run();
  const readers = new OutputReaders(poller, "this one");
  await body(readers);
  await eventually("every reader to be gone", () => readers.readerCount === 0);
  poller.stop();
  await loop;
}

Deno.test("OutputReaders: tells what is kept, the last lines of it, or what comes as well", () =>
  withReaders(async (readers) => {
    readers.keep("web", linesOf("one", "two", "three"), STAMP);
    readers.keep("db", linesOf("four"), STAMP);
    using all = new Asker(readers);
    all.ask({ follow: false });
    await all.until("all", () => all.told.includes("held"));
    assertEquals(all.told, ["web @ one", "web @ two", "web @ three", "db @ four", "held"]);
    using last = new Asker(readers);
    last.ask({ follow: false, lines: 1 });
    await last.until("the last", () => last.told.includes("held"));
    assertEquals(last.told, ["web @ three", "db @ four", "held"]);
    using following = new Asker(readers);
    following.ask({ follow: true, lines: 0 });
    await following.until("nothing", () => following.told.includes("held"));
    readers.keep("db", linesOf("five"), STAMP);
    readers.keep("late", linesOf("six"), STAMP);
    await following.until("what has come", () => following.told.length === 3);
    assertEquals(following.told, ["held", "db @ five", "late @ six"]);
    readers.forget("db");
    all.read();
    assertEquals(all.told.at(-1), "held"); // it wanted no more
  }));

Deno.test("OutputReaders: a reader who does not read costs one packet, holds up nobody, and sees what he has missed", () =>
  withReaders(async (readers) => {
    using slow = new Asker(readers);
    using other = new Asker(readers);
    for (const asker of [slow, other]) asker.ask({ follow: true });
    await other.until("the end of what is kept", () => other.told.includes("held"));
    await slow.until("the same", () => slow.told.includes("held"));
    const block = linesOf(...Array.from({ length: 100 }, () => "x".repeat(100)));
    for (let i = 0; i < 300; i++) {
      readers.keep("web", block, STAMP);
      if (i % 3 === 0) {
        const wanted = 1 + 100 * (i + 1);
        await other.until(`${wanted} lines`, () => other.told.length === wanted);
      }
    }
    readers.keep("web", linesOf("the last"), STAMP);
    assertEquals(other.missing, 0);
    assertLess(readers.usedBytes, 1 << 17);
    await slow.until("the last line", () => slow.told.at(-1) === "web @ the last");
    assert(slow.missing > 0, `${slow.told.length} lines`);
    assertLess(slow.told.length, 30_000);
  }));

Deno.test("OutputReaders: readers who vanish, ask for nonsense or are too many are let go, the oldest first", () =>
  withReaders(async (readers) => {
    readers.keep("web", linesOf("one"), STAMP);
    using stack = new DisposableStack();
    const first = stack.use(new Asker(readers)); // never asks
    for (const text of ["", "garbage", '{"version":9}']) {
      using nonsense = new Asker(readers);
      nonsense.ask(text);
      if (text !== "") await nonsense.until(`the end after ${text}`, () => nonsense.isOver);
    }
    await eventually("only the first is left", () => readers.readerCount === 1);
    const many = Array.from({ length: 40 }, () => stack.use(new Asker(readers)));
    await first.until("the first to be let go", () => first.isOver);
    assertEquals(readers.readerCount, 32);
    many.at(-1)!.ask({ follow: false });
    await many.at(-1)!.until("an answer", () => many.at(-1)!.told.includes("held"));
    {
      using twice = new Asker(readers);
      twice.ask({ follow: true });
      twice.ask({ follow: true });
      await twice.until("the end", () => twice.isOver);
    }
  }));
