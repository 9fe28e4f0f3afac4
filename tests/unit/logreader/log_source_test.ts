import { assertEquals, assertMatch } from "@std/assert";
import { LineFilter, type LogLine } from "../../../lib/logreader/line_filter.ts";
import { BEGINNING, LogSource, type SourceStart } from "../../../lib/logreader/log_source.ts";
import { merged } from "../../../lib/logreader/merge.ts";
import { tailOf } from "../../../lib/logreader/tail.ts";
import { gzip, label, stamped, TemporaryLogdir } from "./temporary_logdir.ts";

const EPOCH = 1_700_000_000;
const decoder = new TextDecoder();

function textOf({ bytes, stampBytes }: LogLine): string {
  return decoder.decode(bytes.subarray(stampBytes));
}

interface Asked {
  readonly since?: number;
  readonly until?: number;
  readonly grep?: string;
  readonly blockBytes?: number;
}

class Opened implements Disposable {
  readonly troubles: string[] = [];
  readonly filter: LineFilter;
  readonly source: LogSource;

  constructor(dir: TemporaryLogdir, { since, until, grep, blockBytes = 4096 }: Asked = {}) {
    const span = {
      ...(since === undefined ? {} : { since: EPOCH + since }),
      ...(until === undefined ? {} : { until: EPOCH + until }),
    };
    this.filter = new LineFilter(span, grep);
    const onTrouble = (text: string): number => this.troubles.push(text.replace(dir.path, "DIR"));
    this.source = new LogSource({
      label: "web",
      logdir: dir.path,
      filter: this.filter,
      blockBytes,
      onTrouble,
    });
  }

  async lines(start: SourceStart = BEGINNING): Promise<string[]> {
    const lines: string[] = [];
    for await (const batch of this.source.batches(start)) lines.push(...batch.map(textOf));
    return lines;
  }

  [Symbol.dispose](): void {
    this.source[Symbol.dispose]();
    this.filter[Symbol.dispose]();
  }
}

/**
 * Lines one a second: three archives, one of them packed, one being stored, and what is current.
 */
async function filled(): Promise<TemporaryLogdir> {
  const dir = new TemporaryLogdir();
  const lines = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, i) => stamped(from + i, `line ${from + i}`)).join("");
  dir.write(`${label(10)}.s`, lines(0, 10));
  dir.write(`${label(20)}.s`, await gzip(lines(10, 20)));
  dir.write(`${label(30)}.u`, lines(20, 30));
  dir.write("previous", lines(30, 35));
  dir.write("current", lines(35, 40));
  dir.write("state", "nothing of ours");
  dir.write("lock", "");
  return dir;
}

function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `line ${from + i}`);
}

Deno.test("LogSource gives all lines in order: archives, packed ones, the one that is being stored, current", async () => {
  using dir = await filled();
  using opened = new Opened(dir);
  assertEquals(await opened.lines(), numbers(0, 40));
  assertEquals(opened.troubles, []);
});

Deno.test("LogSource gives the lines of a span, both ends included, whatever the file", async () => {
  using dir = await filled();
  for (const [since, until] of [[12, 22], [0, 0], [39, 50], [30, 30], [9, 10], [50, 60]] as const) {
    using opened = new Opened(dir, { since, until });
    assertEquals(
      await opened.lines(),
      numbers(since, Math.min(until + 1, 40)).filter((_, i) => since + i < 40),
      `${since} to ${until}`,
    );
  }
  using open = new Opened(dir, { since: 33 });
  assertEquals(await open.lines(), numbers(33, 40));
});

Deno.test("LogSource gives the lines that match, their stamps left out", async () => {
  using dir = await filled();
  using opened = new Opened(dir, { grep: "^line [0-9]?7$" });
  assertEquals(await opened.lines(), ["line 7", "line 17", "line 27", "line 37"]);
  using stampOnly = new Opened(dir, { grep: "@4000" });
  assertEquals(await stampOnly.lines(), []);
});

