import { assertEquals, assertThrows } from "@std/assert";
import { splitShellWords } from "../../../../lib/core/shell/shell_words.ts";
import { quoteForShell } from "../../../../lib/core/shell/quoting.ts";
import { shellCommands } from "../../../../lib/core/shell/shell_script.ts";
import {
  dropInNames,
  expandSpecifiers,
  splitUnitCommands,
  splitUnitWords,
  unitName,
  UnitWordsError,
} from "../../../../lib/grammars/core/unit_words.ts";
import { expandUnitWords } from "../../../../lib/grammars/core/unit_expansion.ts";
import { unitSeconds } from "../../../../lib/grammars/core/unit_times.ts";

const lines: readonly (readonly [text: string, words: readonly string[]])[] = [
  ["a b  c", ["a", "b", "c"]],
  [`'a b' "c d"`, ["a b", "c d"]],
  [`--x="a b" y`, ["--x=a b", "y"]],
  [`"a \\"b\\"" \\x41 a\\sb \\t`, ['a "b"', "A", "a b", "\t"]],
  [`'it'\\''s'`, ["it's"]],
  [`foo"b c"d`, ["foob cd"]],
  [`\\d \\101 \\u00e4`, ["\\d", "A", "ä"]],
  [`""`, [""]],
];
for (const [text, words] of lines) {
  Deno.test(`splitUnitWords(): ${text}`, () => assertEquals(splitUnitWords(text), words));
}

for (const [text, at] of [[`"open`, 0], [`a it's`, 4]] as const) {
  Deno.test(`splitUnitWords(): ${text} is refused with its place`, () =>
    assertEquals(assertThrows(() => splitUnitWords(text), UnitWordsError).at, at));
}

Deno.test("splitUnitCommands(): a semicolon between blanks stands between commands", () => {
  assertEquals(splitUnitCommands(`sh -c 'a ; b' \\; x ; /bin/c "; d" e;f`), [
    ["sh", "-c", "a ; b", ";", "x"],
    ["/bin/c", "; d", "e;f"],
  ]);
});

const expanded: readonly (readonly [word: string, words: readonly string[]])[] = [
  ["$X", ["a", "b c", "d e"]],
  ["${X}", [`a  'b c' "d e"`]],
  ["-${Y}-$Y", ["-y-$Y"]],
  ["5$$", ["5$"]],
  ["$$Y", ["$Y"]],
  ["$NONE", []],
  ["${NONE}", [""]],
];
for (const [word, words] of expanded) {
  Deno.test(`expandUnitWords(): ${word}`, () => {
    const variables: Readonly<Record<string, string>> = { X: `a  'b c' "d e"`, Y: "y" };
    assertEquals(expandUnitWords([word], (name) => variables[name]), words);
  });
}

Deno.test("dropInNames(): the unit, its template, its prefixes, all services", () =>
  assertEquals(dropInNames("a-b@c.service"), [
    "a-b@c.service",
    "a-b@.service",
    "a-.service",
    "service",
  ]));

Deno.test("expandSpecifiers(): names, directories, root's, and what is not known", () => {
  const unit = unitName("/etc/systemd/system/web-app@a-b.service");
  assertEquals(
    expandSpecifiers("%n %N %p %i %I %j %t %S %u %h %U %f %y %%", unit).text,
    "web-app@a-b.service web-app@a-b web-app a-b a/b app /run /var/lib root /root 0 /a/b /etc/systemd/system/web-app@a-b.service %",
  );
  assertEquals(expandSpecifiers("%H", unit), { text: "%H", unknown: ["%H"] });
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
