import { assertEquals, assertThrows } from "@std/assert";
import { MAX_LOGSCRIPT, parseLogscriptFile } from "../../../../lib/logdir/core/logscript_file.ts";
import { encodePath } from "../../../../lib/core/text/path_bytes.ts";

const GOOD: readonly [text: string, words: readonly string[], user?: string][] = [
  ["T n20 ./main\n", ["T", "n20", "./main"]],
  ["\n  T\n\tn20\r\n  ./main", ["T", "n20", "./main"]],
  ["user:nobody T /var/log/web", ["T", "/var/log/web"], "nobody"],
  ["user:65534:65534 /d", ["/d"], "65534:65534"],
  ["-b -- T /d", ["-b", "--", "T", "/d"]],
  ["# the log of the web server\nT # stamped\n/d", ["T", "/d"]],
  ["p# /d#x", ["p#", "/d#x"]],
  ['"-^ +[0-9]" "/my logs"', ["-^ +[0-9]", "/my logs"]],
  ['+"a b"c', ["+a bc"]],
  ['""', [""]],
  ['+a\\ b \\"x \\\\', ["+a b", '"x', "\\"]],
  ['"a\\"b\\\\c\\nd\\te\\0x41\\0xff"', ['a"b\\c\nd\teA\udcff']],
  ["n3 \\\n  /d", ["n3", "/d"]],
  ["\u00e4\udcfe", ["\u00e4\udcfe"]],
  ["/d user:x", ["/d", "user:x"]],
];

for (const [text, words, user] of GOOD) {
  Deno.test(`logscript ${JSON.stringify(text)}`, () => {
    assertEquals(
      parseLogscriptFile(encodePath(text)),
      user === undefined ? { words } : { user, words },
    );
  });
}

const BAD: readonly [text: string, fault: string][] = [
  ["", "there is no logging script"],
  ["# nothing\n", "there is no logging script"],
  ["user:nobody", "there is no logging script"],
  ["user: /d", "user: without a name"],
  ['T\n"/d', "syntax error in line 2"],
  ["{ /d", "unmatched { in line 1"],
  ["/d\0", "it contains a NUL"],
  ["/".repeat(MAX_LOGSCRIPT + 1), `it is larger than ${MAX_LOGSCRIPT} bytes`],
];

for (const [text, fault] of BAD) {
  Deno.test(`logscript ${JSON.stringify(text.slice(0, 20))}: ${fault}`, () => {
    assertThrows(() => parseLogscriptFile(encodePath(text)), SyntaxError, fault);
  });
}
