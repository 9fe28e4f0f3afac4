import { assertEquals } from "@std/assert";
import { interpreterWords } from "../../../../lib/core/diagnosis/shebang.ts";
import { encodePath } from "../../../../lib/core/text/path_bytes.ts";

const LINES = [
  ["#!/bin/sh\necho", ["/bin/sh", "x"]],
  ["#! \t/bin/sh -e -u \n", ["/bin/sh", "-e -u", "x"]],
  ["#!/command/with-contenv bash", ["/command/with-contenv", "bash", "x"]],
  ["#!/bin/sh\r\n", ["/bin/sh\r", "x"]],
  ["#!/bin/sh\0 -e\n", ["/bin/sh", "x"]],
  ["#!/bin/sh -e\0u\n", ["/bin/sh", "-e", "x"]],
  ["#!\0/bin/sh\n", undefined],
  ["#!\n/bin/sh", undefined],
  ["", undefined],
  ["#", undefined],
  ["echo #!/bin/sh", undefined],
] as const;

for (const [head, words] of LINES) {
  Deno.test(`interpreterWords(): ${JSON.stringify(head)}: ${words?.join(" | ") ?? "none"}`, () => {
    assertEquals(interpreterWords(encodePath(head), "x"), words);
  });
}
