import { assert, assertEquals } from "@std/assert";
import { EIO, ENOSPC } from "../../../lib/core/linux/errno.ts";
import { FakeDisk, settle } from "../../fake/logdir_port.ts";
import { LogdirStory, numbered, SETTINGS, WITH_PROCESSOR } from "../../fake/logdir_story.ts";

Deno.test("append(): lines go to current at once", async () => {
  const story = await new LogdirStory().open().append("a\nb\n");
  assertEquals([story.disk.text("current"), story.logdir.pendingBytes, story.logdir.isIdle], [
    "a\nb\n",
    0,
    true,
  ]);
});

Deno.test("a rotation comes at the first line end where size and tolerance reach the limit, whatever the lines come in", async () => {
  const lines = numbered(20); // 7 bytes each, later 8: full from 20 bytes on
  const expected = [
    "line 1\nline 2\nline 3\n",
    "line 4\nline 5\nline 6\n",
    "line 7\nline 8\nline 9\n",
  ];
  const [one, all] = [new LogdirStory().open(), new LogdirStory().open()];
  await one.appendEach(lines);
  await all.append(lines.join(""));
  for (const story of [one, all]) {
    assertEquals(story.files.slice(0, 3), expected);
    assertEquals(story.disk.content, lines.join(""));
    (await story.close()).assertClosed(lines.join(""));
  }
  assertEquals(one.files, all.files);
});

Deno.test("a rotation is not made one byte too early, nor one line too late", async () => {
  for (const [length, archives] of [[18, 0], [19, 1], [20, 1]] as const) {
    const story = await new LogdirStory().open().append(`${"x".repeat(length)}\n`);
    assertEquals([length, story.disk.archives.length], [length, archives]);
  }
});

Deno.test("a line longer than the file size goes whole into one file", async () => {
  const long = `${"x".repeat(100)}\n`;
  const story = await new LogdirStory().open().append(`a\n${long}b\n`);
  assertEquals(story.files, [`a\n${long}`, "b\n"]);
});

Deno.test("current of a logger that closed it in good order is continued, and its size counts", async () => {
  const story = new LogdirStory(
    SETTINGS,
    new FakeDisk().put("current", "0123456789\n", true).put("state", "7"),
  ).open();
  assertEquals(story.disk.isExecutable("current"), false);
  await story.append("01234567\n");
  assertEquals(story.files, ["0123456789\n01234567\n", ""]);
  assertEquals(story.disk.text("state"), "7");
});

Deno.test("current of a logger that was killed becomes an archive .u, and what it had begun to write is kept as it is", () => {
  const story = new LogdirStory(
    SETTINGS,
    new FakeDisk().put("current", "one\nhal").put("state", "7"),
  ).open();
  assertEquals(story.disk.archives.map((name) => name.slice(-2)), [".u"]);
  assertEquals([...story.files, story.disk.text("state")], ["one\nhal", "", ""]);
});

Deno.test("rotate() of an empty current leaves no archive", async () => {
  const story = await new LogdirStory().open().rotate();
  await story.rotate();
  assertEquals([story.files, story.disk.text("previous")], [[""], undefined]);
  (await story.close()).assertClosed("");
});

Deno.test("rotate() makes an archive of however little there is", async () => {
  const story = await new LogdirStory().open().append("a\n");
  await story.rotate();
  assertEquals(story.files, ["a\n", ""]);
});

Deno.test("rotate() asked for twice at once, while the first is stored: the second has its turn after it", async () => {
  const story = await new LogdirStory().open().append("a\n");
  story.port.holdSyncs = true;
  await story.rotate();
  await story.append("b\n");
  await story.rotate();
  await story.rotate();
  assertEquals(story.files, ["b\n"]);
  story.port.holdSyncs = false;
  story.port.release();
  await story.port.elapse(0);
  assertEquals(story.files, ["a\n", "b\n", ""]);
});

Deno.test("while a full file is brought to the disk the next one is written", async () => {
  const story = new LogdirStory().open();
  story.port.holdSyncs = true;
  await story.appendEach(numbered(5));
  assertEquals([story.disk.text("previous"), story.disk.text("current")], [
    "line 1\nline 2\nline 3\n",
    "line 4\nline 5\n",
  ]);
  assertEquals([story.logdir.pendingBytes, story.logdir.isIdle, story.port.held("sync")], [
    0,
    false,
    1,
  ]);
  story.port.holdSyncs = false;
  story.port.release();
  (await story.close()).assertClosed(numbered(5).join(""));
});

