/**
 * Log services that have a `logscript`, seen by clients: C's and ours must find a service like any
 * other. There is one log host for three logs; what a client asks of one of them must not be felt
 * by the others.
 */
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { isArchiveName } from "../../lib/logdir/core/rotation.ts";
import { type Svstatus, unpackSvstatus } from "../../lib/servicedir/core/svstatus.ts";
import { type Result, run, signalProcess } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { subscribe } from "../fixture/events.ts";
import { isAlive } from "../fixture/processes.ts";
import { startSvscan, type Svscan } from "../fixture/scan.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { makeTree, type Tree, type TreeSpec } from "../fixture/tree.ts";

/** Writes each line that comes by the FIFO `say`; `.` alone ends it. */
const SPEAKER = `#!/usr/bin/perl
$| = 1;
open(my $say, "+<", "say") or die;
while (<$say>) { exit 0 if $_ eq ".\\n"; print }
`;

function logged(name: string, logscript: string): TreeSpec {
  return { [`${name}/run!`]: SPEAKER, [`${name}/say|`]: "", [`${name}/log/logscript`]: logscript };
}

const LOGS = ["web/log", "db/log", "mail/log"] as const;

class Hosted implements AsyncDisposable {
  readonly tree: Tree;
  readonly svscan: Svscan;
  readonly #clients: Toolset;

  private constructor(tree: Tree, svscan: Svscan, clients: Toolset) {
    this.tree = tree;
    this.svscan = svscan;
    this.#clients = clients;
  }

  static async start(clients: Toolset, spec: TreeSpec = {}): Promise<Hosted> {
    for (const toolset of [OURS, THEIRS]) requireToolset(toolset);
    const scripts = {
      ...logged("web", "n5 ./main"),
      ...logged("db", "n5 ./main"),
      ...logged("mail", "-b -- n5 ./main # C's spelling\n"),
    };
    const tree = makeTree({ ...scripts, ...spec });
    const hosted = new Hosted(tree, await startSvscan(OURS, tree), clients);
    await hosted.waitFor("-U", ...LOGS);
    return hosted;
  }

  status(service: string): Svstatus {
    return unpackSvstatus(this.tree.bytes(`${service}/supervise/status`));
  }

  client(
    program: string,
    args: readonly string[],
    ...services: readonly string[]
  ): Promise<Result> {
    return run(this.#clients.bin(program), [
      ...args,
      ...services.map((service) => this.tree.path(service)),
    ]);
  }

  async command(args: readonly string[], service: string): Promise<void> {
    const { code, stderr } = await this.client("s6-svc", args, service);
    assertEquals(code, 0, stderr);
  }

  async waitFor(state: string, ...services: readonly string[]): Promise<void> {
    const supervised = (service: string): boolean =>
      this.tree.exists(`${service}/supervise/status`);
    await eventually(
      `supervisors; s6-svscan said: ${this.svscan.output.text}`,
      () => services.every(supervised),
    );
    const { code, stderr } = await this.client("s6-svwait", [state, "-t", "15000"], ...services);
    assertEquals(
      code,
      0,
      `s6-svwait ${state} ${
        services.join(" ")
      }: ${stderr}; s6-svscan said: ${this.svscan.output.text}`,
    );
  }

  say(service: string, line: string): void {
    Deno.writeTextFileSync(this.tree.path(`${service}/say`), `${line}\n`);
  }

  /** Waits until the log of `service` ends with `line`. */
  async logs(service: string, line: string, logdir = `${service}/log/main`): Promise<void> {
    const ends = (): boolean =>
      this.tree.exists(`${logdir}/current`) &&
      this.tree.text(`${logdir}/current`).endsWith(`${line}\n`);
    await eventually(
      `"${line}" in the log of ${service}; s6-svscan said: ${this.svscan.output.text}`,
      ends,
    );
  }

  /** Says something new everywhere, and waits until it is logged. */
  async allLog(line: string): Promise<void> {
    for (const log of LOGS) this.say(log.replace("/log", ""), line);
    for (const log of LOGS) await this.logs(log.replace("/log", ""), line);
  }

  archives(service: string): string[] {
    return [...Deno.readDirSync(this.tree.path(`${service}/log/main`))].map(({ name }) => name)
      .filter(isArchiveName);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.svscan[Symbol.asyncDispose]();
    this.tree[Symbol.dispose]();
  }
}

