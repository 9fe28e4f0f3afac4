/**
 * An engine whose lines go to an output that others share, and whose reader may have stopped
 * reading.
 */
import { assertEquals } from "@std/assert";
import { parseLogScript } from "../../../lib/logdir/core/parse_log_script.ts";
import { type EngineOptions, LogEngine } from "../../../lib/logdir/engine.ts";
import { SharedOutput } from "../../../lib/logdir/shared_output.ts";
import { FakeInput } from "../../fake/log_input.ts";
import { bytes } from "../../fake/logdir_story.ts";
import { settle } from "../../fake/logdir_port.ts";
import { FakeOutput } from "../../fake/output_world.ts";

const LIMIT = 4096;

class Logger {
  readonly input = new FakeInput();
  readonly output = new FakeOutput();
  readonly warnings: string[] = [];
  readonly engine: LogEngine;
  done = 0;

  constructor(options: Partial<EngineOptions> = {}) {
    const sink = new SharedOutput(this.output).sink({ onProgress: () => this.engine.onProgress() });
    this.engine = new LogEngine(parseLogScript(["1"]), {
      lineLimit: 0,
      holdBack: false,
      lastLineMs: 0,
      leaveStuckOutput: true,
      pendingLimit: () => LIMIT,
      warn: (text) => this.warnings.push(text),
      onDone: () => this.done++,
      ...options,
    }, {
      input: this.input,
      logdirs: [],
      outputs: [sink],
      sinks: {
        logdir: () => {},
        stdout: (lines) => sink.append(lines),
        container: () => {},
        alert: () => {},
        status: () => {},
        head: () => bytes(""),
      },
    });
  }

  /** Feeds lines of 100 bytes, and lets the engine read as long as it wants. */
  feed(lines: number): this {
    for (let i = 0; i < lines; i++) this.input.pieces.push(bytes(`${"x".repeat(99)}\n`));
    while (!this.input.paused && this.input.unreadBytes > 0) this.engine.onReadable();
    return this;
  }
}

Deno.test("what the reader does not take waits up to the limit, then nothing is read; when he goes on, so does the engine", () => {
  const logger = new Logger().feed(100);
  assertEquals([logger.input.paused, logger.input.unreadBytes], [true, 10_000 - 4100]);
  logger.output.read(3000);
  assertEquals(logger.input.paused, false);
  logger.output.read(10_000);
  logger.feed(0);
  assertEquals(logger.output.text.length, 10_000);
});

Deno.test("blockBytes: no more is read at a time", () => {
  assertEquals(new Logger({ blockBytes: 64 }).feed(3).input.mostAsked, 64);
  assertEquals(new Logger().feed(3).input.mostAsked, LIMIT);
});

Deno.test("the end of the input: it waits for a slow reader, and for a stuck one a second", async () => {
  const slow = new Logger().feed(10);
  const stuck = new Logger().feed(10);
  for (const { input, engine } of [slow, stuck]) {
    input.atEnd = true;
    engine.onReadable();
  }
  slow.output.elapse(900);
  slow.output.read(500);
  slow.output.elapse(900);
  assertEquals(slow.done, 0);
  slow.output.read(500);
  stuck.output.elapse(1000);
  await settle();
  assertEquals([slow.done, slow.warnings, slow.output.text.length], [1, [], 1000]);
  assertEquals([stuck.done, stuck.warnings], [1, [
    "nobody reads standard output: 1000 bytes of the last lines are lost",
  ]]);
  assertEquals([stuck.output.watched, stuck.output.timers], [false, 0]);
});

Deno.test("nobody writes any more while the reader is stuck and the rest is unread: it is read, and the engine ends", async () => {
  for (const hangupFirst of [true, false]) {
    const logger = new Logger().feed(100);
    logger.input.atEnd = true;
    if (hangupFirst) logger.engine.onHangup();
    logger.output.elapse(1000);
    if (!hangupFirst) logger.engine.onHangup();
    logger.feed(0);
    logger.engine.onReadable();
    await settle();
    assertEquals([logger.done, logger.warnings], [1, [
      "nobody reads standard output: 10000 bytes of the last lines are lost",
    ]]);
  }
});

Deno.test("without leaveStuckOutput it waits for ever", async () => {
  const logger = new Logger({ leaveStuckOutput: false }).feed(10);
  logger.input.atEnd = true;
  logger.engine.onReadable();
  logger.output.elapse(1000);
  await settle();
  assertEquals(logger.done, 0);
  logger.output.read(1000);
  await settle();
  assertEquals([logger.done, logger.output.text.length], [1, 1000]);
});
