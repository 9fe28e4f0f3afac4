/**
 * Every command line of the README is run, and so are those of the example in docs/servicedir.md.
 * The words after the language at the head of a block say where it is typed and how it ends:
 *   sh repository                   in the repository, to its end
 *   sh example                      in the directory of the example, to its end; a block `text` after it is what it prints, numbers apart
 *   sh ... until Ctrl-C             it stays in the foreground of its terminal, and Ctrl-C ends it
 *   sh repository runs this test    the test command; CI runs it, and this test within it
 *   console                         a terminal beside services of which two fail: `$ ` begins what is typed, what it prints follows
 *   dockerfile ...                  the container tier builds it: tests/container/readme_test.ts for `three services`
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DIST_FILES } from "../../tools/layout.ts";
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

const README = Deno.readTextFileSync(`${ROOT}/README.md`);
const BLOCKS = blocksOf(README);

/** The blocks of the example in docs/servicedir.md: all up to what its last command prints. */
const EXAMPLE = blocksOf(
  Deno.readTextFileSync(`${ROOT}/docs/servicedir.md`).split("\n## Files of s6\n")[0]!,
);

function blocks(head: string, among: readonly Block[] = BLOCKS): Block[] {
  const found = among.filter((block) => block.head === head);
  assert(found.length > 0, `the document has no block ${head}`);
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
    /^(sh repository( until Ctrl-C| runs this test)?|dockerfile( overlay| three services)?|console)$/;
  assertEquals(BLOCKS.filter(({ head }) => !KINDS.test(head)), []);
});

Deno.test("docs/servicedir.md: every block of the example is of a kind that a test looks at", () => {
  const KINDS = /^(sh (repository|example)( until Ctrl-C)?|text)$/;
  assertEquals(EXAMPLE.filter(({ head }) => !KINDS.test(head)), []);
});

Deno.test("README: somebody who has ten minutes can read it: it has at most a thousand words", () => {
  const words = README.split(/\s+/).length;
  assert(words > 500 && words <= 1000, `${words} words`);
});

Deno.test("README: the test command is the one that CI runs", () => {
  const [{ text }, another] = blocks("sh repository runs this test") as [Block, Block?];
  assertEquals(another, undefined);
  assertStringIncludes(Deno.readTextFileSync(`${ROOT}/.ci/run`), ` ${text.trim()} `);
});

Deno.test("README: the two lines of each tarball are those that the container tier builds its images of", () => {
  const images = Deno.readTextFileSync(`${ROOT}/tests/container/images.ts`).replaceAll(
    "${TARBALL}",
    DIST_FILES.tarball,
  ).replaceAll("${OVERLAY_TARBALL}", DIST_FILES.overlayTarball).replaceAll("\\n", "\n");
  for (const head of ["dockerfile", "dockerfile overlay"]) {
    const [{ text }] = blocks(head) as [Block];
    assertStringIncludes(images, text);
  }
});

for (const block of [...blocks("sh repository"), ...blocks("sh repository", EXAMPLE)]) {
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

Deno.test("docs/servicedir.md: the example, block by block, prints what is shown, and Ctrl-C stops it in order", async () => {
  using tree = makeTree();
  const [foreground] = blocks("sh example until Ctrl-C", EXAMPLE) as [Block];
  const [first, second] = blocks("sh example", EXAMPLE) as [Block, Block];
  const [shown] = blocks("text", EXAMPLE) as [Block];
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

/** What is typed in a block `console`, and what it prints. */
function exchanges({ text }: Block): (readonly [command: string, printed: string])[] {
  return Array.from(
    text.matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm),
    ([, command, printed]) => [command!, printed!] as const,
  );
}

/** Without what differs from run to run: numbers with their units, and how wide columns are. */
function withoutFigures(text: string): string {
  return text.replace(/\b\d+(\.\d+)?[KMGsmhd]?\b/g, "N").replace(/ +/g, " ");
}

/** The services of the README's `console`: one that is well, and two that fail. */
const FAILING = {
  "db/run!": "#!/bin/sh\nexec sleep 1000\n",
  "mailer/run!": "#!/nowhere/node\n",
  "worker/run!": "#!/bin/sh\necho 'queue:6379: connection refused'\nexit 1\n",
  "worker/log/run!": "#!/bin/sh\nexec s6-log t ./main\n",
};

Deno.test("README: what is typed when something is wrong prints what is shown", async () => {
  using tree = makeTree(FAILING);
  const svscan: Block = { head: "", text: `s6-svscan '${tree.root}'` };
  await using terminal = openTerminal(svscan, tree.root, tree);
  await supervised(tree.path("worker/log"), terminal);
  const lines = exchanges(blocks("console")[0]!);
  assertEquals(lines.length, 3);
  for (const [command, printed] of lines) {
    let shown = "";
    // dead for a moment, running for another: it is looked at until it is as it is shown
    const look = async (): Promise<boolean> => {
      const env = { PATH, S6_SCANDIR: tree.root };
      const { stdout } = await run("/bin/sh", ["-c", command], { env });
      shown = stdout.replaceAll(`${tree.root}/`, "/service/").replaceAll("/nowhere/", "/usr/bin/");
      return withoutFigures(shown) === withoutFigures(printed);
    };
    await eventually(`${command} to print what the README shows`, look)
      .catch(() => assertEquals(withoutFigures(shown), withoutFigures(printed), command));
  }
});
