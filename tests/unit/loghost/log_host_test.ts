/**
 * The log host's side: what an order makes, what a signal does to one log, when the process leaves.
 */
import { assertEquals } from "@std/assert";
import type { LogCounts } from "../../../lib/counters/core/counts.ts";
import { EACCES, ENOSPC } from "../../../lib/core/linux/errno.ts";
import type { LogHostReport } from "../../../lib/loghost/core/log_host_protocol.ts";
import { LOG_HOST_VERSION } from "../../../lib/loghost/core/log_host_protocol.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { LogEngine } from "../../../lib/logdir/engine.ts";
import { Logdir } from "../../../lib/logdir/logdir.ts";
import type { Logger } from "../../../lib/logdir/logger.ts";
import { SharedOutput } from "../../../lib/logdir/shared_output.ts";
import type { LogHostPort, LogRequest } from "../../../lib/loghost/log_host.ts";
import { ByteQueue, POOL_BLOCK } from "../../../lib/logdir/core/byte_queue.ts";
import { PENDING_LIMIT } from "../../../lib/logdir/engine.ts";
import { HOST_PENDING_LIMIT, LogHost } from "../../../lib/loghost/log_host.ts";
import { FakeLogdirPort, settle } from "../../fake/logdir_port.ts";
import { FakeOutput } from "../../fake/output_world.ts";
import { FakeInput } from "../../fake/log_input.ts";
import { bytes, SETTINGS } from "../../fake/logdir_story.ts";

class FakeLog {
  readonly input = new FakeInput();
  readonly disk = new FakeLogdirPort();
  readonly request: LogRequest;
  readonly logger: Logger;

  constructor(request: LogRequest) {
    this.request = request;
    const logdir = new Logdir(SETTINGS, this.disk, () => engine.onProgress());
    logdir.open();
    const sinks = {
      logdir: (_: number, lines: Uint8Array<ArrayBuffer>) => logdir.append(lines),
      stdout: () => {},
      container: () => {},
      alert: () => {},
      status: () => {},
      head: () => bytes(""),
    };
    const stdout = new SharedOutput(new FakeOutput()).sink({ onProgress: () => {} });
    const { lineLimit, holdBack, lastLineMs } = request.options;
    const { warn, onDone, pendingLimit } = request;
    const options = { lineLimit, holdBack, lastLineMs, warn, onDone, pendingLimit };
    const engine: LogEngine = new LogEngine(request.script, options, {
      input: this.input,
      logdirs: [logdir],
      outputs: [stdout],
      sinks,
    });
    this.logger = { engine, start: () => this.input.pause(false) };
  }

  feed(text: string): this {
    this.input.pieces.push(bytes(text));
    while (!this.input.paused && this.input.unreadBytes > 0) this.logger.engine.onReadable();
    return this;
  }

  end(): this {
    this.input.atEnd = true;
    this.logger.engine.onReadable();
    return this;
  }

  get logged(): string {
    return this.disk.disk.content;
  }
}

class World implements LogHostPort {
  takeReader(fd: number): void {
    this.done.push(`reader ${fd}`);
  }

  tellCounts(fd: number, logs: readonly LogCounts[]): void {
    const words = logs.map(({ service, bytes, lines }) => `${service} ${bytes} ${lines}`);
    this.done.push(`counts ${fd}: ${words.join(", ")}`);
  }

  forgetOutput(service: string): void {
    this.done.push(`forget ${service}`);
  }

  readonly done: string[] = [];
  readonly logs: FakeLog[] = [];
  fault: Error | undefined;
  readonly host = new LogHost(this);

  constructor() {
    this.host.handle({ kind: "hello", version: LOG_HOST_VERSION }, [], false);
    this.done.length = 0;
  }

  openLogger(request: LogRequest): Logger {
    if (this.fault !== undefined) throw this.fault;
    this.logs.push(new FakeLog(request));
    return this.logs.at(-1)!.logger;
  }

  patternFault(pattern: string): string | undefined {
    return pattern === "(" ? "Unmatched (" : undefined;
  }

  report(report: LogHostReport): void {
    const { kind, ...rest } = report;
    this.done.push([kind, ...Object.values(rest)].join(" ").trim());
  }

