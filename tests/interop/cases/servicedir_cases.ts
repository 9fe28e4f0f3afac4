/** The files of a service directory, each obeyed; and what run and finish are given. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { isAlive } from "../../fixture/processes.ts";
import { is215, type Pairing, test } from "../pairing.ts";
import { openWorld, STAYS, STAYS_READY, TELLS_SIGNALS } from "../world.ts";

/** A `run` that is ready when it ignores SIGTERM. */
const DEAF = "#!/bin/sh\ntrap '' TERM\necho >&3\nexec sleep 100000 3>&-\n";
/** The same with a child, whose pid is in the file `child`. */
const DEAF_FAMILY =
  "#!/bin/sh\ntrap '' TERM\nsleep 100000 3>&- &\necho $! >child\necho >&3\nexec sleep 100000 3>&-\n";

function runCases(p: Pairing): void {
  test(
    p,
    "run is started in its directory, in a session of its own, with the service's name as its argument",
    async () => {
      const run =
        '#!/bin/sh\necho "args $#: $1; in $PWD; session $(ps -o sid= --pid $$ | tr -d " ") of $$"\nexec sleep 100000\n';
      await using world = await openWorld(p, { "db/run!": run });
      await world.events("db").expect("su");
      const line = await world.svscan.output.until(/args .*\n/);
      const { pid } = world.status("db");
      assertEquals(line, `args 1: db; in ${world.tree.path("db")}; session ${pid} of ${pid}\n`);
    },
  );
  test(
    p,
    "a service's process has no descriptor that its supervisor holds for itself",
    async () => {
      const run = "#!/bin/sh\nls -l /proc/self/fd >descriptors\necho >&3\nexec sleep 100000 3>&-\n";
      await using world = await openWorld(p, { "db/run!": run, "db/notification-fd": "3" });
      await world.events("db").expect("suU");
      const lines = world.tree.text("db/descriptors").split("\n");
      assertEquals(lines.filter((line) => /\/(supervise|event|\.s6-svscan)\b/.test(line)), []);
    },
  );
  test(p, "a service that exits at once is started once a second, not in a rush", async () => {
    await using world = await openWorld(p, { "db/run!": "#!/bin/sh\nexit 0\n" });
    await world.events("db").expect("sudD");
    const first = world.status("db");
    await world.events("db").expect("udD");
    const second = world.status("db");
    const elapsedMs = Number(second.stampSeconds - first.stampSeconds) * 1000 +
      (second.stampNano - first.stampNano) / 1e6;
    // nominally a second between the starts; what is far below it is a rush, whatever else the
    // machine does
    assertEquals(elapsedMs > 300, true, `died again after ${elapsedMs} ms`);
  });
}

function finishCases(p: Pairing): void {
  const ends: readonly (readonly [string, string, string])[] = [
    ["an exit code", "exit 3", "3 0 db"],
    ["a signal", "kill -TERM $$", "256 15 db"],
  ];
  for (const [what, death, expected] of ends) {
    test(
      p,
      `finish is told ${what}, the service's name${
        is215(p.daemon) ? " and the dead process group" : ""
      }`,
      async () => {
        await using world = await openWorld(p, {
          "db/run!": `#!/bin/sh\necho $$ >pid\n${death}\n`,
          "db/finish!": '#!/bin/sh\necho "$*" >args\n',
          "db/down": "",
        });
        await world.events("db").expect("s");
        await world.svc("-o", "db");
        await world.events("db").expect("udD");
        const pgid = is215(p.daemon) ? ` ${world.tree.text("db/pid").trimEnd()}` : "";
        assertEquals(world.tree.text("db/args").trimEnd(), expected + pgid);
      },
    );
  }
  test(p, "finish runs between two lives of run, and its pid stands in the status", async () => {
    await using world = await openWorld(p, {
      "db/run!": STAYS,
      "db/finish!": "#!/bin/sh\necho $$ >pid\nread line <go\n",
      "db/go|": "",
    });
    await world.events("db").expect("su");
    await world.svc("-t", "db");
    await world.events("db").expect("d");
    const pid = await eventually(
      "finish to write its pid",
      () => world.tree.exists("db/pid") && (Number(world.tree.text("db/pid")) || undefined),
    );
    assertEquals([world.status("db").pid, world.status("db").finishing], [pid, true]);
    await world.tree.feed("db/go", "\n");
    await world.events("db").expect("Du");
  });
  test(
    p,
    "finish that exits 125: the service failed permanently and is not started again",
    async () => {
      await using world = await openWorld(p, {
        "db/run!": "#!/bin/sh\nexit 1\n",
        "db/finish!": "#!/bin/sh\nexit 125\n",
      });
      await world.events("db").expect("sudOD");
      assertEquals(await world.field("db", "up,wantedup,exitcode"), "false false 1");
    },
  );
  test(p, "timeout-finish: a finish script that stays too long is killed", async () => {
    await using world = await openWorld(p, {
      "db/run!": STAYS,
      "db/finish!": STAYS,
      "db/timeout-finish": "100",
    });
    await world.events("db").expect("su");
    await world.svc("-d", "db");
    await world.events("db").expect("dD");
    await world.svscan.output.until(
      "s6-supervise db: warning: finish script lifetime reached maximum value - sending it a SIGKILL",
    );
  });
  test(
    p,
    "a finish script that can't be executed is a warning, and the service is down",
    async () => {
      await using world = await openWorld(p, { "db/run!": STAYS, "db/finish": "#!/bin/sh\n" });
      await world.events("db").expect("su");
      await world.svc("-d", "db");
      await world.events("db").expect("dD");
      // 2.11 forks first, and its child dies in silence
      if (is215(p.daemon)) {
        await world.svscan.output.until(
          "s6-supervise db: warning: unable to spawn ./finish: ",
        );
      }
    },
  );
}

