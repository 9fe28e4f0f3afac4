/** The utilities that read lines: s6-head, s6-tail, s6-cut, s6-grep, s6-sort. */
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import type { TreeSpec } from "../../fixture/tree.ts";
import { testUtility } from "./utility_case.ts";

requireToolset(OURS);

const TWELVE = Array.from({ length: 12 }, (_, i) => `line ${i + 1}\n`).join("");
const LONG = `${"a".repeat(200_000)}\n${"b".repeat(200_000)}\n${"c".repeat(200_000)}`;
const FILES: TreeSpec = { one: "a\nb\nc\n", two: "x\ny", none: "", "dir/": "", "fifo|": "" };

testUtility("s6-head", [
  { args: [], stdin: TWELVE, stdout: TWELVE.slice(0, TWELVE.indexOf("line 11")), like: ["head"] },
  { args: ["-1"], stdin: TWELVE, stdout: "line 1\n" },
  { args: ["-n", "2"], stdin: TWELVE, stdout: "line 1\nline 2\n", like: ["head"] },
  { args: ["-n2"], stdin: "a\nb", stdout: "a\nb", like: ["head"] },
  { args: ["-n", "0"], stdin: "a\n", like: ["head"] },
  { args: ["-n", "2"], stdin: LONG, stdout: LONG.slice(0, 400_002), like: ["head"] },
  { args: ["-c", "3"], stdin: "ab\0\xffe", stdout: "ab\0", like: ["head"] },
  { args: ["-c", "100"], stdin: "short", stdout: "short", like: ["head"] },
  {
    args: ["-n", "1", "one", "two"],
    tree: FILES,
    stdout: "==> one <==\na\n\n==> two <==\nx\n",
    like: ["head"],
  },
  {
    args: ["-n", "1", "none", "-", "one"],
    stdin: "in\n",
    tree: FILES,
    stdout: "==> none <==\n\n==> - <==\nin\n\n==> one <==\na\n",
  },
  // somebody else finds what -S has left in the pipe
  {
    shell: `{ "$0" -S -n 2; echo then; cat; }`,
    stdin: TWELVE,
    stdout: `line 1\nline 2\nthen\n${TWELVE.slice(14)}`,
  },
  { shell: `{ "$0" -Sc 4; echo; cat; }`, stdin: "abcdefg", stdout: "abcd\nefg" },
  { args: ["fifo"], tree: FILES },
  {
    args: ["one", "lost"],
    tree: FILES,
    code: 111,
    stdout: "==> one <==\na\nb\nc\n\n==> lost <==\n",
    stderr: /unable to open lost for reading: No such file/,
  },
  { args: ["dir"], tree: FILES, code: 111, stderr: /unable to read dir: Is a directory/ },
  { args: ["-1", "-2"], code: 100, stderr: /only one of -n, -c/ },
  { args: ["-n", "-1"], code: 100, stderr: /invalid number: -1/ },
  { args: ["-0"], code: 100, stderr: /unknown option: -0/ },
]);

testUtility("s6-tail", [
  { args: [], stdin: TWELVE, stdout: TWELVE.slice(14), like: ["tail"] },
  { args: ["-2"], stdin: TWELVE, stdout: "line 11\nline 12\n" },
  { args: ["-n", "2"], stdin: "a\nb\nc", stdout: "b\nc", like: ["tail"] },
  { args: ["-n", "-1"], stdin: "a\nb\n", stdout: "b\n", like: ["tail"] },
  { args: ["-n", "+11"], stdin: TWELVE, stdout: "line 11\nline 12\n", like: ["tail"] },
  { args: ["-n", "+0"], stdin: "a\nb", stdout: "a\nb", like: ["tail"] },
  { args: ["-n", "0"], stdin: "a\nb", stdout: "", like: ["tail"] },
  { args: ["-n", "2"], stdin: LONG, stdout: LONG.slice(200_001), like: ["tail"] },
  { args: ["-c", "3"], stdin: "abc\0\xff", stdout: "c\0\xff", like: ["tail"] },
  { args: ["-c", "9"], stdin: "short", stdout: "short", like: ["tail"] },
  { args: ["-c", "+3"], stdin: "abcde", stdout: "cde", like: ["tail"] },
  { args: ["-c", "+9"], stdin: "", stdout: "", like: ["tail"] },
  { args: ["-c", "250000"], stdin: LONG, stdout: LONG.slice(-250_000), like: ["tail"] },
  { args: ["-n", "1", "two"], tree: FILES, stdout: "y", like: ["tail"] },
  { args: ["lost"], tree: FILES, code: 111, stderr: /unable to open lost for reading/ },
  { args: ["-n", "+-3"], code: 100, stderr: /invalid number/ },
  { args: ["-f"], code: 100, stderr: /unknown option: -f/ },
]);

