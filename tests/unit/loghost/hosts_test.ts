/** s6-svscan's side: which log host runs which log, and what becomes of the logs when one dies. */
import { LOG_HOST_VERSION } from "../../../lib/loghost/core/log_host_protocol.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { EAGAIN } from "../../../lib/core/linux/errno.ts";
import { encodePath } from "../../../lib/core/text/path_bytes.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { LogHosts } from "../../../lib/loghost/hosts.ts";
import type { HostedLog } from "../../../lib/supervise/log_hosting.ts";
import { FakeLogHostsPort } from "../../fake/log_host_port.ts";

class World {
  readonly port = new FakeLogHostsPort();
  readonly hosts = new LogHosts(this.port);
  /** What the supervisors were told: `web ready`, `web ended 9`. */
  readonly told: string[] = [];
  /** Called when a log has ended, as a supervisor that starts it again. */
  onEnd: (service: string) => void = () => {};

  start(
    service: string,
    logscript: string,
    options: { stderrIsConsole?: boolean; ownOutput?: boolean } = {},
  ): HostedLog {
    return this.hosts.start({
      service,
      logscript: encodePath(logscript),
      inputFd: 10,
      directoryFd: 11,
      stderrIsConsole: options.stderrIsConsole ?? false,
      ownOutput: options.ownOutput ?? false,
      onReady: () => this.told.push(`${service} ready`),
      onEnd: (wstat, reason) => {
        this.told.push(`${service} ended ${wstat}${reason === "" ? "" : ` ${reason}`}`);
        this.onEnd(service);
      },
      warn: (text) => this.told.push(`${service} warning ${text}`),
    });
  }

  done(): string[] {
    return this.port.done.splice(0);
  }
}

Deno.test("the first log of a user starts a log host, the next ones join it", () => {
  const world = new World();
  assertEquals([world.start("web", "T /w").pid, world.start("db", "/d").pid], [500, 500]);
  assertEquals(world.done(), [
    "launch 500",
    "500 hello",
    "500 start 1 web : T /w with 10 11",
    "500 start 2 db : /d with 10 11",
  ]);
});

Deno.test("another user has another log host; who is ourselves by name has ours", () => {
  const world = new World();
  const pids = ["/a", "user:nobody /b", "user:ourselves /c", "user:nobody /d"].map((script, i) =>
    world.start(`s${i}`, script).pid
  );
  assertEquals(pids, [500, 501, 500, 501]);
  assertEquals(world.done().filter((entry) => entry.startsWith("launch")), [
    "launch 500",
    "launch 501 as 65534",
  ]);
});

Deno.test("a log on a file system that may hang by itself has the log host of that file system", () => {
  const world = new World();
  Object.assign(world.port.fileSystems, { "/nfs/a": "0:50", "/nfs/b": "0:50", "/disk": "8:1" });
  const scripts = [
    "/a",
    "/nfs/a",
    "o",
    "/nfs/b",
    "/nfs/b /disk",
    "user:nobody /nfs/a",
    "/disk",
    "/a",
  ];
  assertEquals(scripts.map((script, i) => world.start(`s${i}`, script).pid), [
    500,
    501,
    500,
    501,
    502,
    503,
    504,
    500,
  ]);
});

Deno.test("a log whose standard error is the console says so", () => {
  const world = new World();
  world.start("s6-svscan-log", "/l", { stderrIsConsole: true });
  assertEquals(world.done().at(-1), "500 start 1 s6-svscan-log on the console : /l with 10 11");
});

Deno.test("a wrong script, an unknown user: refused before anything is started", () => {
  const world = new World();
  const faults = [["", "no logging script"], ["x", "unrecognized directive"], [
    "user:x /d",
    "no user x",
  ], [
    "-b",
    "no logging script",
  ]] as const;
  for (const [script, fault] of faults) {
    assertThrows(() => world.start("web", script), SyntaxError, fault);
  }
  assertEquals(world.done(), []);
});

Deno.test("a log host that can't be started is the fault of the log that wanted it, and the next one tries again", () => {
  const world = new World();
  world.port.launchFault = EAGAIN;
  assertThrows(() => world.start("web", "/w"), SyscallError, "unable to start a log host");
  world.port.launchFault = undefined;
  assertEquals(world.start("web", "/w").pid, 500);
});

