/**
 * The way of a script's output: on to where it would have gone, in order and without waiting, and
 * the end of it kept.
 */
import { assertEquals } from "@std/assert";
import { decodePath, encodePath } from "../../../lib/core/text/path_bytes.ts";
import { Poller } from "../../../lib/libc/epoll.ts";
import { pipe, pipeBytes, setNonblocking } from "../../../lib/libc/fd.ts";
import { close, open, read, write } from "../../../lib/libc/file.ts";
import { O_RDWR } from "../../../lib/core/linux/open_flags.ts";
import { lastLines } from "../../../lib/logdir/last_line.ts";
import type { OutputRelaysOptions, Relay } from "../../../lib/rc/output_relays.ts";
import { OutputRelays } from "../../../lib/rc/output_relays.ts";
import { eventually } from "../../fixture/deadline.ts";

const EAGAIN = 11;

/** A world with pipes in the place of the container's output. */
class World implements AsyncDisposable {
  folder = Deno.makeTempDirSync();
  readonly poller = new Poller();
  readonly out = pipe();
  readonly error = pipe();
  readonly relays: OutputRelays;
  readonly #running: Promise<void>;

  constructor(
    outputs?: readonly [number, number],
    limits: Partial<Pick<OutputRelaysOptions, "oneshotCount" | "mostKept">> = {},
  ) {
    setNonblocking(this.out.readFd, true);
    setNonblocking(this.error.readFd, true);
    this.relays = new OutputRelays({
      poller: this.poller,
      folder: () => this.folder,
      oneshotCount: 1,
      ...limits,
      outputs: outputs ?? [this.out.writeFd, this.error.writeFd],
    });
    this.#running = this.poller.run();
  }

  begin(name: string): Relay {
    const relay = this.relays.begin(name, undefined);
    if (relay === undefined) throw new Error("no relay");
    return relay;
  }

  logdir(name: string): string {
    return `${this.folder}/output/${name}`;
  }