Deno.test("tailOf() finds the last lines, however many, with a filter too", async () => {
  using dir = await filled();
  for (let count = 1; count <= 45; count++) {
    using opened = new Opened(dir);
    const tail = await tailOf(opened.source, count);
    assertEquals([tail.lines, await opened.lines(tail.start)], [
      Math.min(count, 40),
      numbers(0, 40).slice(-count),
    ], `${count} lines`);
  }
  for (const count of [1, 2, 3, 4, 5]) {
    using opened = new Opened(dir, { grep: "7$", since: 8, until: 36 });
    const tail = await tailOf(opened.source, count);
    assertEquals(await opened.lines(tail.start), ["line 17", "line 27"].slice(-count));
    assertEquals(tail.lines, Math.min(count, 2));
  }
});

Deno.test("LogSource passes over what can't be read and tells why", async () => {
  using dir = new TemporaryLogdir();
  const packed = await gzip(stamped(1, "x".repeat(20_000)) + stamped(2, "two"));
  dir.write(`${label(10)}.s`, packed.subarray(0, packed.length - 12));
  dir.write(`${label(20)}.s.xz`, Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0));
  dir.write(`${label(30)}.s`, Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0));
  Deno.symlinkSync("/etc/passwd", `${dir.path}/${label(40)}.s`);
  Deno.mkdirSync(`${dir.path}/${label(50)}.s`);
  dir.write("current", "last\n");
  using opened = new Opened(dir);
  assertEquals((await opened.lines()).at(-1), "last");
  assertMatch(
    opened.troubles.join("\n"),
    /^DIR\/@\w+\.s: it is damaged; what follows in it is missing\n.*compressed by xz, .*\n.*compressed by zstd/,
  );
  assertEquals(opened.troubles.length, 3);
});

Deno.test("LogSource finds a moment in a large file without reading what is before it", async () => {
  using dir = new TemporaryLogdir();
  const lines = Array.from(
    { length: 60_000 },
    (_, i) => stamped(i / 10, `number ${i} ${"x".repeat(i % 70)}`),
  );
  dir.write("current", lines.join(""));
  using opened = new Opened(dir, { since: 5990, blockBytes: 65536 });
  const found = await opened.lines();
  assertEquals([found.length, found[0]?.split(" ")[1], found.at(-1)?.split(" ")[1]], [
    100,
    "59900",
    "59999",
  ]);
});

Deno.test("LogSource: lines without stamps, an unfinished one, empty ones, and one longer than any block", async () => {
  using dir = new TemporaryLogdir();
  const long = "y".repeat(50_000);
  dir.write("current", `first\n\n${long}\nlast without end`);
  using opened = new Opened(dir, { since: 0 });
  assertEquals(await opened.lines(), ["first", "", long, "last without end"]);
});

Deno.test("LogSource: an empty directory, and one without current", async () => {
  using dir = new TemporaryLogdir();
  using empty = new Opened(dir);
  assertEquals([await empty.lines(), (await tailOf(empty.source, 5)).lines], [[], 0]);
  dir.write(`${label(10)}.s`, stamped(1, "one"));
  using opened = new Opened(dir);
  assertEquals(await opened.lines(), ["one"]);
});

Deno.test("merged() puts the lines of several sources in the order of their moments", async () => {
  using one = new TemporaryLogdir();
  using two = new TemporaryLogdir();
  one.write("current", [1, 4, 5, 9].map((at) => stamped(at, `one ${at}`)).join(""));
  two.write("current", [2, 3, 5, 7].map((at) => stamped(at, `two ${at}`)).join(""));
  using first = new Opened(one);
  using second = new Opened(two);
  const lines: string[] = [];
  for await (const { lines: run } of merged([first.source.batches(), second.source.batches()])) {
    lines.push(...run.map(textOf));
  }
  assertEquals(lines, ["one 1", "two 2", "two 3", "one 4", "one 5", "two 5", "two 7", "one 9"]);
});
