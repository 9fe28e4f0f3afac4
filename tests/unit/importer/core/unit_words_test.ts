import { assertEquals } from "@std/assert";
import { splitShellWords } from "../../../../lib/core/shell/shell_words.ts";
import { quoteForShell } from "../../../../lib/core/shell/quoting.ts";
import { shellCommands } from "../../../../lib/core/shell/shell_script.ts";
import {
  expandSpecifiers,
  shellWordOf,
  splitUnitWords,
  unitName,
  unitSeconds,
} from "../../../../lib/importer/core/unit_words.ts";

const lines: readonly (readonly [text: string, words: readonly string[] | undefined])[] = [
  ["a b  c", ["a", "b", "c"]],
  [`'a b' "c d"`, ["a b", "c d"]],
  [`--x="a b" y`, ["--x=a b", "y"]],
  [`"a \\"b\\"" \\x41 a\\sb \\t`, ['a "b"', "A", "a b", "\t"]],
  [`it's`, ["it's"]],
  [`"open`, undefined],
  [`""`, [""]],
];
for (const [text, words] of lines) {
  Deno.test(`splitUnitWords(): ${text}`, () =>
    assertEquals(splitUnitWords(text)?.map((word) => word.text), words));
}

const forShell: readonly (readonly [text: string, quoted: boolean, word: string])[] = [
  ["plain", false, "plain"],
  ["two words", true, "'two words'"],
  ["$ARGS", false, "$ARGS"],
  ["$ARGS", true, '"\\$ARGS"'],
  ["${X}", false, '"${X}"'],
  ["--a=${X}/`b`", false, '"--a=${X}/\\`b\\`"'],
  ["5$$", false, '"5\\$"'],
  ["a$X", false, '"a\\$X"'],
];
for (const [text, quoted, word] of forShell) {
  Deno.test(`shellWordOf(): ${text}${quoted ? ", quoted" : ""}`, () =>
    assertEquals(shellWordOf({ text, quoted }), word));
}

Deno.test("expandSpecifiers(): names, directories, and what is not known", () => {
  const unit = unitName("/etc/systemd/system/web-app@a-b.service");
  assertEquals(
    expandSpecifiers("%n %N %p %i %I %j %t %S %%", unit, undefined).text,
    "web-app@a-b.service web-app@a-b web-app a-b a/b app /run /var/lib %",
  );
  assertEquals(expandSpecifiers("%h %H", unit, "www"), { text: "%h %H", unknown: ["%h", "%H"] });
});

const times: readonly (readonly [text: string, seconds: number | undefined])[] = [
  ["90", 90],
  ["1min 30s", 90],
  ["500ms", 0.5],
  ["2h", 7200],
  ["infinity", Infinity],
  ["soon", undefined],
  ["5 parsecs", undefined],
  ["", undefined],
];
for (const [text, seconds] of times) {
  Deno.test(`unitSeconds(): ${JSON.stringify(text)}`, () =>
    assertEquals(unitSeconds(text), seconds));
}

const shellWords: readonly (readonly [text: string, words: readonly string[] | undefined])[] = [
  [`a 'b c' "d \\" \\e" f\\ g`, ["a", "b c", 'd " \\e', "f g"]],
  ["a''b", ["ab"]],
  ["'a", undefined],
  ["a\\", undefined],
  ["  ", []],
];
for (const [text, words] of shellWords) {
  Deno.test(`splitShellWords(): ${text}`, () => assertEquals(splitShellWords(text), words));
}

Deno.test("quoteForShell(): a shell reads back what went in", () => {
  for (
    const word of [
      "",
      "a",
      "a b",
      "it's",
      "$x",
      "`x`",
      "a\nb",
      "*",
      "~",
      "#x",
      "-",
      "=",
      "a=b",
      "!",
      '"',
      "\\",
      "ü",
      "{",
      "A=1",
    ]
  ) {
    const [command] = shellCommands(`x ${quoteForShell(word)}`);
    assertEquals(command!.words.slice(1), [{ text: word, literal: true }], word);
  }
});
