import { assertEquals, assertThrows } from "@std/assert";
import { type Manner, parseCommandLine, UsageError } from "../../../../lib/core/cli/getopt.ts";
import {
  GOL_MANNER,
  OWN_MANNER,
  specsOfLetters,
  STRANGERS_MANNER,
} from "../../../../lib/core/cli/manners.ts";
import type { NamedOption } from "../../../../lib/core/cli/option_table.ts";

const OPTIONS: readonly NamedOption[] = [
  { short: "f", long: "follow", text: "follow" },
  { short: "n", long: "lines", arg: "N", text: "lines" },
  { short: "S", long: "scandir", arg: "DIR", text: "directory" },
  { long: "grep", arg: "RE", text: "pattern" },
];

/** `f n=5`, the operands behind `--`. */
function shown(argv: readonly string[], manner: Manner, specs = OPTIONS): readonly string[] {
  const { options, operands } = parseCommandLine(argv, specs, manner);
  return [...options.map(({ name, value }) => value === "" ? name : `${name}=${value}`), "--"]
    .concat(operands);
}

const own: readonly (readonly [argv: readonly string[], shown: readonly string[]])[] = [
  [[], ["--"]],
  [["web"], ["--", "web"]],
  [["web", "-f", "db"], ["f", "--", "web", "db"]],
  [["-fn5"], ["f", "n=5", "--"]],
  [["-fn", "5", "web"], ["f", "n=5", "--", "web"]],
  [["-S/a=b"], ["S=/a=b", "--"]],
  [["--scandir=/a=b"], ["S=/a=b", "--"]],
  [["--scandir", "/a"], ["S=/a", "--"]],
  [["--follow", "true"], ["f", "--", "true"]],
  [["--grep", "-x"], ["grep=-x", "--"]],
  [["--grep", "--"], ["grep=--", "--"]],
  [["-", "007"], ["--", "-", "007"]],
  [["-f", "--", "-n", "--x"], ["f", "--", "-n", "--x"]],
  [["a", "--", "-n"], ["--", "a", "-n"]],
];

const ownRefuses: readonly (readonly [argv: readonly string[], message: string])[] = [
  [["--folow"], "unknown option: --folow; did you mean --follow?"],
  [["--zzz"], "unknown option: --zzz"],
  [["-x"], "unknown option: -x"],
  [["-fx"], "unknown option: -x in -fx"],
  [["--lines"], "option needs a value: --lines N"],
  [["-n"], "option needs a value: --lines N"],
  [["-n", ""], "option needs a value: --lines N"],
  [["--lines="], "option needs a value: --lines N"],
  [["--follow=yes"], "option takes no value: --follow"],
  [["--__proto__=1"], "unknown option: --__proto__"],
];

const gol: readonly (readonly [argv: readonly string[], shown: readonly string[]])[] = [
  [["-fn5", "web", "-f"], ["f", "n=5", "--", "web", "-f"]],
  [["-n", "5"], ["n=5", "--"]],
  [["--lines=5", "--follow"], ["n=5", "f", "--"]],
  [["--lines="], ["n", "--"]],
  [["-fn"], ["f", "--"]],
  [["-n", "--", "web"], ["--", "web"]],
  [["-n--"], ["n=--", "--"]],
  [["-"], ["--", "-"]],
];

const golRefuses: readonly (readonly [argv: readonly string[], message: string])[] = [
  [["-x"], "unrecognized short option: x"],
  [["-fx"], "unrecognized short option: x"],
  [["--zzz"], "unrecognized boolean option: --zzz"],
  [["--zzz=1"], "unrecognized option with argument: --zzz=1"],
  [["--lines", "5"], "unrecognized boolean option: --lines"],
  [["--follow=1"], "unrecognized option with argument: --follow=1"],
  [["--=1"], "invalid option: --=1"],
];

const strangers: readonly (readonly [argv: readonly string[], shown: readonly string[]])[] = [
  [["-vu", "www", "prog", "-u"], ["v", "u=www", "--", "prog", "-u"]],
  [["--any", "--thing=1", "-xuwww"], ["x", "u=www", "--"]],
  [["-u"], ["u", "--"]],
  [["-v", "--", "-u"], ["v", "--", "-u"]],
];

Deno.test("hexad's own commands: options anywhere", () => {
  for (const [argv, result] of own) assertEquals(shown(argv, OWN_MANNER), result);
});

Deno.test("hexad's own commands: what they refuse", () => {
  for (const [argv, message] of ownRefuses) {
    const { showsUsage } = assertThrows(() => shown(argv, OWN_MANNER), UsageError, message);
    assertEquals(showsUsage, true);
  }
});

Deno.test("s6-rc's programs: options as gol takes them", () => {
  for (const [argv, result] of gol) assertEquals(shown(argv, GOL_MANNER), result);
});

Deno.test("s6-rc's programs: what they refuse, without their usage", () => {
  for (const [argv, message] of golRefuses) {
    const error = assertThrows(() => shown(argv, GOL_MANNER), UsageError);
    assertEquals([error.message, error.showsUsage], [message, false]);
  }
});

Deno.test("other people's programs: nothing is refused", () => {
  const specs = specsOfLetters("u:v") as readonly NamedOption[];
  for (const [argv, result] of strangers) {
    assertEquals(shown(argv, STRANGERS_MANNER, specs), result);
  }
});
