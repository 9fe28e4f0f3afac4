import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  E2BIG,
  EACCES,
  EBADF,
  EINVAL,
  ENOENT,
  ENOEXEC,
  ENOTDIR,
} from "../../../lib/core/linux/errno.ts";
import { SIGPIPE, SIGUSR2 } from "../../../lib/core/linux/signals.ts";
import { bindLibrary } from "../../../lib/libc/bind.ts";
import { isIgnored } from "../../../lib/libc/disposition.ts";
import { pipe } from "../../../lib/libc/fd.ts";
import { close } from "../../../lib/libc/file.ts";
import { waitAny, waitFor } from "../../../lib/libc/process.ts";
import { spawn } from "../../../lib/libc/spawn.ts";
import { makeTree } from "../../fixture/tree.ts";
import { childOutput, readToEnd, shell, statusField } from "./child_output.ts";

Deno.test("spawn(): argv as given, argv[0] among it, an empty word too", () => {
  const { text } = childOutput({
    path: "/bin/cat",
    argv: ["zero", "/proc/self/cmdline", "/dev/null"],
  });
  assertEquals(text, "zero\0/proc/self/cmdline\0/dev/null\0");
  assertEquals(
    shell('echo "$#:$1:$2"', { argv: ["sh", "-c", 'echo "$#:$1:$2"', "sh", "", " two words "] }),
    "2:: two words \n",
  );
});

Deno.test("spawn(): words of any bytes", () => {
  const { text } = childOutput({
    path: "/usr/bin/printf",
    argv: ["printf", "%s", "\udcff\udc80ü€😀\x01\n"],
  });
  assertEquals(text, "\xff\x80\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80\x01\n");
});

Deno.test("spawn(): a thousand long words", () => {
  const words = Array.from({ length: 1000 }, (_, i) => `${i}`.padStart(100, "x"));
  assertEquals(
    childOutput({ path: "/bin/echo", argv: ["echo", ...words] }).text,
    `${words.join(" ")}\n`,
  );
});

Deno.test("spawn(): our own environment, as it is now", () => {
  Deno.env.set("HEXAD_SPAWN_TEST", "one");
  assertEquals(shell("echo $HEXAD_SPAWN_TEST"), "one\n");
  Deno.env.set("HEXAD_SPAWN_TEST", "two");
  assertEquals(shell("echo $HEXAD_SPAWN_TEST"), "two\n");
  Deno.env.delete("HEXAD_SPAWN_TEST");
  assertEquals(shell("echo ${HEXAD_SPAWN_TEST-none}"), "none\n");
});

Deno.test("spawn(): an environment that is given is all there is, an empty one too", () => {
  assertEquals(
    childOutput({ path: "/usr/bin/env", argv: ["env"], env: ["A=1", "B=\udcff=x", "EMPTY="] }).text,
    "A=1\nB=\xff=x\nEMPTY=\n",
  );
  assertEquals(childOutput({ path: "/usr/bin/env", argv: ["env"], env: [] }).text, "");
});

Deno.test("spawn(): no signal is ignored in the child, though the runtime ignores SIGPIPE", () => {
  assert(isIgnored(SIGPIPE), "otherwise this test says nothing");
  const status = childOutput({ path: "/bin/cat", argv: ["cat", "/proc/self/status"] }).text;
  assertEquals(statusField(status, "SigIgn"), "0000000000000000");
});

const mask = bindLibrary({
  pthread_sigmask: { parameters: ["i32", "buffer", "pointer"], result: "i32" },
});

Deno.test("spawn(): no signal is blocked in the child, though this thread blocks one", () => {
  const signals = new Uint8Array(128);
  signals[(SIGUSR2 - 1) >> 3] = 1 << ((SIGUSR2 - 1) & 7);
  mask.pthread_sigmask(0, signals, null);
  try {
    assertNotEquals(
      statusField(Deno.readTextFileSync("/proc/thread-self/status"), "SigBlk"),
      "0000000000000000",
    );
    const status = childOutput({ path: "/bin/cat", argv: ["cat", "/proc/self/status"] }).text;
    assertEquals(statusField(status, "SigBlk"), "0000000000000000");
  } finally {
    mask.pthread_sigmask(1, signals, null);
  }
});

