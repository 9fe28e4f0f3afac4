/**
 * s6-svscan is killed with SIGKILL and leaves services of several kinds running; a new one adopts
 * them: no service runs twice, none is lost, each is the same process.
 */
import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { type Svstatus, unpackSvstatus } from "../../lib/servicedir/core/svstatus.ts";
import type { StatusDocument } from "../../lib/status/core/status_document.ts";
import { run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { isAlive, processesOf } from "../fixture/processes.ts";
import { startSvscan, type Svscan } from "../fixture/scan.ts";
import { OURS, requireToolset, THEIRS } from "../fixture/toolset.ts";
import { makeTree, type Tree, type TreeSpec } from "../fixture/tree.ts";
import { SLEEP, STACK_TRACE } from "./patient.ts";

/** Long enough for a busy machine, and within the fixtures' limit. */
const WAIT_MS = "40000";
/** One of each kind, and so many of them. */
const EACH = 3;

/** Ready at once, ready when it is told to, leader of a group, with finish, down, paused, dying. */
const KINDS: Readonly<Record<string, TreeSpec>> = {
  ready: { "run!": "#!/bin/sh\necho >&3\nexec sleep 1000000\n", "notification-fd": "3" },
  unready: {
    "run!": "#!/bin/sh\nread word <go\necho >&4\nexec sleep 1000000\n",
    "notification-fd": "4",
    "go|": "",
  },
  group: { "run!": "#!/bin/sh\nsleep 1000000 &\nwait\n" },
  finish: { "run!": SLEEP, "finish!": '#!/bin/sh\necho "$1 $2 $4" >>ends\n' },
  down: { "run!": SLEEP, "down": "" },
  paused: { "run!": SLEEP },
  deaf: {
    "run!": "#!/bin/sh\ntrap '' TERM\necho >&3\nwhile :; do sleep 1000000; done\n",
    "notification-fd": "3",
  },
};

function services(): string[] {
  return Object.keys(KINDS).flatMap((kind) =>
    Array.from({ length: EACH }, (_, i) => `${kind}${i}`)
  );
}

function treeSpec(): TreeSpec {
  const spec: Record<string, string> = {};
  for (const name of services()) {
    for (const [file, content] of Object.entries(KINDS[name.slice(0, -1)]!)) {
      spec[`scan/${name}/${file}`] = content;
    }
  }
  return spec;
}

function status(tree: Tree, name: string): Svstatus {
  return unpackSvstatus(tree.bytes(`scan/${name}/supervise/status`));
}

function begin(tree: Tree): Promise<Svscan> {
  return startSvscan(OURS, tree, { scandir: "scan", redirect: ">>said 2>&1" });
}

async function svc(tree: Tree, name: string, ...args: readonly string[]): Promise<void> {
  const words = ["-T", WAIT_MS, ...args, tree.path("scan", name)];
  const { code, stderr } = await run(OURS.bin("s6-svc"), words);
  assertEquals([code, stderr], [0, ""], `s6-svc ${args.join(" ")} ${name}`);
}

/** Waits until the supervisor that is there now has taken over each service. */
async function supervised(
  tree: Tree,
  until: (status: Svstatus, name: string) => boolean,
): Promise<void> {
  for (const name of services()) {
    await eventually(
      `the status of ${name}`,
      async () =>
        (await run(THEIRS.bin("s6-svok"), [tree.path("scan", name)])).code === 0 &&
        tree.exists(`scan/${name}/supervise/status`) && until(status(tree, name), name),
    );
  }
}

/** What C's s6-svstat says of it, without how long. */
async function told(tree: Tree, name: string): Promise<string> {
  const { stdout } = await run(THEIRS.bin("s6-svstat"), [tree.path("scan", name)]);
  return stdout.trim().replaceAll(/[0-9]+ seconds/g, "so long");
}

/** Those of which hexad status says so. */
async function adopted(tree: Tree): Promise<string[]> {
  const { stdout } = await run(OURS.bin("hexad"), ["status", "--json", "-S", tree.path("scan")]);
  const document: StatusDocument = JSON.parse(stdout);
  return document.services.filter(({ adopted }) => adopted !== null).map(({ name }) => name)
    .toSorted();
}

/** All processes of service directories, but for children of sleep's shells. */
function leaders(tree: Tree): number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter((pid) => {
    try {
      const directory = Deno.readLinkSync(`/proc/${pid}/cwd`);
      if (!directory.startsWith(tree.path("scan/"))) return false;
      const text = Deno.readTextFileSync(`/proc/${pid}/stat`);
      return text.slice(text.lastIndexOf(")")).split(" ")[4] === String(pid);
    } catch {
      return false;
    }
  }).sort((a, b) => a - b);
}

