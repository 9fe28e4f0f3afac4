import { assert, assertEquals } from "@std/assert";
import { endLine, isLifeLine, startedLine } from "../../../../lib/foreground/core/life_lines.ts";

Deno.test("lines about a process's life are told from those of services", () => {
  const ours = [startedLine(12), endLine(7 << 8), endLine(9)];
  assertEquals(ours, ["started with pid 12", "exited with code 7", "terminated by SIGKILL"]);
  for (const line of ours) assert(isLifeLine(line), line);
  for (const line of ["exited with code 7: no table", "it started with pid 12", ""]) {
    assert(!isLifeLine(line), line);
  }
});
