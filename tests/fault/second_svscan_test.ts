/**
 * Whoever comes second to a scan directory is refused, and has changed nothing of what the first
 * one has there.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../fixture/command.ts";
import { OURS } from "../fixture/toolset.ts";
import type { Tree } from "../fixture/tree.ts";
import { Patient, SLEEP } from "./patient.ts";

const REFUSAL = "another instance of s6-svscan is already running on the same directory";

/** All names below the directory, with what tells whether one has been made anew. */
function contents(tree: Tree, directory = tree.root): string[] {
  return [...Deno.readDirSync(directory)].flatMap((entry) => {
    const path = `${directory}/${entry.name}`;
    const { ino } = Deno.lstatSync(path);
    return [`${path} ${ino}`, ...(entry.isDirectory ? contents(tree, path) : [])];
  }).sort();
}

const COMMANDS: Readonly<Record<string, (tree: Tree) => readonly string[]>> = {
  "s6-svscan": (tree) => [tree.root],
  "s6-svscanboot": (tree) => ["-D", tree.path("logs"), tree.root],
  "s6-supervise": (tree) => [tree.path("db")],
};

for (const [program, args] of Object.entries(COMMANDS)) {
  Deno.test(`a second ${program} on a directory that has one: 100, and everything is as it was, links to nowhere too`, async () => {
    const spec = { "db/run!": SLEEP, "s6-svscan-log/run!": SLEEP };
    await using patient = await Patient.admit(spec, { healthy: ["db", "s6-svscan-log"] });
    const { tree } = patient;
    tree.add({ "soon=": "not-there-yet" });
    const before = contents(tree);
    const { code, stderr } = await run(OURS.bin(program), args(tree));
    assertEquals(code, 100);
    assertStringIncludes(
      stderr,
      program === "s6-supervise" ? "another instance of s6-supervise is already running" : REFUSAL,
    );
    assertEquals(contents(tree), before);
    await patient.killAndReturn("db");
    tree.remove("soon");
    await patient.recovered();
  });
}
