/** hexad render with files of services that are mostly right. */
import { assertEquals, assertMatch } from "@std/assert";
import { ROOT } from "../fixture/toolset.ts";
import type { Round } from "./fuzzer.ts";
import { makeMutatedTree, told } from "./mutated_tree.ts";
import { runReader } from "./readers.ts";

const FILES = `${ROOT}/tests/unit/onefile/files`;
const WORDS = [
  "services:",
  "    ",
  "- ",
  "? ",
  ": ",
  "&a ",
  "*a",
  "<<: ",
  "!reset ",
  "${",
  "}",
  "$$",
  "[",
  "]",
  "{",
  "'",
  '"',
  "|\n",
  "---\n",
  "%YAML 1.1\n",
  "#",
  "~",
  "x-hexad: ",
  "__proto__: ",
];
const OTHER = "services: {web: {environment: {MORE: 1}, user: !reset null}}\n";
const PLACED = /^hexad render: .*:[1-9]\d*:[1-9]\d*: (error|note): ./;

/** Mistakes with their places and nothing written, or directories that hexad check can read. */
export async function fuzzServicesFile({ dice, ours, step }: Round): Promise<void> {
  const kind = dice.pick(["good", "bad", "directories"]);
  const names = [...Deno.readDirSync(`${FILES}/${kind}`)].map(({ name }) => name)
    .filter((name) => !name.endsWith(".golden")).sort();
  const name = dice.pick(names);
  const file = `in/${name}`;
  const { tree, mutations } = makeMutatedTree(
    { [file]: Deno.readTextFileSync(`${FILES}/${kind}/${name}`), "other/2.yaml": OTHER },
    dice,
    { words: WORDS, only: (path) => path === file },
  );
  using _ = tree;
  step(`hexad render ${kind}/${name}: ${told(mutations)}`);
  const form = kind === "directories" ? kind : "definitions";
  const files = [file, ...(dice.onceIn(2) ? ["other/2.yaml"] : [])];
  const render = ["hexad", "render", "-f", form, ...files];
  const { code, stdout, stderr } = await runReader(ours, render, tree, [0, 1]);
  for (const line of stderr.split("\n").filter((each) => each !== "")) assertMatch(line, PLACED);
  const written = await runReader(ours, [...render, "-t", "out"], tree, [code]);
  assertEquals([written.stderr, tree.exists("out")], [stderr, code === 0]);
  assertEquals(stdout === "", code === 1);
  if (code === 0) await runReader(ours, ["hexad", "check", "out"], tree, [0, 1]);
}
