/**
 * What is left to a process, and that this one is afterwards what it was before. The program under
 * test is the runtime that runs the tests.
 */
import { assert, assertEquals } from "@std/assert";
import { type GuestPort, type LinkCommand, LongWay } from "../../../lib/launch/guest.ts";
import { startHere } from "../../../lib/launch/start_program.ts";
import { SURE_LINKS } from "../../../lib/launch/core/sure_links.ts";
import { readlink, umask } from "../../../lib/libc/file.ts";
import { waitFor } from "../../../lib/libc/process.ts";
import { LINKS } from "../../../cmd/registry.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";

const NAMES = [...SURE_LINKS, "exit", "foreground", "elglob", "s6-setuidgid"];
const links = new Map<string, LinkCommand>();
for (const name of NAMES) {
  const { table, link } = await LINKS[name]!();
  links.set(name, { options: table.options, link });
}

const HOST: GuestPort = {
  isCommand: (name) => links.has(name),
  isAnywhere: (name) => links.has(name),
  loadedLink: (name) => links.get(name),
  self: (name, args) => ({ path: Deno.execPath(), argv: [name, ...args] }),
};

/** A tree in which our program has its names. */
function commands(files: Readonly<Record<string, string>> = {}): Tree {
  return makeTree({
    "execlineb=": Deno.execPath(),
    "with-contenv=": "execlineb",
    "tools/true=": "/bin/true", // nobody else's execline is there
    "tools/sh=": "/bin/sh",
    ...files,
  });
}

/** Starts the script here. Its exit code, or undefined if it is left to a process. */
function start(tree: Tree, text: string, variables: readonly string[] = []): number | undefined {
  tree.add({ "run!": text.replaceAll("ROOT", tree.root) });
  const env = [`PATH=${tree.path("tools")}`, ...variables];
  const pid = startHere({
    path: tree.path("run"),
    argv: ["run"],
    env,
    directory: tree.root,
    fds: [[0, 2], [1, 2]],
  }, HOST);
  return pid === undefined ? undefined : waitFor(pid) >> 8;
}

/** What a guest could have changed of this process. */
function standing(): unknown {
  const mask = umask(0);
  umask(mask);
  const fds = [...Deno.readDirSync("/proc/self/fd")].map(({ name }) =>
    `${name} ${readlink(`/proc/self/fd/${name}`)}`
  ).filter((text) => !text.includes("/proc/")).sort();
  return { mask, directory: readlink("/proc/self/cwd"), fds };
}

/** Bodies of scripts for execlineb that a process of its own has to run. */
const LEFT: Readonly<Record<string, string>> = {
  "a FIFO that nobody writes": "redirfd -r 0 ROOT/fifo true",
  "a FIFO that nobody reads": "redirfd -w 1 ROOT/fifo true",
  "a FIFO for an environment": "envfile ROOT/fifo true",
  "a device": "redirfd -r 0 /dev/tty true",
  "a file that must not be there yet": "redirfd -x 1 ROOT/new true",
  "standard input as an environment": "envfile - true",
  "a script that runs itself": "ROOT/run",
  "words that multiply": `define -s x "${"a ".repeat(100)}" true $x$x$x$x`,
  "a value that doubles": `export x ${"a".repeat(9000)} importas x x true ${"${x}".repeat(4000)}`,
  "a large script": `true ${"x".repeat(300_000)}`,
  "a variable that is not set": "importas -i x NONE true",
  "a script that is none": "foreground {",
  "a missing program": "cd / umask 0 /nonexistent/program",
  "a missing directory": "umask 0 cd /nonexistent true",
  "an exit code": "exit 3",
  "no words": "",
  "a pattern": "multisubstitute { elglob x ROOT/* } true $x",
  "a block": "foreground { true } true",
  "another user": "s6-setuidgid nobody true",
  "help": "cd --help",
  "a wrong option": "fdmove -Z 1 2 true",
};

Deno.test("scripts that this process can't or must not run are left to another, and nothing of it has changed", () => {
  using tree = commands({ "fifo|": "" });
  const before = standing();
  for (const [what, body] of Object.entries(LEFT)) {
    assertEquals(start(tree, `#!ROOT/execlineb -P\n${body}\n`), undefined, what);
    assertEquals(standing(), before, what);
  }
  assert(!tree.exists("new"));
});

Deno.test("first lines that kernels read differently are left to them", () => {
  using tree = commands();
  const lines = [
    "#!ROOT/execlineb -P\0\ntrue",
    `#!${"/".repeat(130)}ROOT/execlineb -P\ntrue`,
    "#!execlineb -P\ntrue",
    "#!ROOT/execlineb -P",
    "#!\ntrue",
  ];
  for (const line of lines) assertEquals(start(tree, line), undefined, JSON.stringify(line));
});

Deno.test("a script without the execute bit, or that is no file, is left alone", () => {
  using tree = commands({ plain: "", "fifo|": "", "directory/": "" });
  Deno.writeTextFileSync(tree.path("plain"), `#!${tree.root}/execlineb -P\ntrue\n`);
  for (const path of ["plain", "fifo", "directory", "missing"]) {
    assertEquals(startHere({ path: tree.path(path), argv: [path] }, HOST), undefined, path);
  }
});

Deno.test("a container's environment that is missing or odd is left to a process", () => {
  using tree = commands({ "odd/s6/container_environment/A=": "nowhere" });
  for (const rundir of ["none", "odd"]) {
    assertEquals(
      start(tree, "#!ROOT/with-contenv true\n", [`S6_RUNDIR=${tree.path(rundir)}`]),
      undefined,
      rundir,
    );
  }
});

Deno.test("a script that is run here leaves this process as it was", () => {
  using tree = commands({ "rundir/s6/container_environment/A": "1" });
  const before = standing();
  const bodies = [
    'cd / umask 0 redirfd -w 1 ROOT/out fdmove 2 1 fdclose 0 sh -c "exit 7"',
    'export S6_RUNDIR ROOT/rundir with-contenv cd / sh -c "exit 7"',
    'redirfd -r 5 ROOT/execlineb fdswap 5 0 fdclose 2 exec -c /bin/sh -c "exit 7"',
  ];
  for (const body of bodies) {
    assertEquals(start(tree, `#!ROOT/execlineb -P\n${body}\n`), 7, body);
    assertEquals(standing(), before, body);
  }
});

Deno.test("a link that is not loaded yet is left to a process", () => {
  using tree = commands();
  tree.add({ "run!": `#!${tree.root}/execlineb -P\ntrue\n` });
  assertEquals(
    startHere({ path: tree.path("run"), argv: ["run"] }, { ...HOST, loadedLink: () => undefined }),
    undefined,
  );
});

Deno.test("what nobody expected is left to a process too", () => {
  using tree = commands();
  tree.add({ "run!": `#!${tree.root}/execlineb -P\ntrue\n` });
  for (const error of [new LongWay(), new RangeError("too deep"), "text"]) {
    const loadedLink = (): never => {
      throw error;
    };
    assertEquals(
      startHere({ path: tree.path("run"), argv: ["run"] }, { ...HOST, loadedLink }),
      undefined,
    );
  }
});
