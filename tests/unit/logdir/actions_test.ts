/** What a script does with a block of lines, against what it does with one line at a time. */
import { assertEquals } from "@std/assert";
import { parseLogScript } from "../../../lib/logdir/core/parse_log_script.ts";
import { ActionChain } from "../../../lib/logdir/actions.ts";
import { seededRandom } from "../core/seeded_random.ts";

const decode = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const encode = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

/** What each place got: `stdout`, `stderr`, `=status`, `/dir`. */
type Got = Record<string, string>;

/** Stamps are `@ `, for local ones `T  `. @param blocks what the chain gets at a time */
function run(script: readonly string[], blocks: readonly string[]): Got {
  const parsed = parseLogScript(script);
  const got: Got = {};
  const add = (place: string, bytes: Uint8Array): void => {
    got[place] = (got[place] ?? "") + decode(bytes);
  };
  const chain = new ActionChain(parsed, {
    logdir: (index, lines) => add(parsed.logdirs[index]!.path, lines),
    stdout: (lines) => add("stdout", lines),
    container: ({ bytes, starts, count }, deliveries) => {
      for (let i = 0; i < count; i++) {
        for (const { form, selected, head } of deliveries) {
          if (selected[i] === 1) {
            add(
              "container",
              encode(
                `${form.kind === "json" ? "{}" : "|"} ${decode(head)}${
                  decode(bytes.subarray(starts[i], starts[i + 1]))
                }`,
              ),
            );
          }
        }
      }
    },
    alert: (line) => add("stderr", line),
    status: (file, content) => got[`=${file}`] = decode(content),
    head: ({ tai64n, local, prefix }) =>
      encode(`${tai64n ? "@ " : ""}${local ? "T  " : ""}${prefix === "" ? "" : `${prefix} `}`),
  });
  for (const block of blocks) chain.run(encode(block));
  return got;
}

function lines(text: string): string[] {
  return text.match(/[^\n]*\n/g) ?? [];
}

const CASES:
  readonly (readonly [what: string, script: readonly string[], input: string, expected: Got])[] = [
    ["every line to one directory", ["/d"], "a\nb\n", { "/d": "a\nb\n" }],
    ["selection starts with every line", ["-b", "/d"], "a\nb\nab\nc\n", { "/d": "a\nc\n" }],
    ["- deselects all, + selects again", ["-", "+b", "/d"], "a\nb\nab\n", { "/d": "b\nab\n" }],
    ["selection goes on behind an action", ["-a", "/1", "-b", "/2"], "a\nb\nc\n", {
      "/1": "b\nc\n",
      "/2": "c\n",
    }],
    ["f takes what no action has had", ["-", "+a", "/1", "f", "/2", "f", "/3"], "a\nb\n", {
      "/1": "a\n",
      "/2": "b\n",
    }],
    ["f forgets what + and - have selected", ["+.", "f", "-", "f", "/1"], "a\nb\n", {
      "/1": "a\nb\n",
    }],
    ["one stanza, several actions", ["/1", "1", "/2"], "a\n", {
      "/1": "a\n",
      stdout: "a\n",
      "/2": "a\n",
    }],
    [
      "o and oj, each with its stamps, in the order of the lines",
      ["+a", "T", "o", "f", "oj"],
      "b\na\nab\n",
      {
        container: "| T  b\n| T  a\n| T  ab\n",
      },
    ],
    ["o here, oj there, a directory too", ["-b", "o", "/d", "f", "px", "oj"], "b\na\nab\n", {
      container: "{} x b\n| a\n{} x ab\n",
      "/d": "a\n",
    }],
    ["empty lines match what matches nothing", ["-", "+^$", "/d"], "\na\n\n", { "/d": "\n\n" }],
    ["prefix and stamps are of the action", ["px", "t", "/1", "T", "/2", "p", "/3"], "a\n", {
      "/1": "@ x a\n",
      "/2": "T  x a\n",
      "/3": "a\n",
    }],
    ["t comes before T", ["T", "t", "/1"], "a\n", { "/1": "@ T  a\n" }],
    ["selection looks at the line, not at its prefix", ["px", "-x", "/1"], "a\n", {
      "/1": "x a\n",
    }],
    ["alerts are cut only if that makes them shorter", ["E4", "2"], "1234567\n12345678\n\n", {
      stderr: "1234567\n1234...\n\n",
    }],
    ["E0: alerts are not cut", ["E0", "2"], `${"x".repeat(500)}\n`, {
      stderr: `${"x".repeat(500)}\n`,
    }],
    ["alerts: the prefix does not count", ["E4", "pabcdefg", "2"], "12345678\n", {
      stderr: "abcdefg 1234...\n",
    }],
    ["status: padded", ["^6", "=s"], "abc\n", { "=s": "abc\n\n\n" }],
    ["status: just as long", ["^4", "=s"], "abc\n", { "=s": "abc\n" }],
    ["status: cut, without a newline", ["^3", "=s"], "abc\n", { "=s": "abc" }],
    ["status: the prefix counts", ["^4", "px", "=s"], "abc\n", { "=s": "x ab" }],
    ["status: ^0 is as long as the line", ["^0", "=s"], "abc\n", { "=s": "abc\n" }],
    ["status: 1001 bytes", ["=s"], "abc\n", { "=s": `abc${"\n".repeat(998)}` }],
    ["status: the last line is what stays", ["^3", "=s"], "a\nb\nc\n", { "=s": "c\n\n" }],
    ["status: a line that is not selected changes nothing", ["^3", "-c", "=s"], "a\nb\nc\n", {
      "=s": "b\n\n",
    }],
  ];

