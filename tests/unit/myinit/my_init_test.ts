/** my_init's life on a world in memory: what runs in which order, and what it exits with. */
import { assertEquals } from "@std/assert";
import { MyInit, type MyInitRequest } from "../../../lib/myinit/my_init.ts";
import type { MyInitPort } from "../../../lib/myinit/port.ts";

const REQUEST: MyInitRequest = {
  command: [],
  runsStartupFiles: true,
  runsServices: true,
  killsAllOnExit: true,
  isQuiet: true,
  startupDirectory: "/etc/my_init.d",
  killProcessMs: 1000,
  killAllMs: 2000,
};

const FILES: Readonly<Record<string, readonly string[]>> = {
  "/etc/my_init.d": ["/etc/my_init.d/a", "/etc/my_init.d/b"],
  "/etc/my_init.pre_shutdown.d": ["/etc/my_init.pre_shutdown.d/p"],
  "/etc/my_init.post_shutdown.d": ["/etc/my_init.post_shutdown.d/q"],
};

interface World {
  /** Wait statuses by program; "runs": until it is killed; "deaf": until SIGKILL. */
  readonly programs?: Readonly<Record<string, number | "runs" | "deaf">>;
  /** The program whose start brings SIGTERM to my_init; "services": theirs. */
  readonly interruptedAt?: string;
  /** The services end at once with that code. */
  readonly servicesEnd?: number;
  /** Processes that do not end by SIGTERM are left. */
  readonly leftovers?: boolean;
}

/** What happens, in its order, and the exit code. Time passes at once. */
async function live(
  request: Partial<MyInitRequest>,
  { programs = {}, interruptedAt, servicesEnd, leftovers = false }: World = {},
): Promise<readonly [code: number, ...events: string[]]> {
  const events: string[] = [];
  const running = new Map<number, { readonly kind: unknown; readonly end: (w: number) => void }>();
  const ended = Promise.withResolvers<void>();
  let pid = 100;
  const arrive = (what: string): void => {
    if (what === interruptedAt) init.interrupt();
  };
  const port: MyInitPort = {
    pid: 1,
    say: (text) => void events.push(text),
    after: (ms, callback) => {
      const timer = setTimeout(() => {
        events.push(`after ${ms}`);
        callback();
      });
      return () => clearTimeout(timer);
    },
    importEnvironment: ({ clears }) => void events.push(clears ? "replace env" : "add env"),
    exportEnvironment: (intoDirectory) =>
      void events.push(intoDirectory ? "write env" : "write env for shells"),
    executables: (directory) => FILES[directory] ?? [],
    isExecutable: () => true,
    start: (argv) => {
      const name = argv[0]!.split("/").at(-1)!;
      events.push(`run ${argv.join(" ")}`);
      const { promise, resolve } = Promise.withResolvers<number>();
      const kind = programs[name] ?? 0;
      if (typeof kind === "number") resolve(kind);
      running.set(++pid, { kind, end: resolve });
      arrive(name);
      return { pid, ended: promise };
    },
    kill: (victim, signal) => {
      events.push(`kill ${signal}`);
      const { kind, end } = running.get(victim)!;
      if (kind === "runs" || signal === 9) end(signal);
    },
    startServices: (onEnd) => {
      events.push("start services");
      if (servicesEnd !== undefined) onEnd(servicesEnd);
      arrive("services");
    },
    stopServices: (ms) => {
      events.push(`stop services ${ms}`);
      return Promise.resolve();
    },
    signalAll: (signal) => {
      events.push(`all ${signal}`);
      if (!leftovers || signal === 9) ended.resolve();
    },
    endSupervision: () => ended.promise,
  };
  const init = new MyInit(port, { ...REQUEST, ...request });
  return [await init.run(), ...events];
}

const BEGIN = ["add env", "write env"];
const NEXT = ["replace env", "write env for shells"];
const STARTED = [
  ...BEGIN,
  "run /etc/my_init.d/a",
  ...NEXT,
  "run /etc/my_init.d/b",
  ...NEXT,
  "run /etc/rc.local",
  ...NEXT,
];
const STOPPED = [
  "run /etc/my_init.pre_shutdown.d/p",
  "stop services 1000",
  "run /etc/my_init.post_shutdown.d/q",
];

