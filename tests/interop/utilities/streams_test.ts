/**
 * How the utilities read and write: descriptors that somebody has made non-blocking, readers that
 * are gone, full disks, input that has not ended yet, and more input than memory.
 */
import { assert, assertEquals } from "@std/assert";
import { wifsignaled, wtermsig } from "../../../lib/core/linux/wstat.ts";
import { checked } from "../../../lib/libc/bind.ts";
import { pipe } from "../../../lib/libc/fd.ts";
import { O_NONBLOCK, O_RDONLY, O_WRONLY } from "../../../lib/core/linux/open_flags.ts";
import { close, open, writeAll } from "../../../lib/libc/file.ts";
import { spawn } from "../../../lib/libc/spawn.ts";
import { waitFor } from "../../../lib/libc/process.ts";
import { start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree } from "../../fixture/tree.ts";
import { readToEnd } from "../../unit/libc/child_output.ts";

requireToolset(OURS);

const SIGPIPE = 13;
/** Numbers of x86-64, as /proc/PID/syscall has them. */
const SYS_READ = "0";
const SYS_POLL = "7";

function startWith(
  program: string,
  args: readonly string[],
  fds: Readonly<Record<number, number>>,
): number {
  const pairs = Object.entries(fds).map(([target, source]) => [Number(target), source] as const);
  return checked(
    `spawn ${program}`,
    spawn({ path: OURS.bin(program), argv: [program, ...args], fds: pairs }),
  );
}

/** The system call that the process waits in, by number. */
function waitsIn(pid: number): string {
  return Deno.readTextFileSync(`/proc/${pid}/syscall`).split(" ")[0]!;
}

/** Another open file on the same pipe, which never waits. */
function nonBlocking(fd: number, flags: number): number {
  return open(`/proc/self/fd/${fd}`, flags | O_NONBLOCK);
}

Deno.test("s6-cat: a standard input that doesn't wait is waited for", async () => {
  const input = pipe();
  const output = pipe();
  const stdin = nonBlocking(input.readFd, O_RDONLY);
  const pid = startWith("s6-cat", [], { 0: stdin, 1: output.writeFd });
  for (const fd of [stdin, input.readFd, output.writeFd]) close(fd);
  await eventually("the wait for input", () => waitsIn(pid) === SYS_POLL);
  writeAll(input.writeFd, new TextEncoder().encode("late\n"));
  close(input.writeFd);
  assertEquals(readToEnd(output.readFd), "late\n");
  assertEquals(waitFor(pid), 0);
});

for (
  const [program, args] of [["s6-cat", []], ["s6-sort", []], ["s6-quote-filter", ["-u"]], [
    "s6-tail",
    ["-c", "1000000"],
  ]] as const
) {
  Deno.test(`${program} ${args.join(" ")}: a standard output that doesn't wait is waited for, and gets everything`, async () => {
    using tree = makeTree();
    const text = "0123456789abcde\n".repeat(40_000);
    Deno.writeTextFileSync(tree.path("in"), text);
    const output = pipe();
    const stdin = open(tree.path("in"), O_RDONLY);
    const stdout = nonBlocking(output.writeFd, O_WRONLY);
    const pid = startWith(program, args, { 0: stdin, 1: stdout });
    for (const fd of [stdin, stdout, output.writeFd]) close(fd);
    await eventually("the wait for room", () => waitsIn(pid) === SYS_POLL);
    assertEquals(readToEnd(output.readFd), text);
    assertEquals(waitFor(pid), 0);
  });
}

/** All that print something, and what makes them. */
const PRINTING: readonly (readonly [program: string, ...args: string[]])[] = [
  ["s6-basename", "a"],
  ["s6-cat"],
  ["s6-clock"],
  ["s6-cut", "-b", "1-"],
  ["s6-dirname", "a"],
  ["s6-echo", "a"],
  ["s6-env", "-i", "A=1"],
  ["s6-expr", "1"],
  ["s6-format-filter", "%s"],
  ["s6-grep", "."],
  ["s6-grep", "-c", "."],
  ["s6-head"],
  ["s6-linkname", "-f", "/"],
  ["s6-ls", "/"],
  ["s6-printenv"],
  ["s6-quote", "a"],
  ["s6-quote-filter"],
  ["s6-seq", "1000000"],
  ["s6-sort"],
  ["s6-tail"],
  ["s6-uniquename", "a"],
  ["s6-unquote", '"a"'],
  ["s6-unquote-filter", "-q"],
  ["s6-seq", "--help"],
];

