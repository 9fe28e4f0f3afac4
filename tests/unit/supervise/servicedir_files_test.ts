/**
 * Garbage in every file of a service directory is a warning and the documented default; and the
 * death tally.
 */
import { assert, assertEquals } from "@std/assert";
import { EACCES, EIO, EISDIR } from "../../../lib/core/linux/errno.ts";
import { running, SupervisedService } from "../../fake/supervised_service.ts";

/** No unsigned number, and no signal either. */
const GARBAGE = [
  "",
  "\n",
  "x\n",
  "-1\n",
  "3 \n",
  " 3\n",
  "0x10\n",
  "4294967296\n",
  "99999999999999999999\n",
  "\xff\x00\n",
  "1e3\n",
  "3,0\n",
];

interface NumericFile {
  readonly name: string;
  /** Reads the file once. */
  use(service: SupervisedService): SupervisedService;
  /** What is done without the file and with garbage in it, apart from the warning. */
  readonly usual: readonly string[];
}

const died = (service: SupervisedService): SupervisedService => service.exit(0);
const restarted = (service: SupervisedService): SupervisedService =>
  service.elapse(1000).exit(0).elapse(0);

const NUMBERS: readonly NumericFile[] = [
  { name: "notification-fd", use: restarted, usual: ["run 1001"] },
  { name: "lock-fd", use: restarted, usual: ["run 1001"] },
  {
    name: "timeout-kill",
    use: (service) => service.send("d").elapse(60_000),
    usual: ["kill 1000 15", "kill 1000 18"],
  },
  {
    name: "timeout-finish",
    use: (service) => service.write("finish", "").exit(0).elapse(5000),
    usual: ["finish 1001 (0 0 db 1000)", "kill 1001 18", "kill 1001 9"],
  },
  { name: "max-death-tally", use: died, usual: ["write supervise/death_tally"] },
];

const SIGNALS: readonly NumericFile[] = [
  { name: "down-signal", use: (service) => service.send("r"), usual: ["kill 1000 15"] },
  { name: "reload-signal", use: (service) => service.send("l"), usual: ["kill 1000 1"] },
];

const ACTS = ["run", "kill", "finish", "write"];

for (const { name, use, usual } of NUMBERS) {
  const acts = usual.some((entry) => entry.startsWith("write"))
    ? ACTS
    : ACTS.filter((word) => word !== "write");
  Deno.test(`${name}: absent, the default without a word`, () => {
    const done = use(running()).done();
    assertEquals(done.filter((entry) => acts.some((word) => entry.startsWith(`${word} `))), usual);
    assertEquals(done.filter((entry) => entry.startsWith("warn invalid")), []);
  });
  for (const content of GARBAGE) {
    Deno.test(`${name}: ${JSON.stringify(content)} is a warning and the default`, () => {
      const done = use(running().write(name, content)).done();
      assertEquals(
        done.filter((entry) => acts.some((word) => entry.startsWith(`${word} `))),
        usual,
      );
      assertEquals(done.filter((entry) => entry.startsWith("warn invalid")), [
        `warn invalid ${name}: not an unsigned number (using the default)`,
      ]);
    });
  }
}

for (const { name, use, usual } of SIGNALS) {
  Deno.test(`${name}: absent, the default without a word`, () =>
    assertEquals(use(running()).done(), usual));
  for (const content of ["", "\n", "x\n", "-1\n", "SIGNOPE\n", "65\n", "\xff\n", "TERMINATE\n"]) {
    Deno.test(`${name}: ${JSON.stringify(content)} is a warning and the default`, () => {
      const done = use(running().write(name, content)).done();
      assertEquals(done.slice(1), usual);
      assert(done[0]!.startsWith(`warn invalid ${name}: not a signal: `), done[0]);
    });
  }
}

Deno.test("down-signal: a long line is told in short", () => {
  const done = running({ "down-signal": "x".repeat(60) }).send("r").did("warn");
  assertEquals(done, [
    `warn invalid down-signal: not a signal: ${"x".repeat(40)} (using the default)`,
  ]);
});

Deno.test("a file of which only the first line counts: what follows is not looked at", () => {
  const service = running({
    "timeout-kill": "100\nfive minutes, please\n",
    "down-signal": "USR1\r\nsaid the admin\n",
  }).send("d");
  assertEquals(service.did("kill", "warn"), ["kill 1000 10", "kill 1000 18"]);
  assertEquals(service.elapse(100).did("kill"), ["kill 1000 9", "kill 1000 18"]);
});

for (const { name, use, usual } of [...NUMBERS, ...SIGNALS]) {
  Deno.test(`${name}: a file that can't be read is a warning and the default`, () => {
    const done = use(running().fail(`read ${name}`, EACCES)).done();
    assertEquals(usual.filter((entry) => !done.includes(entry)), []);
    assert(done.includes(`warn unable to read ${name}: Permission denied`), done.join("\n"));
  });
}

