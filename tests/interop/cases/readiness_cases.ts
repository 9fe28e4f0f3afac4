/** Readiness: notification-fd, and s6-notifyoncheck. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { makeTree } from "../../fixture/tree.ts";
import { is215, type Pairing, test, testAlone } from "../pairing.ts";
import { openWorld, STAYS } from "../world.ts";

function notificationCases(p: Pairing): void {
  test(p, "notification-fd: what comes before the newline is no readiness", async () => {
    const steps = "#!/bin/sh\nprintf 'not yet' >&3\nread line <go\necho >&3\nexec sleep 100000\n";
    await using world = await openWorld(p, {
      "db/run!": steps,
      "db/go|": "",
      "db/notification-fd": "3\n",
    });
    await world.events("db").expect("su");
    assertEquals(world.status("db").ready, false);
    await world.tree.feed("db/go", "\n");
    await world.events("db").expect("U");
    assertEquals(world.status("db").ready, true);
  });
  test(p, "notification-fd: any descriptor, e.g. 1; the rest goes where it went", async () => {
    await using world = await openWorld(p, {
      "db/run!": "#!/bin/sh\necho\necho visible >&2\nexec sleep 100000\n",
      "db/notification-fd": "1",
    });
    await world.events("db").expect("suU");
    await world.svscan.output.until("visible\n");
  });
  test(p, "notification-fd is read at every start", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    world.tree.add({
      "db/run!": "#!/bin/sh\necho >&7\nexec sleep 100000\n",
      "db/notification-fd": "7",
    });
    await world.svc("-r", "db");
    await world.events("db").expect("dDuU");
  });
  test(
    p,
    "notification-fd: a service that closes it without a newline is up, never ready",
    async () => {
      await using world = await openWorld(p, {
        "db/run!": "#!/bin/sh\nexec 3>&-\nexec sleep 100000\n",
        "db/notification-fd": "3",
      });
      await world.events("db").expect("su");
      await world.svc("-d", "db");
      await world.events("db").expect("dD");
    },
  );
  test(
    p,
    "notification-fd that is no number: a warning, and the service runs without",
    async () => {
      await using world = await openWorld(p, { "db/run!": STAYS, "db/notification-fd": "three\n" });
      await world.events("db").expect("su");
      await world.svscan.output.until("s6-supervise db: warning: invalid notification-fd");
    },
  );
}

/** A `run` that becomes `sleep` under the pairing's s6-notifyoncheck. */
function checked(p: Pairing, ...options: string[]): string {
  return `#!/bin/sh\nexec ${p.client.bin("s6-notifyoncheck")} ${options.join(" ")} sleep 100000\n`;
}

