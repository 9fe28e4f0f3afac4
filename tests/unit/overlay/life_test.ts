/** From the CMD, or whoever asks for the end, to the exit code: the one way to the end. */
import { assertEquals } from "@std/assert";
import { type ContainerLife, exited, lived } from "../../fake/container_life.ts";

const COMMAND = { command: ["app"] };
const APP = 100;

for (
  const [how, wstat, code] of [["exits with 7", exited(7), 7], ["is killed by SIGKILL", 9, 137], [
    "dumps core",
    0x8b,
    139,
  ]] as const
) {
  Deno.test(`end: the CMD ${how}: the container exits with ${code}`, async () => {
    const container = await (await lived(COMMAND)).end(APP, wstat);
    assertEquals([container.code, container.port.exitCode], [code, code]);
  });
}

Deno.test("end: a CMD that can't be started: a shell's code for that, and the way to the end as ever", async () => {
  const container = await lived(COMMAND, (port) => port.broken["app"] = 127);
  assertEquals([container.code, container.done("fix", "install")], [127, [
    "end services",
    "end loggers",
  ]]);
  assertEquals(container.port.said[0], "error init: unable to run app");
});

Deno.test("end: services first, then the scripts one after the other, then the catch-all logger; nothing is signalled if nothing is left", async () => {
  const container = await lived(
    { ...COMMAND, finish: ["a", "b"] },
    (port) => port.servicesEndAtOnce = false,
  );
  container.done();
  await container.end(APP, exited(0));
  assertEquals(container.done(), ["CMD ended", "end services"]);
  container.port.servicesEnded();
  await container.port.settled();
  assertEquals(container.done(), ["start /etc/cont-finish.d/a = 101"]);
  await container.end(101, exited(1));
  assertEquals(container.done(), ["start /etc/cont-finish.d/b = 102"]);
  await container.end(102, exited(0));
  assertEquals([container.done(), container.code], [["end loggers"], 0]);
});

Deno.test("stop: the CMD gets SIGTERM when the services and the scripts are done, and its code is the container's", async () => {
  const container = await (await lived({ ...COMMAND, finish: ["a"] })).stop();
  assertEquals(container.done("fix", "install"), [
    "CMD app = 100",
    "end services",
    "start /etc/cont-finish.d/a = 101",
  ]);
  await container.end(101, exited(0));
  assertEquals(container.done(), ["signal 15 to 100", "signal 18 to 100"]);
  await container.end(APP, exited(3));
  assertEquals([container.code, container.done()], [3, ["CMD ended", "end loggers"]]);
});

Deno.test("stop: what dies of SIGTERM ends the wait at once; a CMD that does exits with 143", async () => {
  const container = await (await lived(COMMAND)).stop();
  await container.end(APP, 15);
  assertEquals([container.code, container.port.nowMs], [143, 1000]);
});

Deno.test("stop: a CMD that is dead, and whose death has not been heard of yet, gives its exit code", async () => {
  const container = await lived(COMMAND, (port) => port.dead.add(APP));
  await container.stop();
  assertEquals([container.code, container.done().includes("sync")], [undefined, false]);
  await container.end(APP, 15);
  assertEquals(container.code, 143);
});

Deno.test("stop: what does not end gets SIGKILL after the grace time", async () => {
  const container = await (await lived(
    { ...COMMAND, env: { S6_KILL_GRACETIME: "700" } },
    (port) => port.strays.add(55),
  )).stop();
  container.done();
  await container.port.elapse(699);
  assertEquals([container.done("settle"), container.code], [[], undefined]);
  await container.port.elapse(1);
  assertEquals([container.done(), container.code], [[
    "signal 9 to 100 55",
    "CMD ended",
    "end loggers",
  ], 137]);
});

Deno.test("stop: without a grace time SIGKILL comes at once", async () => {
  const container = await (await lived({ ...COMMAND, env: { S6_KILL_GRACETIME: "0" } })).stop();
  assertEquals([container.done("fix", "install", "CMD app"), container.code], [
    ["end services", "signal 9 to 100", "CMD ended", "end loggers"],
    137,
  ]);
});

Deno.test("stop: what was started while everything was killed is killed too", async () => {
  const container = await lived({ ...COMMAND, env: { S6_KILL_GRACETIME: "0" } });
  const { port } = container;
  port.strays.add(55);
  const end = port.end.bind(port);
  port.end = (pid, wstat) => {
    if (pid === 55) port.strays.add(56);
    end(pid, wstat);
  };
  await container.stop();
  assertEquals([container.done().filter((entry) => entry.startsWith("signal")), container.code], [
    ["signal 9 to 100 55", "signal 9 to 56"],
    137,
  ]);
});