Deno.test("s6-svscan is killed with 21 services of seven kinds: the next one adopts each, with its pid and its status, and goes on with it", async () => {
  requireToolset(OURS);
  requireToolset(THEIRS);
  using tree = makeTree(treeSpec());
  const first = await begin(tree);
  await supervised(
    tree,
    ({ pid, flagready }, name) =>
      name.startsWith("down") ? pid === 0 : pid > 0 && (flagready || !/^(ready|deaf)/.test(name)),
  );
  for (let i = 0; i < EACH; i++) {
    await svc(tree, `paused${i}`, "-p");
    await svc(tree, `deaf${i}`, "-d");
  }
  await supervised(
    tree,
    ({ flagpaused, flagwantup }, name) =>
      (flagpaused || !name.startsWith("paused")) && (!flagwantup || !name.startsWith("deaf")),
  );
  const before = services().map((name) => status(tree, name).pid);
  const words = await Promise.all(services().map((name) => told(tree, name)));
  Deno.kill(first.pid, "SIGKILL");
  await first.ended();
  assertEquals(before.filter((pid) => pid > 0).every(isAlive), true, "the services go on");

  await using second = await begin(tree);
  await supervised(tree, ({ pid }) => pid >= 0);
  assertEquals(services().map((name) => status(tree, name).pid), before);
  assertEquals(await Promise.all(services().map((name) => told(tree, name))), words);
  assertEquals(leaders(tree), before.filter((pid) => pid > 0).sort((a, b) => a - b));

  assertEquals(await adopted(tree), services().filter((_, i) => before[i]! > 0).toSorted());
  await goOn(tree, second.pid);
  assertEquals((await adopted(tree)).includes("finish0"), false, "its next life is ours");
  assertNotMatch(tree.text("said"), STACK_TRACE);
  assertEquals(await second.stop(), 0);
  assertEquals(leaders(tree), []);
});

/** Readiness, commands, deaths and restarts of what was adopted. */
async function goOn(tree: Tree, svscan: number): Promise<void> {
  await tree.feed("scan/unready0/go", "go\n");
  await svc(tree, "unready0", "-wU");
  const old = status(tree, "finish0").pid;
  await svc(tree, "finish0", "-wr", "-r");
  assertMatch(tree.text("scan/finish0/ends"), new RegExp(`^(256 15|255 -1) ${old}\n$`));
  assertEquals(status(tree, "finish0").pid === old, false);
  await svc(tree, "finish1", "-wD", "-d");
  await svc(tree, "paused0", "-c");
  await eventually("paused0 to go on", () => !status(tree, "paused0").flagpaused);
  await svc(tree, "group0", "-O");
  await svc(tree, "group0", "-wd", "-K");
  await eventually(
    "the whole group to die",
    () => processesOf(tree.path("scan/group0")).every((pid) => pid === svscan),
  );
  for (let i = 0; i < EACH; i++) await svc(tree, `deaf${i}`, "-wd", "-k");
}

Deno.test("a pid that another process has now, and one of before the boot, are not adopted", async () => {
  requireToolset(OURS);
  using tree = makeTree({ "scan/other/run!": SLEEP, "scan/boot/run!": SLEEP });
  const first = await begin(tree);
  const names = ["other", "boot"];
  for (const name of names) {
    await eventually(
      `${name} to run`,
      () => tree.exists(`scan/${name}/supervise/status`) && status(tree, name).pid > 0,
    );
  }
  Deno.kill(first.pid, "SIGKILL");
  await first.ended();
  const before = names.map((name) => status(tree, name).pid);
  for (const name of names) {
    for (const file of name === "other" ? ["lock", "status"] : ["lock"]) {
      const path = `scan/${name}/supervise/${file}`;
      const bytes = tree.bytes(path);
      // the pid is this test's own, which was started earlier
      if (name === "other") new DataView(bytes.buffer).setBigUint64(24, BigInt(Deno.pid));
      else bytes[77]! ^= 1;
      Deno.writeFileSync(tree.path(path), bytes);
    }
  }
  await using second = await begin(tree);
  for (const name of names) {
    await eventually(
      `${name} to run anew`,
      () => ![0, Deno.pid, ...before].includes(status(tree, name).pid),
    );
  }
  assertEquals(await second.stop(), 0);
  assertEquals(before.every(isAlive), true, "what was not adopted is left alone");
  assertNotMatch(tree.text("said"), STACK_TRACE);
});

