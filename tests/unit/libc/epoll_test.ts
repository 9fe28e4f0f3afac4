import { assertEquals, assertThrows } from "@std/assert";
import { EPERM } from "../../../lib/core/linux/errno.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { Poller } from "../../../lib/libc/epoll.ts";
import { dup2, pipe, poll, POLLIN } from "../../../lib/libc/fd.ts";
import { O_RDONLY } from "../../../lib/core/linux/open_flags.ts";
import { close, open, read, write } from "../../../lib/libc/file.ts";
import { within } from "../../fixture/deadline.ts";

const ONE = new Uint8Array([120]);

function take(fd: number): void {
  read(fd, new Uint8Array(1));
}

/** Pipes that are closed at the end of the scope. */
class Pipes implements Disposable {
  readonly #fds = new Set<number>();

  make(): { readonly readFd: number; readonly writeFd: number } {
    const ends = pipe();
    this.#fds.add(ends.readFd).add(ends.writeFd);
    return ends;
  }

  /** A pipe in which something waits. */
  full(): number {
    const { readFd, writeFd } = this.make();
    write(writeFd, ONE);
    return readFd;
  }

  close(fd: number): void {
    if (this.#fds.delete(fd)) close(fd);
  }

  [Symbol.dispose](): void {
    for (const fd of this.#fds) close(fd);
  }
}

Deno.test("Poller: what is readable before run() and what becomes so later are both told", async () => {
  using pipes = new Pipes();
  using poller = new Poller();
  const later = pipes.make();
  const first = pipes.full();
  const told: string[] = [];
  poller.watch(first, () => {
    take(first);
    told.push("first");
    setTimeout(() => write(later.writeFd, ONE), 0);
  });
  poller.watch(later.readFd, () => {
    told.push("later");
    poller.stop();
  });
  await within(poller.run(), "the second pipe");
  assertEquals(told, ["first", "later"]);
});

Deno.test("Poller: told again as long as something is left to read", async () => {
  using pipes = new Pipes();
  using poller = new Poller();
  const { readFd, writeFd } = pipes.make();
  write(writeFd, new Uint8Array(3));
  let calls = 0;
  poller.watch(readFd, () => {
    take(readFd);
    if (++calls === 3) poller.stop();
  });
  await within(poller.run(), "three calls");
  assertEquals(calls, 3);
});

Deno.test("Poller: the end of a pipe is told", async () => {
  using pipes = new Pipes();
  using poller = new Poller();
  const { readFd, writeFd } = pipes.make();
  pipes.close(writeFd);
  poller.watch(readFd, () => poller.stop());
  await within(poller.run(), "the end");
});

Deno.test("Poller: more descriptors than one call of epoll_wait tells are all told", async () => {
  using pipes = new Pipes();
  using poller = new Poller();
  const waiting = new Set(Array.from({ length: 150 }, () => pipes.full()));
  for (const fd of waiting) {
    poller.watch(fd, () => {
      take(fd);
      waiting.delete(fd);
      if (waiting.size === 0) poller.stop();
    });
  }
  await within(poller.run(), () => `${waiting.size} descriptors`);
});

Deno.test("Poller: what is no longer watched is not told, though it was readable in the same go", async () => {
  using pipes = new Pipes();
  using poller = new Poller();
  const [one, two] = [pipes.full(), pipes.full()];
  const told: string[] = [];
  const leave = (name: string, other: number): void => {
    told.push(name);
    poller.unwatch(other);
    setTimeout(() => poller.stop(), 0);
  };
  poller.watch(one, () => {
    take(one);
    leave("one", two);
  });
  poller.watch(two, () => {
    take(two);
    leave("two", one);
  });
  await within(poller.run(), "the first callback");
  assertEquals(told.length, 1);
});

Deno.test("Poller: a number that is closed and used anew is not told what was meant for the old descriptor", async () => {
  using pipes = new Pipes();
  using poller = new Poller();
  const [one, two] = [pipes.full(), pipes.full()];
  const told: string[] = [];
  /**
   * The other descriptor goes, and an empty pipe takes its number while the old one's event is on
   * its way.
   */
  const replace = (other: number): void => {
    poller.unwatch(other);
    const { readFd } = pipes.make();
    dup2(readFd, other);
    poller.watch(other, () => {
      if (poll([{ fd: other, events: POLLIN }], 0)[0] === 0) told.push("nothing to read");
      poller.unwatch(other);
    });
    setTimeout(() => poller.stop(), 0);
  };
  for (const [fd, other] of [[one, two], [two, one]] as const) {
    poller.watch(fd, () => {
      take(fd);
      told.push("readable");
      replace(other);
    });
  }
  await within(poller.run(), "the first callback");
  assertEquals(told, ["readable"]);
});

Deno.test("Poller: the number of an unwatched descriptor can be watched anew", async () => {
  using pipes = new Pipes();
  using poller = new Poller();
  const fd = pipes.full();
  let calls = 0;
  poller.watch(fd, () => calls++);
  poller.unwatch(fd);
  poller.unwatch(fd);
  poller.watch(fd, () => poller.stop());
  await within(poller.run(), "the second callback");
  assertEquals(calls, 0);
});

Deno.test("Poller: stop() before run() and in a callback: run() returns, nothing more is told", async () => {
  using pipes = new Pipes();
  const fds = [pipes.full(), pipes.full()];
  let calls = 0;
  {
    using poller = new Poller();
    for (const fd of fds) poller.watch(fd, () => calls++);
    poller.stop();
    await within(poller.run(), "a run that was stopped before");
  }
  assertEquals(calls, 0);
  using poller = new Poller();
  for (const fd of fds) {
    poller.watch(fd, () => {
      calls++;
      poller.stop();
    });
  }
  await within(poller.run(), "the first callback");
  assertEquals(calls, 1);
});

Deno.test("Poller: stop() from outside wakes a run() that waits for nothing", async () => {
  using poller = new Poller();
  const run = poller.run();
  setTimeout(() => poller.stop(), 0);
  await within(run, "stop()");
});

Deno.test("Poller: a callback that throws is an error of run()", async () => {
  using pipes = new Pipes();
  using poller = new Poller();
  poller.watch(pipes.full(), () => {
    throw new RangeError("from the callback");
  });
  const outcome = await within(poller.run().catch((error) => error), "the error");
  assertEquals(outcome instanceof RangeError, true);
});

Deno.test("Poller: room to write is told to those who want to write, and to nobody else", async () => {
  using pipes = new Pipes();
  using poller = new Poller();
  const waiting = pipes.make();
  const { writeFd } = pipes.make();
  const told: string[] = [];
  poller.watch(waiting.readFd, () => told.push("readable"));
  poller.watch(writeFd, () => {
    told.push("writable");
    poller.stop();
  }, { writing: true });
  await within(poller.run(), "room");
  assertEquals(told, ["writable"]);
});

Deno.test("Poller: what is watched already can't be watched twice", () => {
  using pipes = new Pipes();
  using poller = new Poller();
  const fd = pipes.full();
  poller.watch(fd, () => {});
  assertThrows(
    () => poller.watch(fd, () => {}),
    SyscallError,
    `unable to watch descriptor ${fd}: File exists`,
  );
});

Deno.test("Poller: a regular file can't be watched, and says so", () => {
  using poller = new Poller();
  const fd = open(new URL(import.meta.url).pathname, O_RDONLY);
  try {
    const error = assertThrows(
      () => poller.watch(fd, () => {}),
      SyscallError,
      `unable to watch descriptor ${fd}: Operation not permitted`,
    );
    assertEquals(error.errno, EPERM);
  } finally {
    close(fd);
  }
});

/**
 * What a poller with a rest has told, one string for each call: the bytes that it found. The bytes
 * come after the first call, one by one.
 */
async function toldWithRest(restMs: number, count: number, hurry: boolean): Promise<string[]> {
  using pipes = new Pipes();
  using poller = new Poller({ restMs });
  const { readFd, writeFd } = pipes.make();
  const told: string[] = [];
  const buffer = new Uint8Array(100);
  const feed = (left: number): void => {
    write(writeFd, ONE);
    if (left > 1) setTimeout(() => feed(left - 1), 0);
  };
  poller.watch(readFd, () => {
    if (told.push("x".repeat(read(readFd, buffer))) === 1) setTimeout(() => feed(count), 0);
    if (hurry) poller.hurry();
    if (told.join("").length === count + 1) poller.stop();
  });
  write(writeFd, ONE);
  await within(poller.run(), "all bytes");
  return told;
}

Deno.test("Poller: with a rest, what comes soon after something else is told together", async () => {
  assertEquals(await toldWithRest(1000, 5, false), ["x", "xxxxx"]);
});

Deno.test("Poller: hurry() leaves the rest out", async () => {
  assertEquals((await toldWithRest(1_000_000, 3, true)).join(""), "xxxx");
});

Deno.test("Poller: with hangup what can be read is not told, the end of the last writer is", async () => {
  using pipes = new Pipes();
  using poller = new Poller();
  const { readFd, writeFd } = pipes.make();
  write(writeFd, ONE);
  const told: string[] = [];
  poller.watch(readFd, () => {
    told.push("hangup");
    poller.stop();
  }, { hangup: true });
  const other = pipes.full();
  poller.watch(other, () => {
    take(other);
    told.push("other");
    pipes.close(writeFd);
  });
  await within(poller.run(), "the end");
  assertEquals(told, ["other", "hangup"]);
});

Deno.test("Poller: between two portions of work every descriptor is looked at, and the runtime's timers are", async () => {
  using pipes = new Pipes();
  using poller = new Poller();
  const readFd = pipes.full();
  const told: string[] = [];
  poller.watch(readFd, () => told.push("descriptor")); // stays readable
  setTimeout(() => told.push("timer"), 0);
  let left = 2000;
  const work = (): boolean => {
    told.push("portion");
    left--;
    if (left === 0) poller.stop();
    return left > 0;
  };
  poller.portions.begin({}, work);
  await within(poller.run(), "the work");
  assertEquals(told.join(" ").includes("portion portion"), false);
  assertEquals(told.filter((one) => one === "portion").length, 2000);
  assertEquals(told.indexOf("timer") < told.length - 1, true);
});

Deno.test("Poller: work that comes while the loop waits wakes it", async () => {
  using poller = new Poller();
  let left = 3;
  const loop = poller.run();
  setTimeout(() =>
    poller.portions.add({}, () => {
      left--;
      if (left === 0) poller.stop();
      return left > 0;
    }), 0);
  await within(loop, "the work");
  assertEquals(left, 0);
});

Deno.test("Poller: with a rest, work does not wait for its end", async () => {
  using pipes = new Pipes();
  using poller = new Poller({ restMs: 1_000_000 });
  const readFd = pipes.full();
  let left = 3;
  poller.watch(readFd, () => {
    take(readFd);
    poller.portions.add({}, () => {
      left--;
      if (left === 0) poller.stop();
      return left > 0;
    });
  });
  await within(poller.run(), "the work");
  assertEquals(left, 0);
});

Deno.test("a callback that throws: told, its descriptor rests for a second and calls again; others are heard at once", async () => {
  const mishaps: unknown[] = [];
  using poller = new Poller({ onMishap: (error) => mishaps.push(error) });
  const bad = pipe();
  const good = pipe();
  const heard: string[] = [];
  poller.watch(bad.readFd, () => {
    if (mishaps.length === 0) throw new TypeError("sabotage");
    heard.push("bad");
    poller.stop();
  });
  poller.watch(good.readFd, () => {
    heard.push("good");
    poller.unwatch(good.readFd);
  });
  for (const { writeFd } of [bad, good]) write(writeFd, new Uint8Array(1));
  await poller.run();
  assertEquals([heard, mishaps.length], [["good", "bad"], 1]);
  for (const fd of [bad.readFd, bad.writeFd, good.readFd, good.writeFd]) close(fd);
});