Deno.test("reports go to the log that they are about", () => {
  const world = new World();
  world.start("web", "/w");
  world.start("db", "/d");
  const [host] = world.port.hosts;
  host!.report({ kind: "hello", version: LOG_HOST_VERSION });
  host!.report({ kind: "ready", id: 2 });
  host!.report({ kind: "warning", id: 1, text: "disk full" });
  host!.report({ kind: "ended", id: 2, wstat: 111 << 8, reason: "no such directory" });
  host!.report({ kind: "ready", id: 77 });
  assertEquals(world.told, [
    "db ready",
    "web warning disk full",
    `db ended ${111 << 8} no such directory`,
  ]);
});

Deno.test("a signal goes to that log and to no other", () => {
  const world = new World();
  world.start("web", "/w");
  const db = world.start("db", "/d");
  world.done();
  db.signal(14);
  db.signal(9);
  assertEquals(world.done(), ["500 signal 2 14", "500 signal 2 9"]);
});

Deno.test("a regular expression that may never end, or be huge, has a log host of its own from the beginning", () => {
  const world = new World();
  const scripts = [
    "-- -a /a",
    "-- -(a*)\\\\1 /b",
    "+(x{1,100}){6} /c",
    "-l 0 -- /d",
    "-l 0 -- -a /e",
    "-l 8192 -- -a /f",
    "user:nobody -- -(a)\\\\1 /g",
  ];
  assertEquals(scripts.map((script, i) => world.start(`s${i}`, script).pid), [
    500,
    501,
    502,
    500,
    503,
    500,
    504,
  ]);
  assertEquals(
    world.done().filter((entry) => entry.startsWith("launch")).at(-1),
    "launch 504 as 65534",
  );
});

Deno.test("one that would need all of the memory is refused, with the cure", () => {
  const world = new World();
  assertThrows(
    () => world.start("web", "-- -((a{1,100}){1,100}){1,100} /w"),
    SyntaxError,
    "use smaller counts",
  );
  assertEquals(world.done(), []);
});

Deno.test("a log that holds up others is ended after its line; started again it has a log host of its own, until its script is another", () => {
  const world = new World();
  world.onEnd = (service) => void world.start(service, "-- -a.*b /w");
  world.start("web", "-- -a.*b /w");
  world.start("db", "/d");
  world.done();
  const [host] = world.port.hosts;
  host!.report({ kind: "slow", id: 1 });
  assertEquals(world.done(), ["500 signal 1 1"]);
  host!.report({ kind: "ended", id: 1, wstat: 0, reason: "" });
  assertEquals(world.told, [
    "web warning its regular expressions take long: it goes on in a process of its own",
    "web ended 0",
  ]);
  assertEquals(world.done(), [
    "launch 501",
    "501 hello",
    "501 start 3 web : -- -a.*b /w with 10 11",
  ]);
  world.port.hosts[1]!.report({ kind: "slow", id: 3 });
  assertEquals([world.start("web", "-- -a.*c /w").pid, world.done()], [500, [
    "500 start 4 web : -- -a.*c /w with 10 11",
  ]]);
});

Deno.test("SIGKILL for a log with a log host of its own is the death of that, which may be unable to hear of anything", () => {
  const world = new World();
  const web = world.start("web", "-- -(a)\\\\1 /w");
  world.done();
  web.signal(15);
  web.signal(9);
  assertEquals(world.done(), ["500 signal 1 15", "500 kill"]);
  world.port.hosts[0]!.die(9);
  assertEquals(world.told, ["web ended 9"]);
});

Deno.test("the death of a log host is a death of each of its logs; the first that is started again brings up the next one", () => {
  const world = new World();
  world.onEnd = (service) => void world.start(service, `/${service}`);
  world.start("web", "/web");
  world.start("db", "/db");
  world.start("mail", "user:nobody /mail");
  world.done();
  world.port.hosts[0]!.die(9);
  assertEquals(world.told, ["web ended 9", "db ended 9"]);
  assertEquals(world.done(), [
    "launch 502",
    "502 hello",
    "502 start 4 web : /web with 10 11",
    "502 start 5 db : /db with 10 11",
  ]);
});

