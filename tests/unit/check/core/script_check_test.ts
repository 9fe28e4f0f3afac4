import { assertEquals } from "@std/assert";
import { parseScript } from "../../../../lib/execline/core/execline_script.ts";
import { checkCommandLine, type KnownCommands } from "../../../../lib/check/core/script_check.ts";
import { headComplaint } from "../../../../lib/check/core/script_head_check.ts";

const OPTIONS = {
  if: [{ short: "n", text: "" }, { short: "x", arg: "CODE", text: "" }],
  importas: [{ short: "S", text: "" }, { short: "D", arg: "DEFAULT", text: "" }],
  case: [],
};

const KNOWN: KnownCommands = {
  names: ["foreground", "export", "importas", "s6-echo", "cd", "if", "case"],
  options: (name) => OPTIONS[name as keyof typeof OPTIONS],
  isProgram: (name) => name === "exports",
};

/** `line:column kind: text` of each finding. */
function found(script: string): string[] {
  return checkCommandLine(parseScript(new TextEncoder().encode(script), "run"), KNOWN)
    .map(({ kind, place, text }) => `${place.line}:${place.column} ${kind}: ${text}`);
}

const RIGHT: readonly string[] = [
  "foreground { s6-echo a } cd / s6-echo b",
  "if -n -x 3 { cd / s6-echo } exit 3",
  "importas -S X importas A B s6-echo",
  "case -- x { a { s6-echo } b { } } s6-echo",
  "forx X { a b } exports",
  "foreground { } /no/such/program",
  "$program foreground",
  "s6-svlisten foreground",
  "eltest foreground",
  "multisubstitute { define X } s6-echo",
];

Deno.test("checkCommandLine(): nothing to say", () => {
  for (const script of RIGHT) assertEquals([script, found(script)], [script, []]);
});

const WRONG: readonly (readonly [script: string, findings: readonly string[]])[] = [
  ["foreground s6-echo a", ["1:1 error: foreground: a block is missing: { ... }"]],
  ["cd / foreground s6-echo { a }", [
    "1:17 error: foreground: a block is missing: { before s6-echo",
  ]],
  ["export A", ["1:1 error: export: too few arguments"]],
  ["export A b", ["1:1 error: export: no program behind it"]],
  ["if -z { exit } exit", ["1:1 error: if: unknown option: -z"]],
  ["foreground {\n  cd /\n} foreground {\n  export A\n} exit", [
    "2:3 error: cd: no program behind it",
    "4:3 error: export: too few arguments",
  ]],
  ["cd $DIR export A", ["1:9 warning: export: too few arguments"]],
  ["foreground { cd $X export A } export A", [
    "1:20 warning: export: too few arguments",
    "1:31 error: export: too few arguments",
  ]],
  ["case x { a { cd } b } exit", [
    "1:1 error: case: a block is missing: { ... }",
    "1:14 error: cd: too few arguments",
  ]],
  ["ifelse { exit } exit", ["1:1 error: ifelse: a block is missing: { ... }"]],
  ["exprot A b exit", ["1:1 warning: no program exprot here; did you mean export?"]],
];

Deno.test("checkCommandLine(): what is wrong, and where; after a $ it is no more than a warning", () => {
  for (const [script, findings] of WRONG) assertEquals([script, found(script)], [script, findings]);
});

const HEADS: readonly (readonly [line: string, complaint: RegExp | undefined])[] = [
  ["#!/usr/bin/execlineb -P\n", undefined],
  ["#!/command/execlineb -PS1\n", undefined],
  ["#!/command/execlineb\n", undefined],
  ["#!/command/with-contenv execlineb\n", undefined],
  ["# a comment\n", undefined],
  ["", undefined],
  ["#!/bin/sh\n", /no execline script: its interpreter is \/bin\/sh/],
  ["#!/usr/bin/execlineb -P -S1\n", /all that follows the interpreter as one word/],
  ["#!/usr/bin/execlineb -Z\n", /unknown option: -Z$/],
  ["#!/usr/bin/execlineb -P\r\n", /CR LF/],
  ["#!/usr/bin/execlineb\r\n", /CR LF/],
];

Deno.test("headComplaint()", () => {
  const options = [{ short: "P", text: "" }, { short: "S", arg: "N", text: "" }];
  for (const [line, complaint] of HEADS) {
    const said = headComplaint(new TextEncoder().encode(line), options);
    assertEquals([
      line,
      said !== undefined && complaint !== undefined ? complaint.test(said) : said === complaint,
    ], [line, true]);
  }
});
