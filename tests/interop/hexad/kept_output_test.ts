/**
 * The last lines of services without a logger, which s6-svscan keeps where it puts names before
 * them: what `hexad` shows of them, and to whom.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { LogDocument } from "../../../lib/logdir/core/log_line_form.ts";
import { type Result, run, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { startSvscan } from "../../fixture/scan.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { openTerminal } from "../../fixture/tmux.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import { STAYS } from "../world.ts";
import { checkedDocument } from "./document.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");

/** Prints what is written to its FIFO. */
const REPEATS = '#!/bin/sh\nexec 4<>in\nwhile read -r line <&4; do echo "$line"; done\n';

function hexad(tree: Tree, command: string, ...args: string[]): Promise<Result> {
  return run(HEXAD, [command, "-S", tree.root, ...args]);
}

/** Waits until the last line that is kept of the service is this one. */
async function untilKept(tree: Tree, service: string, line: string): Promise<void> {
  await eventually(
    `${line} of ${service}`,
    async () => (await hexad(tree, "logs", "-t", "none", "-n1", service)).stdout === `${line}\n`,
  );
}

Deno.test("logs, status and a failed start tell the last lines of services without a logger", async (t) => {
  using tree = makeTree({
    "web/run!": REPEATS,
    "web/in|": "",
    "bad/run!": "#!/bin/sh\necho no such table >&2\nexit 3\n",
    "logged/run!": "#!/bin/sh\necho in a file\nexec sleep 100000\n",
    "logged/log/logscript": "t ./main\n",
    "mute/run!": STAYS,
    "alias=": "web",
  });
  await using svscan = await startSvscan(OURS, tree, { args: ["--logging-prefix=name"] });
  for (const line of ["one", "two", "three"]) await tree.feed("web/in", `${line}\n`);
  await svscan.output.until("three\n");
  await svscan.output.until("no such table\n");
  await untilKept(tree, "web", "three");
  const name = (await hexad(tree, "logs", "-n1")).stdout; // s6-svscan takes one of two names
  await t.step("by name, in every form", async () => {
    const told = await hexad(tree, "logs", "-n", "2", "web");
    assertEquals(told.stderr, "");
    assertMatch(told.stdout, /^\d{4}-\d\d-\d\d [\d:.]+ two\n\d{4}-\d\d-\d\d [\d:.]+ three\n$/);
    assertEquals(
      (await hexad(tree, "logs", "-t", "none", "-g", "^t", "web")).stdout,
      "two\nthree\n",
    );
    assertEquals((await hexad(tree, "logs", "--until", "1h", "web")).stdout, "");
    const document = checkedDocument(
      (await hexad(tree, "logs", "-j", "-n1", "web")).stdout,
      "log.schema.json",
    ) as LogDocument;
    assertEquals([document.service, document.directory, document.text], ["web", null, "three"]);
  });
  await t.step("by a path, and by another name of the directory", async () => {
    for (const word of ["web", "alias"]) {
      const told = await run(HEXAD, ["logs", "-t", "none", `${tree.root}/${word}`]);
      assertEquals([told.stdout, told.stderr], ["one\ntwo\nthree\n", ""], name);
    }
  });
  await t.step("all together, with those that are in files", async () => {
    const { stdout } = await hexad(tree, "logs", "-t", "none");
    for (const line of [": one\n", ": three\n", "bad: no such table\n", "logged: in a file\n"]) {
      assertStringIncludes(stdout, line);
    }
  });
  await t.step("who has written nothing", async () => {
    const { code, stdout, stderr } = await hexad(tree, "logs", "mute");
    assertEquals([code, stdout, stderr], [
      0,
      "",
      "hexad logs: warning: mute has no log directory that could be found, and nothing that it has written is kept in memory\n",
    ]);
  });
  await t.step("in status", async () => {
    const { stdout } = await hexad(tree, "status");
    assertMatch(stdout, /^web .* three$/m);
    assertMatch(stdout, /^bad .* no such table$/m);
    const document = checkedDocument(
      (await hexad(tree, "status", "--json", "web")).stdout,
      "status.schema.json",
    ) as { services: { log: { directory: null; lastLine: { text: string } } }[] };
    const [{ log }] = document.services as [
      { log: { directory: null; lastLine: { text: string } } },
    ];
    assertEquals([log.directory, log.lastLine.text], [null, "three"]);
  });
  await t.step("when a start fails", async () => {
    const { stderr } = await hexad(tree, "start", "--wait", "-t", "1s", "bad");
    assertStringIncludes(
      stderr,
      "hexad start: info: the last lines of bad:\nhexad start: info:   no such table\n",
    );
  });
  assertEquals(await svscan.stop(), 0);
});

