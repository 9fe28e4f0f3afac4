/**
 * What must hold of every set of services and every course of events: each starts after what it
 * needs and stops before it, nothing runs twice at a time, every change ends, and in the end the
 * state is what the newest wishes ask for.
 */
import { assert, assertEquals } from "@std/assert";
import type { RcEffect } from "../../../lib/rc/core/engine_state.ts";
import { closure } from "../../../lib/rc/core/graph.ts";
import type { ServiceSketch } from "../../fake/rc_database.ts";
import { rcDatabase } from "../../fake/rc_database.ts";
import { RcWorld } from "../../fake/rc_world.ts";

/** Numbers that look random and are the same each time (mulberry32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Course {
  readonly world: RcWorld;
  readonly names: readonly string[];
  random(below: number): number;
}

function course(
  seed: number,
  options: { readonly soft: boolean; readonly essential: boolean },
): Course {
  const random = randomFrom(seed);
  const names = Array.from({ length: 2 + random(14) }, (_, i) => `s${i}`);
  // names in another order than that of the needs
  const order = names.toSorted(() => random(3) - 1);
  const some = (limit: number, odds: number): string[] =>
    order.slice(0, limit).filter(() => random(100) < odds);
  const sketch: Record<string, ServiceSketch> = {};
  order.forEach((name, i) => {
    const others = order.filter((other) => other !== name);
    sketch[name] = {
      oneshot: random(2) === 0,
      needs: some(i, 30).map((other) =>
        !sketch[other]?.oneshot && random(6) === 0 ? `${other}:started` : other
      ),
      tellsReadiness: random(2) === 0,
      essential: options.essential && random(5) === 0,
      ...(random(4) === 0 ? { up: [], down: [] } : {}),
      ...(options.soft
        ? {
          wants: some(i, 15),
          after: others.filter(() => random(100) < 15),
          restartsWith: others.filter(() => random(100) < 6),
        }
        : {}),
    };
  });
  return { world: new RcWorld(rcDatabase(sketch)), names, random };
}

/**
 * Looks at each effect as it comes: nobody begins before what it needs is there, nobody is stopped
 * before those that need it.
 */
function watchOrder(world: RcWorld): void {
  world.onStep = (_, effects: readonly RcEffect[]) => {
    const { services } = world.engine;
    for (const effect of effects) {
      const begins =
        effect.kind === "run" && effect.change !== undefined && effect.script !== "reload" ||
        effect.kind === "order" && (effect.order === "up" || effect.order === "down");
      if (!begins) continue;
      const service = world.database.services[effect.service]!;
      const direction = effect.kind === "run" ? effect.script : effect.order;
      // told to be down after a failure to start, or after a cancelled start: that is no stop
      const isStop = direction === "down" &&
        services[effect.service]!.transition?.direction === "down";
      if (direction === "up") {
        for (const { on, condition } of service.dependencies) {
          const need = services[on]!;
          const isThere = need.up && need.transition === undefined ||
            condition === "started" && need.transition?.spawned === true;
          assert(isThere, `${service.name} begins before ${world.name(on)}`);
        }
      } else if (isStop) {
        for (const dependant of service.dependants) {
          const { up, transition, dying } = services[dependant]!;
          assert(
            !up && transition === undefined && !dying,
            `${service.name} is stopped before ${world.name(dependant)}`,
          );
        }
      }
    }
  };
}

/**
 * What is up has what it needs, but for what has failed later: a start that was not waited for, a
 * restart.
 */
function isConsistent(world: RcWorld): void {
  for (const { number, name, dependencies } of world.database.services) {
    if (!world.engine.services[number]!.up) continue;
    for (const { on, condition } of dependencies) {
      const { up, failure } = world.engine.services[on]!;
      assert(
        up || failure !== undefined || condition === "started",
        `${name} is up, ${world.name(on)} is not`,
      );
    }
  }
}

