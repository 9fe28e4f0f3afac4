/**
 * The CMD's lives: when it is started again, what its end and a signal mean, its drain, what it
 * leaves.
 */
import { assertEquals } from "@std/assert";
import { type ContainerLife, exited, lived } from "../../fake/container_life.ts";

const COMMAND = ["app"];
const TERM = 15;
/** Pids of its first lives. */
const [FIRST, SECOND, THIRD] = [100, 101, 102];

function withPolicy(
  policy: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ContainerLife> {
  return lived({ command: COMMAND, env: { S6_CMD_RESTART_POLICY: policy, ...env } });
}

const ENDS = [
  ["always", exited(0), true],
  ["always", TERM, true],
  ["on-failure", exited(1), true],
  ["on-failure", 9, true],
  ["on-failure", exited(0), false],
  ["on-failure", TERM, false],
  ["never", exited(1), false],
  ["", exited(1), false],
] as const;

for (const [policy, wstat, again] of ENDS) {
  Deno.test(`command: S6_CMD_RESTART_POLICY=${policy}: after the wait status ${wstat} it is ${again ? "" : "not "}started again`, async () => {
    const container = await withPolicy(policy);
    await container.port.elapse(5000);
    await container.end(FIRST, wstat);
    await container.port.elapse(0);
    assertEquals([container.port.running, container.code === undefined], [
      again ? [SECOND] : [],
      again,
    ]);
  });
}

Deno.test("command: between two starts is a second, and the container exits as its last life did", async () => {
  const container = await withPolicy("on-failure");
  await container.end(FIRST, exited(3));
  assertEquals(container.port.exitCode, 3);
  await container.port.elapse(999);
  assertEquals(container.port.running, []);
  await container.port.elapse(1);
  assertEquals(container.port.running, [SECOND]);
  await container.end(SECOND, exited(0));
  assertEquals(container.code, 0);
});

Deno.test("command: S6_CMD_RESTART_DELAY is doubled up to S6_CMD_RESTART_DELAY_MAX", async () => {
  const container = await withPolicy("always", {
    S6_CMD_RESTART_DELAY: "100",
    S6_CMD_RESTART_DELAY_MAX: "300",
  });
  for (
    const [pid, delayMs] of [[FIRST, 100], [SECOND, 200], [THIRD, 300], [THIRD + 1, 300]] as const
  ) {
    await container.end(pid, exited(0));
    await container.port.elapse(delayMs - 1);
    assertEquals(container.port.running, [], `before the end of ${delayMs} ms`);
    await container.port.elapse(1);
    assertEquals(container.port.running, [pid + 1]);
  }
});

Deno.test("command: one restart more than S6_CMD_MAX_RESTARTS allows is the end, with its last exit code", async () => {
  const container = await withPolicy("always", { S6_CMD_MAX_RESTARTS: "2/60" });
  for (const [pid, code] of [[FIRST, 1], [SECOND, 2], [THIRD, 4]] as const) {
    assertEquals(container.code, undefined);
    await container.end(pid, exited(code));
    await container.port.elapse(1000);
  }
  assertEquals(container.code, 4);
  const warnings = container.port.said.filter((line) => line.startsWith("warning"));
  assertEquals(warnings, [
    "warning init: the CMD has ended too often (S6_CMD_MAX_RESTARTS): not starting it again",
  ]);
});

Deno.test("command: one that can't be started again ends the container", async () => {
  const container = await withPolicy("always");
  container.port.broken["app"] = 126;
  await container.end(FIRST, exited(0));
  await container.port.elapse(1000);
  assertEquals(container.code, 126);
});

Deno.test("command: an end that is asked for while the next life is waited for needs no more lives", async () => {
  const container = await withPolicy("always", { S6_CMD_RESTART_DELAY: "60000" });
  await container.end(FIRST, exited(7));
  await container.stop();
  assertEquals([container.code, container.port.nowMs], [7, 1000]);
});

Deno.test("command: an end that is asked for while it lives makes that life the last", async () => {
  const container = await (await withPolicy("always")).stop();
  await container.end(FIRST, exited(5));
  await container.port.elapse(60_000);
  assertEquals([container.code, container.done().filter((entry) => entry.startsWith("CMD app"))], [
    5,
    ["CMD app = 100"],
  ]);
});

for (
  const [signal, again] of [["SIGTERM", false], ["SIGINT", false], ["SIGQUIT", false], [
    "SIGUSR1",
    true,
  ]] as const
) {
  Deno.test(`command: S6_CMD_RECEIVE_SIGNALS: its end after ${signal} is ${again ? "one like any other" : "the last one"}`, async () => {
    const container = await withPolicy("always", { S6_CMD_RECEIVE_SIGNALS: "1" });
    assertEquals(container.life.onSignal(signal), true);
    await container.end(FIRST, exited(0));
    await container.port.elapse(1000);
    assertEquals([container.port.running, container.code], again ? [[SECOND], undefined] : [[], 0]);
  });
}

Deno.test("command: S6_CMD_RECEIVE_SIGNALS: between two lives signals mean what they mean without it", async () => {
  const container = await withPolicy("always", { S6_CMD_RECEIVE_SIGNALS: "1" });
  await container.end(FIRST, exited(0));
  assertEquals(container.life.onSignal("SIGTERM"), false);
});

const DRAIN = { command: COMMAND, env: { S6_CMD_TIMEOUT_DRAIN: "4000" } };

Deno.test("command: S6_CMD_TIMEOUT_DRAIN: so long nothing is stopped", async () => {
  const container = await (await lived(DRAIN)).stop();
  container.done();
  await container.port.elapse(3999);
  assertEquals(container.done("settle"), []);
  await container.port.elapse(1);
  assertEquals(container.done(), ["end services", "signal 15 to 100", "signal 18 to 100"]);
});

Deno.test("command: S6_CMD_TIMEOUT_DRAIN is over when the CMD is, and when the end is asked for once more", async () => {
  const ended = await (await (await lived(DRAIN)).stop()).end(FIRST, exited(3));
  assertEquals([ended.code, ended.port.nowMs], [3, 1000]);
  const asked = await (await (await lived(DRAIN)).stop()).stop();
  assertEquals([asked.done().at(-1), asked.port.nowMs], ["signal 18 to 100", 1000]);
});

Deno.test("command: S6_CMD_TIMEOUT_DRAIN: told to stop at once, nobody waits for it", async () => {
  const container = await lived(DRAIN);
  container.life.onEndAsked("abort", undefined);
  await container.port.settled();
  assertEquals([container.code, container.port.nowMs], [137, 1000]);
});

Deno.test("command: S6_CMD_TIMEOUT_DRAIN without a CMD that runs is nothing", async () => {
  assertEquals((await (await lived({ env: DRAIN.env })).stop()).code, 0);
  const ended = await (await lived(DRAIN)).end(FIRST, exited(0));
  assertEquals([ended.code, ended.port.nowMs], [0, 1000]);
});

Deno.test("command: S6_CMD_TIMEOUT_DRAIN holds back the SIGTERM of S6_CMD_RECEIVE_SIGNALS, and no other signal", async () => {
  const container = await lived({
    command: COMMAND,
    env: { ...DRAIN.env, S6_CMD_RECEIVE_SIGNALS: "1" },
  });
  container.done();
  for (const signal of ["SIGTERM", "SIGUSR1"]) container.life.onSignal(signal);
  assertEquals(container.done(), ["kill 100 10"]);
  await container.port.elapse(3999);
  assertEquals(container.done("settle"), []);
  await container.port.elapse(1);
  assertEquals(container.done(), ["kill 100 15"]);
});

Deno.test("command: a SIGTERM more ends the drain, and is not followed by another", async () => {
  const container = await lived({
    command: COMMAND,
    env: { ...DRAIN.env, S6_CMD_RECEIVE_SIGNALS: "1" },
  });
  container.done();
  for (let i = 0; i < 2; i++) container.life.onSignal("SIGTERM");
  await container.port.elapse(10_000);
  assertEquals(container.done("settle"), ["kill 100 15"]);
});

const TIDY = {
  command: COMMAND,
  env: { S6_CMD_KILL_LEFTOVERS: "1", S6_CMD_RESTART_POLICY: "always" },
};

Deno.test("command: S6_CMD_KILL_LEFTOVERS: what a life has left is gone before the next begins", async () => {
  const container = await lived(TIDY);
  await container.end(FIRST, exited(0));
  container.done();
  container.port.sweeps.get(FIRST)!(2);
  await container.port.elapse(4999);
  assertEquals(container.done("settle"), []);
  await container.port.elapse(1);
  assertEquals(container.done(), ["sweep 100 9"]);
  container.port.sweeps.get(FIRST)!(0);
  await container.port.elapse(0);
  assertEquals(container.done(), ["end of sweep 100", "CMD app = 101"]);
});

Deno.test("command: S6_CMD_KILL_LEFTOVERS: what does not die of SIGKILL is left alone", async () => {
  const container = await lived(TIDY);
  await container.end(FIRST, exited(0));
  await container.port.elapse(10_000);
  assertEquals(container.done("settle").slice(-4), [
    "sweep 100 15",
    "sweep 100 9",
    "end of sweep 100",
    "CMD app = 101",
  ]);
  assertEquals(
    container.port.said.includes(
      "warning init: what the CMD has left does not die of SIGKILL: leaving it alone",
    ),
    true,
  );
});

Deno.test("command: S6_CMD_KILL_LEFTOVERS: its end is not the container's before they have gone", async () => {
  const container = await lived({ command: COMMAND, env: { S6_CMD_KILL_LEFTOVERS: "1" } });
  await container.end(FIRST, exited(6));
  assertEquals(container.done().includes("end services"), false);
  container.port.sweeps.get(FIRST)!(0);
  await container.port.settled();
  assertEquals(container.code, 6);
});