Deno.test("logs -f of services without a logger: each line once, of those that come later too, and after the log host was killed", async () => {
  using tree = makeTree({ "web/run!": REPEATS, "web/in|": "" });
  await using svscan = await startSvscan(OURS, tree, { args: ["--logging-prefix=name"] });
  await tree.feed("web/in", "before\n");
  await untilKept(tree, "web", "before");
  await using following = start(HEXAD, ["logs", "-f", "-t", "none", "-S", tree.root]);
  await following.stdout.until("web: before\n");
  await tree.feed("web/in", "after\n");
  await following.stdout.until("web: after\n");
  tree.add({ "late/run!": "#!/bin/sh\necho here\nexec sleep 100000\n" });
  assertEquals((await run(OURS.bin("s6-svscanctl"), ["-a", tree.root])).code, 0);
  await following.stdout.until("late: here\n");
  const hosts = await run("pgrep", ["-P", String(svscan.pid), "-f", "as-log-host"]);
  Deno.kill(Number(hosts.stdout), "SIGKILL");
  for (const line of ["another host", "the same"]) await tree.feed("web/in", `${line}\n`);
  await following.stdout.until("web: the same\n");
  assertEquals(following.stdout.text.trimEnd().split("\n"), [
    "web: before",
    "web: after",
    "late: here",
    "web: another host",
    "web: the same",
  ]);
  assertEquals(following.stderr.text, "");
  assertEquals(await svscan.stop(), 0);
});

Deno.test("new --prefix: lines behind the name in the output, without any option of s6-svscan; logs and status show them", async () => {
  using tree = makeTree({ "scan/": "" });
  const create = async (...args: string[]): Promise<void> => {
    const made = await run(HEXAD, ["new", "-C", tree.path("scan"), "--prefix", ...args]);
    assertEquals([made.code, made.stderr], [0, ""]);
  };
  const line = ["--cmd", "echo to one; echo to the other >&2; exec sleep 100000"];
  await create("web", ...line);
  await create("stored", "--log-dir", tree.path("a/b/stored"), ...line);
  assertEquals(tree.text("scan/web/log/logscript"), "-b -- o\n");
  await using svscan = await startSvscan(OURS, tree, { scandir: "scan" });
  for (const name of ["web", "stored"]) {
    await svscan.output.until(`${name} | to one\n`);
    await svscan.output.until(`${name} | to the other\n`);
  }
  const logs = (...args: string[]): Promise<Result> =>
    run(HEXAD, ["logs", "-S", tree.path("scan"), "-t", "none", ...args]);
  for (const name of ["web", "stored"]) {
    await eventually(
      `the lines of ${name}`,
      async () => (await logs(name)).stdout === "to one\nto the other\n",
    );
  }
  assertStringIncludes(tree.text("a/b/stored/current"), "to the other");
  const { stdout } = await run(HEXAD, ["status", "-S", tree.path("scan"), "web"]);
  assertMatch(stdout, /^web .* to the other$/m);
  assertEquals(await svscan.stop(), 0);
});

Deno.test("top: Enter follows a service without a logger", async () => {
  using tree = makeTree({ "web/run!": REPEATS, "web/in|": "" });
  await using svscan = await startSvscan(OURS, tree, { args: ["--logging-prefix=name"] });
  await tree.feed("web/in", "before\n");
  await untilKept(tree, "web", "before");
  {
    await using terminal = await openTerminal([HEXAD, "top", "-S", tree.root], { columns: 120 });
    await terminal.until(/\n> +web +up.* before/);
    await terminal.type("Enter");
    await terminal.until(/following[^]* before\n/);
    await tree.feed("web/in", "after\n");
    await terminal.until(/ before\n[^]* after\n/);
    await terminal.type("q");
    await terminal.type("q");
  }
  assertEquals(await svscan.stop(), 0);
});

