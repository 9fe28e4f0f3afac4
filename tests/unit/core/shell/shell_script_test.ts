import { assertEquals } from "@std/assert";
import { shellCommands } from "../../../../lib/core/shell/shell_script.ts";

/**
 * Each command as `line:depth words then`; a word that is not literal is marked with a `$` behind
 * it.
 */
function told(text: string): string[] {
  return shellCommands(text).map(({ words, line, depth, then }) =>
    [
      `${line}:${depth}`,
      ...words.map(({ text: word, literal }) => literal ? word : `${word}$`),
      ...(then === "" ? [] : [then]),
    ].join(" ")
  );
}

const rows: readonly (readonly [what: string, text: string, commands: readonly string[]])[] = [
  ["nothing", "", []],
  ["a comment", "# exec x\n", []],
  ["words", "exec nginx -g x\n", ["1:0 exec nginx -g x"]],
  ["quotes and escapes", `a 'b c' "d \\" e" f\\ g`, ['1:0 a b c d " e f g']],
  ["what the shell replaces", 'a $x "$y" `z` $(q) *.c ~/x', ["1:0 a $x$ $y$ `z`$ $(q)$ *.c$ ~/x$"]],
  ["a quoted star is none", "a '*' \"?\"", ["1:0 a * ?"]],
  ["lines that go on", "a \\\n b\nc", ["1:0 a b", "3:0 c"]],
  ["operators", "a && b || c; d & e | f", [
    "1:0 a &&",
    "1:0 b ||",
    "1:0 c",
    "1:0 d &",
    "1:0 e |",
    "1:0 f",
  ]],
  ["redirections are none of the words", "a >x 2>&1 <y b >>z", ["1:0 a b"]],
  ["a here-document", "cat <<EOF >x\nexec a\nEOF\nb", ["1:0 cat", "4:0 b"]],
  ["one with tabs", "cat <<-'E'\n\tx\n\tE\nb", ["1:0 cat", "4:0 b"]],
  ["if", "if a; then b; else c; fi\nd", ["1:1 a", "1:1 b", "1:1 c", "2:0 d"]],
  ["loops", "while a; do b; done; for i in 1 2; do c; done; d", [
    "1:1 a",
    "1:1 b",
    "1:1 c",
    "1:0 d",
  ]],
  ["case", 'case "$x" in a|b) c ;; *) d;; esac; e', ["1:1 c", "1:1 d", "1:0 e"]],
  ["a function", "f() { a; }\nb", ["1:1 a", "2:0 b"]],
  ["a subshell", "(a; b) & c", ["1:1 a", "1:1 b", "1:0 c"]],
  ["assignments stay words", "A=1 B='x y' exec c", ["1:0 A=1 B=x y exec c"]],
  ["a newline within quotes counts", "a 'b\nc'\nd", ["1:0 a b\nc", "3:0 d"]],
  ["blanks that are none of the shell's are part of a word", "a\ufeffb \v \f\u00a0 \u2028c", [
    "1:0 a\ufeffb \v \f\u00a0 \u2028c",
  ]],
  ["what never ends", 'a "b', ["1:0 a b"]],
  ["an expansion that never ends", "a $(b", ["1:0 a $(b$"]],
  ["more ends than beginnings", "fi; done; esac; }; ) a", ["1:0 a"]],
];

for (const [what, text, commands] of rows) {
  Deno.test(`shellCommands(): ${what}`, () => assertEquals(told(text), commands));
}

for (
  const piece of [
    "$(",
    '"',
    "'",
    "`",
    "${",
    "case x in ",
    "<<E\n",
    "\\",
    "( ",
    "if ",
    '"${"',
    "\v",
    "\f ",
    "\ufeff",
  ]
) {
  Deno.test(`shellCommands(): ${JSON.stringify(piece)}, over and over, comes to an end`, () => {
    shellCommands(piece.repeat(20000));
  });
}
