/**
 * The utilities that print what they are given: s6-basename, s6-dirname, s6-echo, s6-cat, s6-seq,
 * s6-expr, s6-true, s6-false.
 */
import { requireToolset } from "../../fixture/toolset.ts";
import { OURS } from "../../fixture/toolset.ts";
import { testUtility } from "./utility_case.ts";

requireToolset(OURS);

const EVERY_BYTE = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("");

testUtility("s6-basename", [
  { args: ["/usr/lib/x.so"], stdout: "x.so\n", like: ["basename"] },
  { args: ["/usr/lib/x.so", ".so"], stdout: "x\n", like: ["basename"] },
  { args: ["-n", "a/b"], stdout: "b" },
  { args: ["a/b//"], stdout: "b\n", like: ["basename"] },
  { args: ["///"], stdout: "/\n", like: ["basename"] },
  { args: [""], stdout: ".\n" },
  { args: [".so", ".so"], stdout: ".so\n", like: ["basename"] },
  { args: ["a", "xa"], stdout: "a\n", like: ["basename"] },
  { args: ["--", "-n"], stdout: "-n\n", like: ["basename"] },
  { args: [], code: 100, stderr: /no path given/ },
  { args: ["-x", "a"], code: 100, stderr: /unknown option: -x/ },
]);

testUtility("s6-dirname", [
  { args: ["/usr/lib/x.so"], stdout: "/usr/lib\n", like: ["dirname"] },
  { args: ["x"], stdout: ".\n", like: ["dirname"] },
  { args: [""], stdout: ".\n", like: ["dirname"] },
  { args: ["/x"], stdout: "/\n", like: ["dirname"] },
  { args: ["//"], stdout: "/\n", like: ["dirname"] },
  { args: ["a//b//"], stdout: "a\n", like: ["dirname"] },
  { args: ["-n", "a/b/c"], stdout: "a/b" },
  { args: ["-n"], code: 100, stderr: /no path given/ },
]);

testUtility("s6-echo", [
  { args: ["a", "b  c"], stdout: "a b  c\n" },
  { args: [], stdout: "\n" },
  { args: ["-n", "a"], stdout: "a" },
  { args: ["-s", ",", "a", "b", "c"], stdout: "a,b,c\n" },
  { args: ["-nsxyz", "a", "b"], stdout: "axb" },
  { args: ["-s", "", "a", "b"], stdout: "a\0b\n" },
  { args: ["-s", "é", "a", "b"], stdout: "a\xc3b\n" },
  { args: ["--", "-n", "\\n", "%s"], stdout: "-n \\n %s\n" },
  { args: ["a", "-n", ""], stdout: "a -n \n" },
  { args: ["-e", "a"], code: 100, stderr: /unknown option: -e/ },
  { args: ["-s"], code: 100, stderr: /option needs a value: -s SEP/ },
]);

testUtility("s6-cat", [
  { stdin: EVERY_BYTE, stdout: EVERY_BYTE },
  { stdin: "x".repeat(1_000_000), stdout: "x".repeat(1_000_000) },
  { stdin: "no newline", stdout: "no newline" },
  { shell: `exec "$0" </dev/null` },
  {
    shell: `exec "$0" <.`,
    code: 111,
    stderr: /^s6-cat: fatal: unable to read standard input: Is a directory$/m,
  },
  {
    shell: `echo x | "$0" >/dev/full`,
    code: 111,
    stderr: /^s6-cat: fatal: unable to write to standard output: No space left on device$/m,
  },
  // what a C program does there: it dies of SIGPIPE, and says nothing
  {
    shell: `exec bash -c '"$0" </dev/zero | head -c 3; exit "\${PIPESTATUS[0]}"' "$0"`,
    stdout: "\0\0\0",
    code: 141,
  },
]);

testUtility("s6-seq", [
  { args: ["3"], stdout: "1\n2\n3\n", like: ["seq"] },
  { args: ["2", "4"], stdout: "2\n3\n4\n", like: ["seq"] },
  { args: ["1", "3", "9"], stdout: "1\n4\n7\n", like: ["seq"] },
  { args: ["-w", "8", "2", "11"], stdout: "08\n10\n", like: ["seq"] },
  { args: ["-w", "5", "10", "104"], stdout: "05\n15\n25\n35\n45\n55\n65\n75\n85\n95\n" },
  { args: ["5", "4"], stdout: "", like: ["seq"] },
  { args: ["0"], stdout: "" },
  { args: ["-s", ", ", "3"], stdout: "1, 2, 3, " },
  { args: ["-s", "", "2"], stdout: "1\x002\0" },
  { args: ["4294967294", "4294967295"], stdout: "4294967294\n4294967295\n", like: ["seq"] },
  { args: ["4294967296"], code: 100, stderr: /invalid number: 4294967296/ },
  { args: ["1", "0", "2"], code: 100, stderr: /increment of 0/ },
  { args: ["1.5"], code: 100, stderr: /invalid number/ },
  { args: [], code: 100, stderr: /one, two or three/ },
  { args: ["1", "2", "3", "4"], code: 100, stderr: /one, two or three/ },
]);

testUtility("s6-expr", [
  { args: ["2", "+", "3", "*", "4"], stdout: "14\n", like: ["expr"] },
  { args: ["(", "2", "+", "3", ")", "*", "4"], stdout: "20\n", like: ["expr"] },
  { args: ["10", "-", "3", "-", "2"], stdout: "5\n", like: ["expr"] },
  { args: ["-7", "/", "2"], stdout: "-3\n", like: ["expr"] },
  { args: ["-7", "%", "3"], stdout: "-1\n", like: ["expr"] },
  { args: ["1", "-", "1"], code: 1, stdout: "0\n", like: ["expr"] },
  { args: ["3", ">=", "3"], stdout: "1\n", like: ["expr"] },
  { args: ["0", "|", "5"], stdout: "5\n", like: ["expr"] },
  { args: ["3", "&", "0"], code: 1, stdout: "0\n", like: ["expr"] },
  { args: ["1", "|", "1", "/", "0"], stdout: "1\n", like: ["expr"] },
  { args: ["9223372036854775807"], stdout: "9223372036854775807\n", like: ["expr"] },
  { args: ["7\n", "+", "1"], stdout: "8\n" },
  { args: [], code: 2, stderr: /invalid expression/ },
  {
    args: ["1", "+"],
    code: 2,
    stderr: /^s6-expr: fatal: invalid expression: it ends where a number or \( is due$/m,
  },
  { args: ["1", "2"], code: 2, stderr: /2 as word 2, where an operator is due/ },
  { args: ["(", "1"], code: 2, stderr: /a \) is missing/ },
  { args: ["1", ")"], code: 2, stderr: /\) as word 2/ },
  { args: ["abc", "=", "abc"], code: 2, stderr: /abc is neither a whole number nor an operator/ },
  { args: ["1", "/", "0"], code: 2, stderr: /division by zero/ },
  { args: ["9223372036854775808"], code: 2, stderr: /more than 64 bits/ },
]);

testUtility("s6-true", [{}, { args: ["-x", "y"] }]);
testUtility("s6-false", [{ code: 1 }, { args: ["-x", "y"], code: 1 }]);
