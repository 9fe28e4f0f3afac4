/**
 * Fifodirs and the ftrig tools: one implementation makes and notifies, the other cleans and
 * listens, with C and our own FIFOs mixed.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Background, type Result, run, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { subscribe } from "../../fixture/events.ts";
import { OURS, THEIRS } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import { is215, type Pairing, test, testAlone } from "../pairing.ts";
import { ftrigNames } from "../world.ts";

function modeOf(path: string): string {
  const { mode, gid } = Deno.statSync(path);
  return `${(mode! & 0o7777).toString(8)} ${gid}`;
}

interface Fifodir extends Disposable {
  readonly tree: Tree;
  readonly path: string;
  /** Sends events with the pairing's writing side. */
  notify(events: string): Promise<void>;
  /** Starts one of the reading side's programs and waits until it has subscribed. */
  listen(program: string, ...args: string[]): Promise<Background>;
}

async function makeFifodir(p: Pairing): Promise<Fifodir> {
  const tree = makeTree({});
  const path = tree.path("events");
  const make = await run(p.daemon.bin("s6-mkfifodir"), [path]);
  assertEquals(make, { code: 0, stdout: "", stderr: "" });
  return {
    tree,
    path,
    notify: async (events) => {
      assertEquals(await run(p.daemon.bin("s6-ftrig-notify"), [path, events]), {
        code: 0,
        stdout: "",
        stderr: "",
      });
    },
    listen: async (program, ...args) => {
      const before = ftrigNames(path).length;
      const listener = start(p.client.bin(program), args, { cwd: tree.root });
      await eventually(`${program} to subscribe`, () => ftrigNames(path).length > before);
      return listener;
    },
    [Symbol.dispose]: () => tree[Symbol.dispose](),
  };
}

function makeCases(p: Pairing): void {
  testAlone(p, "s6-mkfifodir makes a fifodir for all, or with -g for a group", async () => {
    using tree = makeTree({});
    assertEquals((await run(p.client.bin("s6-mkfifodir"), [tree.path("all")])).code, 0);
    assertEquals(modeOf(tree.path("all")), "1733 0");
    assertEquals(
      (await run(p.client.bin("s6-mkfifodir"), ["-g", "1", tree.path("group")])).code,
      0,
    );
    assertEquals(modeOf(tree.path("group")), "3730 1");
  });
  test(
    p,
    "s6-mkfifodir leaves a fifodir of the other as it is, -f gives it new modes",
    async () => {
      using fifodir = await makeFifodir(p);
      const mkfifodir = p.client.bin("s6-mkfifodir");
      assertEquals((await run(mkfifodir, ["-g", "1", fifodir.path])).code, 0);
      assertEquals(modeOf(fifodir.path), "1733 0");
      assertEquals((await run(mkfifodir, ["-f", "-g", "1", fifodir.path])).code, 0);
      assertEquals(modeOf(fifodir.path), "3730 1");
    },
  );
  testAlone(
    p,
    "s6-mkfifodir: a file of that name, a missing parent, somebody else's directory are 111; wrong usage is 100",
    async () => {
      using tree = makeTree({ "file": "", "foreign/": "" });
      Deno.chownSync(tree.path("foreign"), 1000, 1000);
      const mkfifodir = p.client.bin("s6-mkfifodir");
      for (const name of ["file", "missing/fifodir", "foreign"]) {
        assertEquals(
          (await run(mkfifodir, [tree.path(name)])).code,
          111,
          name,
        );
      }
      for (const args of [[], ["-z", "x"], ["-g", "root", "x"]]) {
        assertEquals(
          (await run(mkfifodir, args)).code,
          100,
        );
      }
    },
  );
  test(
    p,
    "s6-cleanfifodir removes what nobody reads, and leaves subscribers and everything else",
    async () => {
      using fifodir = await makeFifodir(p);
      const stale = `ftrig1:@${"40".padEnd(24, "0")}:stale0`;
      fifodir.tree.add({
        [`events/${stale}|`]: "",
        "events/ftrig1:@short|": "",
        "events/other": "",
      });
      await using reader = subscribe(fifodir.path);
      await using listener = await fifodir.listen("s6-ftrig-wait", "events", "Z");
      assertEquals(await run(p.client.bin("s6-cleanfifodir"), [fifodir.path]), {
        code: 0,
        stdout: "",
        stderr: "",
      });
      // Debian's 2.11.3 removes nothing
      assertEquals(fifodir.tree.exists(`events/${stale}`), !is215(p.client));
      assertEquals(fifodir.tree.exists("events/ftrig1:@short"), true);
      assertEquals(fifodir.tree.exists("events/other"), true);
      await fifodir.notify("Z");
      await reader.expect("Z");
      assertEquals(await listener.ended(), 0);
      assertEquals(
        (await run(p.client.bin("s6-cleanfifodir"), [fifodir.tree.path("missing")])).code,
        111,
      );
    },
  );
}

