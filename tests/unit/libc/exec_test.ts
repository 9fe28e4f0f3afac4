/**
 * Becoming another program, and the limit of descriptors; both happen to a process of their own,
 * `exec_program.ts`.
 */
import { assertEquals } from "@std/assert";
import { E2BIG, EACCES, ENOENT, ENOEXEC, ENOTDIR } from "../../../lib/core/linux/errno.ts";
import { execFailureCode, type ExecOptions } from "../../../lib/libc/exec.ts";
import { run, type RunOptions } from "../../fixture/command.ts";
import { makeTree } from "../../fixture/tree.ts";
import { statusField } from "./child_output.ts";

const PROGRAM = new URL("./exec_program.ts", import.meta.url).pathname;
const DENO = [Deno.execPath(), "run", "-A", "--no-check", PROGRAM];

/** The C library keeps 32 and 33 for itself. */
const STANDARD_SIGNALS = 0x7fffffffn;

interface Request {
  readonly argv: readonly string[];
  readonly options?: ExecOptions;
  readonly limits?: readonly [soft: number, hard: number];
}

/** What comes out of the process that obeys `request`. */
async function exec(request: Request, options: RunOptions = {}): Promise<string> {
  const { stdout, stderr } = await run(
    DENO[0]!,
    [...DENO.slice(1), JSON.stringify(request)],
    options,
  );
  assertEquals(stderr, "");
  return stdout;
}

Deno.test("execInto(): the same process, all signals at their defaults, none blocked", async () => {
  const text = await exec({ argv: ["/bin/sh", "-c", "echo $$; exec cat /proc/self/status"] });
  assertEquals(text.split("\n")[0], statusField(text, "Pid"));
  assertEquals([
    BigInt(`0x${statusField(text, "SigIgn")}`) & STANDARD_SIGNALS,
    statusField(text, "SigBlk"),
  ], [0n, "0000000000000000"]);
});

Deno.test("execInto(): words of any bytes, our environment", async () => {
  const text = await exec({
    argv: ["/bin/sh", "-c", 'printf %s "$1" | od -An -tx1; echo $HEXAD_EXEC_TEST', "sh", "\udcffü"],
  }, {
    env: { HEXAD_EXEC_TEST: "inherited" },
  });
  assertEquals(text, " ff c3 bc\ninherited\n");
});

Deno.test("execInto(): an environment that is given is all there is", async () => {
  assertEquals(
    await exec({ argv: ["/usr/bin/env"], options: { env: ["A=1", "B=2"] } }),
    "A=1\nB=2\n",
  );
});

Deno.test("execInto(): a name is looked for in PATH; a program that is not what argv[0] says", async () => {
  using tree = makeTree({
    "first/tool": "not executable",
    "second/tool!": "#!/bin/sh\necho second\n",
    "third/tool!": "#!/bin/sh\necho third\n",
  });
  const PATH = ["first", "missing", "second", "third"].map((name) => tree.path(name)).join(":");
  assertEquals(await exec({ argv: ["tool"] }, { env: { PATH } }), "second\n");
  assertEquals(
    await exec({ argv: ["zero", "/proc/self/cmdline"], options: { path: "/bin/cat" } }),
    "zero\0/proc/self/cmdline\0",
  );
});

Deno.test("execInto(): an empty word of PATH is the directory we are in", async () => {
  using tree = makeTree({ "tool!": "#!/bin/sh\necho here\n" });
  assertEquals(
    await exec({ argv: ["tool"] }, { env: { PATH: "/nonexistent:" }, cwd: tree.root }),
    "here\n",
  );
});

Deno.test("execInto(): what it failed with; a program in PATH that may not be executed is worse than none", async () => {
  using tree = makeTree({
    "plain/tool": "",
    "no-shebang!": "echo\n",
    "no-interpreter!": "#!/no/such\n",
  });
  const failures: readonly (readonly [readonly string[], number])[] = [
    [["/no/such/program"], ENOENT],
    [["no-such-program"], ENOENT],
    [[""], ENOENT],
    [[], ENOENT],
    [[tree.path("plain/tool")], EACCES],
    [[tree.path("plain")], EACCES],
    [["tool"], EACCES],
    [[tree.path("no-shebang")], ENOEXEC],
    [[tree.path("no-interpreter")], ENOENT],
  ];
  for (const [argv, errno] of failures) {
    assertEquals([
      argv,
      await exec({ argv }, { env: { PATH: `${tree.path("plain")}:/nonexistent` } }),
    ], [argv, `failed ${errno}\n`]);
  }
});

Deno.test("execFailureCode(): 127 for what is not there, else 126", () => {
  assertEquals([ENOENT, EACCES, ENOEXEC, ENOTDIR, E2BIG].map(execFailureCode), [
    127,
    126,
    126,
    126,
    126,
  ]);
});

Deno.test("the limit of descriptors: raised for us, unchanged for a child and for what we become", async () => {
  const stdout = await exec({ argv: ["/bin/sh", "-c", "ulimit -n"], limits: [256, 512] });
  assertEquals(stdout, "own limit 512\nlimit of a child 256\n256\n");
});
