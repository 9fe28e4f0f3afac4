/** Bytes that no configuration may have: each is refused with its place. */
import { assertEquals, assertThrows } from "@std/assert";
import { Refusal } from "../../../lib/grammars/core/refusal.ts";
import type { Language } from "../../../lib/importer/core/language.ts";
import { formatOf, importFrom } from "../../../lib/importer/import.ts";
import { makeTree } from "../../fixture/tree.ts";

const SH: Language = { kind: "sh", interpreter: "/bin/sh" };

function refusal(path: string, format: "supervisord" | "systemd" | "procfile"): string {
  return assertThrows(() => importFrom(path, format, SH), Refusal).message;
}

Deno.test("import: a NUL byte is refused with file, line and column, in every format and drop-in", () => {
  using tree = makeTree({
    "s.conf": "[program:w]\ncommand=x\0y\n",
    "main.conf": "[supervisord]\n[include]\nfiles=s.conf\n[program:v]\ncommand=v\n",
    "u.service": "[Service]\nExecStart=/bin/x\0y\n",
    "d.service": "[Service]\nExecStart=/bin/x\n",
    "d.service.d/a.conf": "[Service]\n\nEnvironment=A=\0\n",
    "Procfile": "w: x\nv: \0\n",
    "env/Procfile": "w: x\n",
    "env/.env": "A=1\0\n",
  });
  assertEquals(
    refusal(tree.path("s.conf"), "supervisord"),
    `${tree.path("s.conf")}:2:10: a NUL byte`,
  );
  assertEquals(
    refusal(tree.path("main.conf"), "supervisord"),
    `${tree.path("s.conf")}:2:10: a NUL byte`,
  );
  assertEquals(
    refusal(tree.path("u.service"), "systemd"),
    `${tree.path("u.service")}:2:17: a NUL byte`,
  );
  assertEquals(
    refusal(tree.path("d.service"), "systemd"),
    `${tree.path("d.service.d/a.conf")}:3:15: a NUL byte`,
  );
  assertEquals(
    refusal(tree.path("Procfile"), "procfile"),
    `${tree.path("Procfile")}:2:4: a NUL byte`,
  );
  assertEquals(
    refusal(tree.path("env/Procfile"), "procfile"),
    `${tree.path("env/.env")}:1:4: a NUL byte`,
  );
});

Deno.test("import: a supervisord.conf with a byte order mark is known as one, and refused as supervisord does", () => {
  using tree = makeTree({ "s.conf": "\uFEFF[program:w]\ncommand=/bin/true\n" });
  assertEquals(formatOf(tree.path("s.conf")), "supervisord");
  assertEquals(
    refusal(tree.path("s.conf"), "supervisord"),
    `${tree.path("s.conf")}:1:1: a byte order mark, which supervisord refuses`,
  );
});