function notifyCases(p: Pairing): void {
  test(
    p,
    "s6-ftrig-notify sends every character in order to every reader, and removes the FIFO of one that is gone",
    async () => {
      using fifodir = await makeFifodir(p);
      const stale = `events/ftrig1:@${"40".padEnd(24, "0")}:stale0`;
      fifodir.tree.add({ [`${stale}|`]: "" });
      await using one = subscribe(fifodir.path);
      await using two = subscribe(fifodir.path);
      await fifodir.notify("abcXYZ");
      await fifodir.notify("!");
      await one.expect("abcXYZ!");
      await two.expect("abcXYZ!");
      assertEquals(fifodir.tree.exists(stale), false);
    },
  );
  testAlone(p, "s6-ftrig-notify on a missing fifodir is 111, wrong usage is 100", async () => {
    using tree = makeTree({});
    assertEquals(
      (await run(p.client.bin("s6-ftrig-notify"), [tree.path("missing"), "x"])).code,
      111,
    );
    assertEquals((await run(p.client.bin("s6-ftrig-notify"), [tree.root])).code, 100);
  });
  test(
    p,
    "subscribers of both implementations and a hand-made one share a fifodir: each gets every event",
    async () => {
      using fifodir = await makeFifodir(p);
      await using reader = subscribe(fifodir.path);
      const listeners: Background[] = [];
      for (const toolset of [OURS, THEIRS, OURS, THEIRS]) {
        const before = ftrigNames(fifodir.path).length;
        listeners.push(start(toolset.bin("s6-ftrig-wait"), [fifodir.path, "b.*e"]));
        await eventually(
          `${toolset.name} to subscribe`,
          () => ftrigNames(fifodir.path).length > before,
        );
      }
      await fifodir.notify("abc");
      await fifodir.notify("de");
      await reader.expect("abcde");
      assertEquals(
        await Promise.all(listeners.map((listener) => listener.ended())),
        [0, 0, 0, 0],
      );
      for (const listener of listeners) await listener[Symbol.asyncDispose]();
      await eventually("the others' FIFOs to be gone", () => ftrigNames(fifodir.path).length === 1);
    },
  );
}

/**
 * What a listener prints: since 2.15 all events since the subscription, before that the last one.
 */
function printed(p: Pairing, events: string): string {
  return is215(p.client) ? `${events}\n` : `${events.at(-1)}\n`;
}

