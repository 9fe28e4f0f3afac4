/**
 * s6-svscan as a container's first process: what it needs of the image, orphans, and what it does
 * on each signal.
 */
import { assertEquals } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { makeTree } from "../fixture/tree.ts";
import { runContainer, startContainer } from "./container.ts";
import { childrenOf } from "./host_processes.ts";
import { buildInContext, compileProbe, image } from "./images.ts";
import { loggedService, probeService, release } from "./service_tree.ts";
import { SURVIVED_SIGNALS } from "./survived_signals.ts";

const ORPHANS = 1000;

/** Those that a `.s6-svscan/SIGxxx` takes over. Source: s6, doc/s6-svscan.html. */
const DIVERTED_SIGNALS = ["HUP", "INT", "TERM", "QUIT", "USR1", "USR2", "PWR", "WINCH"];

Deno.test("PID 1: an empty image with the tarball and one static program is all that it takes", async () => {
  await image("hexad");
  await buildInContext("bare", "FROM hexad\nCOPY service /service\n", (directory) => {
    Deno.mkdirSync(`${directory}/service/db`, { recursive: true });
    return compileProbe(`${directory}/service/db/run`, ["-static"]);
  });
  await using container = await startContainer({ image: "bare" });
  await container.stdout.until("db: up\n");
  assertEquals(await container.stop(), 0);
  assertEquals(container.stdout.text, "db: up\ndb: asked to stop by signal 15\ndb: last line\n");
  assertEquals(container.stderr.text, "");
});

Deno.test("PID 1: an empty scan directory is supervised too, and a service that comes later is found on demand", async () => {
  using tree = makeTree();
  await using container = await startContainer({ image: await image("probe"), tree });
  await eventually("s6-svscan's control FIFO", () => tree.exists(".s6-svscan/control"));
  tree.add(probeService("db"));
  await eventually(
    "s6-svscan to listen",
    async () => (await container.exec(["/usr/bin/s6-svscanctl", "-a", "/service"])).code === 0,
  );
  await container.stdout.until("db: up\n");
  assertEquals(await container.stop(), 0);
});

Deno.test("PID 1: a thousand orphans that end at once are reaped, and the services that are up stay up", async () => {
  using tree = makeTree({
    ...probeService("db"),
    ...probeService("forking", { "data/orphans": `${ORPHANS}`, "data/release|": "" }),
  });
  await using container = await startContainer({ image: await image("probe"), tree });
  await container.stdout.until("db: up\n");
  await container.stdout.until(`forking: left ${ORPHANS} orphans\n`);
  const init = await container.hostPid();
  const services = ["db", "forking"];
  assertEquals(
    childrenOf(init).length,
    ORPHANS + services.length,
    "the orphans have become children of PID 1",
  );
  await release(tree, "forking/data/release");
  await container.stdout.until("forking: up\n");
  await eventually("the end of the last zombie", () => childrenOf(init).length === services.length);
  assertEquals(await container.stop(), 0);
  for (const name of services) {
    assertEquals(
      container.stdout.text.split(`${name}: up\n`).length,
      2,
      `${name} was started once`,
    );
  }
});

Deno.test(`PID 1: survives ${SURVIVED_SIGNALS.join(", ")}, and so do the services`, async () => {
  using tree = makeTree(probeService("db"));
  await using container = await startContainer({ image: await image("probe"), tree });
  await container.stdout.until("db: up\n");
  for (const signal of SURVIVED_SIGNALS) {
    await container.kill(signal);
    // it answers: a service that it has not known before is started
    tree.add(probeService(`after-${signal}`));
    await container.said("/usr/bin/s6-svscanctl", "-a", "/service");
    await container.stdout.until(`after-${signal}: up\n`);
  }
  assertEquals(container.stdout.text.match(/asked to stop/g), null);
  assertEquals(await container.stop(), 0);
});

for (const signal of ["INT", "QUIT", "TERM"]) {
  Deno.test(`PID 1: SIG${signal} stops the services, and the exit code is 0`, async () => {
    using tree = makeTree(probeService("db"));
    await using container = await startContainer({ image: await image("probe"), tree });
    await container.stdout.until("db: up\n");
    await container.kill(signal);
    assertEquals(await container.ended(), 0);
    assertEquals(container.stdout.text, "db: up\ndb: asked to stop by signal 15\ndb: last line\n");
  });
}

Deno.test("PID 1: an executable .s6-svscan/SIGxxx is run instead of what the signal does by itself", async () => {
  using tree = makeTree(probeService("db"));
  for (const signal of DIVERTED_SIGNALS) {
    tree.add({ [`.s6-svscan/SIG${signal}!`]: "#!/bin/sh\necho took ${0##*/}\n" });
  }
  await using container = await startContainer({ image: await image("shell"), tree });
  await container.stdout.until("db: up\n");
  for (const signal of DIVERTED_SIGNALS) {
    await container.kill(signal);
    await container.stdout.until(`took SIG${signal}\n`);
  }
  assertEquals(container.stdout.text.match(/asked to stop/g), null);
  await container.exec(["/usr/bin/s6-svscanctl", "-t", "/service"]);
  assertEquals(await container.ended(), 0);
});

Deno.test("PID 1: what a killed container has left in a scan directory does not hinder the next one", async () => {
  using tree = makeTree(loggedService("db"));
  for (const _ of ["first", "second"]) {
    await using container = await startContainer({ image: await image("probe"), tree });
    await container.stdout.until("db: up\n");
    await container.kill("KILL");
    assertEquals(await container.ended(), 137);
  }
  await using container = await startContainer({ image: await image("probe"), tree });
  await container.stdout.until("db: up\n");
  assertEquals(await container.stop(), 0);
  assertEquals(container.stderr.text, "");
});

Deno.test("PID 1: a second container on the same scan directory says so and exits with 100, the first one's services stay up", async () => {
  using tree = makeTree(probeService("db"));
  await using container = await startContainer({ image: await image("probe"), tree });
  await container.stdout.until("db: up\n");
  const second = await runContainer({ image: await image("probe"), tree });
  assertEquals(second, {
    code: 100,
    stdout: "",
    stderr:
      "s6-svscan: fatal: another instance of s6-svscan is already running on the same directory\n",
  });
  assertEquals(await container.said("/usr/bin/s6-svstat", "-o", "up", "/service/db"), "true\n");
  assertEquals(await container.stop(), 0);
});