function notifyoncheckCases(p: Pairing): void {
  test(p, "s6-notifyoncheck: ready when ./data/check succeeds, here at the third try", async () => {
    const check = "#!/bin/sh\necho tried >>tries\ntest $(wc -l <tries) -ge 3\n";
    await using world = await openWorld(p, {
      "db/run!": checked(p, "-w", "20"),
      "db/data/check!": check,
      "db/notification-fd": "3",
    });
    await world.events("db").expect("suU");
    assertEquals(world.tree.text("db/tries"), "tried\n".repeat(3));
  });
  test(
    p,
    "s6-notifyoncheck leaves the daemon the supervisor's child, without the notification-fd",
    async () => {
      await using world = await openWorld(p, {
        "db/run!": checked(p),
        "db/data/check!": "#!/bin/sh\n",
        "db/notification-fd": "3",
      });
      await world.events("db").expect("suU");
      const { pid } = world.status("db");
      await eventually(
        "the daemon to run",
        () => Deno.readTextFileSync(`/proc/${pid}/comm`) === "sleep\n",
      );
      assertEquals(
        [...Deno.readDirSync(`/proc/${pid}/fd`)].some(({ name }) => name === "3"),
        false,
      );
    },
  );
  test(
    p,
    "s6-notifyoncheck -n gives up after so many tries; the service stays up, not ready",
    async () => {
      const check = "#!/bin/sh\necho tried >>tries\nexit 1\n";
      await using world = await openWorld(p, {
        "db/run!": checked(p, "-w", "10", "-n", "2"),
        "db/data/check!": check,
        "db/notification-fd": "3",
      });
      await world.events("db").expect("su");
      await eventually(
        "two tries",
        () => world.tree.exists("db/tries") && world.tree.text("db/tries") === "tried\n".repeat(2),
      );
      // the poller is gone when only the daemon and the test's own reader are left in the fifodir's
      // neighbourhood
      await world.unsubscribed("db");
      assertEquals(world.tree.text("db/tries"), "tried\n".repeat(2));
      assertEquals(await world.field("db", "up,ready"), "true false");
    },
  );
  test(p, "s6-notifyoncheck -T gives up after so many milliseconds", async () => {
    await using world = await openWorld(p, {
      "db/run!": checked(p, "-w", "10", "-n", "0", "-T", "200"),
      "db/data/check!": "#!/bin/sh\nexit 1\n",
      "db/notification-fd": "3",
    });
    await world.events("db").expect("su");
    await world.subscribers("db", 2);
    await world.unsubscribed("db");
    assertEquals(await world.field("db", "up,ready"), "true false");
  });
  test(
    p,
    "s6-notifyoncheck -t: a check that hangs is a failed try, and the next one counts",
    async () => {
      const check = "#!/bin/sh\nif test -e once; then exit 0; fi\n: >once\nexec sleep 100000\n";
      await using world = await openWorld(p, {
        "db/run!": checked(p, "-t", "100", "-w", "10"),
        "db/data/check!": check,
        "db/notification-fd": "3",
      });
      await world.events("db").expect("suU");
    },
  );
  test(
    p,
    "s6-notifyoncheck -c runs a command line instead, -3 and -d: another descriptor, a double fork",
    async () => {
      await using world = await openWorld(p, {
        "db/run!": checked(p, "-3", "5", "-d", "-c", `'test -e "a b"'`),
        "db/a b": "",
        "db/notification-fd": "5",
      });
      await world.events("db").expect("suU");
    },
  );
  for (
    const [options, who] of [[[], "the service's"], [["-d"], "no child of the service"]] as const
  ) {
    test(
      p,
      `${["s6-notifyoncheck", ...options].join(" ")}: the process that checks is ${who}${
        options.length === 0 ? " child" : ""
      }`,
      async () => {
        await using world = await openWorld(p, {
          "db/run!": checked(p, ...options),
          "db/data/check!": "#!/bin/sh\nps -o ppid= --pid $PPID >parent\n",
          "db/notification-fd": "3",
        });
        await world.events("db").expect("suU");
        assertEquals(
          Number(world.tree.text("db/parent")) === world.status("db").pid,
          options.length === 0,
        );
      },
    );
  }
  test(p, "s6-notifyoncheck stops when the service dies", async () => {
    await using world = await openWorld(p, {
      "db/run!": checked(p, "-w", "10", "-n", "0"),
      "db/data/check!": "#!/bin/sh\nexit 1\n",
      "db/notification-fd": "3",
    });
    await world.events("db").expect("su");
    await world.subscribers("db", 2);
    await world.svc("-d", "db");
    await world.events("db").expect("dD");
    await world.unsubscribed("db");
  });
  testAlone(p, "s6-notifyoncheck without a supervisor is 100, without a program too", async () => {
    using tree = makeTree({ "notification-fd": "2" });
    const notifyoncheck = p.client.bin("s6-notifyoncheck");
    const alone = await run(notifyoncheck, ["true"], { cwd: tree.root });
    assertEquals(alone.code, 100);
    assertStringIncludes(alone.stderr, "s6-supervise not running");
    assertEquals((await run(notifyoncheck, [], { cwd: tree.root })).code, 100);
    assertEquals((await run(notifyoncheck, ["-n", "some", "true"], { cwd: tree.root })).code, 100);
    // 2.11 looks for the supervisor first
    assertEquals(
      (await run(notifyoncheck, ["-3", "9", "true"], { cwd: tree.root })).code,
      is215(p.client) ? 111 : 100,
    );
  });
}

export function readinessCases(p: Pairing): void {
  notificationCases(p);
  notifyoncheckCases(p);
}
