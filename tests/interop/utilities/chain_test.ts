/**
 * The utilities in scripts of execlineb, where most of them run within its process: what they find
 * and what they leave is as in processes of their own.
 */
import { assert, assertEquals } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree } from "../../fixture/tree.ts";
import { niceness } from "./niceness.ts";
import { testUtility, type UtilityCase } from "./utility_case.ts";

requireToolset(OURS);

function scripts(
  table: readonly (readonly [script: string, outcome: Omit<UtilityCase, "args" | "shell">])[],
): UtilityCase[] {
  return table.map(([script, outcome]) => ({ ...outcome, args: ["-Pc", script] }));
}

const LINES = "one\ntwo\nthree\n";
const ENV = { A: "1", B: "2" };

testUtility(
  "execlineb",
  scripts([
    ["if { s6-true } s6-echo yes", { stdout: "yes\n" }],
    ["if -X { s6-false } s6-echo yes", { code: 1 }],
    ["if { s6-false } s6-echo yes", { code: 1 }],
    ["ifelse { s6-grep -q two } { s6-echo found } s6-echo lost", {
      stdin: LINES,
      stdout: "found\n",
    }],
    ["foreground { s6-echo a } foreground { s6-echo -n b } s6-expr 2 + 2", { stdout: "a\nb4\n" }],
    ["backtick V { s6-expr 6 * 7 } importas V V s6-echo <${V}>", { stdout: "<42>\n" }],
    ["pipeline { s6-seq 3 } s6-sort -r", { stdout: "3\n2\n1\n" }],
    ["pipeline { s6-cat } pipeline { s6-tail -n +2 } s6-head -n 1", {
      stdin: LINES,
      stdout: "two\n",
    }],
    ["foreground { s6-head -S -n 1 } foreground { s6-echo - } s6-cat", {
      stdin: LINES,
      stdout: "one\n-\ntwo\nthree\n",
    }],
    ["foreground { redirfd -w 1 out s6-echo hi } redirfd -r 0 out s6-cat", {
      stdout: "hi\n",
      after: (tree) => assertEquals(tree.text("out"), "hi\n"),
    }],
    ["fdmove 1 2 s6-echo lost", { stderr: /^lost\n$/ }],
    ["foreground { fdclose 1 s6-echo x } s6-echo $?", {
      stderr: /s6-echo: fatal: unable to write/,
      stdout: "$?\n",
    }],
    ["foreground { cd sub s6-ls . } s6-ls .", { tree: { "sub/f": "" }, stdout: "f\nsub\n" }],
    ["umask 077 foreground { s6-mkdir a } foreground { s6-mkdir -m 755 b } s6-mkdir c", {
      after: (tree) =>
        assertEquals(["a", "b", "c"].map((name) => Deno.statSync(tree.path(name)).mode! & 0o777), [
          0o700,
          0o755,
          0o700,
        ]),
    }],
    ["export C 3 unexport A s6-printenv -n", { env: ENV, stdout: "C=3\nB=2" }],
    ["s6-env -i X=1 foreground { s6-env Y=2 } s6-printenv", {
      env: ENV,
      stdout: "X=1\nY=2\nX=1\n?=0\n",
    }],
    ["s6-env A=5 s6-env B=6 importas -i A A s6-echo $A", { env: ENV, stdout: "5\n" }],
    ["foreground { s6-env -i } s6-echo -", { env: ENV, stdout: "-\n" }],
    ["background { s6-env -i A=b } wait { } s6-echo -", { env: ENV, stdout: "A=b\n-\n" }],
    ["foreground { s6-nice -n 5 nice } nice", { stdout: niceness(5) + niceness(0) }],
    ["s6-nice -n 2 s6-nice -n 3 foreground { nice } s6-nice nice", {
      stdout: niceness(5) + niceness(15),
    }],
    ["s6-maximumtime 10000 s6-sleep -m 1 redirfd -w 1 out s6-echo x", {
      after: (tree) => assertEquals(tree.text("out"), "x\n"),
    }],
    ["foreground { s6-maximumtime 20 sleep 100 } importas ? ? s6-echo $?", {
      stdout: "99\n",
      stderr: /sleep has not ended after 20 milliseconds/,
    }],
    ["foreground { s6-maximumtime 20 s6-pause } importas ? ? s6-echo $?", {
      stdout: "99\n",
      stderr: /s6-pause has not ended/,
    }],
    ["background { s6-sleep -m 100 s6-echo later } foreground { s6-echo now } wait { } s6-true", {
      stdout: "now\nlater\n",
    }],
    ["foreground { s6-expr 1 + } importas ? ? s6-echo $?", {
      stdout: "2\n",
      stderr: /^s6-expr: fatal: invalid expression: .* \(-c:1:\d+\)$/m,
    }],
    ["foreground { s6-chmod } importas ? ? s6-echo $?", {
      stdout: "100\n",
      stderr: /s6-chmod: usage: s6-chmod mode file/,
    }],
    ["if { s6-touch f } if { s6-rename f g } if { s6-rmrf h } s6-ls .", { stdout: "g\n" }],
    ["foreground { s6-dumpenv e } s6-cat", {
      env: { X: "y" },
      stdin: "z",
      stdout: "z",
      after: (tree) => assertEquals(tree.text("e/X"), "y"),
    }],
  ]),
);

Deno.test("execlineb: twenty utilities in blocks start no process, and leave no descriptor open", async () => {
  using tree = makeTree();
  const blocks = Array.from(
    { length: 20 },
    (_, i) => `foreground { redirfd -w 1 out${i % 3} s6-echo ${i} }`,
  ).join(" ");
  const trace = [
    "-f",
    "-qq",
    "-e",
    "trace=execve,clone,clone3,vfork,fork",
    "-o",
    tree.path("trace"),
  ];
  const script = `${blocks} s6-ls /proc/self/fd`;
  const { code, stdout } = await run("strace", [...trace, OURS.bin("execlineb"), "-Pc", script], {
    cwd: tree.root,
  });
  assertEquals(code, 0);
  const started = tree.text("trace").split("\n").filter((line) =>
    /execve\(|fork\(/.test(line) || (/clone/.test(line) && !/CLONE_THREAD/.test(line))
  );
  assertEquals(started.length, 1, started.join("\n"));
  const { stdout: alone } = await run(OURS.bin("execlineb"), ["-Pc", "s6-ls /proc/self/fd"], {
    cwd: tree.root,
  });
  assert(stdout.split("\n").length <= alone.split("\n").length, stdout);
});