  kept(name: string): string[] {
    return lastLines(this.logdir(name), 1_000_000).map(({ text }) => text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.relays.end();
    this.poller.stop();
    await this.#running;
    for (const { readFd, writeFd } of [this.out, this.error]) {
      close(readFd);
      close(writeFd);
    }
    this.poller[Symbol.dispose]();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

function readAll(fd: number): string {
  const buffer = new Uint8Array(1 << 16);
  let text = "";
  for (;;) {
    const count = read(fd, buffer);
    if (count <= 0) {
      assertEquals(count, -EAGAIN);
      return text;
    }
    text += decodePath(buffer.subarray(0, count));
  }
}

Deno.test("output relay: all that a script has written has gone on, and is kept, when its end is told", async () => {
  await using world = new World();
  const relay = world.begin("one");
  write(relay.stdio[1], encodePath("out\n"));
  write(relay.stdio[2], encodePath("error\n"));
  relay.begun();
  relay.ended();
  assertEquals(readAll(world.out.readFd), "out\n");
  assertEquals(readAll(world.error.readFd), "error\n");
  assertEquals(world.kept("one"), ["out", "error"]);
});

Deno.test("output relay: what is left behind by the script before, is gone with the next run", async () => {
  await using world = new World();
  const first = world.begin("one");
  write(first.stdio[1], encodePath("first\n"));
  first.begun();
  first.ended();
  const second = world.begin("one");
  assertEquals(world.kept("one"), []);
  write(second.stdio[1], encodePath("second\n"));
  second.begun();
  second.ended();
  assertEquals(world.kept("one"), ["second"]);
});

Deno.test("output relay: one pipe where standard output and error are one", async () => {
  const both = pipe();
  {
    await using world = new World([both.writeFd, both.writeFd]);
    const relay = world.begin("one");
    assertEquals(relay.stdio[1], relay.stdio[2]);
    relay.begun();
  }
  close(both.readFd);
  close(both.writeFd);
});

Deno.test("output relay: a reader who takes nothing holds up the script and nobody else; nothing is lost", async () => {
  await using world = new World();
  const relay = world.begin("one");
  setNonblocking(relay.stdio[1], true);
  let written = 0;
  const piece = encodePath(`${"x".repeat(1023)}\n`);
  // the pipe behind and the one before are full, and one read is between them
  await eventually("the pipes to be full", async () => {
    for (let count = 0; (count = write(relay.stdio[1], piece)) > 0;) written += count;
    await Promise.resolve();
    return written >= 2 * (1 << 16) + 1024;
  });
  write(relay.stdio[2], encodePath("still here\n"));
  await eventually("the other stream", () => pipeBytes(world.error.readFd) > 0);
  relay.begun();
  relay.ended(); // comes back at once
  let got = 0;
  await eventually("all that was written", () => {
    got += readAll(world.out.readFd).length;
    return got === written;
  });
});

Deno.test("output relay: no more than a limit is kept, the end of it", async () => {
  await using world = new World();
  const relay = world.begin("one");
  setNonblocking(relay.stdio[1], true);
  const lines = 20_000;
  for (let i = 0; i < lines;) {
    if (write(relay.stdio[1], encodePath(`line ${i}\n`)) > 0) i++;
    else {
      relay.ended();
      readAll(world.out.readFd);
    }
  }
  relay.ended();
  readAll(world.out.readFd);
  relay.ended();
  const sizes = [...Deno.readDirSync(world.logdir("one"))].map(({ name }) =>
    Deno.statSync(`${world.logdir("one")}/${name}`).size
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assertEquals([sizes.length <= 2, total <= 1 << 16, total > 1 << 14], [true, true, true]);
  assertEquals(world.kept("one").at(-1), `line ${lines - 1}`);
});

Deno.test("output relay: a process that is left behind goes on writing, and the stream is let go when it has ended", async () => {
  await using world = new World();
  const relay = world.begin("one");
  write(relay.stdio[1], encodePath("script\n"));
  relay.ended();
  assertEquals(readAll(world.out.readFd), "script\n");
  write(relay.stdio[1], encodePath("daemon\n"));
  await eventually("the daemon's line", () => pipeBytes(world.out.readFd) > 0);
  assertEquals(readAll(world.out.readFd), "daemon\n");
  relay.begun();
  assertEquals(world.kept("one"), ["script", "daemon"]);
});

Deno.test("output relay: the descriptors of whoever has asked, and a terminal, are given as they are; what was kept goes", async () => {
  const terminal = open("/dev/ptmx", O_RDWR);
  {
    await using world = new World();
    const relay = world.begin("one");
    write(relay.stdio[1], encodePath("kept\n"));
    relay.begun();
    relay.ended();
    assertEquals(world.relays.begin("one", [0, terminal, terminal]), undefined);
    assertEquals(world.kept("one"), []);
  }
  {
    await using world = new World([terminal, terminal]);
    assertEquals(world.relays.begin("one", undefined), undefined);
  }
  close(terminal);
});

Deno.test("output relay: with too many oneshots for their least share, the oldest output goes; silent runs count for nothing", async () => {
  await using world = new World(undefined, { oneshotCount: 50, mostKept: 20 * 4096 });
  const most = 20;
  const run = (name: string, text: string): void => {
    const relay = world.begin(name);
    if (text !== "") write(relay.stdio[1], encodePath(text));
    relay.begun();
    relay.ended();
    readAll(world.out.readFd);
  };
  for (let at = 0; at <= most; at++) run(`one-${at}`, `${at}\n`);
  await eventually("the end of the pipes", () => world.kept("one-0").length === 0);
  for (let at = 0; at < 10; at++) run(`silent-${at}`, "");
  assertEquals(world.kept("one-1"), ["1"]);
  run(`one-${most + 1}`, "more\n");
  run("one-2", "again\n");
  assertEquals(
    ["one-1", "one-2", "one-3", `one-${most}`].map((name) => world.kept(name)),
    [[], ["again"], ["3"], [`${most}`]],
  );
});

Deno.test("output relay: what was kept in an earlier live folder, from which it was moved, is gone with the next run", async () => {
  await using world = new World();
  const first = world.begin("one");
  write(first.stdio[1], encodePath("first\n"));
  first.begun();
  first.ended();
  const old = world.folder;
  world.folder = Deno.makeTempDirSync();
  Deno.renameSync(`${old}/output`, `${world.folder}/output`);
  Deno.removeSync(old);
  assertEquals(world.kept("one"), ["first"]);
  world.begin("one").begun();
  assertEquals(world.kept("one"), []);
});

Deno.test("output relay: where nothing can be kept, everything goes on", async () => {
  await using world = new World();
  Deno.writeTextFileSync(`${world.folder}/output`, "in the way");
  const relay = world.begin("one");
  write(relay.stdio[1], encodePath("out\n"));
  relay.begun();
  relay.ended();
  assertEquals(readAll(world.out.readFd), "out\n");
});