function inputOfOneLine(): number {
  const { readFd, writeFd } = pipe();
  writeAll(writeFd, new TextEncoder().encode("line\n"));
  close(writeFd);
  return readFd;
}

for (const [program, ...args] of PRINTING) {
  Deno.test(`${program} ${args.join(" ")}: dies of SIGPIPE when nobody reads`, () => {
    const stdin = inputOfOneLine();
    const { readFd, writeFd } = pipe();
    close(readFd);
    const pid = startWith(program, args, { 0: stdin, 1: writeFd });
    close(stdin);
    close(writeFd);
    const wstat = waitFor(pid);
    assert(wifsignaled(wstat) && wtermsig(wstat) === SIGPIPE, `wait status ${wstat}`);
  });

  Deno.test(`${program} ${args.join(" ")}: exits 111 when the disk is full`, () => {
    const stdin = inputOfOneLine();
    const full = open("/dev/full", O_WRONLY);
    const null_ = open("/dev/null", O_WRONLY);
    const pid = startWith(program, args, { 0: stdin, 1: full, 2: null_ });
    for (const fd of [stdin, full, null_]) close(fd);
    assertEquals(waitFor(pid) >> 8, 111);
  });
}

Deno.test("s6-echo in a block: when nobody reads, the block ends as one that has died of SIGPIPE", () => {
  const lost = pipe();
  const output = pipe();
  close(lost.readFd);
  const script = "foreground { fdmove 1 3 s6-echo lost } s6-printenv";
  const pid = startWith("execlineb", ["-Pc", script], { 1: output.writeFd, 3: lost.writeFd });
  close(output.writeFd);
  close(lost.writeFd);
  assert(readToEnd(output.readFd).includes(`\n?=${256 + SIGPIPE}\n`));
  assertEquals(waitFor(pid), 0);
});

const FILTERS:
  readonly (readonly [program: string, args: readonly string[], line: string, printed: string])[] =
    [
      ["s6-cat", [], "a\n", "a\n"],
      ["s6-cut", ["-b", "1"], "ab\n", "a\n"],
      ["s6-format-filter", ["<%s>"], "a\n", "<a>\n"],
      ["s6-grep", ["a"], "a\n", "a\n"],
      ["s6-head", [], "a\n", "a\n"],
      ["s6-quote-filter", [], "a\n", '"a"\n'],
      ["s6-tail", ["-n", "+1"], "a\n", "a\n"],
      ["s6-unquote-filter", [], '"a"\n', "a\n"],
    ];

for (const [program, args, line, printed] of FILTERS) {
  Deno.test(`${program} ${args.join(" ")}: a line comes out before the next one comes in`, async () => {
    await using filter = start(OURS.bin(program), args);
    const writer = filter.stdin.getWriter();
    for (const count of [1, 2, 3]) {
      await writer.write(new TextEncoder().encode(line));
      await filter.stdout.until(printed.repeat(count));
    }
    await writer.close();
    writer.releaseLock();
    assertEquals(await filter.ended(), 0);
    assertEquals(filter.stdout.text, printed.repeat(3));
  });
}

const INPUT_BYTES = 256 << 20;
/** The runtime's own is some 60 MB. */
const MEMORY_BAR_BYTES = 128 << 20;

const BOUNDED: readonly (readonly [program: string, ...args: string[]])[] = [
  ["s6-cat"],
  ["s6-cut", "-b", "2"],
  ["s6-grep", "-q", "z"],
  ["s6-quote-filter"],
  ["s6-tail", "-n", "1000"],
  ["s6-tail", "-c", "1000"],
  ["s6-tail", "-c", "+1000"],
];

for (const [program, ...args] of BOUNDED) {
  Deno.test(`${program} ${args.join(" ")}: 256 MB of input don't stay in memory`, async () => {
    const block = new TextEncoder().encode(
      "yes, a line of some length and then another\n".repeat(24_000),
    );
    const input = pipe();
    const null_ = open("/dev/null", O_WRONLY);
    const pid = startWith(program, args, { 0: input.readFd, 1: null_ });
    close(input.readFd);
    close(null_);
    for (let written = 0; written < INPUT_BYTES; written += block.length) {
      writeAll(input.writeFd, block);
    }
    await eventually("the wait for more", () => waitsIn(pid) === SYS_READ);
    const peakKb = Number(
      /^VmHWM:\s*(\d+) kB$/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))![1],
    );
    close(input.writeFd);
    waitFor(pid);
    assert(peakKb * 1024 < MEMORY_BAR_BYTES, `${peakKb} kB`);
  });
}
