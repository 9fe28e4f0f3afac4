import { assert, assertEquals } from "@std/assert";
import { EventHub } from "../../../lib/fifodir/hub.ts";
import { LogFollower } from "../../../lib/logreader/follower.ts";
import { LineFilter } from "../../../lib/logreader/line_filter.ts";
import { LogSource } from "../../../lib/logreader/log_source.ts";
import { eventually } from "../../fixture/deadline.ts";
import { gzip, label, stamped, TemporaryLogdir } from "./temporary_logdir.ts";

const decoder = new TextDecoder();

/** What is read while a log directory is followed. */
class Following implements AsyncDisposable {
  readonly lines: string[] = [];
  readonly troubles: string[] = [];
  readonly #stack = new DisposableStack();
  readonly #hub: EventHub;
  readonly #over: Promise<void>;
  readonly #follower: LogFollower;

  constructor(dir: TemporaryLogdir, pattern?: string) {
    const filter = this.#stack.use(new LineFilter({}, pattern));
    const onTrouble = (text: string): number =>
      this.troubles.push(text.replaceAll(dir.path, "DIR"));
    const source = this.#stack.use(
      new LogSource({ label: "web", logdir: dir.path, filter, blockBytes: 4096, onTrouble }),
    );
    this.#hub = new EventHub();
    this.#follower = new LogFollower(source, this.#hub, {
      onLines: (lines) => {
        this.lines.push(
          ...lines.map(({ bytes, stampBytes }) => decoder.decode(bytes.subarray(stampBytes))),
        );
      },
      onTrouble,
    });
    this.#over = this.#hub.run();
  }

  begin(): void {
    this.#follower.begin();
  }

  lookAgain(): void {
    this.#follower.lookAgain();
  }

  async until(line: string): Promise<void> {
    await eventually(`the line ${line} after ${this.lines}`, () => this.lines.at(-1) === line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hub.stop();
    await this.#over;
    this.#hub[Symbol.dispose]();
    this.#stack.dispose();
  }
}

Deno.test("LogFollower tells what comes, in whole lines, and nothing of what was there", async () => {
  using dir = new TemporaryLogdir();
  dir.write("current", stamped(0, "old"));
  await using following = new Following(dir);
  dir.append(stamped(1, "before it begins"));
  following.begin();
  await following.until("before it begins");
  dir.append(`${label(2)} a line in`);
  dir.append(" two parts\n");
  await following.until("a line in two parts");
  dir.append(stamped(3, "x".repeat(100_000)));
  dir.append(stamped(4, "last"));
  await following.until("last");
  assertEquals(following.lines.map((line) => line.length), [16, 19, 100_000, 4]);
});

Deno.test("LogFollower goes on across rotations, seen one by one", async () => {
  using dir = new TemporaryLogdir();
  dir.write("current", "");
  await using following = new Following(dir);
  following.begin();
  for (let i = 0; i < 5; i++) {
    dir.append(stamped(i, `line ${i}`));
    await following.until(`line ${i}`);
    dir.rotate(i + 0.5);
  }
  dir.append(stamped(9, "end"));
  await following.until("end");
  assertEquals(following.lines, ["line 0", "line 1", "line 2", "line 3", "line 4", "end"]);
});

for (const [what, stamps] of [["with stamps", true], ["without stamps", false]] as const) {
  Deno.test(`LogFollower misses nothing if several rotations come between two looks, ${what}`, async () => {
    using dir = new TemporaryLogdir();
    const line = (at: number, text: string): string => stamps ? stamped(at, text) : `${text}\n`;
    dir.write("current", line(0, "old"));
    await using following = new Following(dir);
    // nothing runs between these lines
    dir.append(line(1, "one"));
    for (let i = 0; i < 4; i++) {
      dir.rotate(i + 1.5);
      dir.append(line(i + 2, `after ${i}`));
    }
    dir.append(line(6, "end"));
    following.begin();
    await following.until("end");
    assertEquals(following.lines, ["one", "after 0", "after 1", "after 2", "after 3", "end"]);
  });
}

