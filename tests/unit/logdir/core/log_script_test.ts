import { assertEquals, assertThrows } from "@std/assert";
import { type LogdirSettings, LogScriptError } from "../../../../lib/logdir/core/log_control.ts";
import { parseLogScript } from "../../../../lib/logdir/core/parse_log_script.ts";

const PLAIN = { tai64n: false, local: false, prefix: "" };

const DEFAULTS: Omit<LogdirSettings, "path"> = {
  archivesMax: 10,
  sizeBytes: 99999,
  toleranceBytes: 2000,
  totalBytes: 0,
  retryMs: 2000,
  rotateSeconds: 0,
};

/** The settings of the last logdir of a script. */
function logdirOf(...directives: readonly string[]): LogdirSettings | undefined {
  return parseLogScript(directives).logdirs.at(-1);
}

Deno.test("parseLogScript: a directory alone takes every line, with the settings of s6-log's page", () => {
  assertEquals(parseLogScript(["/var/log/db"]), {
    stanzas: [{ selections: [], actions: [{ ...PLAIN, kind: "logdir", index: 0 }] }],
    logdirs: [{ path: "/var/log/db", ...DEFAULTS }],
    warnings: [],
    needsTai64n: false,
    needsLocal: false,
  });
});

Deno.test("parseLogScript: the second example of the page", () => {
  const processor = { command: "gzip -nq9", shell: false };
  const words = [
    "n30",
    "E500",
    "-",
    "+fatal:",
    "2",
    "-",
    "+^STAT",
    "=/s",
    "f",
    "s10000000",
    "S15000000",
    "T",
    "!gzip -nq9",
    "/d",
  ];
  assertEquals(parseLogScript(words), {
    stanzas: [
      {
        selections: [{ kind: "-", pattern: "" }, { kind: "+", pattern: "fatal:" }],
        actions: [{ ...PLAIN, kind: "alert", sizeBytes: 500 }],
      },
      {
        selections: [{ kind: "-", pattern: "" }, { kind: "+", pattern: "^STAT" }],
        actions: [{ ...PLAIN, kind: "status", file: "/s", sizeBytes: 1001 }],
      },
      {
        selections: [{ kind: "f" }],
        actions: [{ ...PLAIN, local: true, kind: "logdir", index: 0 }],
      },
    ],
    logdirs: [{
      ...DEFAULTS,
      path: "/d",
      archivesMax: 30,
      sizeBytes: 10000000,
      totalBytes: 15000000,
      processor,
    }],
    warnings: [],
    needsTai64n: false,
    needsLocal: true,
  });
});

Deno.test("parseLogScript: several actions share a stanza until the next selection", () => {
  const { stanzas } = parseLogScript(["+a", "-b", "1", "2", "./x", "+c", "1"]);
  assertEquals(
    stanzas.map(({ selections, actions }) => [selections.length, actions.map(({ kind }) => kind)]),
    [
      [2, ["stdout", "alert", "logdir"]],
      [1, ["stdout"]],
    ],
  );
});

Deno.test("parseLogScript: a log directory that stands there twice is one, with the settings of its first place", () => {
  const { stanzas, logdirs } = parseLogScript([
    "n3",
    "./x",
    "n5",
    "/x",
    "t",
    "././/x/",
    ".",
    "./x",
    "./",
  ]);
  assertEquals(logdirs.map(({ path, archivesMax }) => [path, archivesMax]), [
    ["./x", 3],
    ["/x", 5],
    [".", 5],
  ]);
  const indices = stanzas[0]!.actions.map((action) =>
    action.kind === "logdir" ? action.index : undefined
  );
  assertEquals(indices, [0, 1, 0, 2, 0, 2]);
});

Deno.test("parseLogScript: stamps hold for one action, a prefix for all that follow", () => {
  const { stanzas, needsTai64n, needsLocal } = parseLogScript([
    "t",
    "T",
    "t",
    "pweb:",
    "1",
    "./x",
    "p",
    "2",
  ]);
  assertEquals(stanzas[0]?.actions.map(({ tai64n, local, prefix }) => [tai64n, local, prefix]), [
    [true, true, "web:"],
    [false, false, "web:"],
    [false, false, ""],
  ]);
  assertEquals([needsTai64n, needsLocal], [true, true]);
});

Deno.test("parseLogScript: a stamp behind the last action is not needed", () => {
  const { needsTai64n, warnings } = parseLogScript(["1", "t", "+x", "t"]);
  assertEquals([needsTai64n, warnings], [false, [
    "ignoring extraneous non-action directives: t +x t",
  ]]);
});

Deno.test("parseLogScript: a trailing selection makes no stanza", () => {
  assertEquals(parseLogScript(["+a", "1", "+b"]).stanzas.length, 1);
});

Deno.test("parseLogScript: a processor stays, and so does the shell that runs it", () => {
  const { logdirs } = parseLogScript([
    "?gzip | cat",
    "./a",
    "1",
    "./b",
    "!bzip2",
    "./c",
    "?",
    "./d",
    "!",
    "./e",
  ]);
  const shell = { command: "gzip | cat", shell: true };
  assertEquals(logdirs.map(({ processor }) => processor), [
    shell,
    shell,
    { command: "bzip2", shell: false },
    undefined,
    undefined,
  ]);
});

Deno.test("parseLogScript: sizes of alerts and status files hold from there on", () => {
  const { stanzas } = parseLogScript(["2", "E0", "2", "=f", "^0", "=g"]);
  assertEquals(stanzas[0]?.actions, [
    { ...PLAIN, kind: "alert", sizeBytes: 200 },
    { ...PLAIN, kind: "alert", sizeBytes: 0 },
    { ...PLAIN, kind: "status", file: "f", sizeBytes: 1001 },
    { ...PLAIN, kind: "status", file: "g", sizeBytes: 0 },
  ]);
});

