import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { onlyThese, parseFormation } from "../../../../lib/foreground/core/formation.ts";
import {
  type ProcfileRun,
  procfileServices,
} from "../../../../lib/foreground/core/procfile_services.ts";
import { parseProcfile } from "../../../../lib/importer/core/procfile.ts";

const RUN: ProcfileRun = {
  file: "Procfile",
  directory: "/srv/app",
  formation: parseFormation("web=2,clock=1"),
  basePort: 3000,
  variables: [["GREETING", "it's me"]],
  graceMs: 5000,
  language: { kind: "sh", interpreter: "/bin/sh" },
};
const TYPES = parseProcfile("web: ./web -p $PORT\nworker: ./worker\nclock: ./clock\n").types;

const services = (run: Partial<ProcfileRun> = {}) => procfileServices(TYPES, { ...RUN, ...run });
const scriptOf = (name: string): string =>
  services().find((service) => service.name === name)!.files.find(({ path }) => path === "run")!
    .text;

Deno.test("procfileServices(): a directory for each process, in the order of the Procfile", () => {
  assertEquals(services().map(({ name }) => name), ["web.1", "web.2", "clock.1"]);
  assertEquals(services({ formation: onlyThese(["worker"]) }).map(({ name }) => name), [
    "worker.1",
  ]);
});

Deno.test("procfileServices(): PORT counts types by 100, whether they run or not, and processes by one", () => {
  assertStringIncludes(scriptOf("web.2"), "export PORT=3001\n");
  assertStringIncludes(scriptOf("clock.1"), "export PORT=3200\nexport PS=clock.1\n");
});

Deno.test("procfileServices(): variables are quoted, and nothing is started again", () => {
  assertStringIncludes(scriptOf("web.1"), `export GREETING='it'\\''s me'\n`);
  const small = Object.fromEntries(services()[0]!.files.map(({ path, text }) => [path, text]));
  assertEquals([small["restart-policy"], small["timeout-kill"]], ["never\n", "5000\n"]);
});

Deno.test("procfileServices(): refused: a type that is not there, and two of one name", () => {
  assertThrows(
    () => services({ formation: onlyThese(["wbe"]) }),
    SyntaxError,
    "there is no wbe (there are web, worker, clock)",
  );
  assertThrows(
    () => procfileServices(parseProcfile("a: x\n\na: y\n").types, RUN),
    SyntaxError,
    "lines 1 and 3 are both called a",
  );
});
