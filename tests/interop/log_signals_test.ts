/**
 * What signals, options and processors do to a running s6-log: C's and ours, in the same words; and
 * ours alone where C 2.11 has no words.
 */
import { assertEquals } from "@std/assert";
import { type Background, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";
import { readLogdir } from "./log_outcome.ts";

interface Logger extends AsyncDisposable {
  readonly process: Background;
  readonly tree: Tree;
  write(text: string): Promise<void>;
  /** Writes lines, and waits until the last of them is shown. */
  feed(lines: string): Promise<void>;
  /**
   * Writes `one`, a newline and `tw`. They are read in one go, so when the line is shown the rest
   * is read too.
   */
  feedAndHalf(): Promise<void>;
  /** The files of ./log, in their order. */
  files(): readonly string[];
}

function startLogger(toolset: Toolset, args: readonly string[]): Logger {
  requireToolset(toolset);
  const tree = makeTree();
  const process = start(toolset.bin("s6-log"), args, { cwd: tree.root });
  const write = async (text: string): Promise<void> => {
    const writer = process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    writer.releaseLock();
  };
  return {
    process,
    tree,
    write,
    feed: async (lines) => {
      await write(lines);
      await process.stdout.until(lines);
    },
    feedAndHalf: async () => {
      await write("one\ntw");
      await process.stdout.until("one\n");
    },
    files: () => readLogdir(tree.path("log")).files,
    [Symbol.asyncDispose]: async () => {
      await process[Symbol.asyncDispose]();
      tree[Symbol.dispose]();
    },
  };
}

/** One test for each implementation. */
function both(behaviour: string, body: (toolset: Toolset) => Promise<void>): void {
  for (const toolset of [OURS, THEIRS]) {
    Deno.test(`${toolset.name}: ${behaviour}`, () => body(toolset));
  }
}

const PLAIN = ["./log", "1"] as const;

for (const signal of ["SIGTERM", "SIGHUP"] as const) {
  both(`${signal} between two lines: exit 0 at once, closed in good order`, async (toolset) => {
    await using logger = startLogger(toolset, PLAIN);
    await logger.feed("one\n");
    logger.process.kill(signal);
    assertEquals(await logger.process.ended(), 0);
    assertEquals([logger.files(), readLogdir(logger.tree.path("log")).modes["current"]], [
      ["one\n"],
      "744",
    ]);
  });

  both(`${signal} within a line: exit 0 after its end`, async (toolset) => {
    await using logger = startLogger(toolset, PLAIN);
    await logger.feedAndHalf();
    logger.process.kill(signal);
    await logger.write("o\n"); // and no more: it may be read before the signal is heard
    assertEquals(await logger.process.ended(), 0);
    assertEquals(logger.files(), ["one\ntwo\n"]);
  });
}

/**
 * How many archives there are, and none is being made. Only names are read: a file may be gone
 * before its content is.
 */
function isArchived(logger: Logger, count: number, dir = "log"): boolean {
  try {
    const names = [...Deno.readDirSync(logger.tree.path(dir))].map(({ name }) => name);
    const archives = names.filter((name) => name.startsWith("@"));
    return archives.length === count && archives.every((name) => name.endsWith(".s")) &&
      !names.includes("previous") &&
      !names.includes("processed");
  } catch {
    return false; // not made yet
  }
}

both("SIGTERM with -p: it goes on; SIGHUP ends it", async (toolset) => {
  await using logger = startLogger(toolset, ["-p", "--", ...PLAIN]);
  await logger.feed("one\n");
  logger.process.kill("SIGTERM");
  await logger.feed("two\n");
  logger.process.kill("SIGHUP");
  assertEquals([await logger.process.ended(), logger.files()], [0, ["one\ntwo\n"]]);
});

both("SIGALRM rotates every log directory; an empty one gets no archive", async (toolset) => {
  await using logger = startLogger(toolset, ["--", "-never", "./log", "+", "1", "-", "./empty"]);
  await logger.feed("one\n");
  logger.process.kill("SIGALRM");
  await eventually("an archive", () => isArchived(logger, 1));
  await logger.feed("two\n");
  logger.process.kill("SIGTERM");
  assertEquals([await logger.process.ended(), logger.files()], [0, ["one\n", "two\n"]]);
  assertEquals(readLogdir(logger.tree.path("empty")).files, [""]);
});

for (const directive of ["!tr a-z A-Z", "?tr a-z A-Z"]) {
  both(`a processor, ${directive}: what it writes becomes the archive`, async (toolset) => {
    await using logger = startLogger(toolset, [directive, ...PLAIN]);
    for (const [index, line] of ["one\n", "two\n"].entries()) {
      await logger.feed(line);
      logger.process.kill("SIGALRM");
      await eventually("an archive", () => isArchived(logger, index + 1));
    }
    logger.process.kill("SIGTERM");
    assertEquals([await logger.process.ended(), logger.files()], [0, ["ONE\n", "TWO\n", ""]]);
  });
}

Deno.test("ours: -t: the end of a last line is waited for so long, then the line is ended for it", async () => {
  await using logger = startLogger(OURS, ["-t", "50", "--", ...PLAIN]);
  await logger.feedAndHalf();
  logger.process.kill("SIGTERM");
  assertEquals([await logger.process.ended(), logger.files()], [0, ["one\ntw\n"]]);
});

Deno.test("ours: -d: a newline when it is ready to log", async () => {
  using tree = makeTree();
  await using logger = start("/bin/sh", [
    "-c",
    'exec "$@" 3>&1 >/dev/null',
    "sh",
    OURS.bin("s6-log"),
    "-d",
    "3",
    "./log",
  ], {
    cwd: tree.root,
  });
  await logger.stdout.ended; // it closes the descriptor
  assertEquals([logger.stdout.text, tree.exists("log/current")], ["\n", true]);
});

Deno.test("ours: R: rotated every second, and nothing of an empty current is kept", async () => {
  await using logger = startLogger(OURS, ["R1", ...PLAIN]);
  await logger.feed("one\n");
  await eventually("an archive", () => isArchived(logger, 1));
  await logger.feed("two\n");
  await eventually("another", () => isArchived(logger, 2));
  assertEquals(logger.files(), ["one\n", "two\n", ""]);
});

/** Counts its runs in the state, and prints the number before what it was given. */
const COUNTER = "read n <&4; n=$((n + 1)); echo $n >&5; echo run $n in $PWD; cat";

Deno.test("ours: a processor reads on descriptor 4 what its last run has written on 5, in the log directory", async () => {
  await using logger = startLogger(OURS, [`?${COUNTER}`, ...PLAIN]);
  const where = logger.tree.path("log");
  for (const [index, line] of ["one\n", "two\n", "three\n"].entries()) {
    await logger.feed(line);
    logger.process.kill("SIGALRM");
    await eventually("an archive", () => isArchived(logger, index + 1));
  }
  logger.process.kill("SIGTERM");
  assertEquals([await logger.process.ended(), logger.files()], [0, [
    `run 1 in ${where}\none\n`,
    `run 2 in ${where}\ntwo\n`,
    `run 3 in ${where}\nthree\n`,
    "",
  ]]);
  assertEquals([logger.tree.text("log/state"), logger.tree.exists("log/newstate")], ["3\n", false]);
});

Deno.test("ours: one ? directive and two log directories: the shell runs it for both", async () => {
  await using logger = startLogger(OURS, ["?tr a-z A-Z | cat", "./log", "./log2", "1"]);
  await logger.feed("one\n");
  logger.process.kill("SIGALRM");
  await eventually("two archives", () => isArchived(logger, 1) && isArchived(logger, 1, "log2"));
  logger.process.kill("SIGTERM");
  assertEquals([
    await logger.process.ended(),
    logger.files(),
    readLogdir(logger.tree.path("log2")).files,
  ], [0, ["ONE\n", ""], [
    "ONE\n",
    "",
  ]]);
});
