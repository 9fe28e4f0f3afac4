import { assert, assertEquals, assertMatch } from "@std/assert";
import type { ServiceReport } from "../../../lib/status/core/service_report.ts";
import type { Target, TopLook } from "../../../lib/top/core/top_state.ts";
import { TopLoop } from "../../../lib/top/loop.ts";
import type { TopPort } from "../../../lib/top/port.ts";
import { lookOf, NOW, reportOf } from "./core/top_reports.ts";

/** A world in which time passes when it is told to, and which notes what is asked of it. */
class FakeWorld implements TopPort {
  reports: readonly ServiceReport[] = [reportOf("db"), reportOf("web")];
  screen: readonly string[] = [];
  readonly done: string[] = [];
  looks = 0;
  /** How long a look takes. */
  lookMs = 0;
  failure: string | undefined;
  reloads = false;
  logs: string | undefined;
  feed: (lines: readonly string[]) => void = () => {};
  #nowMs = 0;
  #timers: { readonly atMs: number; readonly onTime: () => void }[] = [];

  now = () => NOW;
  monotonicMs = (): number => this.#nowMs;

  after(delayMs: number, onTime: () => void): Disposable {
    const timer = { atMs: this.#nowMs + delayMs, onTime };
    this.#timers.push(timer);
    return {
      [Symbol.dispose]: () => {
        this.#timers = this.#timers.filter((one) => one !== timer);
      },
    };
  }

  pass(ms: number): void {
    for (const end = this.#nowMs + ms;;) {
      const next = this.#timers.toSorted((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined || next.atMs > end) {
        this.#nowMs = Math.max(this.#nowMs, end);
        return;
      }
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.onTime();
    }
  }

  look(): TopLook | string {
    this.looks++;
    this.#nowMs += this.lookMs;
    return lookOf(this.reports);
  }

  send(
    { name }: Target,
    letters: string,
  ): string | undefined | Promise<string | undefined> {
    this.done.push(`${letters} ${name}`);
    return this.failure;
  }

  hasReloadSignal = (): boolean => this.reloads;

  openLog({ name }: Target, onLines: (lines: readonly string[]) => void): Disposable | string {
    if (this.logs !== undefined) return this.logs;
    this.done.push(`open ${name}`);
    this.feed = onLines;
    return { [Symbol.dispose]: () => this.done.push(`close ${name}`) };
  }

  draw(lines: readonly string[]): void {
    this.screen = lines;
  }

  forget(): void {
    this.done.push("forget");
  }

  suspend(): void {
    this.done.push("suspend");
  }

  stop(): void {
    this.done.push("stop");
  }
}

function openLoop(world: FakeWorld): TopLoop {
  const form = { textWidth: (text: string) => text.length, paint: (text: string) => text };
  const loop = new TopLoop(world, {
    size: { rows: 10, columns: 100 },
    scandir: "/run/service",
    loggers: false,
    form,
  });
  loop.begin();
  return loop;
}

Deno.test("TopLoop looks at once, every second, and soon after things that happen, together", () => {
  const world = new FakeWorld();
  using loop = openLoop(world);
  assertEquals(world.looks, 1);
  world.pass(3500);
  assertEquals(world.looks, 4);
  for (let i = 0; i < 100; i++) loop.onChange();
  world.pass(100);
  assertEquals(world.looks, 5);
});

Deno.test("TopLoop: where a look takes long, looking takes a fifth of the time at most", () => {
  const world = new FakeWorld();
  world.lookMs = 1000;
  using loop = openLoop(world);
  const begin = world.monotonicMs();
  for (let i = 0; i < 100; i++) {
    loop.onChange();
    world.pass(1000);
  }
  const share = world.looks * world.lookMs / (world.monotonicMs() - begin);
  assert(
    share > 0.1 && share <= 0.21,
    `it has looked for ${share} of the time, by events and by the second`,
  );
});

Deno.test("TopLoop does what keys say, and tells how it went", () => {
  const world = new FakeWorld();
  using loop = openLoop(world);
  for (const key of ["j", "r", "R", "ctrl-z", "ctrl-l", "q"]) loop.onKey(key);
  assertEquals(world.done, ["ru web", "h web", "suspend", "forget", "stop"]);
  loop.onKey("u");
  assertEquals(world.screen.at(-1), "web: told to start");
  world.failure = "web is not supervised";
  world.reloads = true;
  loop.onKey("R");
  assertEquals([world.done.at(-1), world.screen.at(-1)], ["l web", "web is not supervised"]);
});