Deno.test("logs where s6-svscan does not see what services write: names what would help", async () => {
  using tree = makeTree({ "web/run!": STAYS });
  await using svscan = await startSvscan(OURS, tree);
  const all = await hexad(tree, "logs");
  assertEquals(all.code, 100);
  for (const told of [all, await hexad(tree, "logs", "web")]) {
    for (const cure of ["docker logs", "S6_LOGGING_PREFIX=name", "--logging-prefix=name"]) {
      assertStringIncludes(told.stderr, cure);
    }
  }
  assertEquals(await svscan.stop(), 0);
});

Deno.test("what is kept is for s6-svscan's own user and root", async (t) => {
  using tree = makeTree({ "web/run!": "#!/bin/sh\necho secret\nexec sleep 100000\n" });
  Deno.chmodSync(tree.root, 0o755);
  await using svscan = await startSvscan(OURS, tree, { args: ["--logging-prefix=name"] });
  await untilKept(tree, "web", "secret");
  const socket = tree.path(".s6-svscan/output");
  const asNobody = (): Promise<Result> =>
    run(OURS.bin("s6-setuidgid"), ["nobody", HEXAD, "logs", "-S", tree.root, "web"]);
  await t.step("its mode", () => {
    const { mode, uid } = Deno.statSync(socket);
    assertEquals([mode! & 0o777, uid], [0o600, Deno.uid()]);
  });
  await t.step("another user is refused, whatever the modes are", async () => {
    if (Deno.uid() !== 0) return;
    const denied = await asNobody();
    assertEquals(denied.stdout, "");
    assertStringIncludes(denied.stderr, "for its own user and root");
    Deno.chmodSync(tree.path(".s6-svscan"), 0o755);
    Deno.chmodSync(socket, 0o666);
    const open = await asNobody();
    assertEquals(open.stdout, "");
    assertStringIncludes(open.stderr, "nobody answers");
  });
  assertEquals(await svscan.stop(), 0);
});

/** Listens on a socket at its first argument, and answers nothing, or its second one. */
const PLANTED = `use Socket; socket(S, AF_UNIX, SOCK_SEQPACKET, 0) or die;
bind(S, pack_sockaddr_un(shift)) or die; listen(S, 9) or die; $| = 1; print "ready\\n";
while (accept(C, S)) { send(C, $ARGV[0], 0) if @ARGV; push @kept, *C{IO}; undef *C; }`;

Deno.test("a socket that somebody else has planted: root is neither held up nor told lies by it", async (t) => {
  if (Deno.uid() !== 0) return;
  const cases: [string, { owner: number; answer: string[] }, string][] = [
    ["of another user than the directory's", { owner: 1, answer: [] }, "for its own user and root"],
    ["that says nothing", { owner: 65534, answer: [] }, "nobody answers"],
    ["that says garbage", { owner: 65534, answer: ["\x03garbage"] }, "nobody answers"],
  ];
  for (const [name, { owner, answer }, told] of cases) {
    await t.step(name, async () => {
      using tree = makeTree({ "web/run!": STAYS, ".s6-svscan/": "" });
      Deno.chmodSync(tree.root, 0o755);
      Deno.chownSync(tree.path(".s6-svscan"), 65534, 65534);
      const socket = tree.path(".s6-svscan/output");
      await using listener = start(OURS.bin("s6-setuidgid"), [
        "nobody",
        "perl",
        "-e",
        PLANTED,
        socket,
        ...answer,
      ]);
      await listener.stdout.until("ready\n");
      Deno.chownSync(tree.path(".s6-svscan"), owner, owner);
      const { stdout, stderr } = await hexad(tree, "logs", "web");
      assertEquals(stdout, "");
      assertStringIncludes(stderr, told);
    });
  }
});
