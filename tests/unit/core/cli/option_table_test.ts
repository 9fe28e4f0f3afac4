import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../../lib/core/cli/getopt.ts";
import { type NamedOption, spellOut } from "../../../../lib/core/cli/option_table.ts";

const OPTIONS: readonly NamedOption[] = [
  { short: "f", long: "follow", text: "follow" },
  { short: "n", long: "lines", arg: "N", text: "lines" },
  { short: "S", long: "scandir", arg: "DIR", text: "directory" },
  { long: "grep", arg: "RE", text: "pattern" },
];

const good: readonly (readonly [argv: readonly string[], spelt: readonly string[]])[] = [
  [[], ["--"]],
  [["web"], ["--", "web"]],
  [["web", "-f", "db"], ["--follow=true", "--", "web", "db"]],
  [["-fn5"], ["--follow=true", "--lines=5", "--"]],
  [["-fn", "5", "web"], ["--follow=true", "--lines=5", "--", "web"]],
  [["-S/a=b"], ["--scandir=/a=b", "--"]],
  [["--scandir=/a=b"], ["--scandir=/a=b", "--"]],
  [["--scandir", "/a"], ["--scandir=/a", "--"]],
  [["--follow", "true"], ["--follow=true", "--", "true"]],
  [["--grep", "-x"], ["--grep=-x", "--"]],
  [["--grep", "--"], ["--grep=--", "--"]],
  [["-", "007"], ["--", "-", "007"]],
  [["-f", "--", "-n", "--x"], ["--follow=true", "--", "-n", "--x"]],
];

for (const [argv, spelt] of good) {
  Deno.test(`spellOut(): ${argv.join(" ") || "nothing"}`, () =>
    assertEquals(spellOut(argv, OPTIONS), spelt));
}

const bad: readonly (readonly [argv: readonly string[], message: string])[] = [
  [["--folow"], "unknown option: --folow; did you mean --follow?"],
  [["--zzz"], "unknown option: --zzz"],
  [["-x"], "unknown option: -x"],
  [["-fx"], "unknown option: -x in -fx"],
  [["--lines"], "option needs a value: --lines N"],
  [["-n"], "option needs a value: --lines N"],
  [["--lines="], "option needs a value: --lines N"],
  [["--follow=yes"], "option takes no value: --follow"],
  [["--__proto__=1"], "unknown option: --__proto__"],
];

for (const [argv, message] of bad) {
  Deno.test(`spellOut() refuses ${argv.join(" ")}`, () => {
    assertThrows(() => spellOut(argv, OPTIONS), UsageError, message);
  });
}
