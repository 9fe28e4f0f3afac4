import { assertEquals } from "@std/assert";
import {
  type EnvdirOptions,
  envdirValue,
  isVariableFile,
} from "../../../../lib/execline/core/envdir_value.ts";

const PLAIN: EnvdirOptions = { verbatim: false, keepEnd: false, nulByte: 10 };

const CASES:
  readonly (readonly [file: string, options: Partial<EnvdirOptions>, value: string | undefined])[] =
    [
      ["", {}, undefined],
      ["", { verbatim: true }, undefined],
      ["\n", {}, ""],
      ["a", {}, "a"],
      ["a\n", {}, "a"],
      ["a b \t\r\nsecond\n", {}, "a b"],
      ["  a", {}, "  a"],
      [" \t ", {}, ""],
      ["a \n", { keepEnd: true }, "a "],
      ["a\0b\n", {}, "a\nb"],
      ["a\0b\n", { nulByte: 58 }, "a:b"],
      ["a\nb\n", { verbatim: true }, "a\nb"],
      ["a\nb \n\n", { verbatim: true }, "a\nb \n"],
      ["a\nb\n", { verbatim: true, keepEnd: true }, "a\nb\n"],
      ["\n", { verbatim: true }, ""],
      ["a\0\n", { verbatim: true, nulByte: 44 }, "a,"],
    ];

for (const [file, options, value] of CASES) {
  Deno.test(`envdirValue(): ${JSON.stringify(file)} with ${JSON.stringify(options)}`, () => {
    const result = envdirValue(new TextEncoder().encode(file), { ...PLAIN, ...options });
    assertEquals(result === undefined ? undefined : new TextDecoder().decode(result), value);
  });
}

Deno.test("isVariableFile(): not what is hidden, not what has an equals sign", () => {
  assertEquals(["PATH", "a b", ".hidden", "A=B", "=", "."].map(isVariableFile), [
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
