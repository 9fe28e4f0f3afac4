import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { ENOSPC } from "../../../lib/core/linux/errno.ts";
import type { LogdirSettings } from "../../../lib/logdir/core/log_control.ts";
import type { LineForm } from "../../../lib/logdir/core/log_script.ts";
import { parseLogScript } from "../../../lib/logdir/core/parse_log_script.ts";
import { SHARED_POOL } from "../../../lib/logdir/core/byte_queue.ts";
import {
  BLOCK_SIZE,
  type EngineOptions,
  LogEngine,
  LONGEST_LINE,
  PENDING_LIMIT,
} from "../../../lib/logdir/engine.ts";
import { Logdir } from "../../../lib/logdir/logdir.ts";
import { SharedOutput } from "../../../lib/logdir/shared_output.ts";
import { FakeLogdirPort, settle } from "../../fake/logdir_port.ts";
import { FakeOutput } from "../../fake/output_world.ts";
import { FakeInput } from "../../fake/log_input.ts";
import { bytes, SETTINGS } from "../../fake/logdir_story.ts";
import { seededRandom } from "../core/seeded_random.ts";

const WIDE: LogdirSettings = { ...SETTINGS, sizeBytes: 1 << 28, toleranceBytes: 0 };

class Logger {
  readonly input = new FakeInput();
  readonly port = new FakeLogdirPort();
  readonly warnings: string[] = [];
  readonly engine: LogEngine;
  done = 0;
  readonly ended: Promise<void>;
  readonly #logdir: Logdir;

  /** @param onLines called with all that goes to the log directory */
  constructor(
    options: Partial<EngineOptions> = {},
    settings = WIDE,
    script = ["/d"],
    onLines: () => void = () => {},
  ) {
    const finished = Promise.withResolvers<void>();
    this.ended = finished.promise;
    const logdir = new Logdir(settings, this.port, () => this.engine.onProgress());
    logdir.open();
    this.#logdir = logdir;
    const stdout = new SharedOutput(new FakeOutput()).sink({ onProgress: () => {} });
    const sinks = {
      logdir: (_index: number, lines: Uint8Array<ArrayBuffer>) => {
        onLines();
        logdir.append(lines);
      },
      stdout: () => {},
      container: () => {},
      alert: () => {},
      status: () => {},
      head: ({ prefix }: LineForm) => bytes(prefix === "" ? "" : `${prefix} `),
    };
    this.engine = new LogEngine(parseLogScript(script), {
      lineLimit: 8192,
      holdBack: false,
      lastLineMs: 0,
      warn: (text) => this.warnings.push(text),
      onDone: () => {
        this.done++;
        finished.resolve();
      },
      ...options,
    }, { input: this.input, logdirs: [logdir], outputs: [stdout], sinks });
  }

  /** Feeds the pieces, and lets the engine read as long as it wants. */
  feed(...pieces: readonly (string | Uint8Array<ArrayBuffer>)[]): this {
    for (const piece of pieces) {
      this.input.pieces.push(typeof piece === "string" ? bytes(piece) : piece);
    }
    for (let unread = Infinity; !this.input.paused && unread !== this.input.unreadBytes;) {
      unread = this.input.unreadBytes;
      this.engine.onReadable();
    }
    return this;
  }

  end(): this {
    this.input.atEnd = true;
    this.engine.onReadable();
    return this;
  }

  get waitingBytes(): number {
    return this.#logdir.pendingBytes;
  }

  get logged(): string {
    return this.port.disk.content;
  }
}

Deno.test("a line that comes in pieces is logged when its end comes", () => {
  const logger = new Logger().feed("one\ntw");
  assertEquals(logger.logged, "one\n");
  assertEquals(logger.feed("o").logged, "one\n");
  assertEquals(logger.feed("\nthree\n").logged, "one\ntwo\nthree\n");
});

Deno.test("a NUL ends a line", () => {
  assertEquals(new Logger().feed("a\0b\0", "\0c", "d\0\n").logged, "a\nb\n\ncd\n\n");
});

