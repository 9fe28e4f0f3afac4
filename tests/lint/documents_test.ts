/**
 * The checks of README.md, CONTRIBUTING.md and docs/: each is shown what it must catch and what it must let pass.
 */
import { assertEquals } from "@std/assert";
import {
  documentComplaints,
  missingCommands,
  missingSections,
  ownCommands,
  registeredCommands,
} from "../../tools/lint/documents.ts";

const FILES: Readonly<Record<string, string>> = {
  "README.md": "# hexad\n## The build, step by step\n",
  "docs/bench.md": "# Figures\n## Memory\n## Memory\n",
  "docs": "",
};

const read = (path: string): string | undefined => FILES[path];

// deno-fmt-ignore
const CASES: readonly (readonly [what: string, text: string, complaints: readonly string[]])[] = [
  ["a link to a file that is there", "[a](bench.md) [b](../README.md) [c](../docs/)", []],
  ["a link to a file that is not there", "x\n[a](missing.md)", ["docs/x.md:2: link to missing.md: there is no docs/missing.md"]],
  ["an image that is not there", "![a](a.svg)", ["docs/x.md:1: link to a.svg: there is no docs/a.svg"]],
  ["a definition of a link", "[a][x]\n\n[x]: nowhere.md", ["docs/x.md:3: link to nowhere.md: there is no docs/nowhere.md"]],
  ["links that leave the repository", "[a](https://example.org/x) [b](mailto:a@example.org)", []],
  ["a heading that is there", "[a](../README.md#the-build-step-by-step) [b](bench.md#memory-1)", []],
  ["a heading that is not there", "[a](bench.md#speed)", ["docs/x.md:1: link to bench.md#speed: no such heading"]],
  ["a heading of its own", "# Here\n[a](#here) [b](#there)", ["docs/x.md:2: link to #there: no such heading"]],
  ["what looks like a link in code", "`[a](b)`\n```\n[a](b)\n```\n", []],
  ["a closed fence", "```sh\nls\n```\n", []],
  ["an open fence", "a\n```sh\nls\n", ["docs/x.md:2: code fence is not closed"]],
  ["a longer fence around a shorter one", "````md\n```sh\n````\n", []],
  ["a path of one machine", "```\ncd /home/me/hexad\n```", ["docs/x.md:2: path of one machine: /home/me/hexad"]],
  ["a path of an image", "ADD x /usr\n`/run/service`", []],
];

for (const [what, text, complaints] of CASES) {
  Deno.test(`documents: ${what}`, () =>
    assertEquals(documentComplaints({ path: "docs/x.md", text }, read), complaints));
}

Deno.test("documents: every command of the registry has a row in docs/commands.md", () => {
  const commands = registeredCommands(
    `const C = {\n  "s6-svc": () => import("./svc.ts"),\n  "s6-svok": () => import("./svok.ts"),\n};\n`,
  );
  assertEquals(commands, ["s6-svc", "s6-svok"]);
  const text = "We have `s6-svok`.\n\n| command | what |\n|---|---|\n| `s6-svc` | sends |\n";
  assertEquals(missingCommands({ path: "docs/commands.md", text }, commands), [
    "docs/commands.md: no row of a table has `s6-svok`",
  ]);
});

Deno.test("documents: every command of hexad's own has a heading", () => {
  const commands = ownCommands(
    `const C = {\n  top: { text: "x", load: () => import("./hexad_top.ts") },\n  kill: { text: "y", load: z },\n};\n`,
  );
  assertEquals(commands, ["top", "kill"]);
  const text = "## hexad status\n\n## hexad reload, kill\n\n```\n## hexad top\n```\n";
  assertEquals(missingSections({ path: "docs/hexad.md", text }, commands), [
    "docs/hexad.md: no heading has hexad top",
  ]);
});
