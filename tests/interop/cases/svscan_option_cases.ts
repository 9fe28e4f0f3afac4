/**
 * s6-svscan's options and what it refuses. That -d tells when commands are accepted, every other
 * case relies on.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { startSvscan } from "../../fixture/scan.ts";
import { makeTree } from "../../fixture/tree.ts";
import { is215, type Pairing, test, testAlone } from "../pairing.ts";
import { openWorld, STAYS } from "../world.ts";

function consoleCases(p: Pairing): void {
  test(
    p,
    "s6-svscan -X gives that descriptor to s6-svscan-log as its standard error, and to nobody else",
    async () => {
      const say = (who: string): string =>
        `#!/bin/sh\necho ${who} >&2\ntest -e /proc/self/fd/4 && echo ${who} has 4 >&2\necho >&3\nexec sleep 100000\n`;
      const spec = {
        "scan/s6-svscan-log/run!": say("logger"),
        "scan/s6-svscan-log/notification-fd": "3",
        "scan/db/run!": say("db"),
        "scan/db/notification-fd": "3",
      };
      await using world = await openWorld(p, spec, {
        scandir: "scan",
        args: ["-X", "4"],
        redirect: "4>>console",
      });
      await world.events("scan/s6-svscan-log").expect("suU");
      await world.events("scan/db").expect("suU");
      assertEquals(world.tree.text("console"), "logger\n");
      await world.svscan.output.until("db\n");
      assertEquals(world.svscan.output.text, "db\n");
    },
  );
  test(p, "s6-svscan -X: in the end s6-svscan has its own output back on the console", async () => {
    const spec = {
      "scan/s6-svscan-log/run!": "#!/bin/sh\nexec cat >caught\n",
      "scan/.s6-svscan/finish!": "#!/bin/sh\necho out; echo error >&2\n",
    };
    await using world = await openWorld(p, spec, {
      scandir: "scan",
      args: ["-X", "4"],
      redirect: "4>>console",
    });
    await world.events("scan/s6-svscan-log").expect("su");
    await world.ok("s6-svscanctl", "-b", "scan");
    await world.svscan.ended();
    assertEquals(world.tree.text("console"), "out\nerror\n");
  });
}

function limitCases(p: Pairing): void {
  const many = Object.fromEntries(
    ["a", "b", "c", "d", "e", "f"].map((name) => [`${name}/run!`, STAYS]),
  );
  for (const option of is215(p.daemon) ? ["-C", "-c"] : ["-c"]) {
    test(p, `s6-svscan ${option} 4 supervises four services and warns about more`, async () => {
      await using world = await openWorld(p, many, { args: [option, "4"] });
      await world.svscan.output.until("too many services");
      await eventually(
        "four services to be up",
        () =>
          Object.keys(many).filter((key) =>
            world.tree.exists(key.replace("run!", "supervise/status"))
          ).length === 4,
      );
    });
  }
  if (!is215(p.daemon)) return;
  test(p, "s6-svscan -L 11 skips longer names with a warning", async () => {
    await using world = await openWorld(p, {
      "elevenbytes/run!": STAYS,
      "twelve-bytes/run!": STAYS,
    }, { args: ["-L", "11"] });
    await world.events("elevenbytes").expect("su");
    await world.svscan.output.until("warning: name too long - not spawning service: twelve-bytes");
    assertEquals(world.tree.exists("twelve-bytes/supervise"), false);
  });
  test(p, "s6-svscan takes long options", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS }, {
      args: ["--timeout=0", "--services-max", "10", "--name-max=20"],
    });
    await world.events("db").expect("su");
  });
}

function refusalCases(p: Pairing): void {
  test(p, "s6-svscan refuses a directory on which the other implementation runs: 100", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    const { code, stderr } = await world.client("s6-svscan", world.tree.root);
    assertEquals(code, 100);
    assertStringIncludes(
      stderr,
      "another instance of s6-svscan is already running on the same directory",
    );
    await world.svc("-d", "db");
    await world.events("db").expect("dD");
  });
  test(
    p,
    "s6-svscan takes over the directory of one of the other implementation that was killed, and its services",
    async () => {
      using tree = makeTree({
        "db/run!": "#!/bin/sh\necho $$ >>pids\nexec sleep 100000\n",
        "db/down": "",
      });
      {
        await using first = await startSvscan(p.daemon, tree);
        await eventually(
          "a supervisor",
          async () => (await run(p.client.bin("s6-svok"), [tree.path("db")])).code === 0,
        );
        assertEquals(await first.stop(), 0);
      }
      await using _second = await startSvscan(p.client, tree);
      await eventually(
        "a supervisor",
        async () => (await run(p.daemon.bin("s6-svok"), [tree.path("db")])).code === 0,
      );
      assertEquals(
        (await run(p.daemon.bin("s6-svc"), ["-wu", "-T", "15000", "-u", tree.path("db")])).code,
        0,
      );
    },
  );
  testAlone(p, "s6-svscan: what it can't work with", async () => {
    using tree = makeTree({ "a/.s6-svscan": "", "b/.s6-svscan/control": "", "c/": "" });
    const cases: readonly (readonly [readonly string[], number, string])[] = [
      [[tree.path("missing")], 111, "No such file or directory"],
      [[tree.path("a")], 100, ".s6-svscan exists and is not a directory"],
      [[tree.path("b")], 100, ".s6-svscan/control is not a FIFO"],
      [["-d", "2", tree.path("c")], 100, "3 or more"],
      [["-d", "99", tree.path("c")], 100, "invalid notif"],
      [["-X", "1", tree.path("c")], 100, "3 or more"],
      [["-t", "often", tree.path("c")], 100, "s6-svscan: "],
      [["-Y", tree.path("c")], 100, "usage"],
    ];
    for (const [args, expected, text] of cases) {
      const { code, stderr } = await run(p.client.bin("s6-svscan"), args);
      assertEquals(code, expected, args.join(" "));
      assertStringIncludes(stderr, text);
    }
  });
}

export function svscanOptionCases(p: Pairing): void {
  consoleCases(p);
  limitCases(p);
  refusalCases(p);
}
