/** Commands in one line, as Compose splits them: what its own splitter, run, has made of each. */
import { assertEquals } from "@std/assert";
import { splitCommand } from "../../../../lib/onefile/core/split_command.ts";

for (
  const [line, words] of [
    ["nginx -g 'daemon off;'", ["nginx", "-g", "daemon off;"]],
    ["  a\tb\n c ", ["a", "b", "c"]],
    ["", []],
    ["''", [""]],
    [`a'b'"c"d ""`, ["abcd", ""]],
    [`"a\\'b" "a\\"b" "a\\\\b"`, ["a'b", 'a"b', "a\\b"]],
    [`"\\$x" \\-n 'a\\b'`, ["$x", "-n", "a\\b"]],
    ['a\\nb "c\\td"', ["a\nb", "c\td"]],
    ["a\\ b\\;c", ["a b;c"]],
    ["echo $(date +%s) `id -u`", ["echo", "$(date +%s)", "`id -u`"]],
    [`$('a;b')`, ["$('a;b')"]],
    ["`a;'b c'`", ["`a;b c`"]],
    [`"a'b" 'a"b'`, ["a'b", 'a"b']],
  ] as const
) {
  Deno.test(`splitCommand(): ${JSON.stringify(line)} has the words that Compose finds`, () =>
    assertEquals(splitCommand(line), { kind: "words", words }));
}

for (
  const [line, text] of [
    ["a && b", "no shell reads this: quote the &, or write sh -c '...'"],
    ["a | b", "no shell reads this: quote the |, or write sh -c '...'"],
    ["a >b", "no shell reads this: quote the >, or write sh -c '...'"],
    ["a http://h/?x=1&y=2", "no shell reads this: quote the &, or write sh -c '...'"],
    ["a; b", "no shell reads this: quote the ;, or write sh -c '...'"],
    ["(a)", "no shell reads this: quote the (, or write sh -c '...'"],
    ["a)", "no shell reads this: quote the ), or write sh -c '...'"],
    ["$(a (b))", "no shell reads this: quote the (, or write sh -c '...'"],
    ["a 'b", "a quote is not closed"],
    [`a "b`, "a quote is not closed"],
    ["a `b", "a backtick is not closed"],
    ["a $(b", "a $( is not closed"],
    ["a\\", "a backslash is followed by nothing"],
  ] as const
) {
  Deno.test(`splitCommand(): ${line} is a fault: ${text}`, () =>
    assertEquals(splitCommand(line), { kind: "fault", text }));
}
