/** s6-svc: every letter. */
import { assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { isAlive } from "../../fixture/processes.ts";
import { is215, type Pairing, test, testAlone } from "../pairing.ts";
import { openWorld, STAYS, STAYS_READY, TELLS_SIGNALS } from "../world.ts";

const SIGNAL_LETTERS: readonly (readonly [string, string])[] = [
  ["-a", "ALRM"],
  ["-b", "ABRT"],
  ["-q", "QUIT"],
  ["-h", "HUP"],
  ["-t", "TERM"],
  ["-i", "INT"],
  ["-1", "USR1"],
  ["-2", "USR2"],
  ["-y", "WINCH"],
  ["-c", "CONT"],
  ["-r", "TERM"],
];

const SIGNAL_NAMES: readonly (readonly [string, string])[] = [["SIGUSR1", "USR1"], ["hup", "HUP"], [
  "12",
  "USR2",
], ["SIG14", "ALRM"]];

const TELLER = { "db/run!": TELLS_SIGNALS, "db/notification-fd": "3" };

/** A service of two processes in one group; the child's pid is in the file `child`. */
const FAMILY = {
  "db/run!": "#!/bin/sh\nsleep 100000 &\necho $! >child\necho >&3\nexec sleep 100000\n",
  "db/notification-fd": "3",
};

function isStopped(pid: number): boolean {
  return /^State:\s+T/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
}

function signalCases(p: Pairing): void {
  for (const [letter, name] of SIGNAL_LETTERS) {
    test(p, `s6-svc ${letter} sends SIG${name} to the service`, async () => {
      await using world = await openWorld(p, TELLER);
      await world.events("db").expect("suU");
      await world.svc(letter, "db");
      await world.svscan.output.until(`got ${name}\n`);
    });
  }
  if (is215(p.client)) {
    for (const [argument, name] of SIGNAL_NAMES) {
      test(p, `s6-svc -s ${argument} sends SIG${name} to the service`, async () => {
        await using world = await openWorld(p, TELLER);
        await world.events("db").expect("suU");
        await world.svc("-s", argument, "db");
        await world.svscan.output.until(`got ${name}\n`);
      });
    }
  }
  test(p, "s6-svc -k kills the service, which is started again", async () => {
    await using world = await openWorld(p, { "db/run!": TELLS_SIGNALS, "db/notification-fd": "3" });
    await world.events("db").expect("suU");
    await world.svc("-k", "db");
    await world.events("db").expect("dDuU");
    assertEquals(world.status("db").wstat, 9);
  });
  test(p, "s6-svc -p stops the service and -c continues it, and the status says so", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    const { pid } = world.status("db");
    await world.svc("-p", "db");
    await eventually("the status to say paused", () => world.status("db").paused);
    await eventually("the service to be stopped", () => isStopped(pid));
    assertEquals(await world.field("db", "paused"), "true");
    await world.svc("-c", "db");
    await eventually("the status to say not paused", () => !world.status("db").paused);
    await eventually("the service to go on", () => !isStopped(pid));
    assertEquals(await world.field("db", "paused"), "false");
  });
}