Deno.test("any other byte stays as it is", () => {
  const all = Uint8Array.from({ length: 255 }, (_, index) => index + 1);
  const expected = `${String.fromCharCode(...all)}\n`;
  assertEquals(new Logger().feed(all, "\n").logged, expected);
  const headed = `> ${expected.replace("\n", "\n> ")}`;
  for (const script of [["p>", "/d"], ["p>", "-nothing like it", "/d"]]) {
    assertEquals(new Logger({}, WIDE, script).feed(all, "\n").logged, headed);
  }
});

Deno.test("the end of the input ends the last line", async () => {
  const logger = new Logger().feed("one\ntwo").end();
  await logger.ended;
  assertEquals([logger.logged, logger.port.disk.isExecutable("current")], ["one\ntwo\n", true]);
});

Deno.test("an empty input: no line, closed in good order", async () => {
  const logger = new Logger().end();
  await logger.ended;
  assertEquals([logger.logged, logger.port.disk.isExecutable("current"), logger.done], [
    "",
    true,
    1,
  ]);
});

Deno.test("a line longer than the limit becomes several, a line of just the limit stays", () => {
  const limit = { lineLimit: 48 };
  const x = (count: number): string => "x".repeat(count);
  assertEquals(new Logger(limit).feed(`${x(48)}\n`).logged, `${x(48)}\n`);
  assertEquals(new Logger(limit).feed(`${x(48)}`, "\n").logged, `${x(48)}\n`);
  assertEquals(new Logger(limit).feed(`${x(100)}\n`).logged, `${x(48)}\n${x(48)}\n${x(4)}\n`);
  assertEquals(
    new Logger(limit).feed(x(30), x(30), x(40), "\n").logged,
    `${x(48)}\n${x(48)}\n${x(4)}\n`,
  );
});

for (
  const [what, piece] of [["at once", 3 << 20], ["in small pieces", 50_000], [
    "a byte more than a block at a time",
    BLOCK_SIZE + 1,
  ]] as const
) {
  Deno.test(`without a limit a line of 3 MiB stays one, when it comes ${what}`, () => {
    const logger = new Logger({ lineLimit: 0 });
    const long = "0123456789abcdef".repeat(3 << 16);
    const stream = `first\n${long}\nlast\n`;
    for (let at = 0; at < stream.length; at += piece) logger.feed(stream.slice(at, at + piece));
    assert(logger.logged === stream);
  });
}

Deno.test("200 random streams in random pieces: the lines that reading byte by byte gives", () => {
  const random = seededRandom(5);
  for (let run = 0; run < 200; run++) {
    const lineLimit = random(3) === 0 ? 0 : 3 + random(20);
    const logger = new Logger({ lineLimit });
    const kind = random(2);
    const stream = Array.from(
      { length: random(300) },
      () => random(kind === 0 ? 8 : 40) === 0 ? (random(3) === 0 ? "\0" : "\n") : "x",
    )
      .join("");
    for (let at = 0; at < stream.length;) {
      const length = 1 + random(40);
      logger.feed(stream.slice(at, at + length));
      at += length;
    }
    logger.end();
    const lines = stream.split(/[\0\n]/);
    if (lines.at(-1) === "") lines.pop();
    const cut = lineLimit === 0
      ? lines
      : lines.flatMap((line) => line.match(new RegExp(`.{1,${lineLimit}}`, "g")) ?? [""]);
    assertEquals(
      logger.logged,
      cut.map((line) => `${line}\n`).join(""),
      `limit ${lineLimit}: ${JSON.stringify(stream)}`,
    );
  }
});

const KILOBYTE = `${"k".repeat(1023)}\n`;
const BLOCK = bytes(KILOBYTE.repeat(BLOCK_SIZE / 1024));

Deno.test("a disk that takes nothing: at most 2 MiB and one block wait, the rest is left unread until half of it is written", async () => {
  const logger = new Logger();
  logger.port.broken.set("write", ENOSPC);
  logger.feed(...Array(80).fill(BLOCK));
  const takenBytes = 80 * BLOCK_SIZE - logger.input.unreadBytes;
  assertEquals([
    logger.input.paused,
    takenBytes >= PENDING_LIMIT,
    takenBytes <= PENDING_LIMIT + BLOCK_SIZE,
  ], [true, true, true]);
  logger.port.broken.clear();
  logger.port.room = BLOCK_SIZE;
  await logger.port.elapse(100);
  assertEquals(logger.input.paused, true);
  logger.port.room = Infinity;
  await logger.port.elapse(100);
  assertEquals(logger.input.paused, false);
  logger.feed().end();
  await logger.port.elapse(100);
  assertEquals([logger.logged.length, logger.done], [80 * BLOCK_SIZE, 1]);
});

