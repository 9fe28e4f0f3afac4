/**
 * A log directory that can't be written for a while: s6-log says so, holds its input back, and
 * afterwards every line is there.
 */
import { assertEquals, assertGreater } from "@std/assert";
import { run } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";
import { assertComplete, logFiles } from "./log_lines.ts";
import { openDescriptors, ownBytes } from "./process_facts.ts";
import { testUnless } from "./refusal.ts";
import { RunningLogger } from "./running_logger.ts";
import { mountRefusal, SmallDisk } from "./small_disk.ts";

const MOUNT_REFUSAL = mountRefusal();
const ROOT_REFUSAL = Deno.uid() === 0 ? undefined : "needs root, to become somebody else";
const NOBODY_ID = "65534";

async function onSmallDisk(
  options: string,
  script: readonly string[],
  body: (logger: RunningLogger, disk: SmallDisk) => Promise<void>,
): Promise<void> {
  let mounted: SmallDisk | undefined;
  const prepare = (tree: Tree): void => {
    mounted = new SmallDisk(tree.path("disk"), options);
    Deno.mkdirSync(tree.path("disk/log"));
  };
  try {
    await using logger = await RunningLogger.start(script, {
      spec: { "disk/": "", "log=": "disk/log" },
      prepare,
    });
    const disk = mounted!;
    try {
      await body(logger, disk);
    } finally {
      logger.kill("SIGKILL");
      disk[Symbol.dispose]();
      mounted = undefined;
    }
  } finally {
    mounted?.[Symbol.dispose]();
  }
}

const FULL_DISKS = [
  { what: "full", options: "size=2m", hurt: (disk: SmallDisk) => disk.fill() },
  {
    what: "without an inode left",
    options: "size=2m,nr_inodes=40",
    hurt: (disk: SmallDisk) => disk.fillInodes(),
  },
] as const;

for (const { what, options, hurt } of FULL_DISKS) {
  testUnless(
    MOUNT_REFUSAL,
    `a disk that is ${what}, and has room again: warnings, and then every line is there`,
    async () => {
      await onSmallDisk(options, ["n1000", "r50", "s20000", "./log"], async (logger, disk) => {
        await logger.feed(300);
        await logger.caughtUp();
        hurt(disk);
        await logger.feed(2000);
        await logger.says(
          /warning: unable to .*: No space left on device in \.\/log \(trying again in 50 ms\)/,
        );
        await logger.feed(10);
        disk.clear();
        await logger.caughtUp();
        await logger.feed(300);
        await logger.assertRecovered();
      });
    },
  );
}

testUnless(
  MOUNT_REFUSAL,
  "a full disk and SIGALRM: the rotation comes between two lines",
  async () => {
    await onSmallDisk("size=256k", ["n1000", "r50", "s1000000", "./log"], async (logger, disk) => {
      await logger.feed(100);
      await logger.caughtUp();
      disk.fill();
      await logger.feed(3000);
      await logger.says(/No space left on device/);
      logger.kill("SIGALRM");
      disk.clear();
      await logger.caughtUp();
      await eventually("the rotation", () => logFiles(logger.logdir).length > 1);
      await logger.assertRecovered();
    });
  },
);

testUnless(
  MOUNT_REFUSAL,
  "a full disk for long: the input is held back, and the memory stays as it is",
  async () => {
    await onSmallDisk("size=8m", ["n1000", "r50", "s1000000", "./log"], async (logger, disk) => {
      await logger.feed(100);
      await logger.caughtUp();
      disk.fill();
      const before = ownBytes(logger.pid);
      const feeding = logger.feed(250_000); // 12 MB
      await logger.says(/No space left on device/);
      await eventually("the buffer to be full", () => ownBytes(logger.pid) > before + 3e6);
      for (let rounds = 0; rounds < 8; rounds++) {
        await logger.says(new RegExp(`(No space left on device[^]*){${rounds + 2}}`));
        assertGreater(before + 24e6, ownBytes(logger.pid));
      }
      disk.remount("size=100m");
      disk.clear();
      await feeding;
      await logger.assertRecovered();
    });
  },
);

testUnless(
  ROOT_REFUSAL,
  "a log directory that turns read-only: what is open is written, a rotation waits; writable again, every line is there",
  async () => {
    const own = (tree: Tree): void => {
      Deno.chownSync(tree.root, Number(NOBODY_ID), Number(NOBODY_ID));
    };
    const under = ["setpriv", `--reuid=${NOBODY_ID}`, `--regid=${NOBODY_ID}`, "--clear-groups"];
    await using logger = await RunningLogger.start(["n1000", "r50", "s20000", "./log"], {
      under,
      prepare: own,
    });
    Deno.chmodSync(logger.logdir, 0o500);
    await logger.feed(200);
    await logger.caughtUp();
    await logger.feed(2000);
    await logger.says(
      /warning: unable to rename \.\/log\/current to previous: Permission denied in \.\/log \(trying again in 50 ms\)/,
    );
    Deno.chmodSync(logger.logdir, 0o700);
    await logger.caughtUp();
    await logger.assertRecovered();
  },
);

