/**
 * s6-svscan below another first process, as `docker run --init` or a shared PID namespace has it:
 * the kernel does not shield it there.
 */
import { assertEquals } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";
import { type Container, startContainer } from "./container.ts";
import { childrenOf } from "./host_processes.ts";
import { image } from "./images.ts";
import { loggedService, probeService, release, wholeLog } from "./service_tree.ts";
import { SURVIVED_SIGNALS } from "./survived_signals.ts";

const ORPHANS = 100;

/** The shell stays, since it has something to do afterwards. */
const BELOW_A_SHELL = ["/bin/sh", "-c", "s6-svscan /service; echo s6-svscan left with $?"];

async function startBelowShell(tree: Tree): Promise<Container> {
  return startContainer({ image: await image("shell"), tree, command: BELOW_A_SHELL });
}

/** The number that the host knows s6-svscan by. */
async function svscanOf(container: Container): Promise<number> {
  const [pid, ...others] = childrenOf(await container.hostPid());
  assertEquals(others, [], "the shell has one child");
  return pid!;
}

Deno.test("not PID 1: orphans of its services become its children all the same, and are reaped", async () => {
  using tree = makeTree(
    probeService("forking", { "data/orphans": `${ORPHANS}`, "data/release|": "" }),
  );
  await using container = await startBelowShell(tree);
  await container.stdout.until(`forking: left ${ORPHANS} orphans\n`);
  const svscan = await svscanOf(container);
  assertEquals(childrenOf(svscan).length, ORPHANS + 1);
  await release(tree, "forking/data/release");
  await container.stdout.until("forking: up\n");
  await eventually("the end of the last zombie", () => childrenOf(svscan).length === 1);
  await svscanOf(container); // and none has gone to the shell
});

Deno.test(`not PID 1: survives ${SURVIVED_SIGNALS.join(", ")}, and so do the services`, async () => {
  using tree = makeTree(probeService("db"));
  await using container = await startBelowShell(tree);
  await container.stdout.until("db: up\n");
  const svscan = await svscanOf(container);
  for (const signal of SURVIVED_SIGNALS) {
    Deno.kill(svscan, `SIG${signal}`);
    // it answers: a service that it has not known before is started
    tree.add(probeService(`after-${signal}`));
    await container.said("s6-svscanctl", "-a", "/service");
    await container.stdout.until(`after-${signal}: up\n`);
  }
  assertEquals(container.stdout.text.match(/asked to stop/g), null);
});

Deno.test("not PID 1: SIGTERM stops everything in order and it leaves with 0", async () => {
  using tree = makeTree(loggedService("db"));
  await using container = await startBelowShell(tree);
  await container.stdout.until("db: up\n");
  Deno.kill(await svscanOf(container), "SIGTERM");
  assertEquals(await container.ended(), 0);
  assertEquals(container.stdout.text, `${wholeLog("db")}s6-svscan left with 0\n`);
});