function waitCases(p: Pairing): void {
  test(
    p,
    "s6-ftrig-wait ends when its expression is found in the events, and prints them",
    async () => {
      using fifodir = await makeFifodir(p);
      await using listener = await fifodir.listen("s6-ftrig-wait", "events", "u.*(U|x)");
      await fifodir.notify("dDu");
      await fifodir.notify("oU");
      assertEquals(await listener.ended(), 0);
      assertEquals(listener.stdout.text, printed(p, "dDuoU"));
    },
  );
  test(p, "s6-ftrig-wait -t gives up: 99", async () => {
    using fifodir = await makeFifodir(p);
    const { code } = await run(p.client.bin("s6-ftrig-wait"), ["-t", "500", fifodir.path, "U"]);
    assertEquals(code, is215(p.client) ? 99 : 1);
    assertEquals(ftrigNames(fifodir.path), []);
  });
  test(
    p,
    "s6-ftrig-wait knows POSIX extended expressions: classes, intervals, and since 2.15 anchors",
    async () => {
      using fifodir = await makeFifodir(p);
      const expression = "[[:lower:]]{2}[^a-z]";
      await using listener = await fifodir.listen(
        "s6-ftrig-wait",
        "events",
        is215(p.client) ? `^${expression}$` : expression,
      );
      await fifodir.notify("ab");
      await fifodir.notify("C");
      assertEquals(await listener.ended(), 0);
    },
  );
  test(p, "s6-ftrig-listen1 subscribes, runs its program, and ends at the event", async () => {
    using fifodir = await makeFifodir(p);
    const words = [fifodir.path, "b", p.daemon.bin("s6-ftrig-notify"), fifodir.path, "ab"];
    assertEquals(await run(p.client.bin("s6-ftrig-listen1"), words), {
      code: 0,
      stdout: printed(p, "ab"),
      stderr: "",
    });
  });
  test(p, "s6-ftrig-listen waits for all of its fifodirs, with -o for one of them", async () => {
    using fifodir = await makeFifodir(p);
    using other = await makeFifodir(p);
    const notify = p.daemon.bin("s6-ftrig-notify");
    const both = ["/bin/sh", "-c", `${notify} ${fifodir.path} a; ${notify} ${other.path} b`];
    const blocks = [fifodir.path, "a", other.path, "b", ""];
    assertEquals((await run(p.client.bin("s6-ftrig-listen"), [...blocks, ...both])).code, 0);
    assertEquals(
      (await run(p.client.bin("s6-ftrig-listen"), ["-o", ...blocks, notify, other.path, "b"])).code,
      0,
    );
    assertEquals(
      (await run(p.client.bin("s6-ftrig-listen"), [
        "-t",
        "500",
        ...blocks,
        notify,
        other.path,
        "b",
      ])).code,
      1,
    );
  });
  test(p, "s6-ftrig-listen1 -t gives up: 1", async () => {
    using fifodir = await makeFifodir(p);
    assertEquals(
      (await run(p.client.bin("s6-ftrig-listen1"), ["-t", "500", fifodir.path, "b", "true"])).code,
      1,
    );
  });
  testAlone(p, "s6-ftrig-wait, -listen and -listen1: what can't be is told", async () => {
    using tree = makeTree({ "events/": "" });
    const cases: readonly (readonly [string, readonly string[], number])[] = [
      ["s6-ftrig-wait", ["missing", "x"], 111],
      ["s6-ftrig-wait", ["events", "("], 111],
      ["s6-ftrig-wait", ["events"], 100],
      ["s6-ftrig-wait", ["-t", "soon", "events", "x"], 100],
      ["s6-ftrig-listen1", ["events", "x", "no-such-program"], 111],
      ["s6-ftrig-listen1", ["events", "x"], 100],
      ["s6-ftrig-listen", ["events", "x", "", "no-such-program"], 111],
      ["s6-ftrig-listen", ["events", "x", "true"], 100],
      ["s6-ftrig-listen", ["events", "", "true"], 100],
    ];
    for (const [program, args, expected] of cases) {
      const { code, stderr }: Result = await run(p.client.bin(program), args, { cwd: tree.root });
      assertEquals(code, expected, `${program} ${args.join(" ")}`);
      assertStringIncludes(stderr, `${program}: `);
    }
    assertEquals(ftrigNames(tree.path("events")), []);
  });
}

export function fifodirCases(p: Pairing): void {
  makeCases(p);
  notifyCases(p);
  waitCases(p);
}
