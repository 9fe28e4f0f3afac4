/**
 * Every one of hexad's own commands: its options are those of its table, and what is misspelt gets
 * a suggestion.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../lib/core/cli/getopt.ts";
import { parseArguments } from "../../../cmd/hexad/arguments.ts";
import { OWN_COMMANDS } from "../../../cmd/hexad/commands.ts";
import { run } from "../../fixture/command.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");

async function firstLine(...args: string[]): Promise<readonly [number, string]> {
  const { code, stderr } = await run(HEXAD, args);
  return [code, stderr.split("\n")[0]!];
}

/** Two letters swapped, or the first one twice. */
function misspelt(word: string): string {
  const swapped = word.slice(0, -2) + word.at(-1) + word.at(-2);
  return swapped === word ? word[0] + word : swapped;
}

for (const [name, { load }] of Object.entries(OWN_COMMANDS)) {
  Deno.test(`hexad ${name}: each option of its table is parsed, and suggested for what is misspelt`, async () => {
    const { table } = await load();
    for (
      const option of [...table.options, { long: "help", arg: undefined }, {
        long: "version",
        arg: undefined,
      }]
    ) {
      const wrong = `--${misspelt(option.long)}`;
      const error = assertThrows(() => parseArguments([wrong, "1"], table), UsageError);
      assertEquals(error.message, `unknown option: ${wrong}; did you mean --${option.long}?`);
    }
    for (const { short, long, arg } of table.options) {
      const spellings = arg === undefined
        ? [[`--${long}`], ...(short === undefined ? [] : [[`-${short}`]])]
        : [
          [`--${long}`, "value"],
          [`--${long}=value`],
          ...(short === undefined ? [] : [[`-${short}value`], [`-${short}`, "value"]]),
        ];
      for (const words of spellings) {
        const given = parseArguments(words, table);
        assertEquals(
          arg === undefined ? given.flag(long) : given.value(long),
          arg === undefined ? true : "value",
          words.join(" "),
        );
      }
    }
  });

  Deno.test(`hexad ${name}: the program itself refuses what is misspelt, and its help has every option`, async () => {
    const { table } = await load();
    assertEquals(await firstLine(name, "--verison"), [
      100,
      `hexad ${name}: fatal: unknown option: --verison; did you mean --version?`,
    ]);
    assertEquals(await firstLine(misspelt(name)), [
      127,
      `hexad: fatal: no command ${misspelt(name)}; did you mean ${name}?`,
    ]);
    const { code, stdout } = await run(HEXAD, [name, "--help"]);
    assertEquals(code, 0);
    for (const { long } of table.options) assert(stdout.includes(`--${long}`), long);
  });
}

Deno.test("hexad: its own options too", async () => {
  assertEquals(await firstLine("--lsit"), [
    100,
    "hexad: fatal: unknown option: --lsit; did you mean --list?",
  ]);
  assertEquals(await firstLine("--instal", "x"), [
    100,
    "hexad: fatal: unknown option: --instal; did you mean --install?",
  ]);
  assertEquals(await firstLine(), [
    100,
    "hexad: fatal: no command given; hexad help shows what there is",
  ]);
});

Deno.test("hexad help: topics, commands, and what is misspelt", async () => {
  const { stdout } = await run(HEXAD, ["help"]);
  const topics = Array.from(
    stdout.split("\n\n")[0]!.matchAll(/^ {2}(\S+)/gm),
    ([, topic]) => topic!,
  );
  assert(topics.length >= 7, topics.join());
  for (const topic of topics) {
    const { code, stdout, stderr } = await run(HEXAD, ["help", topic]);
    assertEquals([code, stderr], [0, ""]);
    assert(stdout.endsWith("\n") && stdout.length > 200, topic);
    for (const line of stdout.split("\n")) assert(line.length <= 120, line);
    assertEquals(await firstLine("help", misspelt(topic)), [
      100,
      `hexad help: fatal: no help about ${misspelt(topic)}; did you mean ${topic}?`,
    ]);
  }
  for (const name of ["status", "s6-svc", "foreground", "s6-cat"]) {
    const program = name === "status" ? ["status"] : [name];
    assertEquals(
      (await run(HEXAD, ["help", name])).stdout,
      (await run(HEXAD, [...program, "--help"])).stdout,
    );
  }
  const commands = (await run(HEXAD, ["help", "commands"])).stdout.split("\n");
  for (
    const name of [
      ...Object.keys(OWN_COMMANDS).map((own) => `hexad ${own}`),
      "s6-svscan",
      "foreground",
    ]
  ) {
    assert(commands.includes(name), name);
  }
});
