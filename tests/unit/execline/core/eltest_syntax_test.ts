import { assertEquals, assertThrows } from "@std/assert";
import { type Expression, parseExpression } from "../../../../lib/execline/core/eltest_syntax.ts";

/** With all parentheses. */
function shown(expression: Expression): string {
  switch (expression.kind) {
    case "string":
      return expression.text;
    case "unary":
      return `(${expression.operator} ${expression.operand})`;
    case "binary":
      return `(${expression.left} ${expression.operator} ${expression.right})`;
    case "not":
      return `!${shown(expression.operand)}`;
    case "and":
      return `(${shown(expression.left)} & ${shown(expression.right)})`;
    case "or":
      return `(${shown(expression.left)} | ${shown(expression.right)})`;
  }
}

const EXPRESSIONS: Readonly<Record<string, string>> = {
  "a": "a",
  "-n a": "(-n a)",
  "a = b": "(a = b)",
  "a -a b -a c": "((a & b) & c)",
  "a -o b -a c": "(a | (b & c))",
  "a -a b -o c": "((a & b) | c)",
  "! a -a b": "(!a & b)",
  "! ! a": "!!a",
  "! ( a -o b )": "!(a | b)",
  "( a )": "a",
  "\\-n = \\=": "(-n = =)",
  "\\\\": "\\",
  "-e x -a ( y -nt z -o ! w )": "((-e x) & ((y -nt z) | !w))",
};

Deno.test("parseExpression()", () => {
  for (const [text, result] of Object.entries(EXPRESSIONS)) {
    assertEquals([text, shown(parseExpression(text.split(" ")))], [text, result]);
  }
});

Deno.test("parseExpression(): what is none", () => {
  for (
    const text of [
      "-n",
      "!",
      "a b",
      "a =",
      "= a",
      "-n -n",
      "a -a",
      "-o a",
      "( a",
      "a )",
      "( )",
      "-n a = b",
      "a = b = c",
      "a = -n",
      "! = a",
    ]
  ) {
    assertThrows(() => parseExpression(text.split(" ")), SyntaxError, "parse error", text);
  }
});
