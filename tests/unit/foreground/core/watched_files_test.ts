import { globToRegExp } from "@std/path";
import { assertEquals } from "@std/assert";
import { parseFileWatch, typesOfChange } from "../../../../lib/foreground/core/watched_files.ts";

const types = (path: string, ...watches: string[]): (string | undefined)[] => [
  ...typesOfChange([path], watches.map((text) => parseFileWatch(text, globToRegExp))),
];

Deno.test("a glob belongs to all processes, or to the type before the equals sign", () => {
  assertEquals(types("src/a.ts", "src/**/*.ts"), [undefined]);
  assertEquals(types("src/a.ts", "web=src/*.ts", "db=src/*.sql"), ["web"]);
  assertEquals(types("src/a.css", "src/**/*.ts"), []);
});

Deno.test("a glob without a slash is meant in every directory, one with a slash from the top", () => {
  assertEquals(types("deep/down/a.ts", "*.ts"), [undefined]);
  assertEquals(types("a.ts", "*.ts"), [undefined]);
  assertEquals(types("deep/src/a.ts", "src/*.ts"), []);
});
