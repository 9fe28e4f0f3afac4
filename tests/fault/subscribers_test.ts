/**
 * Subscribers of an event directory that never read, that vanish, and what is no subscriber at all:
 * supervision takes no notice.
 */
import { assertEquals } from "@std/assert";
import { MAX_ENTRIES } from "../../lib/fifodir/notify.ts";
import { chmod, mkfifo } from "../../lib/libc/file.ts";
import { eventually } from "../fixture/deadline.ts";
import { OpenFifo } from "./fifo.ts";
import { BYSTANDER, Patient } from "./patient.ts";

const EVENT = `${BYSTANDER}/event`;

/** A name as subscribers have them: `ftrig1:@`, 24 hexadecimal digits, `:`, six characters. */
function subscriberName(index: number): string {
  return `ftrig1:@40000000000000000000${index.toString(16).padStart(4, "0")}:abcdef`;
}

/** A FIFO in the bystander's event directory. */
function plantFifo(patient: Patient, name: string): string {
  const path = patient.tree.path(EVENT, name);
  assertEquals(mkfifo(path, 0o622), 0);
  assertEquals(chmod(path, 0o622), 0);
  return path;
}

Deno.test("subscribers that never read: their FIFOs are full, others still get every event", async () => {
  await using patient = await Patient.admit({});
  using stack = new DisposableStack();
  for (let index = 0; index < 20; index++) {
    stack.use(new OpenFifo(plantFifo(patient, subscriberName(index)))).fill(0x75);
  }
  await patient.killAndReturn(BYSTANDER);
  await patient.killAndReturn(BYSTANDER);
  await patient.recovered();
});

Deno.test("subscribers that have vanished: their FIFOs are removed at the next event", async () => {
  await using patient = await Patient.admit({});
  const names = Array.from({ length: 20 }, (_, index) => subscriberName(index));
  for (const name of names) plantFifo(patient, name);
  await patient.killAndReturn(BYSTANDER);
  assertEquals(names.filter((name) => patient.tree.exists(`${EVENT}/${name}`)), []);
  await patient.recovered();
});

Deno.test("entries of an event directory that are no subscribers: nothing is written to them or removed", async () => {
  await using patient = await Patient.admit({ "victim": "precious" });
  patient.tree.add({
    [`${EVENT}/${subscriberName(1)}`]: "a file",
    [`${EVENT}/${subscriberName(2)}/`]: "",
    [`${EVENT}/${subscriberName(3)}=`]: "../../victim",
    [`${EVENT}/${subscriberName(4)}=`]: "nowhere",
    [`${EVENT}/something`]: "else",
  });
  await patient.killAndReturn(BYSTANDER);
  assertEquals(patient.tree.text("victim"), "precious");
  assertEquals(patient.tree.text(`${EVENT}/${subscriberName(1)}`), "a file");
  await patient.recovered();
});

Deno.test("an event directory that is gone: a warning, and the service is restarted all the same", async () => {
  await using patient = await Patient.admit({ "ill/run!": "#!/bin/sh\nexec sleep 1000000\n" }, {
    healthy: ["ill"],
  });
  patient.tree.rename("ill/event", "elsewhere");
  const { pid } = patient.status("ill");
  Deno.kill(pid, "SIGKILL");
  await patient.says(/s6-supervise ill: warning: unable to notify listeners: /);
  patient.tree.rename("elsewhere", "ill/event");
  await patient.up("ill");
  await patient.killAndReturn("ill");
  await patient.recovered();
});

Deno.test("an event directory with more entries than are looked at: told once, the service restarts, everybody else is heard", async () => {
  await using patient = await Patient.admit({ "ill/run!": "#!/bin/sh\nexec sleep 1000000\n" }, {
    healthy: ["ill"],
  });
  const directory = patient.tree.path("ill/event");
  for (let index = 0; index <= MAX_ENTRIES; index++) {
    Deno.writeTextFileSync(`${directory}/${subscriberName(index)}`, "");
  }
  for (let i = 0; i < 3; i++) {
    const { pid } = patient.status("ill");
    Deno.kill(pid, "SIGKILL");
    await patient.killAndReturn(BYSTANDER);
    await eventually(
      "the service to be up again",
      () => patient.status("ill").pid !== pid && patient.status("ill").pid > 0,
    );
  }
  await patient.says(/s6-supervise ill: warning: more than 20000 entries in event: /);
  assertEquals(patient.said.split("more than 20000 entries").length, 2);
  Deno.removeSync(directory, { recursive: true });
  Deno.mkdirSync(directory);
  assertEquals(chmod(directory, 0o3730), 0);
  await patient.killAndReturn("ill");
  await patient.recovered();
});
