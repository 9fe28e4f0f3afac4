/**
 * What a container's end does to its services. There is no finish script in any of these: what the
 * engine sends is SIGTERM to PID 1, and SIGKILL to everything later. podman's exit code 137 would
 * tell that it came to that.
 */
import { assertEquals } from "@std/assert";
import { unpackSvstatus } from "../../lib/servicedir/core/svstatus.ts";
import { wtermsig } from "../../lib/core/linux/wstat.ts";
import { makeTree } from "../fixture/tree.ts";
import { startContainer } from "./container.ts";
import { image } from "./images.ts";
import { loggedService, probeService, release, wholeLog } from "./service_tree.ts";

const SIGKILL = 9;
const KILLED_BY_ENGINE = 137;

Deno.test("container stop: a service has the time it takes, its last line reaches the logger, and svscan leaves after the logger", async () => {
  using tree = makeTree(loggedService("db", { "data/go|": "" }, { "data/go|": "" }));
  await using container = await startContainer({ image: await image("probe"), tree });
  await container.stdout.until("db: up\n");
  await container.kill("TERM");
  await container.stdout.until("db: asked to stop by signal 15\n");
  await release(tree, "db/data/go");
  await container.stdout.until("db: last line\n");
  await release(tree, "db/log/data/go");
  assertEquals(await container.ended(), 0);
  assertEquals(tree.text("db/log/out"), wholeLog("db"));
});

Deno.test("container stop: twenty services with loggers stop in order, and podman need not kill anything", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `service-${index}`);
  using tree = makeTree(Object.assign({}, ...names.map((name) => loggedService(name))));
  await using container = await startContainer({ image: await image("probe"), tree });
  for (const name of names) await container.stdout.until(`${name}: up\n`);
  assertEquals(await container.stop(), 0);
  assertEquals(names.map((name) => tree.text(`${name}/log/out`)), names.map(wholeLog));
});

Deno.test("container stop: a deaf service with timeout-kill is killed by its supervisor, its logger ends by end of file, exit code 0", async () => {
  using tree = makeTree(loggedService("deaf", { "data/deaf": "", "timeout-kill": "200\n" }));
  await using container = await startContainer({ image: await image("probe"), tree });
  await container.stdout.until("deaf: up\n");
  assertEquals(await container.stop(), 0);
  assertEquals(
    tree.text("deaf/log/out"),
    "deaf: up\ndeaf: asked to stop by signal 15\ndeaf/log: end of file\n",
  );
  assertEquals(wtermsig(unpackSvstatus(tree.bytes("deaf/supervise/status")).wstat), SIGKILL);
});

Deno.test("container stop: a deaf service without timeout-kill is left to the engine, the others have stopped in order by then", async () => {
  using tree = makeTree({ ...loggedService("deaf", { "data/deaf": "" }), ...loggedService("db") });
  await using container = await startContainer({ image: await image("probe"), tree });
  await container.stdout.until("deaf: up\n");
  await container.stdout.until("db: up\n");
  await container.kill("TERM");
  await container.stdout.until("deaf: asked to stop by signal 15\n");
  await container.stdout.until("db/log: end of file\n");
  await container.kill("KILL");
  assertEquals(await container.ended(), KILLED_BY_ENGINE);
  assertEquals(tree.text("db/log/out"), wholeLog("db"));
});

Deno.test("container stop: more signals to stop while stopping do no harm", async () => {
  using tree = makeTree(loggedService("db", { "data/go|": "" }));
  await using container = await startContainer({ image: await image("probe"), tree });
  await container.stdout.until("db: up\n");
  await container.kill("TERM");
  await container.stdout.until("db: asked to stop by signal 15\n");
  for (const signal of ["TERM", "INT", "TERM", "HUP"]) await container.kill(signal);
  await release(tree, "db/data/go");
  assertEquals(await container.ended(), 0);
  assertEquals(tree.text("db/log/out"), wholeLog("db"));
});

Deno.test("container stop: a service is asked by its down-signal", async () => {
  using tree = makeTree(probeService("db", { "down-signal": "INT\n" }));
  await using container = await startContainer({ image: await image("probe"), tree });
  await container.stdout.until("db: up\n");
  assertEquals(await container.stop(), 0);
  assertEquals(container.stdout.text, "db: up\ndb: asked to stop by signal 2\ndb: last line\n");
});

Deno.test("container stop: finish runs for the last time, with the exit code and the service's name", async () => {
  using tree = makeTree(
    probeService("db", { "finish!": '#!/bin/sh\necho "$1 $3" >data/finished\n', "data/": "" }),
  );
  await using container = await startContainer({ image: await image("shell"), tree });
  await container.stdout.until("db: up\n");
  assertEquals(await container.stop(), 0);
  assertEquals(tree.text("db/data/finished"), "0 db\n");
});

Deno.test("container stop: services that are down, that can't be started or that wait for their restart don't hold it up", async () => {
  using tree = makeTree({
    ...probeService("db"),
    ...probeService("down", { "down": "" }),
    ...probeService("flapping", { "data/exit": "1" }),
    "broken/run!": "#!/bin/nothing\n",
  });
  await using container = await startContainer({ image: await image("probe"), tree });
  await container.stdout.until("db: up\n");
  await container.stdout.until("flapping: ending\n");
  await container.stderr.until("broken");
  assertEquals(await container.stop(), 0);
});

Deno.test("container stop: s6-svscanctl -t from inside is as good as the engine's signal", async () => {
  using tree = makeTree(loggedService("db"));
  await using container = await startContainer({ image: await image("probe"), tree });
  await container.stdout.until("db: up\n");
  await container.exec(["/usr/bin/s6-svscanctl", "-t", "/service"]);
  assertEquals(await container.ended(), 0);
  assertEquals(tree.text("db/log/out"), wholeLog("db"));
});