for (const name of ["notification-fd", "lock-fd"]) {
  for (const content of ["0", "1024", "4294967295"]) {
    Deno.test(`${name}: ${content} is no descriptor that a service can have: a warning, and it is ignored`, () => {
      assertEquals(restarted(running().write(name, content)).did("warn", "run"), [
        `warn invalid ${name}: ${content} is no descriptor that a service can have (ignoring it)`,
        "run 1001",
      ]);
    });
  }
}

Deno.test("notification-fd and lock-fd: each from its file, read before each start", () => {
  const service = running({ "notification-fd": "3\n", "lock-fd": "1023\n" });
  assertEquals(restarted(service).did("run"), ["run 1001 ready on 3 locked on 1023"]);
  service.write("notification-fd", "4").remove("lock-fd");
  assertEquals(restarted(service).did("run"), ["run 1002 ready on 4"]);
});

Deno.test("notification-fd and lock-fd are the same: never started, until that is mended and asked for", () => {
  const service = new SupervisedService({ "notification-fd": "5", "lock-fd": "5" }).begin();
  const warning =
    "warn unable to start service: notification-fd and lock-fd are the same (change one of them, then s6-svc -u)";
  assertEquals(service.did("warn", "run", "no"), [warning]);
  assertEquals(service.elapse(86_400_000).did("warn", "run", "no"), []);
  assertEquals(service.send("u").did("warn", "run", "no"), [warning]);
  assertEquals([service.port.status.pid, service.port.status.flagpaused], [0, true]);
  assertEquals(service.write("lock-fd", "6").send("u").did("run"), [
    "run 1000 ready on 5 locked on 6",
  ]);
});

Deno.test("death tally: code and signal of each death with its stamp, the oldest first", () => {
  const service = running();
  const stamps = [];
  for (const die of [() => service.exit(3), () => service.dieOf(9), () => service.dieOf(0x8b)]) {
    stamps.push(service.elapse(1500).port.moment().wallclock);
    die().elapse(0);
  }
  assertEquals(service.deaths, [
    { stamp: stamps[0]!, exitcode: 3, sig: 0 },
    { stamp: stamps[1]!, exitcode: 137, sig: 9 },
    { stamp: stamps[2]!, exitcode: 139, sig: 11 },
  ]);
});

Deno.test("death tally: the death of ./finish does not count", () => {
  assertEquals(running({ finish: "" }).exit(1).exit(2).deaths.map(({ exitcode }) => exitcode), [1]);
});

Deno.test("death tally: ./finish finds its own death in it", () => {
  assertEquals(running({ finish: "" }).exit(1).did("write", "finish"), [
    "write supervise/death_tally",
    "finish 1001 (1 0 db 1000)",
  ]);
});

function dieOften(service: SupervisedService, times: number): SupervisedService {
  for (let i = 0; i < times; i++) service.elapse(1000).exit(i % 200).elapse(0);
  return service;
}

Deno.test("death tally: the newest 100 unless max-death-tally says otherwise", () => {
  assertEquals(
    dieOften(running(), 103).deaths.map(({ exitcode }) => exitcode),
    Array.from({ length: 100 }, (_, i) => i + 3),
  );
});

Deno.test("max-death-tally 2: the newest two; it is read at each death", () => {
  const service = dieOften(running({ "max-death-tally": "2" }), 4);
  assertEquals(service.deaths.map(({ exitcode }) => exitcode), [2, 3]);
  service.write("max-death-tally", "3").exit(9);
  assertEquals(service.deaths.map(({ exitcode }) => exitcode), [2, 3, 9]);
});

Deno.test("max-death-tally 0: no tally is kept", () => {
  assertEquals(running({ "max-death-tally": "0" }).exit(1).did("write"), []);
});

Deno.test("max-death-tally above 4096 is 4096", () => {
  const service = running({ "max-death-tally": "100000" });
  service.port.files.set("supervise/death_tally", new Uint8Array(14 * 4096).fill(1));
  service.exit(7);
  assertEquals([service.deaths.length, service.deaths[4095]!.exitcode], [4096, 7]);
});

Deno.test("death tally: a file of another size was not written by a supervisor, and begins anew", () => {
  const service = running().write("supervise/death_tally", "not a tally").exit(7);
  assertEquals(service.deaths.map(({ exitcode }) => exitcode), [7]);
});

for (const [errno, text] of [[EIO, "Input/output error"], [EISDIR, "Is a directory"]] as const) {
  Deno.test(`death tally that can't be read (${text}): a warning, nothing is overwritten, the service goes on`, () => {
    const service = running().fail("read supervise/death_tally", errno).exit(0);
    assertEquals(service.did("warn", "write", "event"), [
      `warn unable to update supervise/death_tally: ${text}`,
      "event dD",
    ]);
    assertEquals(service.elapse(1000).did("run"), ["run 1001"]);
  });
}

Deno.test("oom-score-adj: a value for run; garbage is a warning and the usual one", () => {
  assertEquals(restarted(running({ "oom-score-adj": "-500\n" })).did("run"), [
    "run 1001 to be killed at -500",
  ]);
  assertEquals(restarted(running({ "oom-score-adj": "x\n" })).did("run", "warn"), [
    "warn invalid oom-score-adj: not a number from -1000 to 1000 (using the default)",
    "run 1001",
  ]);
});
