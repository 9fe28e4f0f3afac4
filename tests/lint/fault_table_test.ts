/**
 * The check of docs/faults.md: it must catch a test that is not there, and a row that names none.
 */
import { assertEquals } from "@std/assert";
import { missingTests } from "../../tools/lint/fault_table.ts";

const SOURCE =
  'Deno.test("a plain title: it works", f);\ntestUnless(r, `${calls} fails with ${errno}: a warning`, f);\nconst x = `${all}`;\n';
const HEAD = "| what | what happens | test |\n| --- | --- | --- |\n";

function complaints(row: string): string[] {
  return missingTests(
    { path: "docs/faults.md", text: `# Faults\n\n${HEAD}${row}\n` },
    (path) => path === "tests/fault/a_test.ts" ? SOURCE : undefined,
  );
}

const LINK = "[a_test.ts](../tests/fault/a_test.ts)";

// deno-fmt-ignore
const CASES: readonly (readonly [what: string, row: string, complaints: readonly string[]])[] = [
  ["a title", `| a | b | ${LINK}: a plain title: it works |`, []],
  ["a title of a template", `| a | b | ${LINK}: openat fails with EIO: a warning |`, []],
  ["two tests", `| a | b | ${LINK}: a plain title: it works<br>${LINK}: openat fails with EIO: a warning |`, []],
  ["a title that is not there", `| a | b | ${LINK}: another |`, ["docs/faults.md: tests/fault/a_test.ts has no test: another"]],
  ["a part of a title", `| a | b | ${LINK}: a plain title |`, ["docs/faults.md: tests/fault/a_test.ts has no test: a plain title"]],
  ["a file that is not there", "| a | b | [b_test.ts](../tests/fault/b_test.ts): x |", ["docs/faults.md: there is no tests/fault/b_test.ts"]],
  ["no test", "| a | b | |", ["docs/faults.md: no test is named in: "]],
];

for (const [what, row, expected] of CASES) {
  Deno.test(`fault table: ${what}`, () => assertEquals(complaints(row), expected));
}

Deno.test("fault table: a document without one", () => {
  assertEquals(missingTests({ path: "docs/faults.md", text: "# Faults\n" }, () => undefined), [
    "docs/faults.md: no table",
  ]);
});