const FIELDS = "a:b:c\nnone\n\n:\nq::r\n\xff:\0:z\n";

testUtility("s6-cut", [
  { args: ["-b", "1-3"], stdin: FIELDS, stdout: "a:b\nnon\n\n:\nq::\n\xff:\0\n", like: ["cut"] },
  { args: ["-c", "2-"], stdin: FIELDS, stdout: ":b:c\none\n\n\n::r\n:\0:z\n", like: ["cut"] },
  { args: ["-b", "3,1"], stdin: FIELDS, stdout: "ab\nnn\n\n:\nq:\n\xff\0\n", like: ["cut"] },
  { args: ["-b", "2-4,3-,1-1"], stdin: "abcdef\n", stdout: "abcdef\n", like: ["cut"] },
  { args: ["-d:", "-f", "1"], stdin: FIELDS, stdout: "a\nnone\n\n\nq\n\xff\n", like: ["cut"] },
  {
    args: ["-d", ":", "-f", "2,3"],
    stdin: FIELDS,
    stdout: "b:c\nnone\n\n\n:r\n\0:z\n",
    like: ["cut"],
  },
  {
    args: ["-d:", "-f", "3,1"],
    stdin: FIELDS,
    stdout: "a:c\nnone\n\n\nq:r\n\xff:z\n",
    like: ["cut"],
  },
  { args: ["-sd:", "-f", "-2"], stdin: FIELDS, stdout: "a:b\n:\nq:\n\xff:\0\n", like: ["cut"] },
  { args: ["-f", "2"], stdin: "a\tb\nc d\n", stdout: "b\nc d\n", like: ["cut"] },
  { args: ["-d", "", "-f", "2"], stdin: "a\0b\0c\n", stdout: "b\n" },
  { args: ["-nb", "1"], stdin: "ab\ncd", stdout: "a\nc" },
  {
    args: ["-b", "2", "one", "-", "two"],
    stdin: "pq\n",
    tree: { one: "ab\n", two: "cd\n" },
    stdout: "b\nq\nd\n",
    like: ["cut"],
  },
  { args: ["-b", "1 3"], stdin: "abc\n", stdout: "ac\n", like: ["cut"] },
  { args: ["-b", "1", "lost"], code: 111, stderr: /unable to open lost for reading/ },
  { args: ["-b", "0"], code: 100, stderr: /invalid list element: 0/ },
  { args: ["-b", "3-1"], code: 100, stderr: /invalid list element: 3-1/ },
  { args: ["-b", "1,,2"], code: 100, stderr: /invalid list element/ },
  { args: ["-b", "1", "-f", "1"], code: 100, stderr: /exactly one of/ },
  { args: ["-d", ":"], code: 100, stderr: /exactly one of/ },
]);

const WORDS = "alpha\nBeta\n\ngamma\na.c\nabc\nx\0abc\na+b\n\xff\nlast";