Deno.test("my_init: startup files, rc.local, services, the main command, whose exit code it is", async () => {
  assertEquals(
    await live({ command: ["cmd", "-x"] }, { programs: { cmd: 7 << 8 } }),
    [7, ...STARTED, "start services", "run cmd -x", ...STOPPED, "all 15"],
  );
  assertEquals((await live({ command: ["cmd"] }, { programs: { cmd: 9 } }))[0], 137);
});

Deno.test("my_init: without a command it ends by a signal, with 2, or when the services are told to end", async () => {
  assertEquals(
    await live({}, { interruptedAt: "services" }),
    [2, ...STARTED, "start services", ...STOPPED, "*** Init system aborted.", "all 15"],
  );
  assertEquals((await live({}, { servicesEnd: 5 }))[0], 5);
});

Deno.test("my_init: a signal ends the main command first, by force if it is deaf", async () => {
  const request = { command: ["cmd"], runsStartupFiles: false };
  assertEquals(
    await live(request, { programs: { cmd: "runs" }, interruptedAt: "cmd" }),
    [
      2,
      ...BEGIN,
      "start services",
      "run cmd",
      "kill 15",
      ...STOPPED,
      "*** Init system aborted.",
      "all 15",
    ],
  );
  const deaf = await live(request, { programs: { cmd: "deaf" }, interruptedAt: "cmd" });
  assertEquals(deaf.slice(5, 10), [
    "kill 15",
    "after 1000",
    "*** cmd (PID 101) did not shut down in time. Forcing it to exit.",
    "kill 9",
    "run /etc/my_init.pre_shutdown.d/p",
  ]);
});

Deno.test("my_init: a startup file that fails is the last one; a signal while one runs aborts", async () => {
  assertEquals(
    await live({}, { programs: { a: 3 << 8 } }),
    [
      1,
      ...BEGIN,
      "run /etc/my_init.d/a",
      "*** /etc/my_init.d/a failed with status 3",
      "all 15",
    ],
  );
  assertEquals(
    await live({}, { programs: { a: "runs" }, interruptedAt: "a" }),
    [
      2,
      ...BEGIN,
      "run /etc/my_init.d/a",
      "*** An error occurred. Aborting.",
      "kill 15",
      "*** Init system aborted.",
      "all 15",
    ],
  );
});

Deno.test("my_init: a file of the end that fails decides the exit code", async () => {
  const events = await live({ command: ["cmd"] }, { programs: { p: 1 << 8 } });
  assertEquals(events[0], 1);
  assertEquals(events.includes("stop services 1000"), false);
  assertEquals((await live({ command: ["cmd"] }, { programs: { q: 1 << 8 } }))[0], 1);
});

Deno.test("my_init: what is left out, and what outlives SIGTERM", async () => {
  assertEquals(
    await live({ command: ["cmd"], runsServices: false, runsStartupFiles: false }),
    [0, ...BEGIN, "run cmd", "all 15"],
  );
  const left = await live({ command: ["cmd"], runsServices: false }, { leftovers: true });
  assertEquals(left.slice(-4), [
    "all 15",
    "after 2000",
    "*** Not all processes have exited in time. Forcing them to exit.",
    "all 9",
  ]);
  const spared = await live(
    { command: ["cmd"], runsServices: false, killsAllOnExit: false },
    { leftovers: true },
  );
  assertEquals(spared.filter((event) => String(event).startsWith("all")), []);
});

Deno.test("my_init: says what it does unless it is to be quiet", async () => {
  const told = await live({ command: ["cmd", "x"], isQuiet: false, runsStartupFiles: false });
  assertEquals(told.filter((event) => String(event).startsWith("***")), [
    "*** Booting runit daemon...",
    "*** Runit started as PID 1",
    "*** Running cmd x...",
    "*** cmd exited with status 0.",
    "*** Running /etc/my_init.pre_shutdown.d/p...",
    "*** Shutting down runit services...",
    "*** Running /etc/my_init.post_shutdown.d/q...",
    "*** Killing all processes...",
  ]);
});
