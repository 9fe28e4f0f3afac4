/**
 * Every command line of the README is run. The words after `sh` at the head of a block say where it
 * is typed and how it ends:
 *   sh repository                   in the repository, to its end
 *   sh example                      in the directory of the example, to its end; a block `text` after it is what it prints, numbers apart
 *   sh ... until Ctrl-C             it stays in the foreground of its terminal, and Ctrl-C ends it
 *   sh repository runs this test    the test command; CI runs it, and this test within it
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Background, run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { killProcessesOf, processesOf, TREE_MARK } from "../fixture/processes.ts";
import { OURS, requireToolset, ROOT } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";

requireToolset(OURS);

/** Somebody may have changed a source since the tier was built. */
const BUILD_LIMIT_MS = 300_000;
const PATH = `${OURS.bin("").slice(0, -1)}:${Deno.env.get("PATH")}`;

interface Block {
  /** What stands after the fence. */
  readonly head: string;
  readonly text: string;
}

function blocksOf(markdown: string): Block[] {
  return Array.from(
    markdown.matchAll(/^```(.*)\n([^]*?)^```$/gm),
    ([, head, text]) => ({ head: head!, text: text! }),
  );
}

const BLOCKS = blocksOf(Deno.readTextFileSync(`${ROOT}/README.md`));

function blocks(head: string): Block[] {
  const found = BLOCKS.filter((block) => block.head === head);
  assert(found.length > 0, `the README has no block ${head}`);
  return found;
}

/** What differs from run to run: numbers, and the digits of a time stamp. */
function withoutNumbers(text: string): string {
  return text.replace(/@[0-9a-f]{24}/g, "@TIME").replace(/\d+/g, "N");
}

/** Types the block into a shell that stops at the first line which fails. */
async function type({ text }: Block, directory: string): Promise<string> {
  const { code, stdout, stderr } = await run("/bin/sh", ["-euc", text], {
    cwd: directory,
    env: { PATH },
    timeoutMs: BUILD_LIMIT_MS,
  });
  assertEquals(code, 0, `${text}${stdout}${stderr}`);
  return stdout;
}

interface Terminal extends Background {
  /** Sends SIGINT to all that run in the foreground. */
  pressCtrlC(): void;
}

/**
 * Types the block, one command, into a terminal of its own. Leaving the scope ends all that it has
 * started.
 */
function openTerminal({ text }: Block, directory: string, tree: Tree): Terminal {
  const env = { PATH, [TREE_MARK]: tree.root };
  const shell = start(OURS.bin("s6-setsid"), ["/bin/sh", "-c", `exec ${text}`], {
    cwd: directory,
    env,
  });
  return {
    ...shell,
    pressCtrlC: () => Deno.kill(-shell.pid, "SIGINT"),
    [Symbol.asyncDispose]: async () => {
      killProcessesOf(tree.root);
      await shell[Symbol.asyncDispose]();
    },
  };
}

async function supervised(servicedir: string, terminal: Terminal): Promise<void> {
  const look = async (): Promise<boolean> =>
    (await run(OURS.bin("s6-svok"), [servicedir])).code === 0;
  await eventually(
    `a supervisor on ${servicedir}; its terminal shows: ${terminal.stderr.text}`,
    look,
  );
}

Deno.test("README: every block is of a kind that a test looks at", () => {
  const KINDS =
    /^(sh (repository|example)( until Ctrl-C)?|sh repository runs this test|text|dockerfile)$/;
  assertEquals(BLOCKS.filter(({ head }) => !KINDS.test(head)), []);
});

Deno.test("README: the test command is the one that CI runs", () => {
  const [{ text }, another] = blocks("sh repository runs this test") as [Block, Block?];
  assertEquals(another, undefined);
  assertStringIncludes(Deno.readTextFileSync(`${ROOT}/.ci/run`), ` ${text.trim()} `);
});

Deno.test("README: the two lines of the Dockerfile are those that the container tier builds its images of", () => {
  const [{ text }] = blocks("dockerfile") as [Block];
  const images = Deno.readTextFileSync(`${ROOT}/tests/container/images.ts`).replaceAll(
    "${TARBALL}",
    "hexad-x86_64.tar.gz",
  );
  assertStringIncludes(images.replaceAll("\\n", "\n"), text);
});

Deno.test("docs/differences.md: no command is among those that are not here", () => {
  const [, missing] = Deno.readTextFileSync(`${ROOT}/docs/differences.md`).split(
    "\n## Not here\n",
  ) as [string, string];
  const [list] = missing.split("\n\nSome commands") as [string];
  const named = Array.from(list.matchAll(/`(s6-[a-z0-9-]+[a-z0-9])`/g), ([, name]) => name!);
  assert(named.length > 0);
  assertEquals(named.filter((name) => OURS.has(name)), []);
});

for (const block of blocks("sh repository")) {
  Deno.test(`README, in the repository: ${block.text.trim()}`, async () => {
    await type(block, ROOT);
  });
}

for (const block of blocks("sh repository until Ctrl-C")) {
  Deno.test(`README, in the repository, until Ctrl-C: ${block.text.trim()}`, async () => {
    using tree = makeTree();
    await using terminal = openTerminal(block, ROOT, tree);
    const told = (): string | undefined =>
      terminal.stdout.text.match(/s6-svscan supervises (.*)\n[^]*Ctrl-C stops everything/)?.[1];
    const scandir = await eventually(
      "the start, after a build if one is needed",
      told,
      BUILD_LIMIT_MS,
    );
    await supervised(`${scandir}/web`, terminal);
    terminal.pressCtrlC();
    await terminal.ended();
    await eventually("the end of all services", () => processesOf(tree.root).length === 0);
  });
}

Deno.test("README: the example, block by block, prints what is shown, and Ctrl-C stops it in order", async () => {
  using tree = makeTree();
  const [foreground] = blocks("sh example until Ctrl-C") as [Block];
  const [first, second] = blocks("sh example") as [Block, Block];
  const [shown] = blocks("text") as [Block];
  const service = tree.path("service/hello");

  assertEquals(await type(first, tree.root), "");
  await using terminal = openTerminal(foreground, tree.root, tree);
  await supervised(service, terminal);
  assertEquals(withoutNumbers(await type(second, tree.root)), withoutNumbers(shown.text));
  terminal.pressCtrlC();

  assertEquals(await terminal.ended(), 0);
  assertEquals(processesOf(tree.root), []);
  assertEquals(tree.text("service/hello/log/lines"), "hello: starting\n".repeat(2));
  assertEquals(terminal.stderr.text, "hello has ended: 256, 15\n".repeat(2));
});
