/** Random bytes in the control FIFOs. The random numbers are the same in each run. */
import { assertEquals, assertNotMatch } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { isRead, OpenFifo } from "./fifo.ts";
import { BYSTANDER, Patient, SLEEP, STACK_TRACE } from "./patient.ts";
import { seededRandom } from "../unit/core/seeded_random.ts";

const COUNT = 10_000;

function randomBytes(seed: number): Uint8Array<ArrayBuffer> {
  const random = seededRandom(seed);
  return Uint8Array.from({ length: COUNT }, () => random(256));
}

/** Commands that end s6-svscan; what is left of the bytes it must survive. */
const ENDING = new Set([..."btiq"].map((letter) => letter.charCodeAt(0)));

/** Writes all at once, and waits until somebody has read it or has left it unread. */
async function writeNoise(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  {
    using fifo = new OpenFifo(path);
    assertEquals(fifo.write(bytes), bytes.length);
  }
  await isRead(path);
}

/**
 * Sends commands and waits for what they lead to, again if the supervisor was about to end (there
 * was an `x`) and took them with it.
 */
async function obeys(
  patient: Patient,
  service: string,
  wait: string,
  letters: string,
): Promise<void> {
  await eventually(`the service to obey s6-svc ${wait} ${letters}`, async () => {
    const { code } = await patient.client("s6-svc", [wait, "-T", "1500", letters], service);
    return code === 0;
  });
}

Deno.test("10,000 random bytes into a service's control FIFO: it still obeys s6-svc, and nobody else noticed", async () => {
  await using patient = await Patient.admit({ "ill/run!": SLEEP }, { healthy: ["ill"] });
  const { pid } = patient.status(BYSTANDER);
  await writeNoise(patient.tree.path("ill/supervise/control"), randomBytes(1));
  await obeys(patient, "ill", "-wD", "-dck");
  await obeys(patient, "ill", "-wu", "-U");
  assertEquals(patient.tree.exists("ill/down"), false);
  assertEquals(patient.status(BYSTANDER).pid, pid);
  await patient.recovered();
});

Deno.test("10,000 random bytes into s6-svscan's control FIFO, but those that tell it to end: it warns and goes on", async () => {
  await using patient = await Patient.admit({ "other/run!": SLEEP }, { healthy: ["other"] });
  const pids = [BYSTANDER, "other"].map((name) => patient.status(name).pid);
  const bytes = randomBytes(2).filter((byte) => !ENDING.has(byte));
  await writeNoise(patient.tree.path(".s6-svscan/control"), bytes);
  await patient.says(/warning: received unknown control command/);
  patient.tree.add({ "late/run!": SLEEP });
  assertEquals((await patient.client("s6-svscanctl", ["-a", patient.tree.root])).code, 0);
  await patient.up("late");
  assertEquals([BYSTANDER, "other"].map((name) => patient.status(name).pid), pids);
  patient.tree.remove("late");
  assertEquals((await patient.client("s6-svscanctl", ["-an", patient.tree.root])).code, 0);
  await patient.recovered();
});

Deno.test("10,000 random bytes into s6-svscan's control FIFO, all of them: it ends in order, with exit code 0", async () => {
  await using patient = await Patient.admit({});
  using fifo = new OpenFifo(patient.tree.path(".s6-svscan/control"));
  fifo.write(randomBytes(3));
  assertEquals(await patient.svscan.ended(), 0);
  assertNotMatch(patient.said, STACK_TRACE);
});