Deno.test("TopLoop looks soon after it has sent something, since nobody may hear of it", () => {
  const world = new FakeWorld();
  using loop = openLoop(world);
  loop.onKey("r");
  world.pass(100);
  assertEquals(world.looks, 2);
});

Deno.test("TopLoop shows a log until it is left, and says so where there is none", () => {
  const world = new FakeWorld();
  using loop = openLoop(world);
  loop.onKey("l");
  world.feed(["first", "second"]);
  assertEquals(world.screen.slice(0, 3), ["db  log, following", "first", "second"]);
  world.pass(2000);
  assertEquals(world.screen[1], "first");
  loop.onKey("q");
  assertEquals(world.done, ["open db", "close db"]);
  assertEquals(world.screen[0]!.slice(0, 9), "hexad top");
  world.logs = "db has no log directory that could be found";
  loop.onKey("l");
  assertEquals([world.screen[0]!.slice(0, 9), world.screen.at(-1)], ["hexad top", world.logs]);
});

Deno.test("TopLoop: a larger screen is drawn anew; leaving it closes the log and ends the looks", () => {
  const world = new FakeWorld();
  {
    using loop = openLoop(world);
    loop.onResize({ rows: 20, columns: 30 });
    assertEquals([world.done, world.screen.length], [["forget"], 20]);
    loop.onKey("l");
  }
  assertEquals(world.done.at(-1), "close db");
  const { looks } = world;
  world.pass(10_000);
  assertEquals(world.looks, looks);
});

Deno.test("TopLoop: a throw that nobody expects, in a look, a command or a log, is told on the screen, and the screen goes on", () => {
  const world = new FakeWorld();
  const broken = (): never => {
    throw new TypeError("sabotage");
  };
  const { look, send, openLog, hasReloadSignal } = world;
  using loop = openLoop(world);
  world.look = broken;
  world.pass(1000);
  assertMatch(world.screen.at(-1)!, /internal error: TypeError: sabotage/);
  assertEquals(world.screen.some((line) => line.includes("web")), true, "what was seen last stays");
  world.look = look;
  Object.assign(world, { send: broken, openLog: broken, hasReloadSignal: broken });
  for (const key of ["u", "R", "l"]) {
    loop.onKey(key);
    assertMatch(world.screen.at(-1)!, /internal error: TypeError: sabotage/, key);
  }
  Object.assign(world, { send, openLog, hasReloadSignal });
  const { looks } = world;
  world.pass(3000);
  assert(world.looks > looks, "it looks on");
  loop.onKey("u");
  assertMatch(world.screen.at(-1)!, /told to start/);
});

Deno.test("TopLoop: what can't be seen is told at each look, over what was seen last, until it is seen again", () => {
  const world = new FakeWorld();
  const { look } = world;
  using loop = openLoop(world);
  world.look = () => "unable to ask: Connection refused";
  world.pass(1000);
  assertEquals(world.screen.at(-1), "unable to ask: Connection refused");
  assertEquals(world.screen.some((line) => line.includes("web")), true);
  assertEquals(world.done, [], "no empty screen in between");
  loop.onKey("j");
  world.pass(1000);
  assertEquals(world.screen.at(-1), "unable to ask: Connection refused");
  world.look = look;
  world.pass(1000);
  assertEquals(world.screen.at(-1), "the services can be seen again");
  loop.onKey("j");
  world.pass(1000);
  assertMatch(world.screen.at(-1)!, /^\? help/);
});

Deno.test("TopLoop: a supervisor elsewhere: the answer is told when it comes, and not after the end", async () => {
  const world = new FakeWorld();
  const answers: PromiseWithResolvers<string | undefined>[] = [];
  world.send = () => {
    answers.push(Promise.withResolvers());
    return answers.at(-1)!.promise;
  };
  const screenAfter = async (): Promise<string> => {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    return world.screen.at(-1)!;
  };
  {
    using loop = openLoop(world);
    loop.onKey("u");
    assertMatch(await screenAfter(), /^\? help/);
    answers[0]!.resolve(undefined);
    assertEquals(await screenAfter(), "db: told to start");
    loop.onKey("u");
    answers[1]!.resolve("this server may not start services");
    assertEquals(await screenAfter(), "this server may not start services");
    loop.onKey("u");
    answers[2]!.reject(new TypeError("sabotage"));
    assertMatch(await screenAfter(), /internal error: TypeError: sabotage/);
    loop.onKey("u");
  }
  world.draw = () => assert(false, "nothing is drawn after the end");
  answers[3]!.resolve(undefined);
  await screenAfter();
});
