/** s6-supervise on its own: who may run, and what its signals mean. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { subscribe } from "../../fixture/events.ts";
import { isAlive } from "../../fixture/processes.ts";
import { startSupervise, type Supervise } from "../../fixture/scan.ts";
import { OURS } from "../../fixture/toolset.ts";
import { makeTree } from "../../fixture/tree.ts";
import { is215, type Pairing, test, testAlone } from "../pairing.ts";
import { readStatusFile } from "../status_file.ts";
import { STAYS, TELLS_SIGNALS } from "../world.ts";

function signalCases(p: Pairing): void {
  test(p, "s6-supervise, SIGTERM: takes the service down and ends", async () => {
    using tree = makeTree({ "db/run!": STAYS, "db/finish!": "#!/bin/sh\necho finished\n" });
    await using supervise = await startSupervise(p.daemon, tree, "db");
    await supervise.events.expect("u");
    supervise.kill("SIGTERM");
    await supervise.events.expect("dDx");
    assertEquals(await supervise.ended(), 0);
    assertEquals(supervise.stdout.text, "finished\n");
    assertEquals((await run(p.client.bin("s6-svok"), [tree.path("db")])).code, 1);
  });
  test(
    p,
    "s6-supervise, SIGHUP: lets the service be and ends when it does; a last finish can't write to stdout",
    async () => {
      using tree = makeTree({ "db/run!": STAYS, "db/finish!": "#!/bin/sh\necho finished\n" });
      await using supervise = await startSupervise(p.daemon, tree, "db");
      await supervise.events.expect("u");
      supervise.kill("SIGHUP");
      assertEquals((await run(p.client.bin("s6-svc"), ["-d", tree.path("db")])).code, 0);
      await supervise.events.expect("dDx");
      assertEquals(await supervise.ended(), 0);
      assertEquals(supervise.stdout.text, "");
    },
  );
  test(p, "s6-supervise, SIGQUIT: ends at once and leaves the service running", async () => {
    using tree = makeTree({ "db/run!": STAYS });
    await using supervise = await startSupervise(p.daemon, tree, "db");
    await supervise.events.expect("u");
    supervise.kill("SIGQUIT");
    await supervise.events.expect("x");
    assertEquals(await supervise.ended(), 0);
    assertEquals(isAlive(readStatusFile(tree.path("db")).pid), true);
  });
  test(p, "s6-supervise, SIGINT: passes it to the service's group and ends at once", async () => {
    using tree = makeTree({ "db/run!": TELLS_SIGNALS, "db/notification-fd": "3" });
    await using supervise = await startSupervise(p.daemon, tree, "db");
    await supervise.events.expect("uU");
    supervise.kill("SIGINT");
    await supervise.events.expect("x");
    assertEquals(await supervise.ended(), 0);
    await supervise.stdout.until("got INT\n");
  });
}

async function refused(p: Pairing, directory: string, text: string, code = 100): Promise<void> {
  const result = await run(p.client.bin("s6-supervise"), [directory]);
  assertEquals(result.code, code);
  assertStringIncludes(result.stderr, text);
}

async function stillCommanded(supervise: Supervise, p: Pairing, directory: string): Promise<void> {
  assertEquals((await run(p.client.bin("s6-svc"), ["-d", directory])).code, 0);
  await supervise.events.expect("dD");
}

function instanceCases(p: Pairing): void {
  test(
    p,
    "s6-supervise refuses a service directory that the other implementation supervises: 100",
    async () => {
      using tree = makeTree({ "db/run!": STAYS });
      await using supervise = await startSupervise(p.daemon, tree, "db");
      await supervise.events.expect("u");
      await refused(p, tree.path("db"), "another instance of s6-supervise is already running");
      await stillCommanded(supervise, p, tree.path("db"));
    },
  );
  test(
    p,
    "s6-supervise takes over from a supervisor of the other implementation that was killed",
    async () => {
      using tree = makeTree({ "db/run!": "#!/bin/sh\nexit 0\n", "db/down": "" });
      {
        await using first = await startSupervise(p.daemon, tree, "db");
        assertEquals((await run(p.client.bin("s6-svc"), ["-o", tree.path("db")])).code, 0);
        await first.events.expect("udD");
        first.kill("SIGKILL");
        await first.ended();
      }
      await using second = await startSupervise(p.client, tree, "db");
      await using other = subscribe(tree.path("db/event"));
      // a new supervisor knows of no deaths
      assertEquals(await run(p.daemon.bin("s6-svdt"), [tree.path("db")]), {
        code: 0,
        stdout: "",
        stderr: "",
      });
      assertEquals((await run(p.daemon.bin("s6-svc"), ["-o", tree.path("db")])).code, 0);
      await second.events.expect("udD");
      await other.expect("udD");
    },
  );
  testAlone(
    p,
    "s6-supervise: a directory that is not there, and files where directories and FIFOs belong",
    async () => {
      using tree = makeTree({ "a/event": "", "b/supervise": "", "c/supervise/control": "" });
      await refused(p, tree.path("missing"), "No such file or directory", 111);
      await refused(p, tree.path("a"), "event exists and is not a directory");
      await refused(p, tree.path("b"), "supervise exists and is not a directory");
      await refused(p, tree.path("c"), "supervise/control is not a FIFO");
      assertEquals((await run(p.client.bin("s6-supervise"), [])).code, 100);
    },
  );
}

function lockCases(p: Pairing): void {
  // 2.11.3 loses the lock when it moves the descriptor
  if (!is215(p.daemon)) return;
  testAlone(
    p,
    "lock-fd: a service that outlived its supervisor keeps the new instance waiting",
    async () => {
      using tree = makeTree({
        "db/run!": "#!/bin/sh\necho $$\nexec sleep 100000\n",
        "db/lock-fd": "7",
      });
      await using first = await startSupervise(p.daemon, tree, "db");
      const pid = Number(await first.stdout.until(/^[0-9]+\n/));
      first.kill("SIGQUIT");
      await first.ended();
      await using second = await startSupervise(p.client, tree, "db");
      await second.events.expect("u");
      // ours adopts what ours has left
      if (p.daemon === OURS && p.client === OURS) {
        assertEquals(readStatusFile(tree.path("db")).pid, pid);
      } else {
        await second.stderr.until(
          "s6-supervise db: warning: another instance of the service is already running, child will block",
        );
      }
      assertEquals(second.stdout.text, "");
      Deno.kill(pid, "SIGKILL");
      await second.stdout.until(/^[0-9]+\n/);
      assertEquals(second.stdout.text, `${readStatusFile(tree.path("db")).pid}\n`);
    },
  );
}

export function superviseCases(p: Pairing): void {
  signalCases(p);
  instanceCases(p);
  lockCases(p);
}
