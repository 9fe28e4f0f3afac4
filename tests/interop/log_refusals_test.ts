/** Scripts and log directories that can't be used: refused as C does, with its exit code. */
import { assertEquals } from "@std/assert";
import { run, start } from "../fixture/command.ts";
import { OURS, requireToolset, THEIRS } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";

/** What a user must never see. */
const CRASH = /internal error|^\s+at |Uncaught|panicked|\(os error/m;

const UNUSABLE: readonly (readonly [what: string, args: readonly string[], code: number])[] = [
  ["no script", [], 100],
  ["a logdir whose parent is missing", ["./missing/log"], 111],
  ["a logdir that is a file", ["./file"], 111],
  ["a logdir below a file", ["./file/log"], 111],
  ["a script that ends without an action", ["1", "n5"], 0],
  ["a script without any action", ["n5", "t"], 100],
  ["an unknown option", ["-x", "1"], 100],
];

for (const [what, args, code] of UNUSABLE) {
  for (const toolset of [OURS, THEIRS]) {
    Deno.test(`${toolset.name}: ${what}: exit code ${code}`, async () => {
      requireToolset(toolset);
      using tree = makeTree({ "file": "", "odd/current/": "" });
      const { code: got, stderr } = await run(toolset.bin("s6-log"), args, { cwd: tree.root });
      assertEquals([got, CRASH.test(stderr)], [code, false], stderr);
    });
  }
}

Deno.test("a logdir that another logger has: 111, and the cure", async () => {
  for (const [holder, second] of [[THEIRS, OURS], [OURS, THEIRS], [OURS, OURS]] as const) {
    requireToolset(holder);
    using tree = makeTree();

    await using first = start(holder.bin("s6-log"), ["1", "./log"], { cwd: tree.root });
    const writer = first.stdin.getWriter();
    await writer.write(new TextEncoder().encode("line\n"));
    await first.stdout.until("line");
    const { code, stderr } = await run(second.bin("s6-log"), ["./log"], { cwd: tree.root });
    assertEquals(code, 111, stderr);
    if (second === OURS) {
      assertEquals(
        stderr,
        "s6-log: fatal: unable to lock ./log/lock: Device or resource busy; another logger writes there; give each its own directory\n",
      );
    }
    writer.releaseLock();
  }
});

for (const [toolset, code] of [[OURS, 0], [THEIRS, 111]] as const) {
  Deno.test(`${toolset.name}: a logdir whose current is a directory: exit code ${code}`, async () => {
    requireToolset(toolset);
    using tree = makeTree({ "odd/current/": "" });
    // C gives up; here what is in the way gets another name (docs/differences.md, Whom it trusts)
    const { code: got, stderr } = await run(toolset.bin("s6-log"), ["./odd"], { cwd: tree.root });
    assertEquals([got, CRASH.test(stderr)], [code, false], stderr);
    const kept = [...Deno.readDirSync(tree.path("odd"))].filter(({ isDirectory }) => isDirectory);
    assertEquals(kept.map(({ name }) => name === "current"), [toolset === THEIRS]);
  });
}
