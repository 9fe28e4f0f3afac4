import { assertEquals } from "@std/assert";
import { linesBackward } from "../../../lib/logdir/backward.ts";
import { O_RDONLY } from "../../../lib/core/linux/open_flags.ts";
import { close, open } from "../../../lib/libc/file.ts";
import { seededRandom } from "../core/seeded_random.ts";

function backward(text: string, longest = 1_000_000): (readonly [text: string, offset: number])[] {
  const path = Deno.makeTempFileSync();
  Deno.writeTextFileSync(path, text);
  const fd = open(path, O_RDONLY);
  try {
    return [...linesBackward(fd, text.length, longest)].map((
      { bytes, offset },
    ) => [new TextDecoder().decode(bytes), offset]);
  } finally {
    close(fd);
    Deno.removeSync(path);
  }
}

const small: readonly (readonly [text: string, lines: readonly (readonly [string, number])[]])[] = [
  ["", []],
  ["\n", [["", 0]]],
  ["a", [["a", 0]]],
  ["a\n", [["a", 0]]],
  ["a\nb", [["b", 2], ["a", 0]]],
  ["\n\na\n\n", [["", 4], ["a", 2], ["", 1], ["", 0]]],
];

for (const [text, lines] of small) {
  Deno.test(`linesBackward(): ${JSON.stringify(text)}`, () => assertEquals(backward(text), lines));
}

Deno.test("linesBackward() gives every line of a large file, wherever the blocks end", () => {
  const random = seededRandom(3);
  const lines = Array.from(
    { length: 3000 },
    (_, i) => `${i}${"x".repeat(random(10) === 0 ? random(70_000) : random(200))}`,
  );
  const text = lines.map((line) => `${line}\n`).join("");
  const found = backward(text);
  assertEquals(found.map(([line]) => line).reverse(), lines);
  for (const [line, offset] of found) assertEquals(text.slice(offset, offset + line.length), line);
});

Deno.test("linesBackward() keeps the end of a line that is too long, and the lines before it", () => {
  const found = backward(`first\n${"x".repeat(300_000)}END\nlast\n`, 1000);
  assertEquals(
    found.map(([line]) => [line.length > 10 ? line.slice(-5) : line, line.length <= 131_072]),
    [
      ["last", true],
      ["xxEND", true],
      ["first", true],
    ],
  );
});