  close(fd: number): void {
    this.done.push(`close ${fd}`);
  }

  releaseOutput(): void {
    this.done.push("release output");
  }

  settle(): void {}

  leave(code: number): void {
    this.done.push(`leave ${code}`);
  }

  start(id: number, ...words: readonly string[]): this {
    this.host.handle({
      kind: "start",
      order: {
        id,
        service: `s${id}`,
        stderrIsConsole: false,
        ownOutput: false,
        keeps: false,
        words,
      },
    }, [
      10 * id,
      10 * id + 1,
    ], false);
    return this;
  }

  signal(id: number, signal: number): this {
    this.host.handle({ kind: "signal", id, signal }, [], false);
    return this;
  }

  async settled(): Promise<string[]> {
    await settle();
    return this.done.splice(0);
  }
}

Deno.test("an order: ready, then lines are logged; at the end of the input all is closed in good order", async () => {
  const world = new World().start(1, "/d");
  assertEquals(await world.settled(), ["ready 1"]);
  const [log] = world.logs;
  assertEquals(log!.feed("one\ntwo\nthr").logged, "one\ntwo\n");
  log!.end();
  assertEquals(await world.settled(), ["close 11", "ended 1 0"]);
  assertEquals([log!.logged, log!.disk.disk.isExecutable("current"), log!.input.closed], [
    "one\ntwo\nthr\n",
    true,
    true,
  ]);
});

Deno.test("what can't be opened is that log's end, and its descriptors are closed", async () => {
  const world = new World();
  world.fault = new SyscallError("create directory /d", EACCES);
  world.start(1, "/d");
  assertEquals(await world.settled(), [
    "close 10",
    "close 11",
    `ended 1 ${111 << 8} unable to create directory /d: Permission denied`,
  ]);
  world.fault = undefined;
  assertEquals(await world.start(2, "/d").settled(), ["ready 2"]);
});

Deno.test("an expression that the C library refuses is a wrong script", async () => {
  const world = new World().start(1, "+(", "/d");
  const [, , ended] = await world.settled();
  assertEquals(
    ended,
    `ended 1 ${100 << 8} unrecognized directive: +( (regular expression: Unmatched ()`,
  );
});

Deno.test("descriptors that did not arrive", async () => {
  const world = new World();
  const order = {
    id: 1,
    service: "s",
    stderrIsConsole: false,
    ownOutput: false,
    keeps: false,
    words: ["/d"],
  };
  world.host.handle({ kind: "start", order }, [10], true);
  assertEquals(await world.settled(), [
    "close 10",
    `ended 1 ${111 << 8} unable to take the descriptors of the log: Too many open files`,
  ]);
});

Deno.test("who asks for counts gets those of each log; lines are counted from the first question on", async () => {
  const world = new World().start(1, "/a").start(2, "/b");
  await world.settled();
  const ask = (fd: number): void => world.host.handle({ kind: "counts" }, [fd], false);
  world.logs[0]!.feed("one\ntwo\nthr");
  ask(70);
  assertEquals(await world.settled(), ["counts 70: s1 8 0, s2 0 0", "counted"]);
  world.logs[0]!.feed("ee\n");
  world.start(3, "/c");
  world.logs[2]!.feed("x\ny\n");
  ask(71);
  const [, counts] = await world.settled();
  assertEquals(counts, "counts 71: s1 14 1, s2 0 0, s3 4 2");
});

Deno.test("SIGALRM rotates that log and no other", async () => {
  const world = new World().start(1, "/a").start(2, "/b");
  for (const log of world.logs) log.feed("line\n");
  world.signal(2, 14);
  await settle();
  assertEquals(world.logs.map(({ disk }) => disk.disk.archives.length), [0, 1]);
});

Deno.test("SIGTERM ends that log after the line that is being read; with -p it does nothing", async () => {
  const world = new World().start(1, "/a").start(2, "-p", "--", "/b").start(3, "/c");
  await world.settled();
  world.signal(1, 15).signal(2, 15);
  assertEquals(await world.settled(), ["close 11", "ended 1 0"]);
  world.logs[2]!.feed("half");
  world.signal(3, 15);
  assertEquals(await world.settled(), []);
  world.logs[2]!.feed(" a line\nmore\n");
  assertEquals(await world.settled(), ["close 31", "ended 3 0"]);
  assertEquals(world.logs[2]!.logged, "half a line\n");
});

