/** s6-svlink and s6-svunlink: a service directory joins a running scan directory and leaves it. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { type Events, subscribe } from "../../fixture/events.ts";
import { makeTree } from "../../fixture/tree.ts";
import { is215, type Pairing, test, testAlone } from "../pairing.ts";
import { openWorld, STAYS, type World } from "../world.ts";

const SCAN = { "scan/": "", "store/db/run!": STAYS };
const LOGGED = { ...SCAN, "store/db/log/run!": "#!/bin/sh\nexec cat\n" };

function openScan(p: Pairing, spec: Readonly<Record<string, string>>): Promise<World> {
  return openWorld(p, spec, { scandir: "scan" });
}

function linkCases(p: Pairing): void {
  test(
    p,
    "s6-svlink links a service directory by its absolute path, and returns when the supervisor runs",
    async () => {
      await using world = await openScan(p, SCAN);
      await world.ok("s6-svlink", "scan", "store/db");
      assertEquals(Deno.readLinkSync(world.tree.path("scan/db")), world.tree.path("store/db"));
      await world.ok("s6-svok", "store/db");
      await world.events("store/db").expect("su");
    },
  );
  test(p, "s6-svlink gives the service another name, which it is called by", async () => {
    await using world = await openScan(p, {
      ...SCAN,
      "store/db/run!": '#!/bin/sh\necho "called $1"\nexec sleep 100000\n',
    });
    await world.ok("s6-svlink", "scan", "store/db", "alias");
    await world.svscan.output.until("called alias\n");
  });
  test(p, "s6-svlink waits for the supervisor of the logger too", async () => {
    await using world = await openScan(p, LOGGED);
    await world.ok("s6-svlink", "scan", "store/db");
    await world.ok("s6-svok", "store/db");
    await world.ok("s6-svok", "store/db/log");
  });
  test(p, "s6-svlink -d leaves the service down and the file down away", async () => {
    await using world = await openScan(p, SCAN);
    await world.ok("s6-svlink", "-d", "scan", "store/db");
    assertEquals(await world.field("store/db", "up,wantedup,normallyup"), "false false true");
    assertEquals(world.tree.exists("store/db/down"), false);
  });
  test(p, "s6-svlink -D leaves the service down and the file down there", async () => {
    await using world = await openScan(p, SCAN);
    await world.ok("s6-svlink", "-D", "scan", "store/db");
    assertEquals(await world.field("store/db", "up,wantedup,normallyup"), "false false false");
    assertEquals(world.tree.exists("store/db/down"), true);
  });
  test(
    p,
    "s6-svlink makes a fifodir for the own group, -P one for all, and -f changes one that is there",
    async () => {
      await using world = await openScan(p, {
        "scan/": "",
        ".a/run!": STAYS,
        ".b/run!": STAYS,
        ".c/run!": STAYS,
      });
      const mode = (name: string): string =>
        (Deno.statSync(world.tree.path(name, "event")).mode! & 0o7777).toString(8);
      for (const name of [".a", ".b", ".c"]) world.tree.remove(`${name}/event`);
      await world.ok("s6-svlink", "scan", ".a", "a");
      await world.ok("s6-svlink", "-P", "scan", ".b", "b");
      world.tree.add({ ".c/event/": "" });
      await world.ok("s6-svlink", "-f", "-P", "scan", ".c", "c");
      assertEquals([mode(".a"), mode(".b"), mode(".c")], ["3730", "1733", "1733"]);
    },
  );
  test(p, "s6-svlink on a service that is supervised already links it all the same", async () => {
    await using world = await openScan(p, SCAN);
    await world.ok("s6-svlink", "scan", "store/db");
    const { code, stderr } = await world.client("s6-svlink", "scan", "store/db");
    assertEquals(code, 0);
    assertStringIncludes(stderr, "supervisor already running on store/db");
  });
}

function refusalCases(p: Pairing): void {
  test(
    p,
    "s6-svlink on a scan directory that no s6-svscan watches: 1, and no link is left",
    async () => {
      await using world = await openScan(p, { ...SCAN, "dead/.s6-svscan/lock": "" });
      const { code, stderr } = await world.client("s6-svlink", "dead", "store/db");
      assertEquals(code, 1);
      assertStringIncludes(stderr, "s6-svscan not running on dead");
      assertEquals(world.tree.exists("dead/db"), false);
    },
  );
  test(p, "s6-svlink refuses what is no service and what is no name", async () => {
    await using world = await openScan(p, {
      ...SCAN,
      "store/empty/": "",
      "store/plain/run": STAYS,
    });
    const cases: readonly (readonly [readonly string[], number])[] = [
      [["scan", "store/empty"], 111],
      [["scan", "store/plain"], 100],
      [["scan", "store/db", ".hidden"], 100],
      [["scan", "store/db", ""], 100],
      [["", "store/db"], 100],
      [["scan", ""], 100],
      // C says that it can't open the lock, hexad that no s6-svscan runs there
      [["store", "store/db"], is215(p.client) ? 1 : 111],
      [["scan"], 100],
      [["-z", "scan", "store/db"], 100],
    ];
    for (const [args, expected] of cases) {
      assertEquals((await world.client("s6-svlink", ...args)).code, expected, args.join(" "));
    }
    assertEquals([...Deno.readDirSync(world.tree.path("scan"))].map(({ name }) => name), [
      ".s6-svscan",
    ]);
  });
  test(
    p,
    "s6-svlink -t: a stopped s6-svscan makes it give up with 99 and take the link back",
    async () => {
      await using world = await openScan(p, SCAN);
      world.svscan.signal("SIGSTOP");
      const { code } = await world.client("s6-svlink", "-t", "150", "scan", "store/db");
      world.svscan.signal("SIGCONT");
      assertEquals(code, 99);
      assertEquals(world.tree.exists("scan/db"), false);
    },
  );
}

/** Links the service of `spec`, and waits for it. */
async function openLinked(p: Pairing, spec: Readonly<Record<string, string>>): Promise<World> {
  const world = await openScan(p, spec);
  try {
    await world.ok("s6-svlink", "scan", "store/db");
    await world.events("store/db").expect("su");
    return world;
  } catch (error) {
    await world[Symbol.asyncDispose]();
    throw error;
  }
}

