/**
 * `hexad status` on terminals of several widths, and in a pipe: what stands there, character by
 * character.
 */
import { assertEquals } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { openTerminal } from "../../fixture/tmux.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { freeze, type FrozenService, type FrozenTree } from "./frozen_tree.ts";

requireToolset(OURS);

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
    files: {
      "log/run": "#!/bin/sh\nexec s6-log t ./main\n",
      "log/main/current":
        "@400000006b0230d90556ad0c no route to host: db.example.org, giving up after 7 tries\n",
      "log/down": "",
    },
  },
  "odd\x1b[31mred": { since: 0, flags: 0, garbage: new TextEncoder().encode("garbage") },
  "web": {
    since: 5 * 3600,
    wstat: 11,
    flags: READY,
    deaths: [[5 * 3600, 139, 11]],
    files: {
      "log/run": "#!/bin/sh\nexec s6-log ./main\n",
      "log/main/current": "天地玄黃宇宙洪荒 wide\x1b[2J line\n",
    },
  },
  "worker": { since: 0, flags: 0, abandoned: true },
};

function hexad(frozen: FrozenTree): readonly string[] {
  return [OURS.bin("hexad"), "status", "-S", frozen.tree.root];
}

// deno-fmt-ignore
const WIDE = [
  "SERVICE         STATE                                        PID  SINCE  RESTARTS  LAST EXIT        MEM  CPU  LAST LOG LINE",
  "cron            down                                           -  3d 2h         0  -                  -    -  -",
  "database        backing off                                    -  40d           1  exit 1, 40d ago    -    -  no route to host: db.example.org, giving up after 7 tries",
  "database/log    not supervised                                 -  -             -  -                  -    -  -",
  "odd\\x1b[31mred  unknown, supervise/status has 7 bytes of 35    -  -             -  -                  -    -  -",
  "web             down                                           -  5h            0  SIGSEGV, 5h ago    -    -  天地玄黃宇宙洪荒 wide\\x1b[2J line",
  "web/log         not supervised                                 -  -             -  -                  -    -  -",
  "worker          not supervised                                 -  -             -  -                  -    -  -",
  "",
  "5 services: 1 backing off, 1 not supervised, 1 unknown, 2 down; 2 loggers not well",
];

// deno-fmt-ignore
const SCREENS: Readonly<Record<number, readonly string[]>> = {
  40: [
    "SERVICE         STATE              SINCE",
    "cron            down               3d 2h",
    "database        backing off        40d",
    "database/log    not supervised     -",
    "odd\\x1b[31mred  unknown, supervi…  -",
    "web             down               5h",
    "web/log         not supervised     -",
    "worker          not supervised     -",
    "",
    "5 services: 1 backing off, 1 not",
    "supervised, 1 unknown, 2 down; 2 loggers",
    "not well",
  ],
  80: [
    "SERVICE         STATE                           SINCE  RESTARTS  LAST EXIT",
    "cron            down                            3d 2h         0  -",
    "database        backing off                     40d           1  exit 1, 40d ago",
    "database/log    not supervised                  -             -  -",
    "odd\\x1b[31mred  unknown, supervise/status has…  -             -  -",
    "web             down                            5h            0  SIGSEGV, 5h ago",
    "web/log         not supervised                  -             -  -",
    "worker          not supervised                  -             -  -",
    "",
    "5 services: 1 backing off, 1 not supervised, 1 unknown, 2 down; 2 loggers not",
    "well",
  ],
  120: [
    "SERVICE         STATE                              PID  SINCE  RESTARTS  LAST EXIT        MEM  CPU  LAST LOG LINE",
    "cron            down                                 -  3d 2h         0  -                  -    -  -",
    "database        backing off                          -  40d           1  exit 1, 40d ago    -    -  no route to host: d…",
    "database/log    not supervised                       -  -             -  -                  -    -  -",
    "odd\\x1b[31mred  unknown, supervise/status has 7 …    -  -             -  -                  -    -  -",
    "web             down                                 -  5h            0  SIGSEGV, 5h ago    -    -  天地玄黃宇宙洪荒 wi…",
    "web/log         not supervised                       -  -             -  -                  -    -  -",
    "worker          not supervised                       -  -             -  -                  -    -  -",
    "",
    "5 services: 1 backing off, 1 not supervised, 1 unknown, 2 down; 2 loggers not well",
  ],
  200: WIDE,
};

Deno.test("status: in a pipe nothing is cut, aligned without colours, and the exit code tells that not all is well", async () => {
  await using frozen = await freeze(SERVICES);
  const [program = "", ...args] = hexad(frozen);
  const { code, stdout, stderr } = await run(program, args);
  assertEquals([code, stderr], [1, ""]);
  assertEquals(stdout, WIDE.map((line) => `${line}\n`).join(""));
});

Deno.test("status: in a pipe COLUMNS limits the width as a terminal does", async () => {
  await using frozen = await freeze(SERVICES);
  const [program = "", ...args] = hexad(frozen);
  for (const [columns, screen] of Object.entries(SCREENS)) {
    const { stdout } = await run(program, args, { env: { COLUMNS: columns } });
    assertEquals(stdout.trimEnd().split("\n"), screen);
  }
});

for (const [columns, screen] of Object.entries(SCREENS)) {
  Deno.test(`status: on a terminal of ${columns} columns`, async () => {
    await using frozen = await freeze(SERVICES);
    await using terminal = await openTerminal(hexad(frozen), { columns: Number(columns) });
    assertEquals(await terminal.until(/\[exit/), [...screen, "[exit 1]"]);
  });
}

Deno.test("status: a terminal has colours, unless NO_COLOR is set or the terminal is dumb", async () => {
  await using frozen = await freeze(SERVICES);
  const colours = async (env: Readonly<Record<string, string>>): Promise<boolean> => {
    await using terminal = await openTerminal([
      "env",
      ...Object.entries(env).map(([n, v]) => `${n}=${v}`),
      ...hexad(frozen),
    ], {
      columns: 100,
    });
    await terminal.until(/\[exit/);
    const line = (await terminal.screen({ colours: true })).find((text) =>
      text.includes("backing off")
    )!;
    return line.includes("\x1b[31mbacking off");
  };
  assertEquals([
    await colours({}),
    await colours({ NO_COLOR: "1" }),
    await colours({ NO_COLOR: "" }),
    await colours({ TERM: "dumb" }),
  ], [
    true,
    false,
    true,
    false,
  ]);
});

Deno.test("status: services that are as they should be are well, and a look at them alone says so", async () => {
  await using frozen = await freeze(SERVICES);
  const [program = "", ...args] = hexad(frozen);
  const { code, stdout } = await run(program, [...args, "cron"]);
  assertEquals([code, stdout.split("\n").length], [0, 3]);
  assertEquals((await run(program, ["health", "-S", frozen.tree.root, "cron"])).code, 0);
  assertEquals(await run(program, ["health", "-S", frozen.tree.root]), {
    code: 1,
    stdout: "",
    stderr: "",
  });
});