function endCases(p: Pairing): void {
  test(p, "timeout-kill: a service deaf to its down-signal is killed", async () => {
    await using world = await openWorld(p, {
      "db/run!": DEAF,
      "db/notification-fd": "3",
      "db/timeout-kill": "100",
    });
    await world.events("db").expect("suU");
    await world.svc("-d", "db");
    await world.events("db").expect("dD");
    assertEquals(await world.field("db", "signal"), "SIGKILL");
  });
  test(
    p,
    "timeout-kill is for commands to go down: a restart by signal waits as long as it takes",
    async () => {
      await using world = await openWorld(p, {
        "db/run!": TELLS_SIGNALS,
        "db/notification-fd": "3",
        "db/timeout-kill": "1",
      });
      await world.events("db").expect("suU");
      await world.svc("-r", "db");
      await world.svscan.output.until("got TERM\n");
      await world.svc("-h", "db");
      await world.svscan.output.until("got HUP\n");
      assertEquals(await world.field("db", "up"), "true");
    },
  );
  test(
    p,
    "timeout-kill without flag-timeout-killpg spares the rest of the process group",
    async () => {
      await using world = await openWorld(p, {
        "db/run!": DEAF_FAMILY,
        "db/notification-fd": "3",
        "db/timeout-kill": "100",
      });
      await world.events("db").expect("suU");
      const child = Number(world.tree.text("db/child"));
      await world.svc("-d", "db");
      await world.events("db").expect("dD");
      assertEquals(isAlive(child), true);
    },
  );
  for (const [text, signal] of [["SIGINT\n", "INT"], ["usr1", "USR1"], ["1\n", "HUP"]] as const) {
    test(
      p,
      `down-signal ${JSON.stringify(text)} is what -d and -r send, read when it is sent`,
      async () => {
        await using world = await openWorld(p, {
          "db/run!": TELLS_SIGNALS,
          "db/notification-fd": "3",
        });
        await world.events("db").expect("suU");
        world.tree.add({ "db/down-signal": text });
        await world.svc("-r", "db");
        await world.svscan.output.until(`got ${signal}\n`);
        world.tree.add({ "db/down-signal": "KILL" });
        await world.svc("-d", "db");
        await world.events("db").expect("dD");
      },
    );
  }
  test(p, "a file of numbers with something else in it is a warning, and the default", async () => {
    await using world = await openWorld(p, {
      "db/run!": STAYS,
      "db/timeout-kill": "soon\n",
      "db/down-signal": "SIGNONSENSE\n",
    });
    await world.events("db").expect("su");
    await world.svc("-d", "db");
    await world.events("db").expect("dD");
    assertEquals(await world.field("db", "signal"), "SIGTERM");
    await world.svscan.output.until("s6-supervise db: warning: invalid timeout-kill");
    await world.svscan.output.until("s6-supervise db: warning: invalid down-signal");
  });
}

