import { assertEquals, assertThrows } from "@std/assert";
import { type RecordOptions, RecordReader } from "../../../lib/execline/record_reader.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { pipe } from "../../../lib/libc/fd.ts";
import { close, writeAll } from "../../../lib/libc/file.ts";

const LINES: RecordOptions = { delimiters: "\n", chomp: true, crunch: false };

/** The records of an input that a pipe can hold. */
function records(text: string, options: Partial<RecordOptions> = {}): readonly string[] {
  const { readFd, writeFd } = pipe();
  try {
    writeAll(writeFd, new TextEncoder().encode(text));
    close(writeFd);
    return [...new RecordReader(readFd, { ...LINES, ...options })];
  } finally {
    close(readFd);
  }
}

const CASES: readonly (readonly [
  text: string,
  options: Partial<RecordOptions>,
  records: readonly string[],
])[] = [
  ["", {}, []],
  ["a\nb\n", {}, ["a", "b"]],
  ["a\n\nb", {}, ["a", ""]],
  ["a\n\nb", { chomp: false }, ["a\n", "\n", "b"]],
  ["a\n\nb\n\n", { crunch: true }, ["a", "b"]],
  ["a:b,", { delimiters: ":," }, ["a", "b"]],
  ["a\0b\n\0", { delimiters: "\0" }, ["a", "b\n"]],
  ["a\0b\nc\n", {}, ["a", "c"]],
  ["é\n", {}, ["é"]],
  ["1:a,0:,4:é\n,,", { delimiters: "" }, ["a", "", "é\n,"]],
];

Deno.test("RecordReader", () => {
  for (const [text, options, expected] of CASES) {
    assertEquals([text, options, records(text, options)], [text, options, expected]);
  }
});

Deno.test("RecordReader: lines longer than its buffer, and many of them", () => {
  const lines = Array.from({ length: 9 }, (_, i) => "x".repeat(5000 + i));
  assertEquals(records(lines.map((line) => `${line}\n`).join("")), lines);
});

Deno.test("RecordReader: what are no netstrings", () => {
  for (const text of ["x", "1:a", "1:ab", "2:a,", ":a,", "123456789012345678901:"]) {
    assertThrows(() => records(text, { delimiters: "" }), SyscallError, "netstring", text);
  }
});