Deno.test("readRest: it ends when it has read what is there, though the pipe is not at its end", async () => {
  const world = new World().start(1, "/a").start(2, "/b");
  await world.settled();
  world.logs[0]!.input.pieces.push(bytes("one\ntw"), bytes("o\nlast words"));
  world.host.handle({ kind: "readRest", id: 1 }, [], false);
  assertEquals(await world.settled(), ["close 11", "ended 1 0"]);
  assertEquals(world.logs[0]!.logged, "one\ntwo\nlast words\n");
});

Deno.test("readRest: what waits for the disk is written first", async () => {
  const world = new World().start(1, "-b", "--", "/a");
  await world.settled();
  const { disk, input } = world.logs[0]!;
  disk.broken.set("write", ENOSPC);
  input.pieces.push(bytes("one\n"), bytes("two\n"));
  world.host.handle({ kind: "readRest", id: 1 }, [], false);
  assertEquals(input.unread, "two\n");
  disk.broken.clear();
  await disk.elapse(SETTINGS.retryMs);
  assertEquals((await world.settled()).slice(-2), ["close 11", "ended 1 0"]);
  assertEquals(world.logs[0]!.logged, "one\ntwo\n");
});

Deno.test("SIGSTOP: nothing is read until SIGCONT", async () => {
  const world = new World().start(1, "/a");
  world.signal(1, 19);
  world.logs[0]!.feed("one\n");
  assertEquals(world.logs[0]!.logged, "");
  world.signal(1, 18);
  assertEquals(world.logs[0]!.feed("two\n").logged, "one\ntwo\n");
  assertEquals(await world.settled(), ["ready 1"]);
});

Deno.test("SIGKILL ends that log at once, whatever waits for the disk", async () => {
  const world = new World().start(1, "/a").start(2, "/b");
  await world.settled();
  world.logs[0]!.disk.broken.set("write", ENOSPC);
  world.logs[0]!.feed("lost\n");
  world.signal(1, 9);
  const done = await world.settled();
  assertEquals(done.slice(-2), ["close 11", "ended 1 9"]);
  assertEquals(world.logs[1]!.feed("kept\n").logged, "kept\n");
  await world.logs[0]!.disk.elapse(3_600_000);
  assertEquals([world.logs[0]!.logged, world.logs[0]!.disk.openFds, world.logs[0]!.input.closed], [
    "",
    0,
    true,
  ]);
});

Deno.test("a kill while a file is being stored: it is left for the next logger, and nothing goes on beside it", async () => {
  const world = new World().start(1, "/a");
  const { disk } = world.logs[0]!;
  disk.holdSyncs = true;
  world.logs[0]!.feed("one\n");
  world.signal(1, 14).signal(1, 9);
  const before = disk.steps.length;
  disk.release();
  await disk.elapse(3_600_000);
  assertEquals([disk.steps.slice(before), disk.openFds], [[], 0]);
  assertEquals(disk.disk.text("previous"), "one\n");
});

Deno.test("a signal for a log that has ended is nobody's", async () => {
  const world = new World().start(1, "/a");
  world.logs[0]!.end();
  await world.settled();
  world.signal(1, 9).signal(99, 9);
  assertEquals(await world.settled(), []);
});

Deno.test("while all logs together keep the log host's limit in memory, none may keep more than a pipe's worth", () => {
  const world = new World().start(1, "/d");
  const limit = (): number => world.logs[0]!.request.pendingLimit();
  assertEquals(limit(), PENDING_LIMIT);
  const waiting = new ByteQueue();
  waiting.append(new Uint8Array(HOST_PENDING_LIMIT - POOL_BLOCK));
  assertEquals(limit(), PENDING_LIMIT);
  waiting.append(new Uint8Array(POOL_BLOCK));
  assertEquals(limit(), 65536);
  waiting.clear();
  assertEquals(limit(), PENDING_LIMIT);
});