for (const clients of [OURS, THEIRS]) {
  const test = (
    name: string,
    body: (hosted: Hosted) => Promise<void>,
    spec: TreeSpec = {},
  ): void => {
    Deno.test(`${clients.name === "ours" ? "our" : "C's"} clients, hosted logs: ${name}`, async () => {
      await using hosted = await Hosted.start(clients, spec);
      await body(hosted);
    });
  };

  test("all are up and ready, in one process that is neither s6-svscan nor a shell", async (hosted) => {
    const pids = new Set(LOGS.map((log) => hosted.status(log).pid));
    assertEquals(pids.size, 1);
    const [pid] = pids;
    assertNotEquals(pid, hosted.svscan.pid);
    assertMatch(Deno.readTextFileSync(`/proc/${pid}/cmdline`), /--as-log-host/);
    const { stdout } = await hosted.client("s6-svstat", [], "web/log");
    assertMatch(
      stdout,
      new RegExp(`^up \\(pid ${pid}( pgid ${pid})?\\) \\d+ seconds, ready \\d+ seconds\n$`),
    );
    await hosted.allLog("a line");
  });

  test("-a rotates that log", async (hosted) => {
    await hosted.allLog("before");
    await hosted.command(["-a"], "db/log");
    await eventually("an archive", () => hosted.archives("db").length === 1);
    assertEquals([hosted.archives("web"), hosted.archives("mail")], [[], []]);
    await hosted.allLog("after");
    assertEquals(hosted.tree.text("db/log/main/current"), "after\n");
  });

  test("-d ends that logger and keeps it down, -u starts it, and what was written meanwhile is there", async (hosted) => {
    const { pid } = hosted.status("web/log");
    await hosted.command(["-wD", "-d"], "db/log");
    assertEquals([hosted.status("db/log").pid, hosted.status("db/log").wstat], [0, 0]);
    hosted.say("db", "while it is down");
    hosted.say("web", "beside");
    await hosted.logs("web", "beside");
    await hosted.command(["-wu", "-u"], "db/log");
    await hosted.logs("db", "while it is down");
    assertEquals([hosted.status("db/log").pid, hosted.status("web/log").pid, isAlive(pid)], [
      pid,
      pid,
      true,
    ]);
  });

  test("events, death tally and s6-svwait: a restart is u, U, d, D, in order; the others hear nothing", async (hosted) => {
    await using own = subscribe(hosted.tree.path("db/log/event"));
    await using others = subscribe(hosted.tree.path("web/log/event"));
    await eventually("a life of a second", async () => {
      const { stdout } = await hosted.client("s6-svstat", ["-o", "updownfor"], "db/log");
      return Number(stdout) >= 1;
    });
    await hosted.command(["-r"], "db/log");
    await own.expect("dDuU");
    const { stdout } = await hosted.client("s6-svdt", [], "db/log");
    assertMatch(stdout, /^@[0-9a-f]{24} exitcode 0\n$/);
    await hosted.command(["-a"], "web/log");
    await hosted.command(["-d"], "web/log");
    await others.expect("dD"); // and nothing before it
  });

  for (
    const [letter, said] of [
      ["k", "signal SIGKILL"],
      ["i", "signal SIGINT"],
      ["1", "signal SIGUSR1"],
      ["t", "exitcode 0"],
      [
        "h",
        "exitcode 0",
      ],
    ] as const
  ) {
    test(`-${letter} ends that logger (${said}) and no other, and not the log host`, async (hosted) => {
      await hosted.allLog("before");
      const { pid } = hosted.status("web/log");
      await using events = subscribe(hosted.tree.path("db/log/event"));
      await hosted.command([`-${letter}`], "db/log");
      await events.expect("dDuU");
      const { stdout } = await hosted.client("s6-svdt", [], "db/log");
      assert(stdout.trimEnd().endsWith(said), stdout);
      await hosted.allLog("after");
      assertEquals(LOGS.map((log) => hosted.status(log).pid), [pid, pid, pid]);
      const tallies = await Promise.all(
        ["web/log", "mail/log"].map((log) => hosted.client("s6-svdt", [], log)),
      );
      assertEquals(tallies.map((tally) => tally.stdout), ["", ""]);
    });
  }

  test("-p stops that logger, -c lets it go on", async (hosted) => {
    await hosted.command(["-p"], "db/log");
    await eventually("it to be paused", () => hosted.status("db/log").flagpaused);
    hosted.say("db", "late");
    hosted.say("web", "now");
    await hosted.logs("web", "now");
    assertEquals(hosted.tree.text("db/log/main/current"), "");
    await hosted.command(["-c"], "db/log");
    await hosted.logs("db", "late");
  });

  test("-x lets the supervisor of that logger end with it, and s6-svscan begins another", async (hosted) => {
    await using events = subscribe(hosted.tree.path("db/log/event"));
    await hosted.command(["-x", "-d"], "db/log");
    await events.expect("dDx");
    await hosted.waitFor("-U", "db/log");
    await hosted.allLog("still");
  });

  test("the end: last words are logged, every logger closes its directory in good order, no process is left", async (hosted) => {
    const { pid } = hosted.status("web/log");
    hosted.tree.add({
      "web/run!":
        "#!/bin/sh\ntrap 'echo last words; exit' TERM\necho first\nwhile :; do sleep 1000000 >/dev/null 2>&1 & wait; done\n",
    });
    await hosted.command(["-r"], "web");
    await hosted.logs("web", "first");
    assertEquals(await hosted.svscan.stop(), 0);
    assertEquals(hosted.tree.text("web/log/main/current").split("\n").slice(-3), [
      "first",
      "last words",
      "",
    ]);
    for (const log of LOGS) {
      assert(
        (Deno.statSync(hosted.tree.path(`${log}/main/current`)).mode! & 0o100) !== 0,
        `${log} is not finished`,
      );
    }
    await eventually("the log host to leave", () => !isAlive(pid));
  });
}

