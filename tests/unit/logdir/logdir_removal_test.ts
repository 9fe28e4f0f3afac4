/** Somebody removes or moves what the logger has open: every later line can be found. */
import { assertEquals } from "@std/assert";
import { EACCES } from "../../../lib/core/linux/errno.ts";
import { LogdirStory, numbered, SETTINGS, WITH_PROCESSOR } from "../../fake/logdir_story.ts";

Deno.test("current removed: the next line goes into a new one, which is rotated in its time", async () => {
  const story = await new LogdirStory().open().append("line 0\n");
  story.disk.files.delete("current");
  await story.appendEach(numbered(4));
  assertEquals(story.files, [numbered(3).join(""), "line 4\n"]);
  assertEquals(story.port.warnings, ["current of ./log is gone: going on in a new one"]);
  (await story.close()).assertClosed(numbered(4).join(""));
});

Deno.test("current removed while half a line is in it: the new one begins with what follows", async () => {
  const story = new LogdirStory().open();
  story.port.room = 3;
  await story.append("line 0\n");
  story.disk.files.delete("current");
  story.port.room = Infinity;
  await story.port.elapse(100);
  await story.append("line 1\n");
  assertEquals(story.files, ["e 0\nline 1\n"]);
});

Deno.test("current moved away: it takes lines until it is full, then there is a new one", async () => {
  const story = await new LogdirStory().open().append("line 1\n");
  const moved = story.disk.files.get("current")!;
  story.disk.files.delete("current");
  story.disk.files.set("elsewhere", moved);
  await story.appendEach(numbered(5, 2));
  assertEquals([story.disk.text("elsewhere"), story.files], [numbered(3).join(""), [
    numbered(3, 4).join(""),
    "",
  ]]);
});

Deno.test("rotate() without a current: a new one, no archive", async () => {
  const story = await new LogdirStory().open().append("line 1\n");
  story.disk.files.delete("current");
  await story.rotate();
  await story.append("line 2\n");
  assertEquals(story.files, ["line 2\n"]);
});

Deno.test("the directory is gone and can't be made again for a while: lines wait, and follow when it can", async () => {
  const story = await new LogdirStory().open().append("line 0\n");
  story.disk.files.clear();
  story.port.broken.set("claim", EACCES);
  await story.appendEach(numbered(5));
  assertEquals([story.logdir.pendingBytes, [...story.disk.files.keys()]], [35, []]);
  await story.port.elapse(1000);
  assertEquals(
    new Set(story.port.warnings),
    new Set(
      ["claim: Permission denied in ./log (trying again in 100 ms)"].map((text) =>
        `unable to ${text}`
      ),
    ),
  );
  story.port.broken.clear();
  await story.close();
  assertEquals(story.disk.content, numbered(5).join(""));
});

for (const [what, settings] of [["stored", SETTINGS], ["processed", WITH_PROCESSOR]] as const) {
  Deno.test(`the directory is removed while a full file is being ${what}: later lines are there, and it closes in good order`, async () => {
    const story = new LogdirStory(settings).open();
    story.port.holdSyncs = true;
    await story.appendEach(numbered(3));
    story.disk.files.clear();
    story.port.holdSyncs = false;
    story.port.release();
    await story.appendEach(numbered(8, 4));
    await story.close();
    assertEquals(story.disk.content, numbered(8, 4).join(""));
  });
}

Deno.test("the directory is removed while the processor runs: later lines are there, and it closes in good order", async () => {
  const story = new LogdirStory(WITH_PROCESSOR).open();
  story.port.holdProcessors = true;
  await story.appendEach(numbered(3));
  story.disk.files.clear();
  story.port.holdProcessors = false;
  story.port.release();
  await story.appendEach(numbered(8, 4));
  await story.close();
  assertEquals(story.disk.content, numbered(8, 4).join(""));
});
