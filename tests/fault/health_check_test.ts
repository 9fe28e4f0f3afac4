/** Health checks that misbehave, and checks for which there is no room: it stays with the service. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { healthOf, type HealthRecord } from "../../lib/health/core/health_record.ts";
import { eventually } from "../fixture/deadline.ts";
import { subscribe } from "../fixture/events.ts";
import { isAlive } from "../fixture/processes.ts";
import type { TreeSpec } from "../fixture/tree.ts";
import { setSoftLimit, takeDescriptors } from "./descriptor_limit.ts";
import { Patient, SLEEP } from "./patient.ts";

const SETTINGS = { interval: "200", timeout: "500", retries: "1", "start-period": "0" } as const;

function service(name: string, files: TreeSpec): TreeSpec {
  const inside = Object.entries({ ...SETTINGS, ...files }).map(([file, text]) => [
    `${name}/health-check/${file}`,
    text,
  ]);
  return { [`${name}/run!`]: SLEEP, ...Object.fromEntries(inside) };
}

/** The record of the present life; undefined: there is none yet. */
function healthIn(patient: Patient, name: string): HealthRecord | undefined {
  const path = patient.tree.path(`${name}/supervise/health`);
  return patient.tree.exists(`${name}/supervise/health`)
    ? healthOf(Deno.readFileSync(path), patient.status(name).stamp)
    : undefined;
}

async function found(patient: Patient, name: string, state: string): Promise<HealthRecord> {
  return await eventually(`${name} to be ${state}`, () => {
    const health = healthIn(patient, name);
    return health?.state === state ? health : undefined;
  });
}

/** Notes its own pid, and those of what it leaves behind. */
const noting = (rest: string): string => `#!/bin/sh\necho $$ >>pids\n${rest}\n`;

function notedPids(patient: Patient, name: string): number[] {
  return patient.tree.text(`${name}/pids`).trim().split("\n").map(Number);
}

/** What is said of each check that fails; an empty text: it succeeds. */
const CHECKS: Readonly<Record<string, readonly [files: TreeSpec, why: RegExp | ""]>> = {
  forks: [{ "run!": noting("sleep 100000 &\necho $! >>pids\nexit 0") }, ""],
  chatters: [{ "run!": "#!/bin/sh\nhead -c 300000 /dev/zero | tr '\\0' x\n" }, ""],
  floods: [{ "run!": "#!/bin/sh\nexec yes\n", timeout: "60000" }, /writes without an end/],
  hangs: [
    { "run!": noting(`trap "" TERM\nsleep 100000 &\necho $! >>pids\nsleep 100000`) },
    /^no end within 0.5s$/,
  ],
  dies: [{ "run!": "#!/bin/sh\necho oh\nkill -SEGV $$\n" }, /^killed by SIGSEGV$/],
  fails: [{ "run!": '#!/bin/sh\necho "$1 in ${PWD##*/}"\nexit 7\n' }, /^exit code 7$/],
  "not-executable": [{ run: "#!/bin/sh\n" }, /no execute bit/],
  "no-interpreter": [{ "run!": "#!/no/such/interpreter\n" }, /interpreter .* not found/],
  refused: [{ unix: "./nobody" }, /^No such file or directory$/],
};

Deno.test("health checks that fork, flood, hang, die or can't be started: each service keeps its own, and nothing is left", async () => {
  const specs = Object.entries(CHECKS).map(([name, [files]]) => service(name, files));
  await using patient = await Patient.admit(Object.assign({}, ...specs));
  for (const [name, [, why]] of Object.entries(CHECKS)) {
    const health = await found(patient, name, why === "" ? "healthy" : "unhealthy");
    if (why !== "") assertMatch(health.why!, why, name);
  }
  assertEquals(healthIn(patient, "fails")!.output, "fails in fails");
  const again = notedPids(patient, "hangs").length;
  await eventually("another check", () => notedPids(patient, "hangs").length > again);
  const names = Object.keys(CHECKS);
  await patient.command("d", ...names);
  await patient.down(...names);
  for (const name of ["forks", "hangs"]) {
    for (const pid of notedPids(patient, name)) {
      await eventually(`process ${pid} of ${name} to be gone`, () => !isAlive(pid));
    }
  }
  for (const name of names) patient.tree.remove(`${name}/health-check`);
  await patient.command("u", ...names);
  await patient.recovered(...names);
});

Deno.test("a server that accepts and says nothing, or half an answer: the check fails at its limit", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const connections: Deno.Conn[] = [];
  const served = (async () => {
    for await (const connection of listener) {
      connections.push(connection);
      if (connections.length % 2 === 0) {
        await connection.write(new TextEncoder().encode("HTTP/1.1 20")).catch(() => {});
      }
    }
  })();
  await using patient = await Patient.admit(
    service("web", { http: `http://127.0.0.1:${port}/`, retries: "4" }),
  );
  assertEquals((await found(patient, "web", "unhealthy")).why, "no end within 0.5s");
  assert(connections.length >= 4);
  listener.close();
  await served;
  for (const connection of connections) connection.close();
  assertEquals(
    (await eventually("a check that is refused", () => {
      const health = healthIn(patient, "web");
      return health?.why === "Connection refused" ? health : undefined;
    })).state,
    "unhealthy",
  );
});

Deno.test("a FIFO, a directory or nothing in place of a file of health-check: a warning, and what makes sense counts", async () => {
  const names = ["fifo", "directory", "empty", "file"];
  await using patient = await Patient.admit({
    ...service("fifo", { "run!": "#!/bin/sh\nexit 0\n" }),
    ...service("directory", { "run!": "#!/bin/sh\nexit 0\n", "on-unhealthy/x": "" }),
    "empty/run!": SLEEP,
    "empty/health-check/": "",
    "file/run!": SLEEP,
    "file/health-check": "",
  }, {
    healthy: names,
    prepare: (tree) => {
      const path = tree.path("fifo/health-check/retries");
      tree.remove("fifo/health-check/retries");
      new Deno.Command("mkfifo", { args: [path] }).outputSync();
    },
  });
  await found(patient, "fifo", "healthy");
  await found(patient, "directory", "healthy");
  for (
    const said of [
      /s6-supervise fifo: warning: unable to open health-check\/retries: .* \(going on without it\)/,
      /s6-supervise directory: warning: unable to (?:open|read) health-check\/on-unhealthy: .* \(going on without it\)/,
      /s6-supervise empty: warning: invalid health-check: it does not say how to check \(not checking the service\)/,
      /s6-supervise file: warning: invalid health-check: it does not say how to check/,
    ]
  ) await patient.says(said);
  assertEquals(healthIn(patient, "empty"), undefined);
});

Deno.test("no descriptor left for a health check: a warning, and the service stays as healthy as it was", async () => {
  await using patient = await Patient.admit({
    ...service("program", { "run!": "#!/bin/sh\necho x >>checks\n", "on-unhealthy": "restart" }),
    ...service("socket", { unix: "./nobody", retries: "1000000" }),
  }, { healthy: ["program", "socket"] });
  await found(patient, "program", "healthy");
  await using events = subscribe(patient.tree.path("program/event"));
  const before = takeDescriptors(patient.pid);
  for (const name of ["program", "socket"]) {
    await patient.says(
      new RegExp(
        `s6-supervise ${name}: warning: unable to check its health: Too many open files \\(trying again\\)`,
      ),
    );
  }
  setSoftLimit(patient.pid, before);
  const checks = patient.tree.text("program/checks").length;
  await eventually("checks go on", () => patient.tree.text("program/checks").length > checks);
  assertEquals([healthIn(patient, "program")!.state, events.all], ["healthy", ""]);
});
