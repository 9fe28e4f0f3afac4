/**
 * Timeouts longer than a timer of the runtime can be (2^31 milliseconds): they must not run out at
 * once.
 */
import { assertEquals } from "@std/assert";
import { isAlive } from "../fixture/processes.ts";
import { Patient } from "./patient.ts";

/** Valid, and more than 2^31. */
const LONG = "4000000000\n";

/** It tells nobody to end it: the shell ignores SIGTERM, and so does what it starts. */
const DEAF = "#!/bin/sh\ntrap '' TERM\nexec sleep 1000000\n";

Deno.test("timeout-kill of 46 days: a deaf service is still there when one with a timeout of half a second has been killed", async () => {
  const spec = {
    "deaf/run!": DEAF,
    "deaf/timeout-kill": LONG,
    "short/run!": DEAF,
    "short/timeout-kill": "500\n",
  };
  await using patient = await Patient.admit(spec, { healthy: ["deaf", "short"] });
  const { pid } = patient.status("deaf");
  await patient.command("d", "deaf", "short");
  await patient.down("short");
  assertEquals(patient.status("deaf").pid, pid);
  assertEquals(isAlive(pid), true);
  await patient.command("u", "deaf", "short");
  await patient.recovered();
});

Deno.test("timeout-finish of 46 days: a finish goes on when one with a timeout of half a second has been killed", async () => {
  const files = (name: string, timeout: string): Record<string, string> => ({
    [`${name}/run!`]: "#!/bin/sh\nexec sleep 1000000\n",
    [`${name}/finish!`]: "#!/bin/sh\nexec sleep 1000000\n",
    [`${name}/timeout-finish`]: timeout,
  });
  await using patient = await Patient.admit(
    { ...files("slow", LONG), ...files("short", "500\n") },
    { healthy: ["slow", "short"] },
  );
  await patient.command("dk", "slow", "short");
  await patient.says(/s6-supervise short: warning: finish script lifetime reached maximum value/);
  await patient.finished("short");
  const { pid, flagfinishing } = patient.status("slow");
  assertEquals([flagfinishing, isAlive(pid)], [true, true]);
  Deno.kill(pid, "SIGKILL");
  await patient.finished("slow");
  await patient.command("u", "slow", "short");
  await patient.recovered();
});

Deno.test("s6-svscan -t of 46 days: it does not scan again and again", async () => {
  await using patient = await Patient.admit({}, { args: ["-t", LONG.trim()] });
  patient.tree.add({ "late/run!": DEAF });
  await patient.killAndReturn("bystander"); // some loops later
  assertEquals(patient.tree.exists("late/supervise"), false);
  const { code } = await patient.client("s6-svscanctl", ["-a", patient.tree.root]);
  assertEquals(code, 0);
  await patient.up("late");
  patient.measure();
  await patient.recovered("late");
});