Deno.test("spawn(): the child is in our session, or leads one of its own", () => {
  const sessionOf = (newSession: boolean): { pid: number; session: number } => {
    const { pid, text } = childOutput({
      path: "/bin/cat",
      argv: ["cat", "/proc/self/stat"],
      newSession,
    });
    return { pid, session: Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[3]) };
  };
  const ours = Deno.readTextFileSync("/proc/self/stat");
  assertEquals(
    sessionOf(false).session,
    Number(ours.slice(ours.lastIndexOf(")") + 2).split(" ")[3]),
  );
  const { pid, session } = sessionOf(true);
  assertEquals(session, pid);
});

Deno.test("spawn(): the child gets no descriptor of ours but those that it is given", () => {
  const ours = [pipe(), pipe(), pipe()];
  const given = pipe();
  const inherited = shell("ls /proc/self/fd", { fds: [[3, given.writeFd]] }).trim().split("\n").map(
    Number,
  );
  for (const { readFd, writeFd } of [...ours, given]) {
    for (const fd of [readFd, writeFd]) {
      assert(
        fd === 3 || fd === 4 || !inherited.includes(fd),
        `${fd} of ours is among ${inherited}`,
      );
    }
  }
  assert(inherited.includes(3));
  for (const { readFd, writeFd } of [...ours, given]) {
    close(readFd);
    close(writeFd);
  }
});

/** Writes `name` to each of the targets in a child, and gives what came out of each pipe. */
function written(
  targets: readonly number[],
  fds: (
    pipes: readonly { readonly readFd: number; readonly writeFd: number }[],
  ) => [number, number][],
): string[] {
  const pipes = targets.map(() => pipe());
  const pairs = fds(pipes);
  const script = pairs.map(([target]) => `echo ${target} >&${target}`).join("; ");
  // dash takes descriptors of one digit only
  const pid = spawn({ path: "/bin/bash", argv: ["bash", "-c", script], fds: pairs });
  for (const { writeFd } of pipes) close(writeFd);
  const texts = pipes.map(({ readFd }) => readToEnd(readFd));
  assert(pid > 0, `spawn gave ${pid}`);
  waitFor(pid);
  return texts;
}

Deno.test("spawn(): descriptors arrive under the numbers that are asked for", () => {
  const texts = written([50, 7], ([one, two]) => [[50, one!.writeFd], [7, two!.writeFd]]);
  assertEquals(texts, ["50\n", "7\n"]);
});

Deno.test("spawn(): one descriptor of ours under two numbers", () => {
  assertEquals(written([50], ([one]) => [[50, one!.writeFd], [51, one!.writeFd]]), ["50\n51\n"]);
});

Deno.test("spawn(): a descriptor under the number that it has", () => {
  let number = 0;
  const texts = written([0], ([one]) => [[number = one!.writeFd, one!.writeFd]]);
  assertEquals(texts, [`${number}\n`]);
});

Deno.test("spawn(): two descriptors that swap their numbers", () => {
  let numbers: number[] = [];
  const texts = written([0, 0], ([one, two]) => {
    numbers = [one!.writeFd, two!.writeFd];
    return [[two!.writeFd, one!.writeFd], [one!.writeFd, two!.writeFd]];
  });
  assertEquals(texts, [`${numbers[1]}\n`, `${numbers[0]}\n`]);
});

Deno.test("spawn(): a number that is asked for and is the source of a later pair, as lock-fd may be the notification pipe's", () => {
  let taken = 0;
  const texts = written([0, 60], ([lock, notification]) => {
    taken = notification!.writeFd;
    return [[taken, lock!.writeFd], [taken + 1, notification!.writeFd]];
  });
  assertEquals(texts, [`${taken}\n`, `${taken + 1}\n`]);
});

