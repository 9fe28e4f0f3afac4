/**
 * The utilities that quote and format: s6-quote, s6-quote-filter, s6-unquote, s6-unquote-filter,
 * s6-format-filter.
 */
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { testUtility } from "./utility_case.ts";

requireToolset(OURS);

const EVERY_BYTE = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("")
  .replace("\n", "");

testUtility("s6-quote", [
  { args: ["a b"], stdout: '"a b"\n' },
  { args: [""], stdout: '""\n' },
  { args: ['say "hi" \\'], stdout: '"say \\"hi\\" \\\\"\n' },
  { args: ["\x07\b\t\n\v\f\r"], stdout: '"\\a\\b\\t\\n\\v\\f\\r"\n' },
  { args: ["é\x01\x7f"], stdout: '"\\0xc3\\0xa9\\0x01\\0x7f"\n' },
  { args: ["-n", "a"], stdout: '"a"' },
  { args: ["-u", 'a"b c'], stdout: 'a\\"b c\n' },
  { args: ["-d", "'", 'it\'s "x"'], stdout: "'it\\'s \"x\"'\n" },
  { args: ["-d", "'\"", "'\""], stdout: "'\\'\\\"'\n" },
  { args: ["-ud", "", "a'b\"\\"], stdout: "a'b\"\\\\\n" },
  { args: ["-d", "", "a"], code: 100, stderr: /no character to quote with/ },
  { args: ["-d", "a", "x"], code: 111, stderr: /unable to quote: / },
  { args: ["-d", "\n", "x"], code: 111, stderr: /unable to quote: / },
  { args: [], code: 100, stderr: /no string given/ },
]);

testUtility("s6-quote-filter", [
  { stdin: 'a\n"b"\n\nlast', stdout: '"a"\n"\\"b\\""\n""\n"last"' },
  { args: ["-u"], stdin: 'a"\0\xff\n', stdout: 'a\\"\\0x00\\0xff\n' },
  { args: ["-d", "'"], stdin: "it's\n", stdout: "'it\\'s'\n" },
  { args: ["-ud", ""], stdin: '\\\t"\n', stdout: '\\\\\\t"\n' },
  { stdin: "" },
  { stdin: "x".repeat(200_000), stdout: `"${"x".repeat(200_000)}"` },
  { args: ["-d", ""], code: 100, stderr: /no character to quote with/ },
  { args: ["-d", "0"], stdin: "x\n", code: 111, stderr: /unable to quote: / },
  { args: ["-x"], code: 100, stderr: /unknown option/ },
]);

testUtility("s6-unquote", [
  { args: ['"a\\nb\\s\\0x41\\q"'], stdout: "a\nb Aq\n" },
  { args: ['"\\0x00\\0xff\\0"'], stdout: "\0\xff\0\n" },
  { args: ['"\\a\\b\\t\\v\\f\\r\\\\\\""'], stdout: '\x07\b\t\v\f\r\\"\n' },
  { args: ["-n", '""'], stdout: "" },
  { args: ["-d", "'\"", "'a\""], stdout: "a\n" },
  { args: ["-d", "", 'a"\\s'], stdout: 'a" \n' },
  { args: ['"a"bc'], stdout: "a\n", stderr: /^s6-unquote: warning: .*ignoring the rest$/m },
  { args: ['"a'], code: 100, stderr: /no ending quote character/ },
  { args: ['a"'], code: 100, stderr: /invalid starting quote character/ },
  { args: [""], code: 100, stderr: /empty string/ },
  {
    args: ['"\\0xG0"'],
    code: 100,
    stderr: /unable to unquote at character 4: \\0x without two digits/,
  },
  { args: ['"\\0xA0"'], code: 100, stderr: /\\0x without two digits of 0 to 9 and a to f/ },
  { args: ['"\\'], code: 100, stderr: /at character 2: backslash at the end/ },
  { args: ["-d", "a", "aba"], code: 100, stderr: /unable to unquote: / },
  { args: [], code: 100, stderr: /no string given/ },
]);

const MIXED = '"a\\tb"\nbare\n\n"open\n"\\0xzz"\n"end"rest\n"last"';

testUtility("s6-unquote-filter", [
  { stdin: '"a\\0x00b"\n""\n"c"', stdout: "a\0b\n\nc" },
  { args: ["-q"], stdin: MIXED, stdout: 'a\tb\nbare\n\n"open\n"\\0xzz"\nend\nlast' },
  {
    stdin: MIXED,
    stdout: 'a\tb\nbare\n\n"open\n"\\0xzz"\nend\nlast',
    stderr: /^(s6-unquote-filter: warning: unable to unquote: [^\n]+\n){4}$/,
  },
  {
    args: ["-v"],
    stdin: MIXED,
    stdout: 'a\tb\nbare\n\n"open\n"\\0xzz"\nend\nlast',
    stderr:
      /invalid starting quote character in line: bare\n[^]*ignoring the rest in line: "end"rest\n/,
  },
  {
    args: ["-w"],
    stdin: '"a"\n"b"\nbare\n"c"\n',
    stdout: "a\nb\n",
    code: 100,
    stderr: /^s6-unquote-filter: fatal: unable to unquote: invalid starting/,
  },
  { args: ["-w"], stdin: "\n", code: 100, stderr: /empty line/ },
  { args: ["-wd", ""], stdin: "a\\s\n\n", stdout: "a \n\n" },
  { args: ["-d", "'\""], stdin: "'a\"\n", stdout: "a\n" },
  {
    args: ["-v"],
    stdin: `x${"y".repeat(80)}\n`,
    stdout: `x${"y".repeat(80)}\n`,
    stderr: /line: xy{35}\.\.\.\n$/,
  },
  { args: ["-x"], code: 100, stderr: /unknown option/ },
]);

testUtility("s6-quote", [
  // and back, whatever it is
  {
    shell:
      `cat >bytes; "\${0}-filter" <bytes | "$(dirname "$0")/s6-unquote-filter" -w | cmp - bytes`,
    stdin: EVERY_BYTE,
  },
  {
    shell:
      `cat >bytes; "\${0}-filter" -u <bytes | "$(dirname "$0")/s6-unquote-filter" -wd "" | cmp - bytes`,
    stdin: EVERY_BYTE,
  },
]);

testUtility("s6-format-filter", [
  { args: ["[%s]"], stdin: "a\n\nb", stdout: "[a]\n[]\n[b]" },
  { args: ["%1%2: %s%%%s", "x", "y"], stdin: "l\n", stdout: "xy: l%l\n" },
  { args: ["%0"], stdin: "l\n", stdout: "s6-format-filter\n" },
  { args: ["%9", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"], stdin: "l\n", stdout: "9\n" },
  { args: ["%10", "x"], stdin: "l\n", stdout: "x0\n" },
  { args: ["\\n%s"], stdin: "\xff\0hidden\n", stdout: "\\n\xff\n" },
  { args: [""], stdin: "a\nb", stdout: "\n" },
  {
    args: ["%2", "x"],
    code: 111,
    stderr: /^s6-format-filter: fatal: invalid format: there is no argument for %2$/m,
  },
  { args: ["100%"], code: 111, stderr: /a % ends it; %% prints one/ },
  { args: ["%d"], code: 111, stderr: /%d means nothing; %% prints a %/ },
  { args: [], code: 100, stderr: /no format given/ },
]);
