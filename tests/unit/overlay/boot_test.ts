/** The boot: what is done in which order, what a failure means, and who is waited for how long. */
import { assertEquals } from "@std/assert";
import type { OwnSteps, ServiceTree } from "../../../lib/overlay/port.ts";
import { exited, lived } from "../../fake/container_life.ts";

const BEFORE_SERVICES = ["fix /etc/fix-attrs.d", "install /etc/services.d"];

Deno.test("boot: settings of the kernel, the hook, attributes, each script after the one before, services, the CMD", async () => {
  const env = { S6_APPLY_SYSCTL: "1", S6_STAGE2_HOOK: "/hook -x" };
  const container = await lived({ env, command: ["nginx", "-g"], init: ["a", "b"] }, (port) => {
    port.services = [{ name: "web", tellsReadiness: false, down: false }];
  });
  assertEquals(container.done(), ["sysctl", "start /hook|-x = 100"]);
  await container.end(100, exited(0));
  assertEquals(container.done(), ["fix /etc/fix-attrs.d", "start /etc/cont-init.d/a = 101"]);
  await container.end(101, exited(0));
  assertEquals(container.done(), ["start /etc/cont-init.d/b = 102"]);
  await container.end(102, exited(0));
  assertEquals(container.done(), [
    "install /etc/services.d",
    "start services",
    "CMD nginx|-g = 103",
  ]);
});

Deno.test("boot: without anything to do the CMD is started at once", async () => {
  assertEquals((await lived({ command: ["true"] })).done(), [...BEFORE_SERVICES, "CMD true = 100"]);
});

Deno.test("boot: without a CMD it is up, and stays", async () => {
  const container = await lived({ env: { S6_CMD_ARG0: "/entry.sh" } });
  assertEquals([container.done(), container.code], [BEFORE_SERVICES, undefined]);
});

Deno.test("boot: the words of S6_CMD_ARG0 come before the CMD", async () => {
  const container = await lived({ env: { S6_CMD_ARG0: " /entry.sh -v " }, command: ["a b"] });
  assertEquals(container.done("fix", "install"), ["CMD /entry.sh|-v|a b = 100"]);
});

Deno.test("boot: a hook that only a shell understands is given to one", async () => {
  const container = await lived({ env: { S6_STAGE2_HOOK: "rm -f /tmp/x; touch '/tmp/y z'" } });
  assertEquals(container.done(), ["start /bin/sh|-c|rm -f /tmp/x; touch '/tmp/y z' = 100"]);
});

Deno.test("boot: a script's output of what it exited with is said, each under the step's name", async () => {
  const container = await lived({ init: ["a"] });
  await container.end(100, exited(3));
  assertEquals(container.port.said, [
    "info cont-init: running /etc/cont-init.d/a",
    "info cont-init: /etc/cont-init.d/a exited 3",
  ]);
});

const BEHAVIOURS = [["0", []], ["1", [
  "warning cont-init: 1 of 2 scripts failed: /etc/cont-init.d/a (137)",
  "warning init: 1 of the boot's steps failed (going on)",
]]] as const;

for (const [behaviour, warnings] of BEHAVIOURS) {
  Deno.test(`boot: a script that fails does not keep the others from running; with ${behaviour}, ${warnings.length} warnings and the CMD`, async () => {
    const env = { S6_BEHAVIOUR_IF_STAGE2_FAILS: behaviour };
    const container = await lived({ env, command: ["true"], init: ["a", "b"] });
    await container.end(100, 9);
    await container.end(101, exited(0));
    assertEquals(container.port.running, [102]);
    assertEquals(container.port.said.filter((line) => line.startsWith("warning")), [...warnings]);
  });
}

Deno.test("boot: with behaviour 2, what failed ends the container with 1 after everything has been tried, and the CMD is not started", async () => {
  const container = await lived({
    env: { S6_BEHAVIOUR_IF_STAGE2_FAILS: "2" },
    command: ["true"],
    init: ["a", "b"],
  });
  await container.end(100, exited(4));
  await container.end(101, exited(0));
  assertEquals(container.code, 1);
  assertEquals(container.done().filter((entry) => entry.startsWith("CMD")), []);
});

Deno.test("boot: attributes that could not be fixed are a failure too", async () => {
  const container = await lived(
    { env: { S6_BEHAVIOUR_IF_STAGE2_FAILS: "2" } },
    (port) => port.attributesFail = true,
  );
  assertEquals(container.code, 1);
});

Deno.test("boot: a script that can't be started is a failure, and the next one runs", async () => {
  const story = { env: { S6_BEHAVIOUR_IF_STAGE2_FAILS: "1" }, init: ["a", "b"] };
  const container = await lived(story, (port) => port.broken["/etc/cont-init.d/a"] = 126);
  assertEquals(container.done("fix"), ["start /etc/cont-init.d/b = 100"]);
  await container.end(100, exited(0));
  assertEquals(container.port.said.at(-1), "warning init: 1 of the boot's steps failed (going on)");
});

