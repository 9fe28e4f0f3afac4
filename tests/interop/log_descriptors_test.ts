/** What s6-log's standard descriptors can be: it logs whatever they are. */
import { assertEquals, assertMatch } from "@std/assert";
import { type Result, run } from "../fixture/command.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";

/** The shell opens what a case asks for, and becomes s6-log. `f` is a FIFO. */
async function logThrough(
  toolset: Toolset,
  redirections: string,
  body: (result: Result, tree: Tree) => void,
  script = "./log",
): Promise<void> {
  requireToolset(toolset);
  using tree = makeTree({ "f|": "", "file": "one\ntwo\n" });
  const result = await run("/bin/sh", [
    "-c",
    `${redirections.replace("S6LOG", `exec "$0" ${script}`)}`,
    toolset.bin("s6-log"),
  ], {
    cwd: tree.root,
    stdin: "one\ntwo\n",
  });
  body(result, tree);
}

interface Case {
  readonly what: string;
  readonly redirections: string;
  readonly script?: string;
  readonly logged: string;
  readonly says?: RegExp;
}

/**
 * Opened for both first, so that the shell does not wait for a reader; then nobody has it open for
 * reading.
 */
const WITHOUT_READER = "exec 3<>f; S6LOG";

const CASES: readonly Case[] = [
  { what: "a regular file as input", redirections: "S6LOG <file", logged: "one\ntwo\n" },
  { what: "/dev/null as input", redirections: "S6LOG </dev/null", logged: "" },
  { what: "a closed input", redirections: "S6LOG <&-", logged: "" },
  { what: "a pipe as input", redirections: "cat file | S6LOG", logged: "one\ntwo\n" },
  {
    what: "alerts that nobody reads",
    redirections: `${WITHOUT_READER} 2>f 3>&-`,
    script: "2 ./log",
    logged: "one\ntwo\n",
  },
  {
    what: "a closed standard error",
    redirections: "S6LOG 2>&-",
    script: "2 ./log",
    logged: "one\ntwo\n",
  },
  {
    what: "a full standard error",
    redirections: "S6LOG 2>/dev/full",
    script: "2 ./log",
    logged: "one\ntwo\n",
  },
  {
    what: "an output that nobody reads",
    redirections: `${WITHOUT_READER} >f 3>&-`,
    script: "1 ./log",
    logged: "one\ntwo\n",
    says:
      /^s6-log: warning: unable to write to stdout, closing the stream - error was: Broken pipe\n$/,
  },
  {
    what: "a full output",
    redirections: "S6LOG >/dev/full",
    script: "1 ./log",
    logged: "one\ntwo\n",
    says:
      /^s6-log: warning: unable to write to stdout, closing the stream - error was: No space left on device\n$/,
  },
  { what: "a closed output", redirections: "S6LOG >&-", script: "1 ./log", logged: "one\ntwo\n" },
];

for (const { what, redirections, script, logged, says } of CASES) {
  for (const toolset of [OURS, THEIRS]) {
    Deno.test(`${toolset.name}: ${what}: exit 0, and the log is complete`, async () => {
      await logThrough(toolset, redirections, ({ code, stderr }, tree) => {
        assertEquals([code, tree.text("log/current")], [0, logged], stderr);
        if (says !== undefined) assertMatch(stderr, says);
      }, script);
    });
  }
}

Deno.test("ours: a directory as input: a warning, and it ends", async () => {
  await logThrough(OURS, "S6LOG <.", ({ code, stderr }) => {
    assertEquals([code, stderr], [
      0,
      "s6-log: warning: unable to read from stdin: Is a directory\n",
    ]);
  });
});

Deno.test("ours: standard output is read slowly: nothing of it is lost", async () => {
  const text = Array.from({ length: 20000 }, (_, index) => `line ${index}\n`).join("");
  requireToolset(OURS);
  using tree = makeTree({ file: text });
  const slowly = 'cat file | "$0" 1 ./log | { dd bs=1 count=100 2>/dev/null; cat; }';
  const { code, stdout } = await run("/bin/sh", ["-c", slowly, OURS.bin("s6-log")], {
    cwd: tree.root,
  });
  assertEquals([code, stdout === text], [0, true]);
});