Deno.test("hosted logs: finish and down files, timeouts: what they are for a process", async () => {
  await using hosted = await Hosted.start(OURS, {
    "db/log/finish!": '#!/bin/sh\necho "$1 $2 $3" >finished\n',
    "idle/log/down": "",
    ...logged("idle", "./main"),
  });
  await hosted.waitFor("-d", "idle/log");
  const idle = await hosted.client("s6-svstat", [], "idle/log");
  assertMatch(idle.stdout, /^down \(not started yet\)/);
  await hosted.command(["-wD", "-d"], "db/log");
  assertEquals(hosted.tree.text("db/log/finished"), "0 0 db/log\n");
});

Deno.test("hosted logs: the user of the script has a log host of its own, without any right of root", async () => {
  if (Deno.uid() !== 0) throw new Error("this test needs root");
  const tree = "var/own/";
  await using hosted = await Hosted.start(OURS, { [tree]: "" });
  const directory = hosted.tree.path("var/own");
  Deno.chownSync(directory, 65534, 65534);
  hosted.tree.add(logged("own", `user:nobody ${directory}/lines`));
  assertEquals((await hosted.client("s6-svscanctl", ["-a"], ".")).code, 0);
  await hosted.waitFor("-U", "own/log");
  const { pid } = hosted.status("own/log");
  assertNotEquals(pid, hosted.status("web/log").pid);
  hosted.say("own", "mine");
  await hosted.logs("own", "mine", "var/own/lines");
  assertEquals(Deno.statSync(`${directory}/lines/current`).uid, 65534);
  for (const task of Deno.readDirSync(`/proc/${pid}/task`)) {
    const status = Deno.readTextFileSync(`/proc/${pid}/task/${task.name}/status`);
    assertMatch(status, /^Uid:\t65534\t65534\t65534\t65534$/m);
    assertMatch(status, /^Gid:\t65534\t65534\t65534\t65534$/m);
    assertMatch(status, /^Groups:\t65534 *$/m);
    assertMatch(status, /^Cap(Prm|Eff):\t0+$/m);
  }
});

