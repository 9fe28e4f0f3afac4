/**
 * Every command of the tutorial is run, in order, in one directory; what stands behind `sh` at the
 * head of a block says how:
 *   sh                   to its end; a block `text` after it is what it prints, numbers and the widths of columns apart
 *   sh look              it only looks: again and again, until it shows what the block `text` after it shows
 *   sh first terminal    it stays in a terminal of its own, and Ctrl-C ends it at the end
 *   sh full screen       in a terminal that `q` gives back
 */
import { assert, assertEquals } from "@std/assert";
import { run, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { killProcessesOf, processesOf, TREE_MARK } from "../../fixture/processes.ts";
import { openTerminal } from "../../fixture/tmux.ts";
import { OURS, requireToolset, ROOT } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";

requireToolset(OURS);

const PATH = `${OURS.bin("").slice(0, -1)}:${Deno.env.get("PATH")}`;

interface Block {
  readonly head: string;
  readonly text: string;
}

const BLOCKS: readonly Block[] = Array.from(
  Deno.readTextFileSync(`${ROOT}/docs/tutorial.md`).matchAll(/^```(.*)\n([^]*?)^```$/gm),
  ([, head, text]) => ({ head: head!, text: text! }),
);

/**
 * What differs from run to run: numbers with their units, how wide columns are, and whether a start
 * meets a life of the old script.
 */
function normal(text: string): string {
  return text.replace(/^\w+: died: .*\n/gm, "").replace(/\b\d+(\.\d+)?(?:ms|[KMGsmhd])?\b/g, "N")
    .replace(
      /^ +/gm,
      "",
    ).replace(/ +/g, " ");
}

/** Types a block into a shell in which what was exported before still is. */
class Typist {
  readonly #tree: Tree;
  #exports = "";

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** What is to stand before a line that is typed into another shell. */
  get exports(): string {
    return this.#exports;
  }

  async type(text: string): Promise<{ readonly code: number; readonly output: string }> {
    const script = `exec 2>&1\n${this.#exports}${text}`;
    const { code, stdout } = await run("/bin/sh", ["-euc", script], {
      cwd: this.#tree.root,
      env: { PATH, [TREE_MARK]: this.#tree.root },
    });
    for (const line of text.split("\n")) {
      if (line.startsWith("export ")) this.#exports += `${line}\n`;
    }
    return { code, output: stdout };
  }
}

Deno.test("tutorial: every block is of a kind that is run, and what is shown stands behind a command", () => {
  const KINDS = /^(sh( look| first terminal| full screen)?|text|dockerfile)$/;
  assertEquals(BLOCKS.filter(({ head }) => !KINDS.test(head)), []);
  BLOCKS.forEach(({ head }, at) =>
    assert(head !== "text" || /^sh( look)?$/.test(BLOCKS[at - 1]!.head), `block ${at}`)
  );
  assert(BLOCKS.filter(({ head }) => head.startsWith("sh")).length > 15);
});

Deno.test("tutorial: from its first command to its last", async () => {
  using tree = makeTree();
  const typist = new Typist(tree);
  await using stack = new AsyncDisposableStack();
  let foreground: { readonly pid: number; ended(): Promise<number> } | undefined;
  for (const [at, { head, text }] of BLOCKS.entries()) {
    const next = BLOCKS[at + 1];
    const shown = next?.head === "text" ? normal(next.text) : "";
    switch (head) {
      case "sh": {
        const { code, output } = await typist.type(text);
        assertEquals([code, normal(output)], [0, shown], text);
        break;
      }
      case "sh look": {
        let last = "";
        const looks = async (): Promise<boolean> =>
          normal(last = (await typist.type(text)).output) === shown;
        await eventually(`${text} to show what the tutorial shows`, looks).catch((error) => {
          throw new Error(`${text} showed ${last}`, { cause: error });
        });
        break;
      }
      case "sh first terminal": {
        const words = ["/bin/sh", "-c", `${typist.exports}exec ${text}`];
        const child = start(OURS.bin("s6-setsid"), words, {
          cwd: tree.root,
          env: { PATH, [TREE_MARK]: tree.root },
        });
        stack.defer(async () => {
          killProcessesOf(tree.root);
          await child[Symbol.asyncDispose]();
        });
        foreground = child;
        await eventually(
          "the scan directory to be supervised",
          async () => (await typist.type("s6-svok services/ticker")).code === 0,
        );
        break;
      }
      case "sh full screen": {
        await using terminal = await openTerminal(
          ["env", "-C", tree.root, `PATH=${PATH}`, "sh", "-c", `${typist.exports}exec ${text}`],
          { columns: 100 },
        );
        await terminal.until(/^hexad top .* 2 services, all well\n/);
        await terminal.type("q");
        await terminal.until(/\[exit 0\]/);
        break;
      }
    }
  }
  Deno.kill(-foreground!.pid, "SIGINT");
  assertEquals(await foreground!.ended(), 0);
  await eventually("the end of all services", () => processesOf(tree.root).length === 0);
});
