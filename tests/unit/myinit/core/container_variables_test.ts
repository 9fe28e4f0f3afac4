/** The files of the container's environment. Source: baseimage-docker, image/bin/my_init. */
import { assertEquals } from "@std/assert";
import {
  jsonDump,
  shellDump,
  valueOfFile,
} from "../../../../lib/myinit/core/container_variables.ts";

Deno.test("shellDump(): quotes values, makes names a shell's, leaves out whom it runs as", () => {
  const variables = new Map([
    ["PLAIN", "a/b:c=d"],
    ["EMPTY", ""],
    ["QUOTED", "it's $HOME\n"],
    ["odd-name.x", "1"],
    ["HOME", "/root"],
    ["UID", "0"],
  ]);
  assertEquals(
    shellDump(variables),
    `export PLAIN=a/b:c=d\nexport EMPTY=''\nexport QUOTED='it'"'"'s $HOME\n'\nexport odd_name_x=1\n`,
  );
});

Deno.test("jsonDump(): as Python writes it, which keeps to ASCII", () => {
  const variables = new Map([["A", 'x"\n'], ["HOME", "/r\u00f6\u{1f600}"]]);
  assertEquals(jsonDump(variables), String.raw`{"A": "x\"\n", "HOME": "/r\u00f6\ud83d\ude00"}`);
  assertEquals(jsonDump(new Map()), "{}");
});

Deno.test("valueOfFile(): without one newline at the end", () => {
  assertEquals(["a\n", "a\n\n", "\n", "a\nb"].map(valueOfFile), ["a", "a\n", "", "a\nb"]);
});