Deno.test("a second rotation waits for the first: lines wait with it, are counted, and are told of when they are written", async () => {
  const story = new LogdirStory().open();
  story.port.holdSyncs = true;
  await story.appendEach(numbered(8));
  assertEquals(story.disk.text("current"), "line 4\nline 5\nline 6\n");
  assertEquals([story.logdir.pendingBytes, story.port.held("sync"), story.changes], [14, 1, 0]);
  story.port.release(); // the first is stored; the second begins, and the lines go behind it
  await settle();
  assertEquals([story.logdir.pendingBytes, story.port.held("sync")], [0, 1]);
  assert(story.changes > 0);
  story.port.holdSyncs = false;
  story.port.release();
  (await story.close()).assertClosed(numbered(8).join(""));
});

Deno.test("what waits keeps its bytes when the caller uses its buffer again", async () => {
  const story = new LogdirStory().open();
  story.port.broken.set("write", ENOSPC);
  const buffer = new TextEncoder().encode("line 1\n");
  story.logdir.append(buffer);
  buffer.fill(0);
  story.port.broken.clear();
  (await story.close()).assertClosed("line 1\n");
});

Deno.test("a full disk: lines wait, one warning a try, and follow in order when there is room", async () => {
  const story = new LogdirStory().open();
  story.port.room = 10;
  await story.appendEach(numbered(4));
  assertEquals([story.disk.text("current"), story.logdir.pendingBytes], ["line 1\nlin", 18]);
  await story.port.elapse(250);
  assertEquals(
    story.port.warnings,
    Array(3).fill(
      "unable to write to current: No space left on device in ./log (trying again in 100 ms)",
    ),
  );
  story.port.room = Infinity;
  (await story.close()).assertClosed(numbered(4).join(""));
});

Deno.test("a rotation that is asked for while half a line is written waits for the other half", async () => {
  const story = new LogdirStory().open();
  story.port.room = 10;
  await story.append("line 1\nline 2\n");
  await story.rotate();
  await story.port.elapse(250);
  assertEquals(story.files, ["line 1\nlin"]);
  story.port.room = Infinity;
  await story.port.elapse(100);
  assertEquals(story.files, ["line 1\nline 2\n", ""]);
  (await story.close()).assertClosed("line 1\nline 2\n");
});

Deno.test("short writes: files are still cut at line ends only", async () => {
  for (let most = 1; most <= 9; most++) {
    const story = new LogdirStory().open();
    story.port.writeMost = most;
    await story.append(numbered(20).join(""));
    (await story.close()).assertClosed(numbered(20).join(""));
    assertEquals(story.files[0], "line 1\nline 2\nline 3\n");
  }
});

Deno.test("archives beyond the number go, the oldest first", async () => {
  const story = new LogdirStory({ ...SETTINGS, archivesMax: 2 }).open();
  await story.appendEach(numbered(14));
  await story.close();
  const lines = numbered(14);
  assertEquals(story.files, [
    lines.slice(6, 9).join(""),
    lines.slice(9, 12).join(""),
    lines.slice(12).join(""),
  ]);
});

Deno.test("archives are only looked at one by one where the size of all is limited", async () => {
  for (const [totalBytes, looks] of [[0, 0], [1000, 15]] as const) {
    const story = new LogdirStory({ ...SETTINGS, totalBytes }).open();
    await story.appendEach(numbered(15)); // five rotations
    const steps = story.port.steps.filter((step) => step.startsWith("stat @"));
    assertEquals([story.disk.archives.length, steps.length], [5, looks]);
  }
});

Deno.test("archives beyond the total size go, the oldest first; current does not count", async () => {
  const story = new LogdirStory({ ...SETTINGS, totalBytes: 50 }).open();
  await story.appendEach(numbered(11)); // archives of 21, 21, 21 bytes: two fit
  await story.close();
  assertEquals(story.files.map((file) => file.length), [21, 21, 16]);
});

Deno.test("n0: no archive stays", async () => {
  const story = new LogdirStory({ ...SETTINGS, archivesMax: 0 }).open();
  await story.appendEach(numbered(8));
  await story.close();
  assertEquals(story.files, ["line 7\nline 8\n"]);
});