Deno.test("any graph: up in order, all of it; down as the mirror of it, all of it", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const { world, names, random } = course(seed, { soft: seed % 2 === 0, essential: false });
    watchOrder(world);
    for (const name of names) {
      world.scripts.set(`up ${name}`, { code: 0, afterMs: random(30) }).set(`down ${name}`, {
        code: 0,
        afterMs: random(30),
      });
      world.longruns.set(name, { afterMs: random(30), downAfterMs: random(30) });
    }
    world.change("up", names);
    world.settle();
    assertEquals([world.ends.get(1), world.up.length], [0, names.length], `seed ${seed}`);
    world.change("down", [], { live: true });
    world.settle();
    assertEquals([world.ends.get(2), world.up], [0, []], `seed ${seed}`);
    assertEquals([world.living.size, world.running.size], [0, 0], `seed ${seed}`);
  }
});

Deno.test("any sequence of wishes without failures ends in what the newest wishes ask for", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const { world, names, random } = course(seed, { soft: false, essential: false });
    watchOrder(world);
    const wished = new Map<number, boolean>();
    for (let i = 0; i < 12; i++) {
      for (const name of names) {
        world.scripts.set(`up ${name}`, { code: 0, afterMs: random(40) }).set(`down ${name}`, {
          code: 0,
          afterMs: random(40),
        });
        world.longruns.set(name, { afterMs: random(40), downAfterMs: random(40) });
      }
      const direction = random(2) === 0 ? "up" : "down";
      const chosen = names.filter(() => random(3) === 0);
      for (
        const number of closure(
          world.database,
          chosen.map((name) => world.number(name)),
          direction,
        )
      ) {
        wished.set(number, direction === "up");
      }
      world.change(direction, chosen);
      world.pass(random(60));
    }
    world.settle();
    world.pass(1000);
    for (const name of names) {
      const number = world.number(name);
      assertEquals(
        world.engine.services[number]!.up,
        wished.get(number) ?? false,
        `seed ${seed}: ${name}\n${world.said.join("\n")}`,
      );
    }
  }
});

Deno.test("any course of wishes, deaths, failures, limits and lost clients: every change ends, and what is up has what it needs", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const { world, names, random } = course(seed, {
      soft: seed % 3 === 0,
      essential: seed % 4 === 0,
    });
    watchOrder(world);
    const anyName = (): string => names[random(names.length)]!;
    for (let i = 0; i < 25; i++) {
      const name = anyName();
      world.scripts.set(
        `up ${name}`,
        random(8) === 0
          ? "hangs"
          : { code: random(4) === 0 ? 1 : 0, afterMs: random(40), stubborn: random(4) === 0 },
      );
      world.scripts.set(`down ${name}`, { code: random(5) === 0 ? 1 : 0, afterMs: random(40) });
      world.longruns.set(name, {
        up: (["ready", "ready", "never ready", "over", "unspawnable", "gone"] as const)[random(6)]!,
        afterMs: random(30),
        down: random(5) === 0 ? "hangs" : "down",
      });
      const kind = random(10);
      const timeoutMs = 50 + random(200);
      if (kind < 6) {
        world.change(random(2) === 0 ? "up" : "down", [anyName(), anyName()], {
          timeoutMs,
          prune: random(6) === 0,
          forced: random(3) === 0,
        });
      } else if (kind === 6) world.feed({ kind: "cancel", id: 1 + random(20), signal: "TERM" });
      else if (kind === 7) world.feed({ kind: "vanish", id: 1 + random(20) });
      else if (world.living.has(world.number(name))) {
        world.news(name, { kind: "died", exitCode: random(3) });
        world.news(name, { kind: "down" });
        if (random(2) === 0) world.news(name, { kind: "spawned" });
      }
      world.pass(random(60));
    }
    world.settle();
    assertEquals(world.engine.changes.size, 0, `seed ${seed}`);
    isConsistent(world);
    // the end: nothing that fails now
    for (const name of names) {
      world.scripts.set(`down ${name}`, { code: 0 });
      world.longruns.set(name, { down: "down" });
    }
    world.feed({ kind: "close" });
    const last = world.change("down", [], { live: true, forced: true, graceMs: 500 });
    world.settle();
    assertEquals([world.ends.get(last), world.up], [0, []], `seed ${seed}`);
  }
});
