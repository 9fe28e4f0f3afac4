/** Readiness by a line in what a service writes: found wherever it is cut, in each life by itself. */
import { assertEquals } from "@std/assert";
import { decodePath, encodePath } from "../../../lib/core/text/path_bytes.ts";
import { Poller } from "../../../lib/libc/epoll.ts";
import { pipe, setNonblocking } from "../../../lib/libc/fd.ts";
import { close, open, read, write } from "../../../lib/libc/file.ts";
import { O_RDWR } from "../../../lib/core/linux/open_flags.ts";
import type { Longrun } from "../../../lib/rc/core/database.ts";
import { TextFinder } from "../../../lib/rc/core/text_finder.ts";
import { LogWatches } from "../../../lib/rc/log_watches.ts";
import { eventually } from "../../fixture/deadline.ts";
import { rcDatabase } from "../../fake/rc_database.ts";

function found(text: string, pieces: readonly string[]): number {
  const finder = new TextFinder(text);
  return pieces.findIndex((piece) => finder.add(encodePath(piece)));
}

Deno.test("text finder: the text is found wherever it is cut, as bytes, and not before it is whole", () => {
  assertEquals(found("ready", ["not yet\nrea", "dy", "\n"]), 1);
  assertEquals(found("ready", ["r", "e", "a", "d", "y"]), 4);
  assertEquals(found("ready", ["rea", "xdy", "read\n"]), -1);
  assertEquals(found("é ok", ["\udcc3", "é ok"]), 1);
  assertEquals(found("x", ["a", "x"]), 1);
});

function service(text: string): Longrun {
  const found = rcDatabase({ web: {} }).services.find(({ name }) => name === "web") as Longrun;
  return { ...found, probe: { kind: "log", pattern: text } };
}

Deno.test("log watch: ready when the text comes, in each life anew; all goes on to where it would have gone", async () => {
  const target = pipe();
  setNonblocking(target.readFd, true);
  const poller = new Poller();
  const running = poller.run();
  const warnings: string[] = [];
  const watches = new LogWatches(poller, (text) => warnings.push(text));
  const web = service("listening");
  const ready: string[] = [];
  const buffer = new Uint8Array(4096);
  let seen = "";
  const take = (): string => {
    for (let count = 0; (count = read(target.readFd, buffer)) > 0;) {
      seen += decodePath(buffer.subarray(0, count));
    }
    return seen;
  };
  const { stdout, stderr } = watches.stdioOf(web, undefined, target.writeFd)!;
  assertEquals([stdout === stderr, watches.stdioOf(web, undefined, target.writeFd)!.stdout], [
    true,
    stdout,
  ]);
  assertEquals(watches.expect("web", () => ready.push("first")), true);
  write(stdout!, encodePath("starting\nlisten"));
  write(stderr!, encodePath("ing on 80\nlistening again\n"));
  await eventually("readiness", () => ready.length > 0);
  // what a life has left behind is not the next one's
  write(stdout!, encodePath("listening at the end\n"));
  watches.hear("web", "d");
  watches.hear("web", "D");
  watches.expect("web", () => ready.push("second"));
  write(stdout!, encodePath("not yet\n"));
  await eventually("what it wrote", () => take().endsWith("not yet\n"));
  assertEquals(watches.lastLineOf("web"), "not yet");
  assertEquals(ready, ["first"]);
  write(stdout!, encodePath("listening\n"));
  await eventually("readiness", () => ready.length > 1);
  write(stdout!, encodePath("last words\n"));
  watches.hear("web", "x");
  assertEquals(
    take(),
    "starting\nlistening on 80\nlistening again\nlistening at the end\nnot yet\nlistening\nlast words\n",
  );
  assertEquals([warnings, watches.expect("web", () => {})], [[], false]);
  watches.end();
  poller.stop();
  await running;
  poller[Symbol.dispose]();
  close(target.readFd);
  close(target.writeFd);
});

Deno.test("log watch: into a pipeline only standard output goes; on a terminal started counts as ready, and that is said once", async () => {
  const target = pipe();
  const terminal = open("/dev/ptmx", O_RDWR);
  const poller = new Poller();
  const running = poller.run();
  const warnings: string[] = [];
  const watches = new LogWatches(poller, (text) => warnings.push(text));
  const web = service("listening");
  const given = { stdin: 5, stdout: target.writeFd };
  const { stdin, stdout, stderr } = watches.stdioOf(web, given, undefined)!;
  assertEquals([stdin, stdout === target.writeFd, stderr], [5, false, undefined]);
  watches.hear("web", "x");
  for (let i = 0; i < 2; i++) assertEquals(watches.stdioOf(web, undefined, terminal), undefined);
  assertEquals([warnings.length, watches.expect("web", () => {})], [1, false]);
  watches.end();
  poller.stop();
  await running;
  poller[Symbol.dispose]();
  for (const fd of [target.readFd, target.writeFd, terminal]) close(fd);
});