Deno.test("archives are counted and trimmed whoever made them, other files are left alone", async () => {
  const disk = new FakeDisk().put(`@${"0".repeat(24)}.u`, "old\n").put("@notes", "mine\n").put(
    "lock",
    "",
  ).put("current", "", true);
  const story = new LogdirStory({ ...SETTINGS, archivesMax: 1 }, disk).open();
  await story.appendEach(numbered(3));
  await story.close();
  assertEquals([story.files, story.disk.text("@notes"), story.disk.text("lock")], [
    [numbered(3).join(""), ""],
    "mine\n",
    "",
  ]);
});

Deno.test("an archive that can't be removed is told of, and logging goes on", async () => {
  const story = new LogdirStory({ ...SETTINGS, archivesMax: 0 }).open();
  story.port.broken.set("unlink", EIO);
  await story.appendEach(numbered(4));
  assertEquals(story.disk.text("current"), "line 4\n");
  story.port.broken.clear();
  await story.close();
  assertEquals(story.files, ["line 4\n"]);
});

Deno.test("a processor makes the archive and leaves its state for the next run", async () => {
  const story = new LogdirStory(WITH_PROCESSOR).open();
  await story.appendEach(numbered(7));
  await story.close();
  assertEquals(story.files, [
    "+line 1\n+line 2\n+line 3\n",
    "+line 4\n+line 5\n+line 6\n",
    "line 7\n",
  ]);
  assertEquals(story.disk.text("state"), "2");
  story.assertClosed(numbered(7).join(""));
});

Deno.test("a processor that takes its time: the next file is written, and lines wait only when that is full too", async () => {
  const story = new LogdirStory(WITH_PROCESSOR).open();
  story.port.holdProcessors = true;
  await story.appendEach(numbered(8));
  assertEquals([story.disk.text("current"), story.logdir.pendingBytes], [
    "line 4\nline 5\nline 6\n",
    14,
  ]);
  story.port.holdProcessors = false;
  story.port.release();
  (await story.close()).assertClosed(numbered(8).join(""));
});

Deno.test("a processor that fails for a while is run again every r milliseconds, with the same input and state", async () => {
  const story = new LogdirStory(WITH_PROCESSOR).open();
  await story.appendEach(numbered(3));
  story.port.broken.set("process", EIO);
  await story.appendEach(numbered(5, 4));
  await story.port.elapse(1000);
  const failures = story.port.warnings.filter((text) =>
    text.startsWith("processor failed (exit code 1) in ./log (trying again in 100 ms)")
  );
  assertEquals([failures.length, story.disk.text("previous"), story.disk.text("state")], [
    11,
    "line 4\nline 5\nline 6\n",
    "1",
  ]);
  story.port.broken.clear();
  (await story.close()).assertClosed(numbered(8).join(""));
  assertEquals(story.disk.text("state"), "2");
});

Deno.test("R: rotated every so many seconds, and never an empty archive", async () => {
  const story = await new LogdirStory({ ...SETTINGS, rotateSeconds: 10 }).open().append("line 1\n");
  await story.port.elapse(9_999);
  assertEquals(story.files, ["line 1\n"]);
  await story.port.elapse(1);
  assertEquals(story.files, ["line 1\n", ""]);
  await story.port.elapse(30_000);
  assertEquals(story.files, ["line 1\n", ""]);
  await story.append("line 2\n");
  await story.port.elapse(10_000);
  assertEquals(story.files, ["line 1\n", "line 2\n", ""]);
});

Deno.test("a limit of file sizes below the script's: rotated there, told once, one line is torn, and nothing is lost", async () => {
  const story = new LogdirStory().open();
  story.port.largest = 10;
  const lines = numbered(12).join("");
  await story.append(lines);
  await story.port.elapse(0);
  assertEquals([story.disk.content, story.logdir.pendingBytes], [lines, 0]);
  assertEquals(story.files.slice(0, 4), ["line 1\nlin", "e 2\n", "line 3\n", "line 4\n"]);
  assertEquals(story.port.warnings, [
    "unable to write to current: File too large in ./log (rotating at 10 bytes; ulimit -f raises that)",
  ]);
});

Deno.test("a limit of file sizes that lets nothing in: a warning, lines wait, and are there when it is raised", async () => {
  const story = new LogdirStory().open();
  story.port.largest = 0;
  await story.append("a\nb\n");
  assertEquals([story.logdir.pendingBytes, story.port.warnings.length], [4, 1]);
  story.port.largest = Infinity;
  await story.port.elapse(SETTINGS.retryMs);
  assertEquals([story.disk.content, story.logdir.pendingBytes], ["a\nb\n", 0]);
});
