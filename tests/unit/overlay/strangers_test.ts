import { assertEquals, assertThrows } from "@std/assert";
import { EPERM, ESRCH } from "../../../lib/core/linux/errno.ts";
import { O_RDONLY } from "../../../lib/core/linux/open_flags.ts";
import { open } from "../../../lib/libc/file.ts";
import { type StrangersWorld, watchStrangers } from "../../../lib/overlay/strangers.ts";

interface Setup extends StrangersWorld {
  readonly watched: Map<number, () => void>;
  /** Timers that have neither run out nor been disposed of. */
  readonly timers: Set<() => void>;
}

/** @param refused by pid: why there is no descriptor of it */
function setUp(refused: Readonly<Record<number, number>> = {}): Setup {
  const watched = new Map<number, () => void>();
  const timers = new Set<() => void>();
  return {
    watched,
    timers,
    open: (pid) => refused[pid] ?? open("/dev/null", O_RDONLY),
    poller: {
      watch: (fd: number, onReady: () => void) => void watched.set(fd, onReady),
      unwatch: (fd: number) => void watched.delete(fd),
    },
    later: (_delayMs, onTime) => {
      timers.add(onTime);
      return { [Symbol.dispose]: () => void timers.delete(onTime) };
    },
  };
}

function fire(timers: Set<() => void>): void {
  for (const onTime of [...timers]) {
    timers.delete(onTime);
    onTime();
  }
}

Deno.test("watchStrangers(): told by the descriptor of one that dies, and nothing is left of it", () => {
  const world = setUp();
  const ends: string[] = [];
  const cancel = watchStrangers([7, 8], world, () => ends.push("end"));
  assertEquals([world.watched.size, world.timers.size], [2, 0]);
  [...world.watched.values()][0]!();
  assertEquals([ends, world.watched.size], [["end"], 1]);
  cancel();
  assertEquals(world.watched.size, 0);
});

for (const errno of [EPERM, ESRCH]) {
  Deno.test(`watchStrangers(): no descriptor of one (${errno}): it is looked again and again, until that is ended`, () => {
    const world = setUp({ 8: -errno, 9: -errno });
    const ends: string[] = [];
    const cancel = watchStrangers([7, 8, 9], world, () => ends.push("look"));
    assertEquals([world.watched.size, world.timers.size], [1, 1]);
    fire(world.timers);
    fire(world.timers);
    assertEquals([ends, world.timers.size], [["look", "look"], 1]);
    cancel();
    assertEquals([world.watched.size, world.timers.size], [0, 0]);
  });
}

Deno.test("watchStrangers(): ended by what it calls", () => {
  const world = setUp({ 8: -EPERM });
  const cancel: () => void = watchStrangers([8], world, () => cancel());
  fire(world.timers);
  assertEquals(world.timers.size, 0);
});

Deno.test("watchStrangers(): what can't be watched is thrown, and nothing is watched", () => {
  const world = setUp({ 8: -EPERM });
  const poller = {
    ...world.poller,
    watch: (): never => {
      throw new TypeError("no");
    },
  };
  assertThrows(() => watchStrangers([8, 7], { ...world, poller }, () => {}), TypeError);
  assertEquals(world.timers.size, 0);
});
