/**
 * What `hexad top` does to its terminal: it gives it back as it was, however it ends, and does
 * without where there is none.
 */
import { assert, assertEquals } from "@std/assert";
import { run, signalProcess } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { openTerminal, type Terminal } from "../../fixture/tmux.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import { OURS_OURS } from "../pairing.ts";
import { openWorld, STAYS, type World } from "../world.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");
/**
 * Modes before and after, and the process's number in between; this shell puts nothing in order by
 * itself.
 */
const NOTED =
  'cd "$1"; shift; stty -a >before; sh -c \'echo $$ >pid; exec "$@"\' sh "$@"; code=$?; stty -a >after; exit $code';
/** No other screen, a cursor, and lines that wrap. */
const AS_BEFORE = "0 1 1";
const FLAGS = "#{alternate_on} #{cursor_flag} #{wrap_flag}";

/** Runs a program in a terminal, and notes in the directory what becomes of the terminal. */
function openNoted(notes: Tree, words: readonly string[]): Promise<Terminal> {
  return openTerminal(["sh", "-c", NOTED, "sh", notes.root, ...words], { columns: 200 });
}

async function withWorld(body: (world: World, notes: Tree) => Promise<void>): Promise<void> {
  using notes = makeTree();
  await using world = await openWorld(OURS_OURS, { "web/run!": STAYS });
  await world.events("web").until("u");
  await body(world, notes);
}

const LEFT_BY: readonly (readonly [
  what: string,
  leave: (terminal: Terminal, pid: number) => unknown,
  code: number,
])[] = [
  ["q", (terminal) => terminal.type("q"), 0],
  ["Ctrl-C", (terminal) => terminal.type("C-c"), 0],
  ...(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1"] as const).map((signal) =>
    [
      signal,
      (_: Terminal, pid: number) => signalProcess(pid, signal),
      { SIGTERM: 143, SIGINT: 130, SIGHUP: 129, SIGQUIT: 131, SIGUSR1: 138 }[signal],
    ] as const
  ),
];

for (const [what, leave, code] of LEFT_BY) {
  Deno.test(`top: ended by ${what} it leaves the terminal as it was, and no FIFO`, () =>
    withWorld(async (world, notes) => {
      await using terminal = await openNoted(notes, [HEXAD, "top", "-S", world.tree.root]);
      await terminal.until(/\n> +web +up/);
      await world.subscribers("web", 2);
      assertEquals(await terminal.tell(FLAGS), "1 0 0");
      await leave(terminal, Number(notes.text("pid")));
      await terminal.until(new RegExp(`\\[exit ${code}\\]`));
      assertEquals(notes.text("after"), notes.text("before"));
      assertEquals(await terminal.tell(FLAGS), AS_BEFORE);
      await world.unsubscribed("web");
    }));
}

Deno.test("top: when something goes wrong, the terminal is as it was, and what has gone wrong is told there", () =>
  withWorld(async (world, notes) => {
    await using terminal = await openNoted(notes, [
      "prlimit",
      "--nofile=64:64",
      HEXAD,
      "top",
      "-S",
      world.tree.root,
    ]);
    await terminal.until(/\n> +web +up/);
    // more services than it may have descriptors
    for (let i = 0; i < 120; i++) world.tree.add({ [`s${i}/event/`]: "" });
    await terminal.until(/hexad top: fatal: unable to [^]*Too many open files[^]*\[exit 111\]/);
    assertEquals(notes.text("after"), notes.text("before"));
    assertEquals(await terminal.tell(FLAGS), AS_BEFORE);
  }));

Deno.test("top: when the terminal is gone it ends, and leaves no FIFO", () =>
  withWorld(async (world, notes) => {
    const terminal = await openNoted(notes, [HEXAD, "top", "-S", world.tree.root]);
    try {
      await terminal.until(/\n> +web +up/);
      await world.subscribers("web", 2);
    } finally {
      await terminal[Symbol.asyncDispose]();
    }
    await world.unsubscribed("web");
  }));

Deno.test("top: Ctrl-Z gives the terminal to the shell, fg takes it again", () =>
  withWorld(async (world, notes) => {
    await using terminal = await openTerminal(["bash", "--norc", "--noprofile", "-i"], {
      columns: 100,
      env: { HISTFILE: "/dev/null" },
    });
    await terminal.until(/[$#]$/);
    const modes = async (name: string): Promise<string> => {
      await terminal.type(
        `stty -a >${notes.path(name)}.new; mv ${notes.path(name)}.new ${notes.path(name)}`,
        "Enter",
      );
      await eventually("what stty says", () => notes.exists(name));
      return notes.text(name);
    };
    const before = await modes("before");
    await terminal.type(`${HEXAD} top -S ${world.tree.root}`, "Enter");
    await terminal.until(/\n> +web +up/);
    await terminal.type("C-z");
    await terminal.until(/Stopped[^]*[$#]$/);
    assertEquals([await modes("stopped"), await terminal.tell(FLAGS)], [before, AS_BEFORE]);
    await terminal.type("fg", "Enter");
    await terminal.until(/^hexad top [^]*\n> +web +up/);
    assertEquals(await terminal.tell(FLAGS), "1 0 0");
    await terminal.type("q");
    await terminal.until(/[$#]$/);
    assertEquals([await modes("after"), await terminal.tell(FLAGS)], [before, AS_BEFORE]);
  }));

Deno.test("top: Ctrl-Z where nobody could let it go on, as in docker exec, is not the end of it", () =>
  withWorld(async (world, notes) => {
    await using terminal = await openNoted(notes, [
      "setsid",
      "--ctty",
      "--wait",
      HEXAD,
      "top",
      "-S",
      world.tree.root,
    ]);
    await terminal.until(/\n> +web +up/);
    await terminal.type("C-z", "?");
    await terminal.until(/any key goes back/);
    await terminal.type("x", "q");
    await terminal.until(/\[exit 0\]/);
    assertEquals(await terminal.tell(FLAGS), AS_BEFORE);
  }));

Deno.test("top: it needs no environment, and no description of the terminal", () =>
  withWorld(async (world, notes) => {
    await using terminal = await openNoted(notes, [
      "env",
      "-i",
      HEXAD,
      "top",
      "-S",
      world.tree.root,
    ]);
    await terminal.until(/\n> +web +up/);
    await terminal.type("q");
    await terminal.until(/\[exit 0\]/);
  }));

Deno.test("top: without a terminal, or with a dumb one, one line says what to do", () =>
  withWorld(async (world, notes) => {
    const piped = await run(HEXAD, ["top", "-S", world.tree.root]);
    assertEquals([piped.code, piped.stdout, piped.stderr], [
      100,
      "",
      "hexad top: fatal: standard input and output must be a terminal (docker exec -it gives one); hexad status --watch goes without\n",
    ]);
    await using terminal = await openNoted(notes, [
      "env",
      "TERM=dumb",
      HEXAD,
      "top",
      "-S",
      world.tree.root,
    ]);
    const screen = await terminal.until(/\[exit 100\]/);
    assert(
      screen[0]!.startsWith(
        "hexad top: fatal: TERM=dumb says that this terminal can't move its cursor",
      ),
      screen[0],
    );
  }));