Deno.test("hosted logs: what can't be run is that service's warning, and is tried again; the others log on", async () => {
  await using hosted = await Hosted.start(OURS, {
    ...logged("wrong", "T n20"),
    ...logged("regex", "'+(' ./main".replaceAll("'", '"')),
    ...logged("ghost", "user:nobody-has-this-name ./main"),
    ...logged("nowhere", "/dev/null/main"),
  });
  const { output } = hosted.svscan;
  await output.until(
    /^s6-supervise wrong\/log: warning: unable to run logscript: no action directive specified \(waiting 60 seconds\)$/m,
  );
  await output.until(
    /^s6-supervise regex\/log: warning: unrecognized directive: .*\(regular expression: .*\) \(trying again every second\)$/m,
  );
  await output.until(
    /^s6-supervise ghost\/log: warning: unable to run logscript: user:nobody-has-this-name: unknown user/m,
  );
  await output.until(
    /^s6-supervise nowhere\/log: warning: unable to create directory \/dev\/null\/main: Not a directory \(trying again every second\)$/m,
  );
  await hosted.allLog("well");
  hosted.say("wrong", "kept for later");
  hosted.tree.add({ "wrong/log/logscript": "./main", "nowhere/log/logscript": "./main" });
  await hosted.command(["-u"], "wrong/log");
  await hosted.logs("wrong", "kept for later");
  await hosted.waitFor("-U", "wrong/log", "nowhere/log");
  assertEquals(output.text.match(/Not a directory/g)!.length, 1);
});

Deno.test("hosted logs: a service that is no service's logger reads its fifo, again after its writers have gone", async () => {
  await using hosted = await Hosted.start(OURS, { "all/logscript": "./main", "all/fifo|": "" });
  await hosted.waitFor("-U", "all");
  for (const line of ["first", "second"]) {
    await hosted.tree.feed("all/fifo", `${line}\n`);
    await hosted.logs("all", line, "all/main");
    await hosted.waitFor("-U", "all");
  }
});

Deno.test("hosted logs: a directory that is renamed is still logged into", async () => {
  await using hosted = await Hosted.start(OURS);
  hosted.tree.rename("db", ".moved");
  Deno.writeTextFileSync(hosted.tree.path(".moved/say"), "there\n");
  await hosted.logs("db", "there", ".moved/log/main");
  await hosted.command(["-a"], ".moved/log");
  await eventually("an archive", () => hosted.archives(".moved").length > 0);
});

Deno.test("hosted logs: s6-supervise by itself has a log host too", async () => {
  requireToolset(OURS);
  using tree = makeTree({ "one/logscript": "./main", "one/fifo|": "" });
  const words = [OURS.bin("s6-supervise"), tree.path("one")];
  const child = new Deno.Command(words[0]!, {
    args: words.slice(1),
    stdin: "null",
    env: { HEXAD_TEST_TREE: tree.root },
  }).spawn();
  await eventually(
    "it to be ready",
    () =>
      tree.exists("one/supervise/status") &&
      unpackSvstatus(tree.bytes("one/supervise/status")).flagready &&
      tree.exists("one/main/current"),
  );
  await tree.feed("one/fifo", "a line\n");
  await eventually("the line", () => tree.text("one/main/current") === "a line\n");
  signalProcess(child.pid, "SIGTERM");
  assertEquals((await child.status).code, 0);
});