function wishCases(p: Pairing): void {
  test(p, "s6-svc -d takes the service down: events dD, not started again", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    await world.svc("-d", "db");
    await world.events("db").expect("dD");
    assertEquals(await world.field("db", "up,wantedup,signal"), "false false SIGTERM");
  });
  test(p, "s6-svc -d ends a stopped service too: SIGCONT follows SIGTERM", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    await world.svc("-pd", "db");
    await world.events("db").expect("dD");
  });
  test(p, "s6-svc -u starts a service that is down", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS, "db/down": "" });
    await world.events("db").expect("s");
    await world.svc("-u", "db");
    await world.events("db").expect("u");
    assertEquals(await world.field("db", "up,wantedup,normallyup"), "true true false");
  });
  test(p, "s6-svc -du: commands are done in the order given: the service comes back", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    await world.svc("-du", "db");
    await world.events("db").expect("dDu");
  });
  test(p, "s6-svc -ud: commands are done in the order given: the service stays down", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    await world.svc("-u", "-d", "db");
    await world.events("db").expect("dD");
    assertFalse(world.status("db").wantedUp);
  });
  test(p, "s6-svc -r: the service gets its down-signal and is started again", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS_READY, "db/notification-fd": "3" });
    await world.events("db").expect("suU");
    await world.svc("-r", "db");
    await world.events("db").expect("dDuU");
    assertEquals(world.status("db").wstat, 15);
  });
  test(p, "s6-svc -o on a service that is down starts it for one life", async () => {
    await using world = await openWorld(p, { "db/run!": "#!/bin/sh\nexit 3\n", "db/down": "" });
    await world.events("db").expect("s");
    await world.svc("-o", "db");
    await world.events("db").expect("udD");
    assertEquals(await world.field("db", "up,wantedup,exitcode"), "false false 3");
  });
  for (const letter of ["-o", "-O"]) {
    test(
      p,
      `s6-svc ${letter} on a service that is up leaves it up and does not start it again`,
      async () => {
        await using world = await openWorld(p, { "db/run!": STAYS });
        await world.events("db").expect("su");
        await world.svc(letter, "db");
        await eventually("the wish to be down", () => !world.status("db").wantedUp);
        assertEquals(await world.field("db", "up"), "true");
        await world.svc("-k", "db");
        await world.events("db").expect("dD");
        assertEquals(await world.field("db", "up,wantedup"), "false false");
      },
    );
  }
  test(p, "s6-svc -O on a service that is down does not start it", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS, "db/down": "" });
    await world.events("db").expect("s");
    await world.svc("-Ox", "db"); // the end of the supervisor shows that O has been done
    await world.events("db").expect("xs");
  });
}

function downFileCases(p: Pairing): void {
  test(p, "s6-svc -D takes the service down and makes the file down", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    await world.svc("-D", "db");
    await world.events("db").expect("dD");
    assertEquals(world.tree.text("db/down"), "");
    assertEquals(await world.field("db", "normallyup"), "false");
  });
  test(p, "s6-svc -U starts the service and removes the file down", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS, "db/down": "" });
    await world.events("db").expect("s");
    await world.svc("-U", "db");
    await world.events("db").expect("u");
    assertFalse(world.tree.exists("db/down"));
    assertEquals(await world.field("db", "up,wantedup,normallyup"), "true true true");
  });
  test(
    p,
    "s6-svc -Q leaves the service up, makes the file down, and does not start the service again",
    async () => {
      await using world = await openWorld(p, { "db/run!": STAYS });
      await world.events("db").expect("su");
      await world.svc("-Q", "db");
      await eventually("the wish to be down", () => !world.status("db").wantedUp);
      assertEquals(await world.field("db", "up,normallyup"), "true false");
      await world.svc("-k", "db");
      await world.events("db").expect("dD");
      assertEquals(await world.field("db", "up,wantedup"), "false false");
    },
  );
}

function exitCases(p: Pairing): void {
  test(
    p,
    "s6-svc -x: the supervisor of a service that is down ends at once, and s6-svscan starts another",
    async () => {
      await using world = await openWorld(p, { "db/run!": STAYS, "db/down": "" });
      await world.events("db").expect("s");
      await world.svc("-x", "db");
      await world.events("db").expect("xs");
    },
  );
  test(
    p,
    "s6-svc -x does not stop a service that is up; the supervisor ends when it dies",
    async () => {
      await using world = await openWorld(p, { "db/run!": STAYS });
      await world.events("db").expect("su");
      const { pid } = world.status("db");
      await world.svc("-x", "db");
      await world.svc("-p", "db");
      await eventually("a later command to be obeyed", () => world.status("db").paused);
      assertEquals(isAlive(pid), true);
      await world.svc("-d", "db");
      await world.events("db").expect("dDxsu");
    },
  );
}