Deno.test("stop: what can't be killed is left, and that is told", async () => {
  const container = await lived({ env: { S6_KILL_GRACETIME: "0" } }, (port) => {
    port.strays.add(55);
    port.unreachable.add(55);
  });
  await container.stop();
  assertEquals([container.code, container.port.said.at(-1)], [
    0,
    "warning init: some processes can't be killed: leaving them",
  ]);
});

Deno.test("stop: services that take longer than S6_SERVICES_GRACETIME are not waited for any longer", async () => {
  const container = await lived({ finish: ["a"] }, (port) => port.servicesEndAtOnce = false);
  await container.stop();
  await container.port.elapse(2999);
  assertEquals(container.port.running, []);
  await container.port.elapse(1);
  assertEquals(container.port.running, [100]);
});

Deno.test("stop: S6_SERVICES_GRACETIME=0 is no limit", async () => {
  const container = await lived(
    { env: { S6_SERVICES_GRACETIME: "0" }, finish: ["a"] },
    (port) => port.servicesEndAtOnce = false,
  );
  await container.stop();
  await container.port.elapse(1_000_000_000);
  assertEquals(container.port.running, []);
});

Deno.test("stop: a cont-finish script that takes longer than S6_KILL_FINISH_MAXTIME is killed with its group, and the next one runs", async () => {
  const container =
    await (await lived({ env: { S6_KILL_FINISH_MAXTIME: "800" }, finish: ["a", "b"] })).stop();
  container.done();
  await container.port.elapse(800);
  assertEquals(container.done("settle"), ["kill -100 9", "start /etc/cont-finish.d/b = 101"]);
});

Deno.test("stop: a cont-finish script that can't be started is told, and the next one runs", async () => {
  const container = await lived(
    { finish: ["a", "b"] },
    (port) => port.broken["/etc/cont-finish.d/a"] = 126,
  );
  await container.stop();
  assertEquals(container.done("fix", "install"), [
    "end services",
    "start /etc/cont-finish.d/b = 100",
  ]);
});

Deno.test("stop: while a script of the boot hangs: it gets SIGTERM, SIGKILL after the grace time, and nothing else of the boot happens", async () => {
  const container = await (await lived({ ...COMMAND, init: ["a", "b"], finish: ["c"] })).stop();
  assertEquals(container.done("fix"), [
    "start /etc/cont-init.d/a = 100",
    "kill -100 15",
    "kill -100 18",
    "end services",
  ]);
  await container.port.elapse(3000);
  assertEquals(container.done(), ["kill -100 9", "start /etc/cont-finish.d/c = 101"]);
  await container.end(101, exited(0));
  assertEquals(container.code, 0);
});

Deno.test("stop: while a script of the boot runs that heeds SIGTERM: it goes on at once", async () => {
  const container = await (await lived({ ...COMMAND, init: ["a"] })).stop();
  await container.end(100, 15);
  assertEquals([container.code, container.port.nowMs], [0, 1000]);
});

Deno.test("stop: while the boot waits for services, and while it waits for the engine", async () => {
  const waiting = await lived({ ...COMMAND, env: { S6_CMD_WAIT_FOR_SERVICES: "1" } }, (port) => {
    port.services = [{ name: "web", tellsReadiness: true, down: false }];
  });
  assertEquals((await waiting.stop()).code, 0);
  const unsynced = await lived({ ...COMMAND, env: { S6_WAIT_FOR_CLOSING_FD: "3" } });
  assertEquals([(await unsynced.stop()).code, unsynced.done().includes("CMD app = 100")], [
    0,
    false,
  ]);
});

Deno.test("stop: asked for again and again it is the same", async () => {
  const container = await lived({ finish: ["a"] });
  for (let i = 0; i < 3; i++) await container.stop();
  assertEquals(container.done("fix", "install"), [
    "end services",
    "start /etc/cont-finish.d/a = 100",
  ]);
  await container.end(100, exited(0));
  assertEquals([container.code, container.done()], [0, ["end loggers"]]);
});

