/**
 * `hexad top` driven by keys: what the screen shows, what happens to services of ours and of C s6.
 */
import { assertEquals } from "@std/assert";
import { eventually } from "../../fixture/deadline.ts";
import { openTerminal, type Terminal } from "../../fixture/tmux.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { OURS_OURS, THEIRS_OURS } from "../pairing.ts";
import { openWorld, STAYS, STAYS_READY, type World } from "../world.ts";
import { freeze, type FrozenService } from "./frozen_tree.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");

/** Prints what is written to its FIFO. */
const REPEATS = '#!/bin/sh\nexec 4<>in\nwhile read -r line <&4; do printf "%b\\n" "$line"; done\n';
const LOGGED = {
  "web/run!": REPEATS,
  "web/in|": "",
  "web/log/run!": "#!/bin/sh\nexec s6-log t ./main\n",
};

function top(world: World, columns = 100, ...args: string[]): Promise<Terminal> {
  return openTerminal([HEXAD, "top", "-S", world.tree.root, ...args], { columns });
}

for (const pairing of [OURS_OURS, THEIRS_OURS]) {
  const env = { PATH: `${pairing.daemon.bin("").slice(0, -1)}:${Deno.env.get("PATH")}` };

  Deno.test(`${pairing.name}: top: keys stop, start, restart and signal the selected service`, async () => {
    requireToolset(pairing.daemon);
    await using world = await openWorld(pairing, {
      "db/run!": STAYS,
      "web/run!": STAYS_READY,
      "web/notification-fd": "3",
    });
    await world.events("db").until("u");
    await world.events("web").until("U");
    await using terminal = await top(world);
    await terminal.until(/\n> +db +up .*\n +web +ready /);
    await terminal.type("j");
    await terminal.until(/\n> +web +ready /);
    await terminal.type("s");
    await terminal.until(/\nstop web\? \(y\/n\)$/);
    await terminal.type("n");
    await terminal.until(/\n\? help/);
    assertEquals(await world.field("web", "up"), "true");
    await terminal.type("s", "y");
    await terminal.until(/\n> +web +down[^]*\nweb: told to stop$/);
    await terminal.type("u");
    await terminal.until(/\n> +web +ready[^]*\nweb: told to start$/);
    const pid = await world.field("web", "pid");
    await terminal.type("r");
    await terminal.until(/\nweb: told to restart$/);
    await eventually(
      "another process of web",
      async () => !["-1", pid].includes(await world.field("web", "pid")),
    );
    await terminal.type("k", "K");
    await terminal.until(/\nsignal for db \(Enter: TERM\): _$/);
    await terminal.type("h", "u", "p", "Enter");
    await terminal.until(/\n> +db +up .* SIGHUP, [^]*\ndb: was sent SIGHUP$/);
    await terminal.type("q");
    await terminal.until(/\[exit 0\]/);
  });

  Deno.test(`${pairing.name}: top: what happens is seen as it happens; services that come later too`, async () => {
    await using world = await openWorld(pairing, { "web/run!": STAYS, "web/down": "" });
    await world.events("web").until("s");
    await using terminal = await top(world);
    await terminal.until(/\n> +web +down /);
    await world.svc("-u", "web");
    await terminal.until(/\n> +web +up /);
    world.tree.add({ "late/run!": STAYS });
    await terminal.until(/ 2 services, 1 not well\n.*\n +late +not supervised .*\n> +web +up /);
    await world.ok("s6-svscanctl", "-a", ".");
    await terminal.until(/ 2 services, all well\n.*\n +late +up .*\n> +web +up /);
  });

  Deno.test(`${pairing.name}: top: the log of a service is followed; what it holds can't get at the terminal`, async () => {
    await using world = await openWorld(pairing, LOGGED, { env });
    await world.events("web").until("u");
    const say = (line: string): Promise<void> =>
      Deno.writeTextFile(world.tree.path("web/in"), `${line}\n`);
    await say("before");
    await using terminal = await top(world, 60);
    await terminal.until(/\n> +web +up/);
    await eventually(
      "the line in the log",
      () => world.tree.exists("web/log/main/current") && world.tree.text("web/log/main/current"),
    );
    await terminal.type("Enter");
    await terminal.until(/^web +log, following\n\d{4}-.* before\n/);
    await say("\\033]0;stolen\\007\\033[2J\\033[?1049lhostile");
    await terminal.until(/ \\x1b\]0;stolen\\x07\\x1b\[2J\\x1b\[\?1049lh\n?ostile/);
    assertEquals(
      await terminal.tell("#{alternate_on} #{pane_title}").then((text) => text.includes("stolen")),
      false,
    );
    assertEquals(await terminal.tell("#{alternate_on}"), "1");
    for (let i = 0; i < 40; i++) await say(`line ${i} ${"x".repeat(60)}`);
    await terminal.until(/ line 39 x+\nx+\nq back/);
    await terminal.type("k");
    await terminal.until(/^web +log, 1 line below\n[^]* line 38 x+\nx+\nq back/);
    await say("last");
    await terminal.until(/^web +log, 2 lines below\n/);
    await terminal.type("G");
    await terminal.until(/^web +log, following\n[^]* last\nq back/);
    await terminal.type("Escape");
    await terminal.until(/\n> +web +up/);
  });
}

const DAY = 86_400;
const WANTED_UP = 4;
const READY = 8;

const SERVICES: Readonly<Record<string, FrozenService>> = {
  "cron": { since: 3 * DAY + 2 * 3600 + 5, wstat: 0, flags: READY },
  "database": {
    since: 40 * DAY,
    wstat: 1 << 8,
    flags: WANTED_UP + READY,
    deaths: [[41 * DAY, 0, 0], [40 * DAY, 1, 0]],
  },
  "odd\x1b[31mred": { since: 5 * 3600, wstat: 11, flags: READY, deaths: [[5 * 3600, 139, 11]] },
};

// deno-fmt-ignore
const SCREENS: readonly (readonly [columns: number, rows: number, lines: readonly string[]])[] = [
  [100, 8, [
    "hexad top  DIR  3 services, 1 not well",
    "   SERVICE         STATE        PID  SINCE  RESTARTS  LAST EXIT        MEM  CPU  %CPU  LAST LOG LINE",
    ">  cron            down           -  3d 2h         0  -                  -    -     -  -",
    "   database        backing off    -  40d           1  exit 1, 40d ago    -    -     -  -",
    "   odd\\x1b[31mred  down           -  5h            0  SIGSEGV, 5h ago    -    -     -  -",
    "",
    "",
    "? help  q quit  Enter log  r restart  s stop  u start  K signal  / filter  o sort",
  ]],
  [60, 5, [
    "   SERVICE         STATE        SINCE  LAST EXIT",
    ">  cron            down         3d 2h  -",
    "   database        backing off  40d    exit 1, 40d ago",
    "   odd\\x1b[31mred  down         5h     SIGSEGV, 5h ago",
    "? help  q quit  Enter log  r restart  s stop  u start",
  ]],
  [24, 4, [
    "   SERVICE       STATE",
    ">  cron          down",
    "   database      backin…",
    "? help  q quit",
  ]],
  [10, 2, [">  cron  …", "? help"]],
];

for (const [columns, rows, lines] of SCREENS) {
  Deno.test(`top: on a terminal of ${columns} columns and ${rows} rows`, async () => {
    await using frozen = await freeze(SERVICES);
    await using terminal = await openTerminal([HEXAD, "top", "-S", frozen.tree.root], {
      columns,
      rows,
    });
    await terminal.until(/\? help/);
    assertEquals(
      (await terminal.screen()).map((line) => line.replace(frozen.tree.root, "DIR")),
      lines,
    );
  });
}

Deno.test("top: a terminal that changes its size gets another picture, and whatever size it has, keys work", async () => {
  await using frozen = await freeze(SERVICES);
  await using terminal = await openTerminal([HEXAD, "top", "-S", frozen.tree.root], {
    columns: 80,
    rows: 10,
  });
  await terminal.until(/^hexad top/);
  await terminal.resize(30, 3);
  await terminal.until(/^> +cron.*\n +database.*\n\? help +q quit +Enter log$/);
  await terminal.resize(1, 1);
  await terminal.until(/^…$/);
  await terminal.type("j");
  await terminal.resize(80, 10);
  await terminal.until(/^hexad top.*\n.*\n +cron.*\n> +database/);
});

Deno.test("top: / filters, o sorts, ? explains", async () => {
  await using frozen = await freeze(SERVICES);
  await using terminal = await openTerminal([HEXAD, "top", "-S", frozen.tree.root], {
    columns: 80,
    rows: 20,
  });
  await terminal.until(/^hexad top/);
  await terminal.type("/", "d", "o", "w", "n");
  await terminal.until(/\n> +cron.*\n +odd.*\n\n[^]*\n\/down_$/);
  await terminal.type("Enter");
  await terminal.until(/^hexad top.*only: down\n/);
  await terminal.type("Escape", "o");
  await terminal.until(/^hexad top.*by state\n.*\n +database.*\n> +cron.*\n +odd/);
  await terminal.type("?");
  await terminal.until(/^Up Down[^]*quit\n[^]*any key goes back$/);
  await terminal.type("x");
  await terminal.until(/^hexad top/);
});
