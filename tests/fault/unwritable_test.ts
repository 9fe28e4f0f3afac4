/**
 * Directories that s6-svscan may not write in. It is an ordinary user here: root may write
 * everywhere.
 */
import { assertEquals } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { isAlive } from "../fixture/processes.ts";
import { Patient, SLEEP } from "./patient.ts";

const USER = { ordinaryUser: true } as const;

Deno.test("a service directory in which supervise/ can't be made: a warning; the service comes up by itself when it may be", async () => {
  await using patient = await Patient.admit({ "ill/run!": SLEEP, "ill/event/": "" }, {
    ...USER,
    prepare: (tree) => Deno.chmodSync(tree.path("ill"), 0o555),
  });
  await patient.says(/warning: .*ill.*unable to create directory supervise: Permission denied/);
  Deno.chmodSync(patient.tree.path("ill"), 0o755);
  await patient.up("ill");
  patient.measure();
  await patient.recovered("ill");
});

Deno.test("supervise/ turns unwritable while the service runs: it is restarted, with warnings; its status is right again afterwards", async () => {
  await using patient = await Patient.admit({
    "ill/run!": "#!/bin/sh\necho $$ >pid\nexec sleep 1000000\n",
  }, { ...USER, healthy: ["ill"] });
  const stale = patient.tree.bytes("ill/supervise/status");
  Deno.chmodSync(patient.tree.path("ill/supervise"), 0o500);
  const before = patient.tree.text("ill/pid");
  Deno.kill(Number(before), "SIGKILL");
  await eventually("another process", () => !["", before].includes(patient.tree.text("ill/pid")));
  await patient.says(/s6-supervise ill: warning: unable to write status file: .*Permission denied/);
  assertEquals(patient.tree.bytes("ill/supervise/status"), stale);
  Deno.chmodSync(patient.tree.path("ill/supervise"), 0o700);
  Deno.kill(Number(patient.tree.text("ill/pid")), "SIGKILL");
  await eventually("a status of the living process", () => isAlive(patient.status("ill").pid));
  await patient.recovered();
});

Deno.test("an unwritable service directory: s6-svc -D ends the service, and a warning tells that there is no down file", async () => {
  await using patient = await Patient.admit({ "ill/run!": SLEEP }, { ...USER, healthy: ["ill"] });
  Deno.chmodSync(patient.tree.path("ill"), 0o555);
  await patient.command("D", "ill");
  await patient.down("ill");
  await patient.says(
    /s6-supervise ill: warning: unable to create \.\/down file: Permission denied/,
  );
  Deno.chmodSync(patient.tree.path("ill"), 0o755);
  await patient.command("U", "ill");
  await patient.recovered();
});

Deno.test("an event directory that may not be read: a warning, and the service is restarted", async () => {
  await using patient = await Patient.admit({ "ill/run!": SLEEP }, { ...USER, healthy: ["ill"] });
  const { pid } = patient.status("ill");
  Deno.chmodSync(patient.tree.path("ill/event"), 0o300);
  Deno.kill(pid, "SIGKILL");
  await patient.says(/s6-supervise ill: warning: unable to notify listeners: Permission denied/);
  await eventually("another process", () => ![0, pid].includes(patient.status("ill").pid));
  await patient.obeyed("ill"); // its last event is behind it
  Deno.chmodSync(patient.tree.path("ill/event"), 0o3730);
  await patient.killAndReturn("ill");
  await patient.recovered();
});

Deno.test("a scan directory that may not be read any more: a warning, services are restarted; readable again, it is scanned", async () => {
  await using patient = await Patient.admit({ ".late/run!": SLEEP }, USER);
  patient.tree.rename(".late", "late");
  Deno.chmodSync(patient.tree.root, 0o311);
  patient.svscan.signal("SIGALRM");
  await patient.says(/s6-svscan: warning: unable to .*Permission denied.*waiting 5 seconds/);
  Deno.chmodSync(patient.tree.root, 0o755);
  await patient.up("late");
  patient.measure();
  await patient.recovered("late");
});
