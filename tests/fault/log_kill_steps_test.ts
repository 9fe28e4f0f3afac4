/**
 * s6-log killed at each system call of a rotation: the next logger, ours or C's, finds what it has
 * left, and every line is there once and in order. strace kills it as it enters the call, in the
 * one thread that the test is about.
 */
import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { injectionRefusal } from "./injection.ts";
import { archivesOf, assertComplete, lastLogged, numberedLines } from "./log_lines.ts";
import { testUnless } from "./refusal.ts";
import { RunningLogger } from "./running_logger.ts";

/**
 * What a rotation is made of. What only reads is not among them: a kill there leaves what the call
 * before it has left.
 */
const CALLS = ["renameat,renameat2", "linkat", "unlinkat", "fchmod", "openat"] as const;

const SCRIPT = ["n1000", "s4096", "l0"] as const;

/** Enough for a rotation, and not for two. */
const LINES = 120;

interface Victim {
  readonly script: readonly string[];
  readonly calls: string;
  readonly when: number;
  /** Kill in whichever thread makes the call. */
  readonly anyThread?: boolean;
}

/**
 * Feeds a logger line by line, so that nothing is in its buffers when it dies.
 *
 * @returns the number of the last line that was fed, and whether the logger died
 */
async function feedUntilDeath(
  { script, calls, when, anyThread = false }: Victim,
  logger: RunningLogger,
): Promise<[last: number, died: boolean]> {
  const args = [...(anyThread ? ["-f"] : []), "-p", String(logger.pid), "-e", `trace=${calls}`];
  await using strace = start("strace", [
    ...args,
    "-e",
    `inject=${calls}:signal=SIGKILL:when=${when}`,
  ]);
  await strace.stderr.until(/attached/);
  let over = false;
  strace.ended().then(() => over = true);
  while (!over && logger.fed < LINES) {
    await logger.feed(1).catch(() => {/* it is dead: this line is nobody's */});
    await eventually(
      `line ${logger.fed} of s6-log ${script.join(" ")}`,
      () => over || lastLogged(logger.logdir) === logger.fed,
    );
  }
  await eventually(
    "the rotation",
    () => over || (archivesOf(logger.logdir).length === 1 && !logger.tree.exists("log/previous")),
  );
  const died = over;
  strace.kill("SIGINT");
  await strace.ended();
  return [lastLogged(logger.logdir), died];
}

/**
 * Runs a logger on three more lines; one that says that its archive's name is taken, as C's does,
 * is begun again.
 */
async function goOn(
  toolset: Toolset,
  script: readonly string[],
  root: string,
  last: number,
): Promise<void> {
  const lines = new TextEncoder().encode(numberedLines(3, last + 1));
  for (let tries = 0; tries < 5; tries++) {
    await using next = start("/bin/sh", [
      "-c",
      'cat | "$0" "$@"',
      toolset.bin("s6-log"),
      ...script,
      "./log",
    ], { cwd: root });
    const writer = next.stdin.getWriter();
    await writer.write(lines);
    await writer.close();
    if (await next.ended() === 0) return;
  }
  throw new Error(`${toolset.name}: s6-log does not begin`);
}

/** @returns whether there was a call to be killed at */
async function killAt(victim: Victim, next: Toolset): Promise<boolean> {
  await using logger = await RunningLogger.start([...victim.script, "./log"]);
  const [last, died] = await feedUntilDeath(victim, logger);
  if (!died) return false;
  await goOn(next, victim.script, logger.tree.root, last);
  assertComplete(logger.logdir, last + 3);
  for (const name of ["previous", "processed", "newstate"]) {
    assert(!logger.tree.exists(`log/${name}`), `${name} is left, call ${victim.when}`);
  }
  return true;
}

const REFUSAL = injectionRefusal();

for (const next of [OURS, THEIRS]) {
  for (
    const [what, script, least] of [["", SCRIPT, 6], [
      " with a processor",
      [...SCRIPT, "?cat"],
      14,
    ]] as const
  ) {
    testUnless(
      REFUSAL,
      `killed at each call of a rotation${what}: ${next.name} goes on, and every line is there`,
      async () => {
        requireToolset(OURS);
        requireToolset(next);
        let kills = 0;
        for (const calls of CALLS) { // strace counts each call by itself
          for (let when = 1; await killAt({ script, calls, when }, next); when++) kills++;
        }
        assertGreaterOrEqual(kills, least, "calls");
      },
    );
  }

  testUnless(
    REFUSAL,
    `killed while a full file is brought to the disk: ${next.name} goes on, and every line is there`,
    async () => {
      requireToolset(OURS);
      requireToolset(next);
      assertEquals(
        await killAt({ script: SCRIPT, calls: "fsync", when: 1, anyThread: true }, next),
        true,
      );
    },
  );
}

testUnless(REFUSAL, "not killed, under strace: a rotation", async () => {
  await using logger = await RunningLogger.start([...SCRIPT, "./log"]);
  assertEquals(await feedUntilDeath({ script: SCRIPT, calls: CALLS.join(), when: 1000 }, logger), [
    LINES,
    false,
  ]);
});
