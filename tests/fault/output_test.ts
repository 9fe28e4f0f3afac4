/**
 * A standard error that nobody reads, or that nobody can read any more: s6-svscan says what it can
 * and goes on.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { OpenFifo } from "./fifo.ts";
import type { Tree } from "../fixture/tree.ts";
import { BYSTANDER, Patient, SLEEP } from "./patient.ts";

/** Opens it for both, which waits for nobody at its other end. */
const INTO_FIFO = "1<>console 2<>console";

Deno.test("a stuck reader of our stderr: services are restarted and commands obeyed; what could not be said is counted when there is room", async () => {
  await using patient = await Patient.admit({ "console|": "", "ill/": "" }, {
    redirect: INTO_FIFO,
  });
  using console = new OpenFifo(patient.tree.path("console"));
  await console.until(/there is no such file.*\n/);
  console.fill(0x2e);
  // each of these starts fails, and has something to say
  for (let count = 0; count < 3; count++) await patient.command("u", "ill");
  await patient.killAndReturn(BYSTANDER);
  patient.tree.add({ "late/run!": SLEEP });
  assertEquals((await patient.client("s6-svscanctl", ["-a", patient.tree.root])).code, 0);
  await patient.up("late");
  console.drain();
  await patient.command("u", "ill");
  const said = await console.until(/there is no such file.*\n/);
  assertMatch(
    said,
    /^hexad: warning: 3 messages before this one could not be written\ns6-supervise ill: warning: .*\n$/,
  );
  patient.tree.remove("late");
  assertEquals((await patient.client("s6-svscanctl", ["-an", patient.tree.root])).code, 0);
  await patient.recovered();
});

Deno.test("a reader of our stderr that has gone: services are restarted and commands obeyed", async () => {
  const readers: OpenFifo[] = [];
  const prepare = (tree: Tree): void => void readers.push(new OpenFifo(tree.path("console")));
  await using patient = await Patient.admit({ "console|": "", "ill/": "" }, {
    redirect: "1>console 2>console",
    prepare,
  });
  await readers[0]!.until(/there is no such file.*\n/);
  readers[0]![Symbol.dispose]();
  for (let count = 0; count < 3; count++) await patient.command("u", "ill");
  await patient.recovered();
});
