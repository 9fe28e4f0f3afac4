/**
 * /init without a container: in directories of the test's, below the test, among processes of
 * others.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { type Background, start } from "../../fixture/command.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree, type TreeSpec } from "../../fixture/tree.ts";

requireToolset(OURS);

/** A shell hears a signal only between two commands, or in wait. */
const WAIT_FOR_EVER = "while :; do sleep 1000 & wait $!; done";

function script(...lines: readonly string[]): string {
  return ["#!/bin/sh", ...lines, ""].join("\n");
}

/** Ends by SIGTERM with a last line. */
function polite(name: string, code = 0): string {
  return script(
    `trap 'kill $!; echo ${name}: last line; exit ${code}' TERM`,
    `echo ${name}: up`,
    WAIT_FOR_EVER,
  );
}

/** Its name for this program decides what it does. */
const INIT = "init";

interface Setting {
  /** Below what stands for /etc. */
  readonly files?: TreeSpec;
  readonly env?: Readonly<Record<string, string>>;
}

function startInit(
  tree: Tree,
  command: readonly string[],
  { files = {}, env = {} }: Setting = {},
): Background {
  if (!tree.exists(INIT)) tree.add({ [`${INIT}=`]: OURS.bin("hexad") });
  tree.add({
    "etc/": "",
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`etc/${path}`, text])),
  });
  const own = {
    S6_RUNDIR: tree.path("run"),
    S6_RUNTIME_PROFILE: tree.path("etc"),
    S6_VERBOSITY: "1",
  };
  return start(tree.path(INIT), command, { env: { ...own, ...env }, cwd: tree.root });
}

Deno.test("init: boots, runs its scripts, services and CMD in any directory, and exits as the CMD does", async () => {
  using tree = makeTree();
  await using init = startInit(tree, [
    "sh",
    "-c",
    'cat "$S6_RUNDIR/s6/container_environment/GREETING"; exit 7',
  ], {
    files: {
      "cont-init.d/b!": script("echo second"),
      "cont-init.d/a!": script("echo first"),
      "services.d/web/run!": script("echo >&3", "exec sleep 1000"),
      "services.d/web/notification-fd": "3\n",
      "cont-finish.d/a!": script(
        'echo "; finish $(cat "$S6_RUNDIR/s6-linux-init-container-results/exitcode")"',
      ),
    },
    env: { GREETING: "good day", S6_CMD_WAIT_FOR_SERVICES: "1" },
  });
  assertEquals(await init.ended(), 7);
  assertEquals([init.stdout.text, init.stderr.text], ["first\nsecond\ngood day; finish 7\n", ""]);
});

Deno.test("init: SIGTERM stops services, scripts and CMD in order, and nobody else", async () => {
  using tree = makeTree({ "cmd!": polite("CMD", 5), "other!": polite("other") });
  await using other = start(tree.path("other"), []);
  await other.stdout.until("other: up\n");
  await using init = startInit(tree, [tree.path("cmd")], {
    files: { "services.d/web/run!": polite("web"), "cont-finish.d/a!": script("echo finish") },
  });
  await init.stdout.until("web: up\n");
  await init.stdout.until("CMD: up\n");
  init.kill("SIGTERM");
  assertEquals(await init.ended(), 5);
  assertMatch(init.stdout.text, /up\nweb: last line\nfinish\nCMD: last line\n$/);
  other.kill("SIGTERM");
  assertEquals([await other.ended(), other.stdout.text], [0, "other: up\nother: last line\n"]);
});

Deno.test("init: a second one on the same directory is refused, with the cure, and the first lives on", async () => {
  using tree = makeTree({ "cmd!": polite("CMD") });
  await using first = startInit(tree, [tree.path("cmd")]);
  await first.stdout.until("CMD: up\n");
  await using second = startInit(tree, ["echo", "never"]);
  assertEquals([await second.ended(), second.stdout.text], [100, ""]);
  assertMatch(second.stderr.text, /^init: fatal: another s6-svscan is running on .*S6_RUNDIR\n$/);
  first.kill("SIGTERM");
  assertEquals([await first.ended(), first.stdout.text], [0, "CMD: up\nCMD: last line\n"]);
});

Deno.test("init: a CMD that is started again finds nothing that its last life has left", async () => {
  using tree = makeTree({
    "child!": script(
      "trap 'kill $!; echo child: last line; exit' TERM",
      ": >child-up",
      WAIT_FOR_EVER,
    ),
  });
  const lives = "echo x >>lives; n=$(wc -l <lives); echo life $n; test $n = 3 && exit 0";
  await using init = startInit(tree, [
    "sh",
    "-c",
    `${lives}; ./child & until test -e child-up; do sleep 0.01; done; rm child-up; exit 1`,
  ], {
    env: {
      S6_CMD_RESTART_POLICY: "on-failure",
      S6_CMD_RESTART_DELAY: "10",
      S6_CMD_RESTART_DELAY_MAX: "10",
      S6_CMD_KILL_LEFTOVERS: "1",
    },
  });
  assertEquals(await init.ended(), 0);
  assertEquals(init.stdout.text, "life 1\nchild: last line\nlife 2\nchild: last line\nlife 3\n");
});

Deno.test("init: an essential service's end for good is its own", async () => {
  using tree = makeTree({ "cmd!": polite("CMD") });
  await using init = startInit(tree, [tree.path("cmd")], {
    files: {
      "services.d/main/run!": script(
        `until test -e ${tree.path("go")}; do sleep 0.01; done`,
        "exit 12",
      ),
      "services.d/main/flag-essential": "",
      "services.d/main/restart-policy": "never\n",
    },
  });
  await init.stdout.until("CMD: up\n");
  tree.add({ go: "" });
  assertEquals([await init.ended(), init.stdout.text], [12, "CMD: up\nCMD: last line\n"]);
});
