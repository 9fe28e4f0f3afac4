/**
 * A log directory goes from one implementation to the other, in good order and after a kill:
 * nothing in it is lost, doubled or split.
 */
import { assertEquals } from "@std/assert";
import { type Background, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";
import { assertSame, type LogdirContent, readLogdir, runLogger } from "./log_outcome.ts";

const ENCODER = new TextEncoder();

function numbered(count: number, from = 1): Uint8Array<ArrayBuffer> {
  return ENCODER.encode(
    Array.from(
      { length: count },
      (_, index) => `line ${from + index} ${"x".repeat((from + index) % 300)}\n`,
    ).join(""),
  );
}

/**
 * Runs one logger after the other, each on its part of the lines. @returns the log directory at the
 * end
 */
async function inTurn(toolsets: readonly Toolset[]): Promise<ReturnType<typeof readLogdir>> {
  using tree = makeTree();
  for (const [index, toolset] of toolsets.entries()) {
    requireToolset(toolset);
    const { code } = await runLogger(
      toolset,
      tree.root,
      ["n5", "s4096", "./log", "1"],
      numbered(25, 1 + 25 * index),
      "line by line",
    );
    assertEquals(code, 0);
  }
  return readLogdir(tree.path("log"));
}

for (
  const pattern of [[OURS, THEIRS, OURS, THEIRS], [THEIRS, OURS, THEIRS, OURS], [
    OURS,
    OURS,
    OURS,
    OURS,
  ]]
) {
  Deno.test(`${pattern.map(({ name }) => name).join(", ")} in turn leave the files that theirs alone leaves`, async () => {
    assertSame(
      await inTurn(pattern),
      await inTurn([THEIRS, THEIRS, THEIRS, THEIRS]),
      "after four loggers",
    );
  });
}

async function feed(logger: Background, text: string, shown: string): Promise<void> {
  const writer = logger.stdin.getWriter();
  await writer.write(ENCODER.encode(text));
  writer.releaseLock();
  await logger.stdout.until(shown);
}

for (const [killed, next] of [[OURS, THEIRS], [THEIRS, OURS], [OURS, OURS]] as const) {
  Deno.test(`${killed.name} is killed, ${next.name} goes on: what was there becomes an archive .u, and then all is in order`, async () => {
    requireToolset(killed);
    requireToolset(next);
    using tree = makeTree();
    {
      await using logger = start(killed.bin("s6-log"), ["./log", "1"], { cwd: tree.root });
      await feed(logger, "one\ntwo\n", "two\n");
      await eventually("the line on the disk", () => tree.text("log/current").endsWith("two\n"));
    }
    const { code } = await runLogger(next, tree.root, ["./log"], ENCODER.encode("three\n"));
    const { files, suffixes, modes } = readLogdir(tree.path("log"));
    assertEquals([code, suffixes, files], [0, "u", ["one\ntwo\n", "three\n"]]);
    assertEquals(modes, { ".u": "644", current: "744", lock: "644", state: "644" });
  });
}

const MODES = { plain: 0o644, finished: 0o744 } as const;
type Left = keyof typeof MODES | "none" | "empty";

/** Every combination of what a killed logger can leave behind, and more. */
function leftovers(): {
  name: string;
  files: Record<"current" | "previous" | "processed" | "newstate", Left>;
}[] {
  const found = [];
  for (const current of ["none", "empty", "plain", "finished"] as const) {
    for (const previous of ["none", "empty", "plain", "finished"] as const) {
      for (const processed of ["none", "empty", "plain", "finished"] as const) {
        for (const newstate of ["none", "plain"] as const) {
          const files = { current, previous, processed, newstate };
          found.push({ name: `${current}-${previous}-${processed}-${newstate}`, files });
        }
      }
    }
  }
  return found;
}

async function recoverAll(toolset: Toolset): Promise<Record<string, unknown>> {
  requireToolset(toolset);
  using tree = makeTree();
  const cases = leftovers();
  for (const { name, files } of cases) {
    tree.add({ [`${name}/state`]: "old state" });
    for (const [file, left] of Object.entries(files)) {
      if (left === "none") continue;
      tree.add({ [`${name}/${file}`]: left === "empty" ? "" : `content of ${file}\n` });
      if (left === "finished") Deno.chmodSync(tree.path(name, file), MODES.finished);
    }
  }
  const script = ["n1000", ...cases.map(({ name }) => `./${name}`)];
  // C gives two archives that it makes at its start one name, says that it exists, and ends; its
  // supervisor begins it again
  const lives = toolset === THEIRS ? cases.length : 1;
  let code = 111;
  for (let life = 0; life < lives && code === 111; life++) {
    code = (await runLogger(toolset, tree.root, script, ENCODER.encode("new line\n"))).code;
  }
  assertEquals(code, 0);
  return Object.fromEntries(
    cases.map((
      { name },
    ) => [name, {
      ...withoutEmptyArchives(readLogdir(tree.path(name))),
      state: tree.text(`${name}/state`),
    }]),
  );
}

/** C 2.11 archives empty files; 2.15 and ours do not. */
function withoutEmptyArchives({ files, suffixes, modes }: LogdirContent): Record<string, unknown> {
  const { ".s": _s, ".u": _u, ...others } = modes;
  const kept = files.slice(0, -1).map((file, index) => `${suffixes[index]} ${file}`).filter((
    file,
  ) => file.length > 2);
  return { archives: kept, current: files.at(-1), modes: others };
}

Deno.test("128 directories that killed loggers have left: ours makes of each what theirs makes of it", async () => {
  const [ours, theirs] = [await recoverAll(OURS), await recoverAll(THEIRS)];
  assertSame(ours, theirs, "current-previous-processed-newstate");
});

for (const toolset of [OURS, THEIRS]) {
  Deno.test(`${toolset.name}: previous that has its archive name already is not archived twice`, async () => {
    requireToolset(toolset);
    using tree = makeTree({ "log/previous": "stored\n", "log/current": "kept\n" });
    Deno.linkSync(tree.path("log/previous"), tree.path("log/@400000006b0244490961df89.s"));
    await runLogger(toolset, tree.root, ["./log"], ENCODER.encode("new\n"));
    assertEquals(readLogdir(tree.path("log")).files, ["stored\n", "kept\n", "new\n"]);
  });
}
