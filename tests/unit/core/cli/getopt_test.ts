import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import {
  type CommandTable,
  type OptionSpec,
  parseCommandLine,
  UsageError,
} from "../../../../lib/core/cli/getopt.ts";
import { helpText, usageLine } from "../../../../lib/core/cli/help_text.ts";
import { seededRandom } from "../seeded_random.ts";

const SPECS: readonly OptionSpec[] = [
  { short: "u", text: "up" },
  { short: "d", long: "down", text: "down" },
  { short: "t", long: "timeout", arg: "MS", text: "time" },
  { short: "w", arg: "STATE", text: "wait" },
  { long: "fifo", arg: "PATH", text: "fifo" },
  { long: "quick", text: "quick" },
];

/** Options as `name` or `name=value`. */
const good: readonly (readonly [
  argv: readonly string[],
  options: readonly string[],
  operands: readonly string[],
])[] = [
  [[], [], []],
  [["dir"], [], ["dir"]],
  [["-u", "dir"], ["u"], ["dir"]],
  [["-ud", "dir"], ["u", "d"], ["dir"]],
  [["-du", "dir"], ["d", "u"], ["dir"]],
  [["-u", "-u"], ["u", "u"], []],
  [["-t5", "dir"], ["t=5"], ["dir"]],
  [["-t", "5", "dir"], ["t=5"], ["dir"]],
  [["-ut5"], ["u", "t=5"], []],
  [["-ut", "5"], ["u", "t=5"], []],
  [["-wU", "-u", "dir"], ["w=U", "u"], ["dir"]],
  [["-wud"], ["w=ud"], []],
  [["-w", "-u"], ["w=-u"], []],
  [["-t", ""], ["t="], []],
  [["-w", "--"], ["w=--"], []],
  [["dir", "-u"], [], ["dir", "-u"]],
  [["-u", "--", "-d"], ["u"], ["-d"]],
  [["--"], [], []],
  [["--", "--"], [], ["--"]],
  [["-"], [], ["-"]],
  [["-u", "-", "-d"], ["u"], ["-", "-d"]],
  [["", "-u"], [], ["", "-u"]],
  [["--down"], ["d"], []],
  [["--timeout=5"], ["t=5"], []],
  [["--timeout", "5", "dir"], ["t=5"], ["dir"]],
  [["--timeout="], ["t="], []],
  [["--fifo=a=b"], ["fifo=a=b"], []],
  [["--fifo", "-x", "--quick"], ["fifo=-x", "quick"], []],
];

for (const [argv, options, operands] of good) {
  Deno.test(`parseCommandLine(): ${JSON.stringify(argv)}`, () => {
    const parsed = parseCommandLine(argv, SPECS);
    assertEquals(parsed.operands, operands);
    assertEquals(
      parsed.options,
      options.map((option) => {
        const equals = option.indexOf("=");
        return equals === -1
          ? { name: option, value: "" }
          : { name: option.slice(0, equals), value: option.slice(equals + 1) };
      }),
    );
  });
}

const bad: readonly (readonly [argv: readonly string[], message: string])[] = [
  [["-z"], "unknown option: -z"],
  [["-uz"], "unknown option: -z"],
  [["-u", "-é"], "unknown option: -é"],
  [["-t"], "option needs a value: -t MS"],
  [["-ut"], "option needs a value: -t MS"],
  [["--nope"], "unknown option: --nope"],
  [["--nope=1"], "unknown option: --nope"],
  [["--tim=5"], "unknown option: --tim"],
  [["--=5"], "unknown option: --"],
  [["--u"], "unknown option: --u"],
  [["--timeout"], "option needs a value: --timeout MS"],
  [["--down=1"], "option takes no value: --down"],
  [["--quick="], "option takes no value: --quick"],
];

for (const [argv, message] of bad) {
  Deno.test(`parseCommandLine(): ${JSON.stringify(argv)}: ${message}`, () => {
    const error = assertThrows(() => parseCommandLine(argv, SPECS), UsageError);
    assertEquals(error.message, message);
    assertInstanceOf(error, SyntaxError);
  });
}

Deno.test("parseCommandLine(): random words give options and operands or a UsageError, nothing else", () => {
  const random = seededRandom(0x0b7);
  const pieces = [
    "-",
    "--",
    "=",
    "u",
    "d",
    "t",
    "w",
    "5",
    "z",
    "down",
    "timeout",
    "fifo",
    "é",
    "😀",
    "\udcff",
    " ",
    "",
  ];
  for (let round = 0; round < 5000; round++) {
    const argv = Array.from(
      { length: random(5) },
      () => Array.from({ length: random(5) }, () => pieces[random(pieces.length)]).join(""),
    );
    try {
      const { operands } = parseCommandLine(argv, SPECS);
      assertEquals(operands, argv.slice(argv.length - operands.length));
    } catch (error) {
      assertInstanceOf(error, UsageError, JSON.stringify(argv));
    }
  }
});

const TABLE: CommandTable = {
  summary: "Sends commands to a supervisor.",
  usage: "[-ud] [-t MS] servicedir...",
  options: SPECS.filter((spec) => spec.short !== "w"),
  exits: [["0", "done"], ["100", "wrong usage"]],
  example: "s6-svc -u /run/service/db",
};

Deno.test("helpText(): usage, summary, a line per option, exit codes, an example", () => {
  assertEquals(
    helpText("s6-svc", TABLE),
    `usage: s6-svc [-ud] [-t MS] servicedir...

Sends commands to a supervisor.

options:
  -u                up
  -d, --down        down
  -t, --timeout MS  time
      --fifo PATH   fifo
      --quick       quick
      --help        show this text
      --version     show the version of hexad and of its runtime

exit codes:
  0    done
  100  wrong usage

example:
  s6-svc -u /run/service/db
`,
  );
});

Deno.test("helpText(): a command without short options has them at the margin", () => {
  const text = helpText("x", { ...TABLE, options: [], example: "one\ntwo" });
  assertEquals(text.includes("\n  --help     show this text\n"), true);
  assertEquals(text.endsWith("\nexample:\n  one\n  two\n"), true);
});

Deno.test("usageLine(): a command without arguments", () => {
  assertEquals(usageLine("x", { ...TABLE, usage: "" }), "usage: x");
});