function groupCases(p: Pairing): void {
  test(p, "s6-svc -P stops the whole process group and -C continues it", async () => {
    await using world = await openWorld(p, FAMILY);
    await world.events("db").expect("suU");
    const child = Number(world.tree.text("db/child"));
    await world.svc("-P", "db");
    await eventually("the status to say paused", () => world.status("db").paused);
    await eventually("the child to stop", () => isStopped(child));
    await eventually("the service to stop", () => isStopped(world.status("db").pid));
    await world.svc("-C", "db");
    await eventually("the status to say not paused", () => !world.status("db").paused);
    await eventually("the child to go on", () => !isStopped(child));
  });
  test(p, "s6-svc -K kills the whole process group", async () => {
    await using world = await openWorld(p, FAMILY);
    await world.events("db").expect("suU");
    const child = Number(world.tree.text("db/child"));
    await world.svc("-O", "-K", "db");
    await world.events("db").expect("dD");
    await eventually("the child to be dead", () => !isAlive(child));
    assertEquals(await world.field("db", "signal"), "SIGKILL");
  });
  test(p, "s6-svc -l sends SIGHUP where there is no reload-signal", async () => {
    await using world = await openWorld(p, TELLER);
    await world.events("db").expect("suU");
    await world.svc("-l", "db");
    await world.svscan.output.until("got HUP\n");
  });
}

function codeCases(p: Pairing): void {
  const unsupervised = is215(p.client) ? 102 : 100;
  test(
    p,
    "s6-svc without a command tells whether somebody listens: 0 and, if nobody does, its code",
    async () => {
      await using world = await openWorld(p, {
        "db/run!": STAYS,
        ".other/run!": STAYS,
        ".broken/supervise/control": "",
      });
      await world.events("db").expect("su");
      await world.svc("db");
      const other = await world.client("s6-svc", ".other");
      assertEquals(other.code, unsupervised);
      assertStringIncludes(other.stderr, "unable to control .other: supervisor not listening");
      assertEquals((await world.client("s6-svc", "-d", ".other")).code, unsupervised);
    },
  );
  test(p, "s6-svc on a directory that is not there: 111 and the reason", async () => {
    await using world = await openWorld(p, {});
    const { code, stderr } = await world.client("s6-svc", "-u", "missing");
    assertEquals(code, 111);
    assertStringIncludes(stderr, "unable to control missing: No such file or directory");
  });
  test(
    p,
    "s6-svc on a supervise directory without a control FIFO tells what is wrong",
    async () => {
      await using world = await openWorld(p, { ".broken/supervise/": "" });
      const { code, stderr } = await world.client("s6-svc", "-u", ".broken");
      assertEquals(code, is215(p.client) ? 1 : 100);
      assertStringIncludes(stderr, "something is wrong with the .broken/supervise directory");
    },
  );
  for (const args of [[], ["-Z", "."], [""], ["-T", "x", "."], ["-wz", "."], ["-d"]]) {
    testAlone(p, `s6-svc ${JSON.stringify(args)} is wrong usage: 100`, async () => {
      assertEquals((await run(p.client.bin("s6-svc"), args)).code, 100);
    });
  }
  if (is215(p.client)) {
    test(
      p,
      "s6-svc commands several service directories, goes on after one that fails, and exits as the last failure did",
      async () => {
        await using world = await openWorld(p, {
          "a/run!": STAYS,
          "b/run!": STAYS,
          ".other/run!": STAYS,
        });
        await world.events("a").expect("su");
        await world.events("b").expect("su");
        assertEquals((await world.client("s6-svc", "-d", "a", ".other", "missing", "b")).code, 111);
        await world.events("a").expect("dD");
        await world.events("b").expect("dD");
        assertEquals((await world.client("s6-svc", "missing", ".other", "a")).code, 102);
      },
    );
    test(p, "s6-svc -s refuses a signal that has no letter", async () => {
      await using world = await openWorld(p, { "db/run!": STAYS });
      await world.events("db").expect("su");
      assertEquals((await world.client("s6-svc", "-s", "SIGSEGV", "db")).code, 100);
      assertEquals((await world.client("s6-svc", "-s", "nonsense", "db")).code, 100);
    });
  }
}

export function svcCases(p: Pairing): void {
  signalCases(p);
  wishCases(p);
  downFileCases(p);
  exitCases(p);
  if (is215(p.client) && is215(p.daemon)) groupCases(p);
  codeCases(p);
}