for (const [what, script, input, expected] of CASES) {
  Deno.test(`${what}: ${script.join(" ")}`, () => {
    assertEquals(run(script, [input]), expected);
    assertEquals(run(script, lines(input)), expected);
  });
}

Deno.test("two actions on one output: the lines stay in their order", () => {
  const script = ["pA", "+a", "-b", "1", "pB", "f", "1"];
  assertEquals(run(script, ["a\nb\na\na\nb\n"]), { stdout: "A a\nB b\nA a\nA a\nB b\n" });
});

Deno.test("two actions on one output for one line: in the order of the script", () => {
  assertEquals(run(["pA", "1", "pB", "1"], ["a\nb\n"]), { stdout: "A a\nB a\nA b\nB b\n" });
  assertEquals(run(["pA", "2", "pB", "2"], ["a\nb\n"]), { stderr: "A a\nB a\nA b\nB b\n" });
});

Deno.test("two actions on one log directory: the lines stay in their order", () => {
  const script = ["pA", "-b", "/d", "pB", "f", "/d/", "pC", "+^c", "/d"];
  assertEquals(run(script, ["a\nb\nc\nb\n"]), { "/d": "A a\nB b\nC b\nA c\nC c\nB b\nC b\n" });
});

Deno.test("two actions on one status file: the last line of the input is what stays", () => {
  const script = ["^0", "pA", "-b", "=s", "pB", "f", "=s"];
  assertEquals([run(script, ["b\na\n"]), run(script, ["a\nb\n"])], [{ "=s": "A a\n" }, {
    "=s": "B b\n",
  }]);
  assertEquals(run(["^0", "pA", "=s", "pB", "=s"], ["a\n"]), { "=s": "B a\n" });
});

const DIRECTIVES = [
  "-",
  "-a",
  "+b",
  "+^c",
  "f",
  "-[ab]",
  "+ab",
  "t",
  "T",
  "px",
  "py",
  "p",
  "E6",
  "E0",
  "^5",
  "^0",
];
const ACTIONS = ["1", "2", "=s", "/1", "/2", "/3"];

Deno.test("300 random scripts: a block does what its lines do one at a time", () => {
  const random = seededRandom(11);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  for (let run_ = 0; run_ < 300; run_++) {
    const script = Array.from(
      { length: 2 + random(10) },
      () => random(2) === 0 ? pick(DIRECTIVES) : pick(ACTIONS),
    )
      .concat("1");
    const input = Array.from(
      { length: random(12) },
      () => `${Array.from({ length: random(12) }, () => pick([..."abc"])).join("")}\n`,
    );
    assertEquals(
      run(script, input.length === 0 ? [] : [input.join("")]),
      run(script, input),
      script.join(" "),
    );
  }
});