Deno.test("parseLogScript: a status file's size is held against what writes one", () => {
  assertEquals(parseLogScript(["^4294967295", "1"]).stanzas[0]?.actions, [{
    ...PLAIN,
    kind: "stdout",
  }]);
  assertEquals(parseLogScript(["^8388608", "=f"]).stanzas[0]?.actions, [{
    ...PLAIN,
    kind: "status",
    file: "f",
    sizeBytes: 8388608,
  }]);
});

const NUMBERS: readonly (readonly [string, Partial<LogdirSettings>])[] = [
  ["n0", { archivesMax: 0 }],
  ["n0000000000000000000000012", { archivesMax: 12 }],
  ["n4294967295", { archivesMax: 4294967295 }],
  ["s0", { sizeBytes: 4096 }],
  ["s4095", { sizeBytes: 4096 }],
  ["s4097", { sizeBytes: 4097 }],
  ["s268435455", { sizeBytes: 268435455 }],
  ["s268435456", { sizeBytes: 268435455 }],
  ["S4294967296", { totalBytes: 4294967296 }],
  ["S18446744073709551615", { totalBytes: 2 ** 64 }],
  ["l49999", { toleranceBytes: 49999 }],
  ["l0", { toleranceBytes: 0 }],
  ["r0", { retryMs: 0 }],
  ["r2147483647", { retryMs: 2147483647 }],
  ["R3600", { rotateSeconds: 3600 }],
  ["R4294967295", { rotateSeconds: 4294967295 }],
];

for (const [directive, expected] of NUMBERS) {
  Deno.test(`parseLogScript: ${directive} is accepted`, () => {
    assertEquals(logdirOf(directive, "/d"), { path: "/d", ...DEFAULTS, ...expected });
  });
}

Deno.test("parseLogScript: a tolerance is held against the size before it, not the one after", () => {
  assertEquals(logdirOf("l40000", "s4096", "/d")?.toleranceBytes, 40000);
  assertThrows(
    () => parseLogScript(["s4096", "l2049", "/d"]),
    LogScriptError,
    "directive l2049 conflicts with previous s directive (it can be at most 2048)",
  );
});

const REFUSED: readonly (readonly [readonly string[], string])[] = [
  [[], "no action directive specified"],
  [["n5", "t", "+x"], "no action directive specified"],
  [["", "1"], "unrecognized directive:  (it is empty)"],
  [["log", "1"], "unrecognized directive: log (l must be followed by an unsigned decimal number)"],
  [
    ["x", "1"],
    "unrecognized directive: x (a logdir begins with / or ., a regular expression with + or -)",
  ],
  [["~/log"], "unrecognized directive: ~/log"],
  [["ff", "1"], "syntax error at directive: ff (nothing can follow f)"],
  [["t1", "1"], "syntax error at directive: t1"],
  [["TT", "1"], "syntax error at directive: TT"],
  [["12"], "syntax error at directive: 12"],
  [["21"], "syntax error at directive: 21"],
  [["="], "syntax error at directive: = (the name of the status file is missing)"],
  [["n", "1"], "unrecognized directive: n (n must be followed by an unsigned decimal number)"],
  [["n-1", "1"], "unrecognized directive: n-1"],
  [["n+1", "1"], "unrecognized directive: n+1"],
  [["n 1", "1"], "unrecognized directive: n 1"],
  [["n1 ", "1"], "unrecognized directive: n1 "],
  [["n1\n", "1"], "unrecognized directive: n1\n"],
  [["s1k", "1"], "unrecognized directive: s1k"],
  [["n0x10", "1"], "unrecognized directive: n0x10"],
  [["n٣", "1"], "unrecognized directive: n٣"],
  [
    ["n4294967296", "1"],
    "unrecognized directive: n4294967296 (the number is larger than 4294967295)",
  ],
  [["s4294967296", "1"], "unrecognized directive: s4294967296"],
  [["S18446744073709551616", "1"], "unrecognized directive: S18446744073709551616"],
  [["r2147483648", "1"], "unrecognized directive: r2147483648"],
  [["E4294967296", "1"], "unrecognized directive: E4294967296"],
  [["^", "1"], "unrecognized directive: ^"],
  [["1", "n"], "unrecognized directive: n"],
  [["l50000", "1"], "directive l50000 conflicts with previous s directive"],
  [
    ["^8388609", "=f"],
    "directive =f conflicts with ^8388609 (a status file has at most 8388608 bytes)",
  ],
];

for (const [directives, message] of REFUSED) {
  Deno.test(`parseLogScript: refuses ${JSON.stringify(directives)}`, () => {
    assertThrows(() => parseLogScript(directives), LogScriptError, message);
  });
}

Deno.test("parseLogScript: what is wrong with a form is told before what is wrong with a number", () => {
  assertThrows(
    () => parseLogScript(["nope", "ff", "1"]),
    LogScriptError,
    "syntax error at directive: ff",
  );
});

Deno.test("parseLogScript: what is wrong with a regular expression is told, behind the last action too", () => {
  const options = {
    patternFault: (pattern: string) => pattern === "a(" ? "Unmatched ( or \\(" : undefined,
  };
  const message = "unrecognized directive: +a( (regular expression: Unmatched ( or \\()";
  assertThrows(() => parseLogScript(["+b", "1", "+a("], options), LogScriptError, message);
  assertEquals(parseLogScript(["+b", "1"], options).warnings, []);
});

Deno.test("parseLogScript: names may hold any byte", () => {
  assertEquals(logdirOf("./a\udcff b")?.path, "./a\udcff b");
});