function lockCases(p: Pairing): void {
  // 2.11.3 does not make the file, and loses the lock when it moves the descriptor
  if (!is215(p.daemon)) return;
  test(p, "lock-fd: run is started with a lock on that descriptor", async () => {
    await using world = await openWorld(p, {
      "db/run!": "#!/bin/sh\necho here\nexec sleep 100000\n",
      "db/lock-fd": "7\n",
    });
    await world.events("db").expect("su");
    await world.svscan.output.until("here\n");
    assertEquals(
      Deno.readLinkSync(`/proc/${world.status("db").pid}/fd/7`),
      world.tree.path("db/supervise/service-lock"),
    );
    const { code } = await run(p.client.bin("s6-setlock"), [
      "-n",
      world.tree.path("db/supervise/service-lock"),
      "true",
    ]);
    assertEquals(code, 1);
  });
  test(p, "lock-fd: a service that wrote to the lock is told of", async () => {
    const run = "#!/bin/sh\nif test -e once; then exec sleep 100000; fi\n: >once\necho oops >&7\n";
    await using world = await openWorld(p, { "db/run!": run, "db/lock-fd": "7" });
    await world.events("db").expect("sudDu");
    await world.svscan.output.until(
      "s6-supervise db: warning: a previous instance of the service wrote to the lock file!",
    );
    assertEquals(world.tree.text("db/supervise/service-lock"), "");
  });
  test(p, "lock-fd and notification-fd work together", async () => {
    await using world = await openWorld(p, {
      "db/run!": STAYS_READY,
      "db/lock-fd": "7",
      "db/notification-fd": "3",
    });
    await world.events("db").expect("suU");
    await world.svc("-d", "db");
    await world.events("db").expect("dD");
  });
  test(
    p,
    "lock-fd and notification-fd that are the same: a warning, and the service is not started",
    async () => {
      await using world = await openWorld(p, {
        "db/run!": STAYS,
        "db/lock-fd": "3",
        "db/notification-fd": "3",
      });
      await world.svscan.output.until(
        "unable to start service: notification-fd and lock-fd are the same",
      );
      await world.events("db").expect("s");
      assertEquals(await world.field("db", "up"), "false");
    },
  );
}

function newerCases(p: Pairing): void {
  if (!is215(p.daemon)) return;
  test(p, "flag-timeout-killpg: the whole process group is killed", async () => {
    await using world = await openWorld(p, {
      "db/run!": DEAF_FAMILY,
      "db/notification-fd": "3",
      "db/timeout-kill": "100",
      "db/flag-timeout-killpg": "",
    });
    await world.events("db").expect("suU");
    const child = Number(world.tree.text("db/child"));
    await world.svc("-d", "db");
    await world.events("db").expect("dD");
    await eventually("the child to be dead", () => !isAlive(child));
  });
  test(
    p,
    "flag-newpidns: run is process 1 of a namespace of its own, and its supervisor knows it by another number",
    async () => {
      await using world = await openWorld(p, {
        "db/run!": "#!/bin/sh\necho I am $$\nexec sleep 100000\n",
        "db/flag-newpidns": "",
      });
      await world.events("db").expect("su");
      await world.svscan.output.until("I am 1\n");
      assertMatch(await world.ok("s6-svstat", "-p", "db"), /^\d{2,}\n$/);
      await world.svc("-Ok", "db");
      await world.events("db").expect("dD");
      // the supervisor's own children stay in its namespace
      world.tree.add({ "db/run!": "#!/bin/sh\necho Now I am $$\nexec sleep 100000\n" });
      world.tree.remove("db/flag-newpidns");
      await world.svc("-u", "db");
      await world.events("db").expect("u");
      await world.svscan.output.until(`Now I am ${world.status("db").pid}\n`);
    },
  );
  if (!is215(p.client)) return;
  test(p, "reload-signal is what s6-svc -l sends, read when it is sent", async () => {
    await using world = await openWorld(p, {
      "db/run!": TELLS_SIGNALS,
      "db/notification-fd": "3",
      "db/reload-signal": "SIGUSR2\n",
    });
    await world.events("db").expect("suU");
    await world.svc("-l", "db");
    await world.svscan.output.until("got USR2\n");
    world.tree.add({ "db/reload-signal": "winch" });
    await world.svc("-l", "db");
    await world.svscan.output.until("got WINCH\n");
  });
}

function otherCases(p: Pairing): void {
  test(
    p,
    "supervise and event may be symlinks to directories elsewhere that are not there yet",
    async () => {
      await using world = await openWorld(p, {
        "db/run!": STAYS,
        "db/supervise=": "../.state",
        "db/event/": "",
      });
      await world.events("db").expect("su");
      assertEquals(Deno.lstatSync(world.tree.path("db/supervise")).isSymlink, true);
      await world.ok("s6-svok", ".state/..//db");
      assertEquals(world.tree.exists(".state/status"), true);
    },
  );
  test(p, "data and env are never looked at", async () => {
    await using world = await openWorld(p, {
      "db/run!": STAYS,
      "db/data/run!": STAYS,
      "db/env/run!": STAYS,
    });
    await world.events("db").expect("su");
    assertEquals(world.tree.exists("db/data/supervise"), false);
    assertStringIncludes(await world.ok("s6-svstat", "db"), "up (pid ");
  });
}

export function servicedirCases(p: Pairing): void {
  runCases(p);
  finishCases(p);
  endCases(p);
  lockCases(p);
  newerCases(p);
  otherCases(p);
}