Deno.test("boot: a hook that fails ends the container with its code if behaviour is 2, before any script", async () => {
  const env = { S6_BEHAVIOUR_IF_STAGE2_FAILS: "2", S6_STAGE2_HOOK: "/hook" };
  const container = await (await lived({ env, init: ["a"], command: ["true"] })).end(
    100,
    exited(7),
  );
  assertEquals([container.code, container.done("signal")], [7, [
    "start /hook = 100",
    "end services",
    "end loggers",
  ]]);
});

Deno.test("boot: a hook that fails is only a warning otherwise", async () => {
  const env = { S6_BEHAVIOUR_IF_STAGE2_FAILS: "1", S6_STAGE2_HOOK: "/hook" };
  const container = await (await lived({ env, command: ["true"] })).end(100, exited(7));
  assertEquals(container.port.running, [101]);
  assertEquals(container.port.said.at(-1), "warning init: S6_STAGE2_HOOK exited 7");
});

const SERVICES = [
  { name: "web", tellsReadiness: true, down: false },
  { name: "cron", tellsReadiness: false, down: false },
  { name: "spare", tellsReadiness: true, down: true },
];

Deno.test("boot: services are waited for on demand: ready where that is told, else up, and not at all where a down file is", async () => {
  const container = await lived(
    { env: { S6_CMD_WAIT_FOR_SERVICES: "1" }, command: ["true"] },
    (port) => port.services = SERVICES,
  );
  const { port } = container;
  await port.elapse(50);
  for (
    const [name, events, running] of [
      ["web", "u", []],
      ["cron", "u", []],
      ["web", "d", []],
      ["web", "u", []],
      ["cron", "dD", []],
      ["web", "U", []],
      ["cron", "u", [100]],
    ] as const
  ) {
    port.tell(name, events);
    await port.settled();
    assertEquals(port.running, [...running]);
  }
  assertEquals(port.said, []);
});

Deno.test("boot: a service that can't tell that it is ready must have run for S6_SERVICES_READYTIME", async () => {
  for (const [given, expected] of [[undefined, 50], ["700", 700], ["0", 0]] as const) {
    const env = {
      S6_CMD_WAIT_FOR_SERVICES: "1",
      ...(given === undefined ? {} : { S6_SERVICES_READYTIME: given }),
    };
    const { port } = await lived({ env, command: ["true"] }, (port) => {
      port.services = SERVICES.slice(1, 2);
      port.startServices = () => port.tell("cron", "u");
    });
    if (expected > 0) {
      await port.elapse(expected - 1);
      assertEquals(port.running, []);
      await port.elapse(1);
    }
    assertEquals(port.running, [100]);
  }
});

Deno.test("boot: who tells that it is ready is not waited for any longer", async () => {
  const { port } = await lived(
    { env: { S6_CMD_WAIT_FOR_SERVICES: "1" }, command: ["true"] },
    (port) => {
      port.services = SERVICES.slice(0, 1);
      port.startServices = () => port.tell("web", "uU");
    },
  );
  assertEquals(port.running, [100]);
});

Deno.test("boot: a service that fails for good is not waited for, and is a failure, also after it was up", async () => {
  for (const [service, events] of [[SERVICES[0]!, "uOD"], [SERVICES[1]!, "udOD"]] as const) {
    const env = { S6_CMD_WAIT_FOR_SERVICES: "1", S6_BEHAVIOUR_IF_STAGE2_FAILS: "1" };
    const container = await lived({ env, command: ["true"] }, (port) => port.services = [service]);
    container.port.tell(service.name, events);
    await container.port.elapse(50);
    assertEquals(container.port.running, [100]);
    assertEquals(container.port.said, [
      `warning services-up: not up: ${service.name}`,
      "warning init: 1 of the boot's steps failed (going on)",
    ]);
  }
});

Deno.test("boot: when its time is up, what hangs is left running, no other script is begun, no service, and the CMD is started", async () => {
  const container = await lived({
    env: { S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "500" },
    command: ["true"],
    init: ["a", "b"],
  });
  await container.port.elapse(499);
  assertEquals(container.port.running, [100]);
  await container.port.elapse(1);
  assertEquals(container.done("fix", "settle"), [
    "start /etc/cont-init.d/a = 100",
    "CMD true = 101",
  ]);
});

Deno.test("boot: who asks for health hears no until the scripts have run and the services are installed", async () => {
  const container = await lived({ init: ["a"] });
  assertEquals(container.port.hasBooted, false);
  await container.end(100, exited(0));
  assertEquals([container.port.hasBooted, container.done().at(-1)], [
    true,
    "install /etc/services.d",
  ]);
});

Deno.test("boot: without a limit it waits for ever", async () => {
  const container = await lived({ command: ["true"], init: ["a"] });
  await container.port.elapse(1_000_000_000);
  assertEquals(container.port.running, [100]);
});

