import { assertEquals, assertThrows } from "@std/assert";
import { ESRCH } from "../../../lib/core/linux/errno.ts";
import { SIGKILL, SIGTERM, SIGUSR1 } from "../../../lib/core/linux/signals.ts";
import { bindLibrary, SyscallError } from "../../../lib/libc/bind.ts";
import { pipe } from "../../../lib/libc/fd.ts";
import { close } from "../../../lib/libc/file.ts";
import {
  getegid,
  geteuid,
  getpid,
  getppid,
  getuid,
  kill,
  waitAny,
  waitFor,
  waitPid,
} from "../../../lib/libc/process.ts";
import { spawn } from "../../../lib/libc/spawn.ts";
import { readToEnd, statusField } from "./child_output.ts";

/** A child that waits until it is killed. */
function sleeper(): number {
  return spawn({ path: "/bin/sleep", argv: ["sleep", "1000"] });
}

const libc = bindLibrary({
  waitid: {
    parameters: [
      "i32", // idtype_t idtype
      "i32", // id_t id
      "buffer", // siginfo_t *infop
      "i32", // int options
    ],
    result: "i32",
  },
});
const P_PID = 1;
const WEXITED = 4;
const WNOWAIT = 0x0100_0000;

/** Waits until the child has ended, and leaves it to be reaped. */
function awaitEnd(pid: number): void {
  assertEquals(libc.waitid(P_PID, pid, new Uint8Array(128), WEXITED | WNOWAIT), 0);
}

Deno.test("kill(): the child dies of that signal; afterwards there is no such process", () => {
  const pid = sleeper();
  assertEquals(kill(pid, 0), 0);
  assertEquals(kill(pid, SIGTERM), 0);
  assertEquals(waitFor(pid), SIGTERM);
  assertEquals([kill(pid, 0), kill(pid, SIGTERM)], [-ESRCH, -ESRCH]);
});

Deno.test("kill(): a negative number is the whole group", () => {
  const { readFd, writeFd } = pipe();
  const leader = spawn({
    path: "/bin/sh",
    argv: ["sh", "-c", "sleep 1000 & echo started; wait"],
    newSession: true,
    fds: [[1, writeFd]],
  });
  close(writeFd);
  assertEquals(kill(-leader, SIGKILL), 0);
  // the end of the pipe comes when the last of the group is dead
  readToEnd(readFd);
  assertEquals(waitFor(leader), SIGKILL);
});

Deno.test("waitPid(): undefined as long as it lives, then its wait status, once", () => {
  const pid = sleeper();
  assertEquals(waitPid(pid), undefined);
  kill(pid, SIGUSR1);
  awaitEnd(pid);
  assertEquals([waitPid(pid), waitPid(pid)], [SIGUSR1, undefined]);
});

Deno.test("waitPid(): a process that is no child of ours", () => {
  assertEquals([waitPid(1), waitPid(getppid())], [undefined, undefined]);
});

Deno.test("waitAny(): each dead child once, in whatever order, then none; the living are not waited for", () => {
  const living = sleeper();
  const pids = [0, 1, 2].map((code) =>
    spawn({ path: "/bin/sh", argv: ["sh", "-c", `exit ${code}`] })
  );
  pids.forEach(awaitEnd);
  const deaths = [waitAny(), waitAny(), waitAny()].map((death) => [death?.pid, death?.wstat]);
  assertEquals(deaths.sort((a, b) => a[1]! - b[1]!), pids.map((pid, code) => [pid, code << 8]));
  assertEquals(waitAny(), undefined);
  kill(living, SIGKILL);
  waitFor(living);
  assertEquals(waitAny(), undefined);
});

Deno.test("waitFor(): a process that is no child of ours is an error", () => {
  assertThrows(() => waitFor(1), SyscallError, "unable to wait for process 1: No child processes");
});

Deno.test("who we are", () => {
  const status = Deno.readTextFileSync("/proc/self/status");
  const uids = statusField(status, "Uid")!.split("\t").map(Number);
  const gids = statusField(status, "Gid")!.split("\t").map(Number);
  assertEquals([getpid(), getppid()], [Deno.pid, Deno.ppid]);
  assertEquals([getuid(), geteuid(), getegid()], [uids[0], uids[1], gids[1]]);
});