Deno.test("a disk that takes nothing, and a prefix that makes lines fifty times as long: no more waits for that", async () => {
  const prefix = "p".repeat(100);
  const logger = new Logger({}, WIDE, [`p${prefix}`, "/d"]);
  logger.port.broken.set("write", ENOSPC);
  logger.feed(...Array(3).fill(bytes("y\n".repeat(BLOCK_SIZE / 2))));
  assert(logger.input.paused);
  assertLessOrEqual(logger.waitingBytes, PENDING_LIMIT + 4 * BLOCK_SIZE);
  logger.port.broken.clear();
  for (let tries = 0; tries < 200 && logger.done === 0; tries++) {
    await logger.port.elapse(100);
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (!logger.input.paused) logger.feed().end();
  }
  assertEquals([logger.logged.length, logger.done], [3 * BLOCK_SIZE / 2 * (prefix.length + 3), 1]);
  assertEquals(logger.logged.replaceAll(`${prefix} y\n`, ""), "");
});

Deno.test("a turn that is over in the middle of a block: the rest of it follows, before what is read later", async () => {
  const slow = () => {
    for (const until = performance.now() + 10; performance.now() < until;); // longer than a turn
  };
  const logger = new Logger({}, WIDE, ["f", "p>", "/d"], slow);
  const lines = Array.from({ length: 100_000 }, (_, i) => `${i}\n`);
  logger.feed(lines.join("").slice(0, BLOCK_SIZE));
  assert(logger.input.paused);
  assert(logger.logged.length > 0 && logger.logged.length < BLOCK_SIZE);
  logger.input.pieces.push(bytes(lines.join("").slice(BLOCK_SIZE)));
  for (let turns = 0; turns < 1000 && logger.done === 0; turns++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (!logger.input.paused) logger.feed().end();
  }
  assertEquals(logger.logged === lines.map((line) => `> ${line}`).join(""), true);
});

Deno.test("a line that never ends is cut at the longest line, and its beginning is kept in blocks that are used again", () => {
  const logger = new Logger({ lineLimit: 0 });
  const piece = new Uint8Array(BLOCK_SIZE).fill(120);
  for (let round = 0; round < 3 * LONGEST_LINE / BLOCK_SIZE; round++) logger.feed(piece);
  logger.end();
  assertEquals(logger.logged, `${"x".repeat(LONGEST_LINE)}\n`.repeat(3));
  assertEquals(SHARED_POOL.usedBytes, 0);
});

Deno.test("-b: nothing is read as long as a byte waits", async () => {
  const logger = new Logger({ holdBack: true });
  logger.port.room = 5;
  logger.feed("one\ntwo\n", "three\n");
  assertEquals([logger.input.paused, logger.input.unread, logger.logged], [
    true,
    "three\n",
    "one\nt",
  ]);
  logger.port.room = 2;
  await logger.port.elapse(100);
  assertEquals([logger.input.paused, logger.logged], [true, "one\ntwo"]);
  logger.port.room = Infinity;
  await logger.port.elapse(100);
  assertEquals(logger.feed().logged, "one\ntwo\nthree\n");
});

Deno.test("stop(): between two lines it ends at once, and leaves the rest to the next logger", async () => {
  const logger = new Logger().feed("one\n");
  logger.input.pieces.push(bytes("two\n"));
  logger.engine.stop();
  await logger.ended;
  logger.engine.onReadable();
  assertEquals([logger.logged, logger.input.unread], ["one\n", "two\n"]);
});

Deno.test("stop(): within a line it reads to the end of that line, and not a byte further", async () => {
  const logger = new Logger().feed("one\ntw");
  logger.engine.stop();
  logger.feed("o\nthree\n");
  await logger.ended;
  assertEquals([logger.logged, logger.input.unread], ["one\ntwo\n", "three\n"]);
});