Deno.test("boot: it begins when the engine closes the descriptor of S6_WAIT_FOR_CLOSING_FD", async () => {
  const container = await lived({ env: { S6_WAIT_FOR_CLOSING_FD: "4" }, command: ["true"] });
  assertEquals(container.done(), ["wait for the end of 4"]);
  container.port.close(4);
  await container.port.settled();
  assertEquals(container.port.running, [100]);
});

Deno.test("boot: memory that only the start needed is given back a second later, unless the container has ended by then", async () => {
  const container = await lived({ command: ["true"] });
  await container.port.elapse(1000);
  assertEquals(container.done("fix", "install", "CMD"), ["settle"]);
  const short = await (await lived({ command: ["true"] })).end(100, exited(0));
  await short.port.elapse(1000);
  assertEquals(short.done().includes("settle"), false);
});

/**
 * A service tree that runs the overlay's own steps in their order, and fails with what they fail
 * with.
 */
function treeOf(own: OwnSteps, done: string[], faults = 0): ServiceTree {
  return {
    faults,
    started: () => [{ name: "init-app", tookMs: 200, isStep: false }],
    async up(limitMs): Promise<number> {
      done.push(`up ${limitMs}`);
      for (const name of ["fix-attrs", "legacy-cont-init", "legacy-services"]) {
        if (await own[name]!.up() !== 0) return 1;
      }
      return 0;
    },
    close: (): void => void done.push("close"),
    async down(graceMs): Promise<number> {
      done.push(`down ${graceMs}`);
      await own["legacy-services"]!.down();
      return await own["legacy-cont-init"]!.down();
    },
  };
}

Deno.test("boot: where the image defines services for s6-rc, the steps are oneshots among them, up and down", async () => {
  const env = { S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "500" };
  const container = await lived({ env, command: ["true"], init: ["a"] }, (port) => {
    port.services = SERVICES.slice(0, 1);
    port.tree = (own) => treeOf(own, port.done);
  });
  await container.end(100, exited(0));
  await container.end(101, exited(0));
  container.port.tell("web", "dD");
  await container.port.settled();
  assertEquals(container.done("settle").filter((line) => !line.startsWith("CMD")), [
    "up 500",
    "fix /etc/fix-attrs.d",
    "start /etc/cont-init.d/a = 100",
    "install /etc/services.d",
    "start services",
    "close",
    "down 3000",
    "web down",
    "end services",
    "end loggers",
  ]);
});

Deno.test("boot: what s6-rc fails with is the container's exit code if S6_BEHAVIOUR_IF_STAGE2_FAILS=2, and what is left out is a failure", async () => {
  for (const [faults, init] of [[1, []], [0, ["a"]]] as const) {
    const env = { S6_BEHAVIOUR_IF_STAGE2_FAILS: "2" };
    const container = await lived(
      { env, command: ["true"], init },
      (port) => port.tree = (own) => treeOf(own, port.done, faults),
    );
    if (init.length > 0) await container.end(100, exited(3));
    assertEquals(container.port.exitCode, 1);
    const done = container.done();
    assertEquals(done.some((line) => line.startsWith("CMD")), false);
    // a script that failed keeps services from being started
    assertEquals(done.includes("install /etc/services.d"), faults > 0);
  }
});

Deno.test("boot: after a script that failed, S6_BEHAVIOUR_IF_STAGE2_FAILS=2 starts no service", async () => {
  const container = await lived(
    { env: { S6_BEHAVIOUR_IF_STAGE2_FAILS: "2" }, command: ["true"], init: ["a"] },
    (port) => port.services = SERVICES,
  );
  await container.end(100, exited(3));
  assertEquals(container.port.exitCode, 1);
  assertEquals(container.done().includes("install /etc/services.d"), false);
});

Deno.test("boot: where s6-rc tells of each service, a line tells how long it took and what took longest", async () => {
  for (const [verbosity, isTold] of [["1", false], ["2", true], ["5", true]] as const) {
    const env = { S6_VERBOSITY: verbosity };
    const container = await lived({ env, command: ["true"], init: ["a"] }, (port) => {
      port.services = SERVICES;
      port.tree = (own) => treeOf(own, port.done);
    });
    await container.port.elapse(400);
    await container.end(100, exited(0));
    const line = "info init: 4 services in 0.4 s, slowest init-app 0.2 s";
    assertEquals(container.port.said.includes(line), isTold, container.port.said.join("\n"));
  }
});

Deno.test("boot: without s6-rc, only S6_VERBOSITY=3 and more tells how long it took", async () => {
  for (const [verbosity, isTold] of [["2", false], ["3", true]] as const) {
    const env = { S6_VERBOSITY: verbosity };
    const container = await lived({ env, command: ["true"] }, (port) => port.services = SERVICES);
    await container.port.elapse(400);
    await container.end(100, exited(0));
    const isThere = container.port.said.some((line) => line.includes(" services in "));
    assertEquals(isThere, isTold, container.port.said.join("\n"));
  }
});
