/** A storm of deaths is reaped in portions, and nobody is forgotten. */
import { assertEquals } from "@std/assert";
import { Portions } from "../../../lib/libc/portions.ts";
import { Reaper } from "../../../lib/processes/reaper.ts";

/** In one go; between two goes the loop looks at everything else. */
const MOST = 64;

Deno.test("Reaper: 961 deaths are told in order, never more than 64 without a look at everything else", () => {
  const turns: (() => void)[] = [];
  const dead = Array.from({ length: 961 }, (_, i) => ({ pid: 1000 + i, wstat: i }));
  const left = [...dead];
  const reaper = new Reaper(new Portions((turn) => turns.push(turn)), {
    nextDeath: () => left.shift(),
  });
  const told: number[] = [];
  let rounds = 0;
  for (const { pid } of dead.filter(({ pid }) => pid % 2 === 0)) {
    reaper.own(pid, (wstat) => told.push(wstat));
  }
  reaper.afterDeaths = () => rounds++;
  const goes: number[] = [];
  const go = (work: () => void): void => {
    const before = left.length;
    work();
    goes.push(before - left.length);
  };
  go(() => reaper.reap());
  for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
    go(turn);
    reaper.reap(); // SIGCHLD comes meanwhile
  }
  assertEquals(Math.max(...goes), MOST);
  assertEquals(left.length, 0);
  assertEquals(told, dead.filter(({ pid }) => pid % 2 === 0).map(({ wstat }) => wstat));
  assertEquals(rounds, Math.ceil(961 / MOST));
});

Deno.test("Reaper: who throws when he is told of a death keeps nobody else from being told", () => {
  const left = [{ pid: 1, wstat: 0 }, { pid: 2, wstat: 256 }];
  const mishaps: unknown[] = [];
  const reaper = new Reaper(new Portions(() => {}), {
    nextDeath: () => left.shift(),
    onMishap: (error) => mishaps.push(error),
  });
  const told: number[] = [];
  reaper.own(1, () => {
    throw new TypeError("sabotage");
  });
  reaper.own(2, (wstat) => told.push(wstat));
  reaper.afterDeaths = () => {
    told.push(-1);
    throw new TypeError("sabotage");
  };
  reaper.reap();
  assertEquals([told, mishaps.length], [[256, -1], 2]);
});