Deno.test("no descriptor left: a rotation waits; with some again, every line is there, and none has leaked", async () => {
  await using logger = await RunningLogger.start(["n1000", "r50", "s20000", "?cat", "./log"]);
  await logger.feed(1500);
  await logger.caughtUp();
  await eventually("the processor to end", () => !logger.tree.exists("log/previous"));
  const before = openDescriptors(logger.pid);
  const soft = /^Max open files +(\d+)/m.exec(
    Deno.readTextFileSync(`/proc/${logger.pid}/limits`),
  )![1]!;
  await limitDescriptors(logger.pid, "3");
  await logger.feed(2000);
  await logger.says(/warning: unable to open \.\/log\/current: Too many open files/);
  await limitDescriptors(logger.pid, soft);
  await logger.caughtUp();
  await eventually(`${before} descriptors again`, () => openDescriptors(logger.pid) <= before);
  await logger.assertRecovered();
});

async function limitDescriptors(pid: number, soft: string): Promise<void> {
  assertEquals((await run("prlimit", [`--pid=${pid}`, `--nofile=${soft}:`])).code, 0);
}

for (const again of [true, false]) {
  Deno.test(`the log directory is removed${again ? " and made again" : ""}: the lines that come then are there`, async () => {
    await using logger = await RunningLogger.start(["n1000", "r50", "s20000", "./log"]);
    await logger.feed(1000);
    await logger.caughtUp();
    await eventually("the archives to be stored", () => !logger.tree.exists("log/previous"));
    logger.tree.remove("log");
    if (again) logger.tree.add({ "log/": "" });
    await logger.feed(2000);
    await logger.caughtUp();
    await logger.assertRecovered(1001);
    assertEquals(logger.said.match(/is gone/g)?.length, 1, logger.said);
  });
}

Deno.test("the log directory is moved away and made again: no line is lost, and its lock is taken in the new one", async () => {
  await using logger = await RunningLogger.start(["n1000", "r50", "s20000", "./log"]);
  await logger.feed(200);
  await logger.caughtUp();
  logger.tree.rename("log", "old");
  logger.tree.add({ "log/": "" });
  await logger.feed(1000);
  await eventually("a new current", () => logger.tree.exists("log/current"));
  const { code } = await run(OURS.bin("s6-log"), ["./log"], { cwd: logger.tree.root });
  assertEquals(code, 111, "a second logger in the new directory");
  await logger.caughtUp();
  assertEquals(await logger.end(), 0);
  assertEquals(
    logFiles(logger.tree.path("old")).join("") + logFiles(logger.logdir).join(""),
    numbered(1200),
  );
});

function numbered(count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `${index + 1} ${"x".repeat((index + 1) % 90)}\n`,
  ).join("");
}

Deno.test("the directory above is removed: lines wait; when it is back, they are there", async () => {
  await using logger = await RunningLogger.start(["n1000", "r50", "s20000", "./above/log"], {
    spec: { "above/": "", "log=": "above/log" },
  });
  logger.tree.remove("above");
  await logger.feed(2000);
  await logger.says(
    /warning: unable to create directory \.\/above\/log: No such file or directory/,
  );
  logger.tree.add({ "above/": "" });
  await logger.caughtUp();
  await logger.assertRecovered();
});

Deno.test("directories in the way of the processor's files: they get other names, and every line is there", async () => {
  await using logger = await RunningLogger.start(["n1000", "r50", "s20000", "?cat", "./log"]);
  logger.tree.add({ "log/processed/": "", "log/newstate/": "" });
  await logger.feed(1500);
  await logger.says(
    /warning: unable to .* \.\/log\/processed: Is a directory \(what was in the way is called processed\.@[0-9a-f]{24} now\)/,
  );
  await logger.caughtUp();
  await logger.assertRecovered();
});

testUnless(
  ROOT_REFUSAL,
  "a read-only log directory at the start: exit 111, one line that says why",
  async () => {
    using tree = makeTree({ "log/": "" });
    Deno.chmodSync(tree.path("log"), 0o555);
    const words = [
      `--reuid=${NOBODY_ID}`,
      `--regid=${NOBODY_ID}`,
      "--clear-groups",
      OURS.bin("s6-log"),
      "./log",
    ];
    const { code, stderr } = await run("setpriv", words, { cwd: tree.root });
    assertEquals([code, stderr], [
      111,
      "s6-log: fatal: unable to open ./log/lock: Permission denied\n",
    ]);
    assertEquals([...Deno.readDirSync(tree.path("log"))], []);
  },
);

Deno.test("a status file that can't be written: a warning, and the log goes on", async () => {
  await using logger = await RunningLogger.start(["=missing/status", "./log"]);
  await logger.feed(10);
  await logger.says(
    /s6-log: warning: unable to write status file missing\/status: .*No such file or directory/,
  );
  await logger.caughtUp();
  logger.tree.add({ "missing/": "" });
  await logger.feed(1);
  await eventually("the status", () => logger.tree.exists("missing/status"));
  await logger.assertRecovered();
  assertComplete(logger.logdir, 11);
});