Deno.test("stop(): within a line whose end does not come, the line is ended for it", async () => {
  const logger = new Logger({ lastLineMs: 1 }).feed("one\ntw");
  logger.engine.stop();
  await logger.ended;
  assertEquals(logger.logged, "one\ntw\n");
});

Deno.test("stop(): within a line and then the end of the input", async () => {
  const logger = new Logger({ lastLineMs: 1_000_000 }).feed("one\ntw");
  logger.engine.stop();
  logger.end();
  await logger.ended;
  assertEquals(logger.logged, "one\ntw\n");
});

Deno.test("stop(): a last line that grows beyond the limit is ended there", async () => {
  const logger = new Logger({ lineLimit: 48 }).feed("x".repeat(40));
  logger.engine.stop();
  logger.feed("y".repeat(20));
  await logger.ended;
  assertEquals([logger.logged, logger.input.unread], [
    `${"x".repeat(40)}${"y".repeat(8)}\n`,
    "y".repeat(12),
  ]);
  assertEquals(logger.warnings, ["input line too long, stopping before the end"]);
});

Deno.test("stop() asked for again changes nothing", async () => {
  const logger = new Logger().feed("tw");
  logger.engine.stop();
  logger.engine.stop();
  logger.feed("o\n");
  logger.engine.stop();
  await logger.ended;
  assertEquals([logger.logged, logger.done], ["two\n", 1]);
});

Deno.test("stop() with a timeout of 46 days does not end at once", async () => {
  const logger = new Logger({ lastLineMs: 4_000_000_000 }).feed("tw");
  logger.engine.stop();
  // a timer of the runtime fires at once when it is set too late
  await new Promise((resolve) => setTimeout(resolve, 5));
  assertEquals(logger.done, 0);
  logger.feed("o\n");
  await logger.ended;
});

Deno.test("the end waits for lines that can't be written and for the rotation that is under way", async () => {
  const logger = new Logger({}, { ...SETTINGS, sizeBytes: 10, toleranceBytes: 0 });
  logger.port.holdSyncs = true;
  logger.feed("0123456789\n", "0123456789\n", "abc\n").end();
  logger.port.holdSyncs = false;
  await logger.port.elapse(1000);
  assertEquals(logger.done, 0);
  logger.port.broken.set("write", ENOSPC);
  logger.port.release();
  await logger.port.elapse(1000);
  assertEquals(logger.done, 0);
  logger.port.broken.clear();
  await logger.port.elapse(100);
  assertEquals([logger.done, logger.logged, logger.port.disk.archives.length], [
    1,
    "0123456789\n0123456789\nabc\n",
    2,
  ]);
});

Deno.test("rotate() once more after the end: current stays, closed in good order", async () => {
  const logger = new Logger().feed("a\n").end();
  logger.engine.rotate();
  await logger.ended;
  logger.engine.rotate();
  await settle();
  assertEquals([logger.logged, logger.port.disk.isExecutable("current")], ["a\n", true]);
});

Deno.test("rotate(): what was logged goes into an archive, what comes then into a new current", async () => {
  const logger = new Logger().feed("one\ntw");
  logger.engine.rotate();
  await settle();
  logger.feed("o\n");
  assertEquals(
    [logger.port.disk.archives.length, logger.port.disk.text("current"), logger.logged],
    [1, "two\n", "one\ntwo\n"],
  );
});

Deno.test("counts: bytes always, lines when somebody wants to know, rotations, failures, what waits", async () => {
  const log = new Logger({}, SETTINGS);
  log.feed("one\ntwo\n");
  assertEquals([log.engine.counts.bytes, log.engine.counts.lines], [8, 0]);
  log.engine.countLines();
  log.feed("three\nfo");
  log.engine.rotate();
  await settle();
  assertEquals(log.engine.counts, {
    bytes: 14,
    lines: 1,
    leftOut: 0,
    rotations: 1,
    failures: 0,
    waiting: 0,
  });
  log.port.broken.set("write", ENOSPC);
  log.feed("ur\n");
  const { failures, waiting, lines } = log.engine.counts;
  assertEquals([failures, waiting, lines], [1, 5, 2]);
});