function unlinkCases(p: Pairing): void {
  test(
    p,
    "s6-svunlink removes the link and returns when the service and its supervisor are gone",
    async () => {
      await using world = await openLinked(p, SCAN);
      await world.ok("s6-svunlink", "scan", "db");
      assertEquals(world.tree.exists("scan/db"), false);
      await world.unsupervised("store/db");
      await world.events("store/db").expect("dDx");
    },
  );
  test(p, "s6-svunlink takes the logger along", async () => {
    await using world = await openLinked(p, LOGGED);
    await world.ok("s6-svunlink", "scan", "db");
    await world.unsupervised("store/db/log");
    await world.events("store/db").expect("dDx");
    await world.events("store/db/log").expect("sudDx");
  });
  test(p, "s6-svunlink -X does not wait", async () => {
    await using world = await openLinked(p, {
      ...SCAN,
      "store/db/finish!": "#!/bin/sh\nread line <go\n",
      "store/db/go|": "",
      "store/db/timeout-finish": "0",
    });
    await world.ok("s6-svunlink", "-X", "scan", "db");
    assertEquals(world.tree.exists("scan/db"), false);
    await world.events("store/db").expect("d");
    await world.ok("s6-svok", "store/db");
    await world.tree.feed("store/db/go", "\n");
    await world.events("store/db").expect("Dx");
  });
  test(p, "s6-svunlink -t gives up on a service that does not end, with 0", async () => {
    await using world = await openLinked(p, {
      ...SCAN,
      "store/db/finish!": STAYS,
      "store/db/timeout-finish": "0",
    });
    await world.ok("s6-svunlink", "-t", "150", "scan", "db");
    await world.events("store/db").expect("d");
    await world.ok("s6-svok", "store/db");
  });
  test(p, "a service comes back after s6-svunlink and s6-svlink", async () => {
    await using world = await openLinked(p, SCAN);
    await world.ok("s6-svunlink", "scan", "db");
    await world.events("store/db").expect("dDx");
    // the end of the supervisor removed no subscriber
    await using again: Events = subscribe(world.tree.path("store/db/event"));
    await world.ok("s6-svlink", "scan", "store/db");
    await again.expect("su");
  });
  testAlone(p, "s6-svunlink refuses what is no name: 100", async () => {
    using tree = makeTree({});
    for (const args of [["."], [".", ".hidden"], [".", ""], ["-z", ".", "db"]]) {
      assertEquals(
        (await run(p.client.bin("s6-svunlink"), args, { cwd: tree.root })).code,
        100,
        args.join(" "),
      );
    }
  });
}

export function svlinkCases(p: Pairing): void {
  linkCases(p);
  refusalCases(p);
  unlinkCases(p);
}
