/**
 * A throw that nobody expects, in every call of the port of a container's life: it boots on, and
 * always comes to an orderly end.
 */
import { assert, assertEquals } from "@std/assert";
import { ContainerLife, exited, type Story } from "../../fake/container_life.ts";
import { SABOTAGE, Saboteur } from "../../fake/saboteur.ts";

const STORY: Story = {
  env: {
    S6_CMD_WAIT_FOR_SERVICES: "1",
    S6_STAGE2_HOOK: "hook",
    S6_FIX_ATTRS_HIDDEN: "1",
    S6_APPLY_SYSCTL: "1",
    S6_SYNC_DISKS: "1",
    S6_CMD_RESTART_POLICY: "on-failure",
    S6_CMD_KILL_LEFTOVERS: "1",
    S6_CMD_TIMEOUT_DRAIN: "100",
    S6_CMD_RECEIVE_SIGNALS: "1",
  },
  command: ["nginx"],
  init: ["a", "b"],
  finish: ["z"],
};

/** Everything that can end does, and time passes, until it is over. */
async function toTheEnd(container: ContainerLife): Promise<void> {
  const { port } = container;
  for (let round = 0; round < 40 && container.code === undefined; round++) {
    for (const [, listener] of [...port.sweeps]) listener(0);
    await port.elapse(5000);
  }
}

/**
 * Boots with scripts and a service; the CMD fails once and runs again; then the end is asked for,
 * with a stray process left.
 */
async function live(saboteur: Saboteur): Promise<ContainerLife> {
  const container = new ContainerLife(STORY, (port) => saboteur.disguise(port));
  const { port } = container;
  for (const name of ["hook", "/etc/cont-init.d/a", "/etc/cont-init.d/b", "/etc/cont-finish.d/z"]) {
    port.endsWith[name] = 0;
  }
  port.services = [{ name: "web", tellsReadiness: false, down: false }];
  await container.begin();
  port.tell("web", "u");
  await port.elapse(60_000);
  const first = port.running.at(-1);
  if (first !== undefined && port.done.some((line) => line === `CMD nginx = ${first}`)) {
    await container.end(first, exited(1));
  }
  for (const [, listener] of [...port.sweeps]) listener(0);
  await port.elapse(60_000);
  container.life.onSignal("SIGUSR1");
  port.strays.add(4242);
  await container.stop();
  await toTheEnd(container);
  return container;
}

Deno.test("a container's life: a throw before or after each call of its port: one warning, and every step of the boot and the end comes", async () => {
  const calls = new Saboteur();
  const well = await live(calls);
  assertEquals(well.port.said.filter((text) => text.includes("internal error")), []);
  assert(well.code !== undefined);
  for (const when of ["before", "after"] as const) {
    for (const [at, name] of calls.calls.entries()) {
      const what = `call ${at}, ${name}, throws ${when}`;
      const container = await live(new Saboteur({ at, when }));
      assert(
        container.code !== undefined,
        `${what}: it has no end: ${container.port.done.join("\n")}`,
      );
      const mishaps = container.port.said.filter((text) => text.includes("internal error"));
      if (name !== "say") {
        assertEquals(mishaps.length, 1, `${what}: ${container.port.said.join("\n")}`);
      }
      assert(mishaps.every((text) => text.includes(SABOTAGE)), `${what}: ${mishaps.join("\n")}`);
      const { done } = container.port;
      const ofOthers = [
        "start /etc/cont-init.d/a",
        "start /etc/cont-init.d/b",
        "start /etc/cont-finish.d/z",
        "install",
        "end services",
        "end loggers",
      ].filter((step) => !done.some((line) => line.startsWith(step)));
      // the step whose own call has thrown, and a list of scripts that could not be had
      const most = name === "scripts" ? 2 : 1;
      assert(
        when === "after" && name !== "scripts" ? ofOthers.length === 0 : ofOthers.length <= most,
        `${what}: not done: ${ofOthers}`,
      );
    }
  }
});

Deno.test("a container's life on a port that throws whenever a call of one kind is made: it comes to its end", async () => {
  const calls = new Saboteur();
  await live(calls);
  for (const name of new Set(calls.calls)) {
    const container = await live(new Saboteur({ at: name, when: "before" }));
    assert(
      container.code !== undefined,
      `${name}: ${container.port.done.join("\n")}; ${container.port.said.join("\n")}`,
    );
    assert(
      container.port.said.filter((text) => text.includes("internal error")).length <= 20,
      name,
    );
  }
});
