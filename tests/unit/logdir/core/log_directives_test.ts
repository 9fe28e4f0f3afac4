import { assert, assertEquals, assertThrows } from "@std/assert";
import { LogScriptError } from "../../../../lib/logdir/core/log_control.ts";
import { directiveOf, LOG_DIRECTIVES } from "../../../../lib/logdir/core/log_directives.ts";
import { text } from "../../../../lib/logdir/core/logs_help.ts";
import { parseLogScript } from "../../../../lib/logdir/core/parse_log_script.ts";

/** Words that are right, one for each directive. */
const WORDS: Readonly<Record<string, string>> = {
  "+": "+a",
  "-": "-a",
  "f": "f",
  "t": "t",
  "T": "T",
  "p": "pweb",
  "n": "n1",
  "s": "s5000",
  "l": "l1",
  "R": "R1",
  "S": "S1",
  "r": "r1",
  "!": "!gzip",
  "?": "?gzip",
  "E": "E1",
  "^": "^1",
  "1": "1",
  "2": "2",
  "o": "oj",
  "=": "=file",
  ".": "./main",
  "/": "/var/log/main",
};

Deno.test("directives: each is read as the table says, alone before an action", () => {
  assertEquals(Object.keys(WORDS).sort(), Object.keys(LOG_DIRECTIVES).sort());
  for (const [start, word] of Object.entries(WORDS)) {
    assertEquals(directiveOf(word), LOG_DIRECTIVES[start]);
    const { stanzas } = parseLogScript([word, "1"]);
    const count = LOG_DIRECTIVES[start]!.isAction ? 2 : 1;
    assertEquals(stanzas.flatMap(({ actions }) => actions).length, count, word);
  }
});

Deno.test("directives: hexad help logs has each form", () => {
  for (const { form } of Object.values(LOG_DIRECTIVES)) {
    assert(text.includes(`\n  ${form} `), form);
  }
});

Deno.test("directives: what is none, or malformed", () => {
  for (const word of ["", "x", "N1", "t1", "12", "ok", "=", "fx"]) {
    assertThrows(() => directiveOf(word), LogScriptError);
  }
});