Deno.test("a service whose supervisor was C's runs: told, and started; with flag-never-twice not before s6-svc -u", async () => {
  requireToolset(OURS);
  using tree = makeTree({
    "scan/once/run!": SLEEP,
    "scan/once/flag-never-twice": "",
    "scan/twice/run!": SLEEP,
  });
  const first = await begin(tree);
  const names = ["once", "twice"];
  for (const name of names) {
    await eventually(
      `${name} to run`,
      () => tree.exists(`scan/${name}/supervise/status`) && status(tree, name).pid > 0,
    );
  }
  Deno.kill(first.pid, "SIGKILL");
  await first.ended();
  const before = names.map((name) => status(tree, name).pid);
  for (const name of names) {
    Deno.truncateSync(tree.path(`scan/${name}/supervise/lock`)); // as C leaves it
  }
  await using second = await begin(tree);
  await eventually(
    "twice to be started again",
    () => ![0, before[1]].includes(status(tree, "twice").pid),
  );
  await eventually("once to be supervised", () => status(tree, "once").pid === 0);
  await eventually(
    "a warning about each",
    () =>
      names.every((name) =>
        tree.text("said").includes(
          `s6-supervise ${name}: warning: the service may be running already: process `,
        )
      ),
  );
  assertMatch(
    tree.text("said"),
    /once: .*\(not starting it, because of flag-never-twice; s6-svc -u starts it\)/,
  );
  assertMatch(tree.text("said"), /twice: .*\(starting it nevertheless; /);
  await svc(tree, "once", "-wu", "-u");
  assertEquals(status(tree, "once").pid > 0, true);
  assertEquals(await second.stop(), 0);
});

Deno.test("a copy of the directory of a running service is another service", async () => {
  requireToolset(OURS);
  using tree = makeTree({ "scan/one/run!": SLEEP });
  const first = await begin(tree);
  await eventually(
    "the service to run",
    () => tree.exists("scan/one/supervise/status") && status(tree, "one").pid > 0,
  );
  Deno.kill(first.pid, "SIGKILL");
  await first.ended();
  const { pid } = status(tree, "one");
  assertEquals((await run("cp", ["-a", tree.path("scan/one"), tree.path("scan/two")])).code, 0);
  await using second = await begin(tree);
  await eventually(
    "the copy to run",
    () => ![0, pid].includes(status(tree, "two").pid) && isAlive(status(tree, "two").pid),
  );
  assertEquals(status(tree, "one").pid, pid);
  assertEquals(tree.text("said").includes("may be running already"), false);
  assertEquals(await second.stop(), 0);
});

Deno.test("what was adopted is told as an event, and goes over in a re-exec: its death is seen, and the next life is a child again", async () => {
  requireToolset(OURS);
  using tree = makeTree({ "scan/one/run!": SLEEP });
  const pidOf = (): number =>
    tree.exists("scan/one/supervise/status") ? status(tree, "one").pid : 0;
  const first = await begin(tree);
  await eventually("the service to run", () => pidOf() > 0);
  const pid = pidOf();
  Deno.kill(first.pid, "SIGKILL");
  await first.ended();
  await using events = start(OURS.bin("hexad"), ["events", "-j", "-S", tree.path("scan")]);
  await eventually(
    "somebody to listen",
    () => [...Deno.readDirSync(tree.path("scan/one/event"))].length > 0,
  );
  await using second = await begin(tree);
  await eventually(
    "the service to be adopted",
    async () => (await adopted(tree)).includes("one"),
  );
  await events.stdout.until(`"event":"adopted","oneshot":false,"pid":${pid},`);
  const reexec = async (): Promise<void> => {
    const { code, stderr } = await run(OURS.bin("hexad"), [
      "reexec",
      "-S",
      tree.path("scan"),
    ]);
    assertEquals([code, stderr], [0, ""]);
  };
  await reexec();
  assertEquals([pidOf(), await adopted(tree)], [pid, ["one"]]);
  await reexec();
  Deno.kill(pid, "SIGKILL");
  await eventually("its next life", () => ![0, pid].includes(pidOf()));
  await eventually("nobody to be adopted", async () => (await adopted(tree)).length === 0);
  assertNotMatch(tree.text("said"), STACK_TRACE);
  assertEquals(await second.stop(), 0);
});
