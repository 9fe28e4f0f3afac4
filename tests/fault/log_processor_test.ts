/**
 * Processors that fail, crash, hang or can't be found: the log goes on beside them, and nothing is
 * lost.
 */
import { assertEquals, assertGreater } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { archivesOf, logFiles } from "./log_lines.ts";
import { RunningLogger } from "./running_logger.ts";

/**
 * Counts its runs in the state. Fails, after half of its work, as long as there is a file `ill`, in
 * the way that this file says.
 */
const PROCESSOR =
  `read n <&4; echo $((n + 1)) >&5; if [ -e ../ill ]; then head -c 1000; . ../ill; fi; exec cat`;

const ILLNESSES = [
  {
    what: "fails",
    ill: "exit 3\n",
    warning: /warning: processor failed \(exit code 3\) in \.\/log \(trying again in 50 ms\)/,
  },
  {
    what: "crashes",
    ill: "kill -SEGV $$\n",
    warning: /warning: processor crashed \(signal 11\) in \.\/log \(trying again in 50 ms\)/,
  },
] as const;

for (const { what, ill, warning } of ILLNESSES) {
  Deno.test(`a processor that ${what} for a while: it gets the same input and state again, and every line is there`, async () => {
    await using logger = await RunningLogger.start([
      "n1000",
      "r50",
      "s20000",
      `?${PROCESSOR}`,
      "./log",
    ]);
    await logger.feed(500);
    await eventually(
      "an archive",
      () => archivesOf(logger.logdir).length === 1 && !logger.tree.exists("log/previous"),
    );
    assertEquals(logger.tree.text("log/state"), "1\n");
    logger.tree.add({ ill });
    await logger.feed(3000);
    await logger.says(new RegExp(`(${warning.source}[^]*){5}`));
    assertEquals([archivesOf(logger.logdir).length, logger.tree.text("log/state")], [1, "1\n"]);
    logger.tree.remove("ill");
    await logger.caughtUp();
    await logger.assertRecovered();
    const archives = archivesOf(logger.logdir).length;
    assertGreater(archives, 5);
    assertEquals(
      logger.tree.text("log/state"),
      `${archives}\n`,
      "one run that worked for each archive",
    );
  });
}

Deno.test("a processor that fails when the logger is to end: the logger stays until it has worked", async () => {
  await using logger = await RunningLogger.start([
    "n1000",
    "r50",
    "s20000",
    `?${PROCESSOR}`,
    "./log",
  ], { spec: { ill: "exit 1\n" } });
  await logger.feed(500);
  await logger.says(/processor failed/);
  const ended = logger.assertRecovered();
  await logger.says(/(processor failed[^]*){5}/);
  logger.tree.remove("ill");
  await ended;
});

Deno.test("a processor that takes its time: lines go on into current meanwhile", async () => {
  await using logger = await RunningLogger.start([
    "n1000",
    "s20000",
    "?cat ../go; exec cat",
    "./log",
  ], { spec: { "go|": "" } });
  await logger.feed(400);
  await eventually("the processor", () => logger.tree.exists("log/processed"));
  await logger.feed(5);
  await logger.caughtUp();
  assertEquals(logFiles(logger.logdir).length, 2, "previous and current");
  Deno.writeTextFileSync(logger.tree.path("go"), "");
  await eventually("the archive", () => archivesOf(logger.logdir).length === 1);
  await logger.assertRecovered();
});

Deno.test("a processor that leaves a child behind: its end is what counts", async () => {
  await using logger = await RunningLogger.start([
    "n1000",
    "s20000",
    "?sleep 1000000 <&- >&- 2>&- & cat",
    "./log",
  ]);
  await logger.feed(1500);
  await logger.assertRecovered();
  assertGreater(archivesOf(logger.logdir).length, 2);
});

Deno.test("execlineb is not to be found: a warning that names it, and lines go on", async () => {
  await using logger = await RunningLogger.start(["n1000", "r50", "s20000", "!cat", "./log"], {
    under: ["env", "PATH=/nonexistent"],
  });
  await logger.feed(600);
  await logger.says(
    /warning: unable to spawn processor execlineb: No such file or directory in \.\/log/,
  );
  await logger.caughtUp();
});
