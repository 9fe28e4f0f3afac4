/** Tables in texts of `hexad help`: a name and what it is, wrapped. Pure. */

const WIDTH = 100;
const NAME_WIDTH = 21;

export function helpLines(rows: readonly (readonly [name: string, text: string])[]): string {
  return rows.flatMap(([name, text]) => wrapped(name, text)).join("\n");
}

function wrapped(name: string, text: string): string[] {
  const lines = [`  ${name}`.padEnd(NAME_WIDTH + 1)];
  for (const word of text.split(" ")) {
    if (lines.at(-1)!.length + word.length + 1 > WIDTH) lines.push(" ".repeat(NAME_WIDTH + 1));
    lines[lines.length - 1] += ` ${word}`;
  }
  return lines;
}