Deno.test("alone: what has begun goes on to its end, then the process leaves", async () => {
  const world = new World().start(1, "/a");
  await world.settled();
  world.host.onAlone();
  assertEquals(await world.settled(), []);
  world.logs[0]!.feed("one\n").end();
  assertEquals(await world.settled(), ["close 11", "ended 1 0", "leave 0"]);
  assertEquals(world.logs[0]!.logged, "one\n");
});

Deno.test("alone without a log: it leaves at once", async () => {
  const world = new World();
  world.host.onAlone();
  assertEquals(await world.settled(), ["leave 0"]);
});

Deno.test("SIGTERM to the process: nothing while s6-svscan is there, the end of every log when it is not", async () => {
  const world = new World().start(1, "/a").start(2, "/b");
  await world.settled();
  world.host.terminate();
  assertEquals(await world.settled(), []);
  world.host.onAlone();
  world.host.terminate();
  assertEquals(await world.settled(), [
    "close 11",
    "ended 1 0",
    "close 21",
    "ended 2 0",
    "leave 0",
  ]);
});

Deno.test("s6-svscan of another version: the process leaves", () => {
  const world = new World();
  const other = new LogHost(world);
  other.handle({ kind: "hello", version: 99 }, [], false);
  assertEquals(world.done, [`hello ${LOG_HOST_VERSION}`, "leave 100"]);
});

Deno.test("releaseOutput is carried out", () => {
  const world = new World();
  world.host.handle({ kind: "releaseOutput" }, [], false);
  assertEquals(world.done, ["release output"]);
});

Deno.test("what nobody expected when a log is opened or begun is that log's end, told to its supervisor; the others log on", async () => {
  const world = new World().start(1, "/d");
  world.fault = new TypeError("sabotage");
  world.start(2, "/d");
  world.fault = undefined;
  const open = world.openLogger.bind(world);
  world.openLogger = (request) => {
    const logger = open(request);
    return {
      ...logger,
      start: () => {
        throw new TypeError("sabotage");
      },
    };
  };
  world.start(3, "/d");
  world.openLogger = open;
  world.start(4, "/d");
  const done = await world.settled();
  const reason = "internal error: TypeError: sabotage";
  assertEquals(done.map((text) => text.replace(/ \(in .*\)$/, "")), [
    "ready 1",
    "close 20",
    "close 21",
    `ended 2 ${111 << 8} ${reason}`,
    "ready 3",
    "close 31", // the input is the engine's, which has closed it
    `ended 3 ${111 << 8} ${reason}`,
    "ready 4",
  ]);
  assertEquals([
    world.logs[1]!.input.closed,
    world.logs[0]!.feed("one\n").logged,
    world.logs[2]!.feed("four\n").logged,
  ], [
    true,
    "one\n",
    "four\n",
  ]);
});

Deno.test("one log's disk throws what nobody expected whenever it is used: told once in its name, and another's lines are stored", async () => {
  const world = new World().start(1, "/d").start(2, "/d");
  await world.settled();
  world.logs[0]!.disk.write = () => {
    throw new TypeError("sabotage");
  };
  for (let i = 0; i < 10; i++) for (const log of world.logs) log.feed(`line ${i}\n`);
  world.host.rotateAll();
  await world.settled();
  const { warnings } = world.logs[0]!.disk;
  assertEquals(warnings.length, 1, warnings.join("\n"));
  assertEquals(warnings[0]!.startsWith("internal error: TypeError: sabotage"), true, warnings[0]);
  assertEquals(world.logs[1]!.logged, Array.from({ length: 10 }, (_, i) => `line ${i}\n`).join(""));
});

Deno.test("a reader is taken; what is kept of a service goes with its output log, and not with other logs", async () => {
  const world = new World();
  world.host.handle({ kind: "reader" }, [44], false);
  assertEquals(world.done.splice(0), ["reader 44"]);
  world.start(1, "o");
  const order = {
    id: 2,
    service: "web",
    stderrIsConsole: false,
    ownOutput: true,
    keeps: true,
    words: ["o"],
  };
  world.host.handle({ kind: "start", order }, [20, 21], false);
  for (const id of [1, 2]) world.signal(id, 9);
  assertEquals((await world.settled()).filter((entry) => entry.startsWith("forget")), [
    "forget web",
  ]);
});