Deno.test("spawn(): descriptors to close are closed in the child", () => {
  const { readFd, writeFd } = pipe();
  const text = shell("for n in 3 4; do if { : >&$n; } 2>/dev/null; then echo $n; fi; done", {
    fds: [[3, writeFd], [4, writeFd]],
    close: [4],
  });
  assertEquals(text, "3\n");
  close(readFd);
  close(writeFd);
});

Deno.test("spawn(): how the child ended is its wait status", () => {
  assertEquals(childOutput({ path: "/bin/sh", argv: ["sh", "-c", "exit 42"] }).wstat, 42 << 8);
  assertEquals(childOutput({ path: "/bin/sh", argv: ["sh", "-c", "kill -9 $$"] }).wstat, 9);
});

Deno.test("spawn(): a name is looked for in PATH if that is asked for, and only then", () => {
  assertEquals(
    childOutput({ path: "echo", argv: ["echo", "found"], searchPath: true }).text,
    "found\n",
  );
  assertEquals(spawn({ path: "echo", argv: ["echo"] }), -ENOENT);
  assertEquals(spawn({ path: "no-such-program-anywhere", argv: ["x"], searchPath: true }), -ENOENT);
});

Deno.test("spawn(): the child starts in our directory", () => {
  assertEquals(
    childOutput({ path: "/bin/pwd", argv: ["pwd", "-P"] }).text,
    `${Deno.realPathSync(".")}\n`,
  );
});

Deno.test("spawn(): what exec said, and no child is left", () => {
  using tree = makeTree({
    "plain": "#!/bin/sh\n",
    "no-interpreter!": "#!/no/such/interpreter\n",
    "crlf!": "#!/bin/sh\r\necho\r\n",
    "no-shebang!": "echo\n",
    "empty!": "",
    "directory/x": "",
  });
  const failures: readonly (readonly [string, number])[] = [
    ["missing", ENOENT],
    ["plain", EACCES],
    ["directory", EACCES],
    ["plain/below", ENOTDIR],
    ["no-interpreter", ENOENT],
    ["crlf", ENOENT],
    ["no-shebang", ENOEXEC],
    ["empty", ENOEXEC],
  ];
  for (const [name, errno] of failures) {
    assertEquals([name, spawn({ path: tree.path(name), argv: [name] })], [name, -errno]);
  }
  assertEquals(spawn({ path: "/bin/true", argv: ["true", "x".repeat(200_000)] }), -E2BIG);
  assertEquals(spawn({ path: "/bin/true", argv: ["true"], fds: [[3, 999_999]] }), -EBADF);
  assertEquals(waitAny(), undefined);
});

Deno.test("spawn(): 200 failures leak no descriptor", () => {
  const count = (): number => [...Deno.readDirSync("/proc/self/fd")].length;
  const before = count();
  for (let i = 0; i < 200; i++) spawn({ path: "/no/such/program", argv: ["x"], fds: [[3, 0]] });
  assertEquals(count(), before);
});

Deno.test("spawn(): a NUL in the path, a word or a variable is EINVAL, and nothing is started", () => {
  assertEquals(spawn({ path: "/bin/true\0x", argv: ["true"] }), -EINVAL);
  assertEquals(spawn({ path: "/bin/true", argv: ["true", "a\0b"] }), -EINVAL);
  assertEquals(spawn({ path: "/bin/true", argv: ["true"], env: ["A=\0"] }), -EINVAL);
  assertEquals(waitAny(), undefined);
});

Deno.test("spawn(): keeping signals, what the C library keeps for itself is not ignored in the child", () => {
  const { readFd, writeFd } = pipe();
  const argv = ["sh", "-c", "grep SigIgn /proc/self/status >&7"];
  const pid = spawn({ path: "/bin/sh", argv, fds: [[7, writeFd]], keepSignals: true });
  close(writeFd);
  const text = readToEnd(readFd);
  waitFor(pid);
  assertEquals(BigInt(`0x${text.split(":")[1]!.trim()}`) & (0b11n << 31n), 0n);
});