testUtility("s6-grep", [
  { args: ["^a"], stdin: WORDS, stdout: "alpha\na.c\nabc\na+b\n" },
  { args: ["a\\.c"], stdin: WORDS, stdout: "a.c\n" },
  { args: ["a+"], stdin: WORDS, stdout: "a+b\n" },
  { args: ["-E", "ga+|^.$"], stdin: WORDS, stdout: "gamma\nx\0abc\n\xff\n" },
  { args: ["-F", "a."], stdin: WORDS, stdout: "a.c\n" },
  { args: ["-iF", "BET"], stdin: WORDS, stdout: "Beta\n" },
  { args: ["-i", "^[B]"], stdin: "b\nB\nc\n", stdout: "b\nB\n", like: ["grep"] },
  { args: ["-n", "a$"], stdin: WORDS, stdout: "1:alpha\n2:Beta\n4:gamma\n" },
  { args: ["-c", "a"], stdin: "a\nb\na", stdout: "2\n", like: ["grep"] },
  { args: ["-c", "z"], stdin: "a\n", stdout: "0\n", code: 1, like: ["grep"] },
  { args: ["-v", "."], stdin: WORDS, stdout: "\n" },
  { args: ["-vn", "a"], stdin: "a\nb\nab\nc", stdout: "2:b\n4:c\n", like: ["grep"] },
  { args: ["-q", "amm"], stdin: WORDS },
  { args: ["-q", "zzz"], stdin: WORDS, code: 1 },
  { args: ["last"], stdin: WORDS, stdout: "last\n" },
  // a line is a string of C: what stands behind a NUL doesn't match
  { args: ["-F", "abc"], stdin: "x\0abc\n", code: 1 },
  { args: [""], stdin: "a\n\n", stdout: "a\n\n", like: ["grep"] },
  { args: ["x"], stdin: "", code: 1 },
  { args: ["["], code: 111, stderr: /^s6-grep: fatal: invalid regular expression \[: / },
  { args: ["-E", "(", ""], code: 111, stderr: /invalid regular expression \(/ },
  { args: [], code: 100, stderr: /no pattern given/ },
]);

testUtility("s6-sort", [
  { stdin: "b\na\n\nc\n", stdout: "\na\nb\nc\n", like: ["sort"] },
  { stdin: "b\na", stdout: "a\nb\n", like: ["sort"] },
  { stdin: "", stdout: "", like: ["sort"] },
  { stdin: "\xff\n\xc3\xa9\nz\n\x01\n", stdout: "\x01\nz\n\xc3\xa9\n\xff\n", like: ["sort"] },
  { stdin: "abc\nab\nabcd\n", stdout: "ab\nabc\nabcd\n", like: ["sort"] },
  { args: ["-r"], stdin: "b\nc\na\n", stdout: "c\nb\na\n", like: ["sort"] },
  { args: ["-u"], stdin: "b\na\nb\na\n", stdout: "a\nb\n", like: ["sort"] },
  { args: ["-f"], stdin: "b\nB\na\nA\n", stdout: "a\nA\nb\nB\n", like: ["sort", "-sf"] },
  { args: ["-fu"], stdin: "b\nB\na\nA\n", stdout: "A\nB\n" },
  { args: ["-b"], stdin: "  b\n\t a\nc\n", stdout: "\t a\n  b\nc\n", like: ["sort", "-sb"] },
  { args: ["-bfr"], stdin: " b\nA\nB\na\n", stdout: " b\nB\nA\na\n", like: ["sort", "-sbfr"] },
  { args: ["-0"], stdin: "b\n\0a\0c", stdout: "a\0b\n\0c\0", like: ["sort", "-z"] },
  // up to a NUL that both have; then the shorter one is first
  { stdin: "a\0zz\na\0y\nab\na\n", stdout: "a\na\0y\na\0zz\nab\n" },
  { args: ["-c"], stdin: "a\na\nb\n" },
  { args: ["-c"], stdin: "b\na\n", code: 1 },
  { args: ["-cu"], stdin: "a\na\n", code: 1 },
  { args: ["-cr"], stdin: "b\na\n" },
  { args: ["-cf"], stdin: "A\na\nB\n" },
  { args: ["-x"], code: 100, stderr: /unknown option: -x/ },
]);
