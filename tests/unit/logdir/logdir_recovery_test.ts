/**
 * Any step may fail, and the logger may be killed before any: every line that was written is there
 * once and in order.
 */
import { assert, assertEquals } from "@std/assert";
import type { LogdirSettings } from "../../../lib/logdir/core/log_control.ts";
import { FakeDisk, type FakeLogdirPort } from "../../fake/logdir_port.ts";
import { LogdirStory, numbered, SETTINGS, WITH_PROCESSOR } from "../../fake/logdir_story.ts";

const LINES = numbered(11);
const ALL = LINES.join("");

/** A file that is rotated by size, one that is by request, and one that is closed. */
async function tell(story: LogdirStory): Promise<LogdirStory> {
  story.open();
  await story.appendEach(LINES.slice(0, 4));
  await story.append(LINES.slice(4, 9).join(""));
  await story.rotate();
  await story.appendEach(LINES.slice(9));
  return await story.close();
}

interface Start {
  readonly what: string;
  readonly disk: () => FakeDisk;
  /** What is on the disk before. */
  readonly before: string;
  /** Something of it becomes an archive `.u`. */
  readonly unfinished?: true;
}

const STARTS: readonly Start[] = [
  { what: "an empty directory", disk: () => new FakeDisk(), before: "" },
  {
    what: "a directory whose logger was killed while it processed",
    disk: () => {
      const disk = new FakeDisk().put("current", "line b\n").put("previous", "line a\n", true).put(
        "state",
        "3",
      );
      return disk.put("processed", "+li").put("newstate", "");
    },
    before: "line a\nline b\n",
    unfinished: true,
  },
  {
    what: "a directory whose logger was killed when processed was complete",
    disk: () => {
      const disk = new FakeDisk().put("current", "line b\n").put("previous", "line a\n", true).put(
        "state",
        "3",
      );
      return disk.put("processed", "+line a\n", true).put("newstate", "4");
    },
    before: "line a\nline b\n",
    unfinished: true,
  },
];

const KINDS: readonly (readonly [string, LogdirSettings])[] = [["without a processor", SETTINGS], [
  "with a processor",
  WITH_PROCESSOR,
]];

/** Runs `body` for each kind of log directory and each beginning. */
function cases(
  what: string,
  body: (settings: LogdirSettings, start: Start) => Promise<void>,
): void {
  for (const [kind, settings] of KINDS) {
    for (const start of STARTS) {
      if (
        kind === "without a processor" && start.before !== "" &&
        start.disk().isExecutable("processed") === true
      ) continue;
      Deno.test(`${kind}, ${start.what}: ${what}`, () => body(settings, start));
    }
  }
}

async function countSteps(settings: LogdirSettings, start: Start): Promise<number> {
  return (await tell(new LogdirStory(settings, start.disk()))).port.steps.length;
}

function assertTold(story: LogdirStory, start: Start): void {
  story.assertClosed(start.before + ALL, { unfinished: start.unfinished ?? false });
}

cases("every step fails once, and nothing is lost", async (settings, start) => {
  const count = await countSteps(settings, start);
  assert(count > 30, `only ${count} steps`);
  for (let step = 0; step < count; step++) {
    const story = new LogdirStory(settings, start.disk());
    story.port.failing.add(step);
    await tell(story);
    try {
      assertTold(story, start);
    } catch (error) {
      throw new Error(`when step ${step} (${story.port.steps[step]}) fails`, { cause: error });
    }
  }
});

cases("every two steps fail, and nothing is lost", async (settings, start) => {
  const count = await countSteps(settings, start);
  for (let first = 0; first < count; first++) {
    for (let second = first + 1; second <= first + 8; second++) {
      const story = new LogdirStory(settings, start.disk());
      story.port.failing.add(first).add(second);
      await tell(story);
      assertTold(story, start);
    }
  }
});

cases(
  "writes of a few bytes, and every step fails once: nothing is lost or split",
  async (settings, start) => {
    for (let step = 0; step < 120; step++) {
      const story = new LogdirStory(settings, start.disk());
      story.port.writeMost = 5;
      story.port.failing.add(step);
      await tell(story);
      assertTold(story, start);
    }
  },
);

/**
 * Begins anew on what a kill has left. All that was written, and nothing else, must be there; then
 * it goes on.
 */
async function recover(
  settings: LogdirSettings,
  left: FakeDisk,
  before: string,
  watch?: (port: FakeLogdirPort) => void,
): Promise<void> {
  const written = left.written;
  const story = new LogdirStory(settings, left);
  watch?.(story.port);
  story.open();
  assertEquals(story.disk.content, before + written);
  await story.append("line z\n");
  await story.close();
  story.assertClosed(`${before}${written}line z\n`, { unfinished: true });
}

/**
 * A kill that comes while `current` ends in half a line leaves that half at the end of an archive;
 * it is not what these are about.
 */
cases(
  "killed before every step, and killed again before every step of the recovery: all that was written is there",
  async (settings, start) => {
    const story = new LogdirStory(settings, start.disk());
    story.port.snapshots = [];
    await tell(story);
    for (const [step, left] of story.port.snapshots.entries()) {
      try {
        const again: FakeDisk[] = [];
        await recover(settings, left.clone(), start.before, (port) => port.snapshots = again);
        for (const second of again) {
          if (second.written === left.written) await recover(settings, second, start.before);
        }
      } catch (error) {
        throw new Error(`killed before step ${step} (${story.port.steps[step]})`, { cause: error });
      }
    }
  },
);

cases(
  "a step fails, and it is killed before every later one: all that was written is there",
  async (settings, start) => {
    const count = await countSteps(settings, start);
    for (let failing = 0; failing < count; failing += 3) {
      const story = new LogdirStory(settings, start.disk());
      story.port.failing.add(failing);
      story.port.snapshots = [];
      await tell(story);
      for (const left of story.port.snapshots.slice(failing)) {
        await recover(
          settings,
          left,
          start.before,
        );
      }
    }
  },
);

for (
  const step of [
    "stat",
    "link",
    "rename",
    "open",
    "mark",
    "write",
    "sync",
    "list",
    "process",
    "unlink",
  ] as const
) {
  Deno.test(`${step} fails for a minute while lines come: nothing is lost, one warning a try, and all follows afterwards`, async () => {
    const story = new LogdirStory(WITH_PROCESSOR).open();
    await story.appendEach(LINES.slice(0, 2));
    story.port.broken.set(step, 5);
    await story.appendEach(LINES.slice(2, 6));
    await story.rotate();
    await story.port.elapse(60_000);
    await story.appendEach(LINES.slice(6, 9));
    // what could not be trimmed waits for the next rotation
    const least = step === "list" ? 1 : 500;
    assert(
      story.port.warnings.length > least && story.port.warnings.length < 1300,
      `${story.port.warnings.length} warnings`,
    );
    assertEquals(
      new Set(story.port.warnings).size <= 2,
      true,
      [...new Set(story.port.warnings)].join("; "),
    );
    story.port.broken.clear();
    await story.appendEach(LINES.slice(9));
    (await story.close()).assertClosed(ALL);
  });
}