Deno.test("a log host without a log is let go, but not if one comes at once", async () => {
  const world = new World();
  world.start("web", "/w");
  world.done();
  world.onEnd = () => queueMicrotask(() => void world.start("web", "/w"));
  world.port.hosts[0]!.report({ kind: "ended", id: 1, wstat: 0, reason: "" });
  await Promise.resolve();
  await Promise.resolve();
  assertEquals(world.done(), ["500 start 2 web : /w with 10 11"]);
  world.onEnd = () => {};
  world.port.hosts[0]!.report({ kind: "ended", id: 2, wstat: 0, reason: "" });
  await Promise.resolve();
  await Promise.resolve();
  assertEquals(world.done(), ["500 leave"]);
  world.start("web", "/w");
  assertEquals(world.done()[0], "launch 501");
});

Deno.test("a log that is abandoned is told to nobody", () => {
  const world = new World();
  world.start("web", "/w").abandon();
  world.port.hosts[0]!.report({ kind: "ready", id: 1 });
  world.port.hosts[0]!.die(9);
  assertEquals(world.told, []);
});

Deno.test("a log host of another version is not talked to, and is not started again and again", () => {
  const world = new World();
  world.start("web", "/w");
  world.done();
  const [host] = world.port.hosts;
  host!.report({ kind: "hello", version: 99 });
  host!.die(9);
  assertEquals([world.done(), world.told], [["500 kill"], ["web ended 9"]]);
  assertThrows(() => world.start("web", "/w"), SyntaxError, "speaks version 99");
  assertEquals(world.done(), []);
});

Deno.test("what a log host says of itself is said once, until it has worked", () => {
  const world = new World();
  const complaint = { kind: "warning", id: 0, text: "unable to setuid" } as const;
  for (let turn = 0; turn < 3; turn++) {
    world.start("web", "user:nobody /w");
    const host = world.port.hosts.at(-1)!;
    host.report(complaint);
    host.die(111 << 8);
  }
  assertEquals(world.done().filter((entry) => entry.startsWith("warn")), [
    "warn log host of user nobody: unable to setuid",
  ]);
});

Deno.test("all log hosts are told to let go of the output", () => {
  const world = new World();
  world.start("web", "/w");
  world.start("db", "user:nobody /d");
  world.done();
  world.hosts.releaseOutput();
  assertEquals(world.done(), ["500 releaseOutput", "501 releaseOutput"]);
});

Deno.test("a reader of output is passed to the log host that has it, or let go", () => {
  const world = new World();
  world.hosts.serveReader(70);
  assertEquals(world.done(), ["close 70"]);
  world.start("web", "user:nobody /w");
  world.done();
  world.hosts.serveReader(71);
  assertEquals(world.done(), ["close 71"]);
  world.start("db", "o", { ownOutput: true });
  world.start("named", "oj");
  world.start("stored", "o /w");
  world.start("other", "user:nobody o");
  assertEquals(world.done().filter((entry) => entry.includes("start")), [
    "501 start 2 db to our output kept : o with 10 11",
    "501 start 3 named kept : oj with 10 11",
    "501 start 4 stored : o /w with 10 11",
    "500 start 5 other : o with 10 11",
  ]);
  world.hosts.serveReader(72);
  assertEquals(world.done(), ["501 reader with 72"]);
});

Deno.test("each log host is asked for its counts once, until it has told them", () => {
  const world = new World();
  world.hosts.tellCounts(70);
  assertEquals(world.done(), []);
  world.start("web", "/w");
  world.start("db", "user:nobody /d");
  world.done();
  world.hosts.tellCounts(70);
  assertEquals(world.done(), [
    "copy 70",
    "500 counts with 90",
    "copy 70",
    "501 counts with 91",
  ]);
  world.port.hosts[1]!.report({ kind: "counted" });
  world.hosts.tellCounts(71);
  assertEquals(world.done(), ["copy 71", "501 counts with 92"]);
});

Deno.test("without a descriptor for it a log host is left out, and asked the next time", () => {
  const world = new World();
  world.start("web", "/w");
  world.done();
  world.port.nextCopy = -24;
  world.hosts.tellCounts(70);
  world.port.nextCopy = 90;
  world.hosts.tellCounts(71);
  assertEquals(world.done(), ["copy 70", "copy 71", "500 counts with 90"]);
});