Deno.test("hurry: nobody is waited for: no script is run, everything is killed at once", async () => {
  const container = await lived(
    { ...COMMAND, finish: ["a"] },
    (port) => port.servicesEndAtOnce = false,
  );
  container.done();
  container.life.onEndAsked("abort", undefined);
  await container.port.settled();
  assertEquals([container.done(), container.code], [
    [
      "end services",
      "signal 15 to 100",
      "signal 18 to 100",
      "signal 9 to 100",
      "CMD ended",
      "end loggers",
    ],
    137,
  ]);
});

Deno.test("hurry: while stopping: what was waited for is killed", async () => {
  const container = await (await lived({ ...COMMAND, finish: ["a", "b"] })).stop();
  container.done();
  container.life.onEndAsked("abort", undefined);
  await container.port.settled();
  assertEquals(container.done().slice(0, 2), ["kill -101 9", "signal 15 to 100"]);
  assertEquals(container.code, 137);
});

Deno.test("exit code: what a script writes after the CMD's end counts", async () => {
  const container = await (await lived({ ...COMMAND, finish: ["a"] })).end(APP, exited(3));
  container.port.exitCode = 42;
  assertEquals((await container.end(101, exited(0))).code, 42);
});

Deno.test("exit code: an essential service's stands, whatever is written later", async () => {
  const container = await lived(COMMAND);
  container.life.onEndAsked("terminate", 5);
  await container.port.settled();
  await container.end(APP, 15);
  assertEquals(container.code, 5);
});

Deno.test("exit code: nothing sensible recorded is 0", async () => {
  const container = await lived({});
  container.port.exitCode = undefined;
  assertEquals((await container.stop()).code, 0);
});

Deno.test("signals: the CMD's with S6_CMD_RECEIVE_SIGNALS, as long as it runs", async () => {
  const container = await lived({ ...COMMAND, env: { S6_CMD_RECEIVE_SIGNALS: "1" } });
  container.done();
  const taken = [
    "SIGTERM",
    "SIGINT",
    "SIGQUIT",
    "SIGUSR1",
    "SIGUSR2",
    "SIGPWR",
    "SIGWINCH",
    "SIGHUP",
    "SIGCHLD",
  ].map((name) => container.life.onSignal(name));
  assertEquals(taken, [true, true, true, true, true, true, true, false, false]);
  assertEquals(container.done(), [15, 2, 3, 10, 12, 30, 28].map((signal) => `kill 100 ${signal}`));
  await container.end(APP, exited(0));
  assertEquals(container.life.onSignal("SIGTERM"), false);
});

Deno.test("signals: not the CMD's without the variable", async () => {
  assertEquals((await lived(COMMAND)).life.onSignal("SIGTERM"), false);
});

Deno.test("end: a catch-all logger that does not end is killed", async () => {
  const container = await lived({}, (port) => port.loggersEndAtOnce = false);
  await container.stop();
  await container.port.elapse(2999);
  assertEquals(container.code, undefined);
  await container.port.elapse(1);
  assertEquals([container.done().at(-1), container.code], ["signal 9 to the loggers", 0]);
});

Deno.test("end: disks are synced on demand, when all has been written", async () => {
  const container = await (await lived({ env: { S6_SYNC_DISKS: "1" } })).stop();
  assertEquals(container.done("fix", "install"), ["end services", "end loggers", "sync"]);
});

const MIGRATES = {
  env: { S6_SCRIPT_TIMEOUT_DRAIN: "4000" },
  init: ["a", "b"],
  finish: ["z"],
  command: ["app"],
};
const SIGTERM_TO_SCRIPT = "kill -100 15";

Deno.test("stop: S6_SCRIPT_TIMEOUT_DRAIN: a script of the boot comes to its end, and no other begins", async () => {
  const container = await (await lived(MIGRATES)).stop();
  await container.port.elapse(3999);
  assertEquals(container.done("fix"), ["start /etc/cont-init.d/a = 100"]);
  await container.end(100, exited(0));
  assertEquals(container.done(), ["end services", "start /etc/cont-finish.d/z = 101"]);
});

Deno.test("stop: S6_SCRIPT_TIMEOUT_DRAIN is over when its time is, when the end is asked for once more, and at once when nobody is to be waited for", async () => {
  for (
    const goOn of [
      (container: ContainerLife) => container.port.elapse(4000),
      (container: ContainerLife) => container.stop(),
      (container: ContainerLife) => Promise.resolve(container.life.onEndAsked("abort", undefined)),
    ]
  ) {
    const container = await (await lived(MIGRATES)).stop();
    container.done();
    await goOn(container);
    await container.port.settled();
    assertEquals(container.done()[0], SIGTERM_TO_SCRIPT);
  }
});