Deno.test("LogFollower knows what a processor has made of a file that it has read", async () => {
  using dir = new TemporaryLogdir();
  dir.write("current", "");
  await using following = new Following(dir);
  following.begin();
  dir.append(stamped(1, "one"));
  await following.until("one");
  dir.rename("current", "previous");
  dir.write("current", stamped(2, "two"));
  await following.until("two");
  dir.write(`${label(3)}.s`, await gzip(stamped(1, "one")));
  dir.remove("previous");
  dir.append(stamped(4, "three"));
  await following.until("three");
  // two rotations at once: the first archive is of what was read, the second was missed
  dir.rename("current", "previous");
  dir.write(`${label(5)}.s`, await gzip(stamped(2, "two") + stamped(4, "three")));
  dir.write(`${label(6)}.s`, await gzip(stamped(5.5, "missed")));
  dir.remove("previous");
  dir.write("current", stamped(7, "end"));
  await following.until("end");
  assertEquals(following.lines, ["one", "two", "three", "missed", "end"]);
});

Deno.test("LogFollower reads a file that is still being stored when it is already the second one", async () => {
  using dir = new TemporaryLogdir();
  dir.write("current", stamped(0, "old"));
  await using following = new Following(dir);
  dir.rotate(1);
  dir.append(stamped(2, "missed"));
  dir.rename("current", "previous");
  dir.write("current", stamped(3, "now"));
  following.begin();
  await following.until("now");
  Deno.linkSync(`${dir.path}/previous`, `${dir.path}/${label(4)}.s`);
  dir.remove("previous");
  dir.append(stamped(5, "end"));
  await following.until("end");
  assertEquals(following.lines, ["missed", "now", "end"]);
});

Deno.test("LogFollower tells lines once though the archive of what it held is removed before it looks", async () => {
  using dir = new TemporaryLogdir();
  dir.write("current", stamped(0, "old"));
  await using following = new Following(dir);
  dir.append(stamped(1, "one"));
  dir.rotate(2);
  dir.append(stamped(3, "two"));
  dir.rotate(4);
  dir.remove(`${label(2)}.s`);
  dir.append(stamped(5, "end"));
  following.begin();
  await following.until("end");
  assertEquals(following.lines, ["one", "two", "end"]);
});

Deno.test("LogFollower begins anew with a file that somebody has emptied", async () => {
  using dir = new TemporaryLogdir();
  dir.write("current", stamped(0, "old and long enough"));
  await using following = new Following(dir);
  following.begin();
  Deno.truncateSync(`${dir.path}/current`);
  dir.append(stamped(1, "new"));
  await following.until("new");
  assertEquals(following.lines, ["new"]);
});

Deno.test("LogFollower tells once that the directory is gone, and goes on when there is another one", async () => {
  using dir = new TemporaryLogdir();
  dir.write("current", stamped(0, "old"));
  await using following = new Following(dir);
  following.begin();
  Deno.removeSync(dir.path, { recursive: true });
  await eventually("the trouble", () => following.troubles.length > 0);
  Deno.mkdirSync(dir.path);
  dir.write("current", stamped(1, "again"));
  await following.until("again");
  assertEquals(following.troubles, ["unable to read DIR: No such file or directory"]);
});

Deno.test("LogFollower tells only lines that match", async () => {
  using dir = new TemporaryLogdir();
  dir.write("current", "");
  await using following = new Following(dir, "^(good|end)");
  following.begin();
  dir.append(stamped(1, "good 1") + stamped(2, "bad") + stamped(3, "good 2") + stamped(4, "end"));
  await following.until("end");
  assertEquals(following.lines, ["good 1", "good 2", "end"]);
  assert(following.troubles.length === 0);
});

Deno.test("LogFollower: where a directory above was replaced, which nothing tells of, it goes on with the new one when it is told to look", async () => {
  using dir = new TemporaryLogdir();
  Deno.mkdirSync(`${dir.path}/service/main`, { recursive: true });
  Deno.writeTextFileSync(`${dir.path}/service/main/current`, stamped(0, "old"));
  const logdir = { path: `${dir.path}/service/main` } as TemporaryLogdir;
  await using following = new Following(logdir);
  following.begin();
  Deno.writeTextFileSync(`${dir.path}/service/main/current`, stamped(1, "one"), { append: true });
  await following.until("one");
  Deno.renameSync(`${dir.path}/service`, `${dir.path}/away`);
  Deno.mkdirSync(`${dir.path}/service/main`, { recursive: true });
  Deno.writeTextFileSync(`${dir.path}/service/main/current`, stamped(2, "two"));
  following.lookAgain();
  await following.until("two");
  assertEquals(following.lines, ["one", "two"]);
});
