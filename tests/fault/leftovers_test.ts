/**
 * flag-kill-leftovers where something is in its way: no descriptors for processes, nobody's
 * permission, a /proc of others; and in a storm.
 */
import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { run, signalProcess } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { type Events, subscribe, subscribeAhead } from "../fixture/events.ts";
import { isAlive } from "../fixture/processes.ts";
import { startSvscan } from "../fixture/scan.ts";
import { OURS, requireToolset, THEIRS } from "../fixture/toolset.ts";
import { makeTree, type TreeSpec } from "../fixture/tree.ts";
import { inject, injectionRefusal } from "./injection.ts";
import { Patient } from "./patient.ts";
import { refusalOf, testUnless } from "./refusal.ts";

/** Leaves a child, tells its pid in `left`, and stays. */
function leaves(child: string): string {
  return `#!/bin/sh\n${child} &\necho $! >left.tmp\nmv left.tmp left\nexec sleep 100000\n`;
}

const FLAG: TreeSpec = { "app/flag-kill-leftovers": "", "app/restart-policy": "never\n" };

async function leftBy(patient: Patient, service = "app"): Promise<number> {
  await eventually(`what ${service} leaves`, () => patient.tree.exists(`${service}/left`));
  return Number(patient.tree.text(`${service}/left`));
}

async function killRun(patient: Patient, events: Events, sequence: string): Promise<void> {
  signalProcess(patient.status("app").pid, "SIGKILL");
  await events.expect(sequence);
}

for (
  const [calls, errno] of [["pidfd_open", "ENOSYS"], ["pidfd_open", "EPERM"], [
    "pidfd_open",
    "EMFILE",
  ]] as const
) {
  testUnless(
    injectionRefusal(),
    `${calls} fails with ${errno}: leftovers are killed all the same`,
    async () => {
      await using patient = await Patient.admit({ ...FLAG, "app/run!": leaves("sleep 100000") });
      const left = await leftBy(patient);
      await using events = subscribe(patient.tree.path("app/event"));
      {
        await using _injection = await inject(patient.pid, calls, errno);
        await killRun(patient, events, "dOD");
      }
      assertEquals(isAlive(left), false);
      await patient.recovered();
    },
  );
}

testUnless(
  injectionRefusal(),
  "a leftover that may not be signalled: a warning, and it is not waited for",
  async () => {
    await using patient = await Patient.admit({ ...FLAG, "app/run!": leaves("sleep 100000") });
    const left = await leftBy(patient);
    await using events = subscribe(patient.tree.path("app/event"));
    {
      await using _injection = await inject(patient.pid, "pidfd_send_signal,kill", "EPERM");
      await killRun(patient, events, "dOD");
    }
    await patient.says(
      /s6-supervise app: warning: unable to signal process \d+, which \.\/run has left: Operation not permitted \(leaving it alone\)/,
    );
    assert(isAlive(left));
    signalProcess(left, "SIGKILL");
    await patient.recovered();
  },
);

const NAMESPACE_REFUSAL = refusalOf("unshare", ["-p", "-f", "true"]);

testUnless(
  NAMESPACE_REFUSAL,
  "the /proc of another PID namespace: its numbers are not ours, so a warning, and nobody is killed",
  async () => {
    requireToolset(OURS);
    using tree = makeTree({ ...FLAG, "app/run!": "#!/bin/sh\nsleep 100000 &\nexit 1\n" });
    await using events = subscribeAhead(tree.path("app/event"));
    await using svscan = await startSvscan(OURS, tree, {
      under: ["unshare", "-p", "-f", "--kill-child"],
    });
    await events.expect("sudOD");
    await svscan.output.until(
      /warning: unable to look for what \.\/run has left: there is no \/proc of this PID namespace \(mount one\)/,
    );
    assertEquals((await run(THEIRS.bin("s6-svscanctl"), ["-t", tree.root])).code, 0);
    assertEquals(await svscan.ended(), 0);
  },
);

testUnless(
  NAMESPACE_REFUSAL,
  "flag-newpidns: nothing outlives its PID 1, and there is nothing to wait for",
  async () => {
    await using patient = await Patient.admit({
      ...FLAG,
      "app/flag-newpidns": "",
      "app/run!": "#!/bin/sh\nsetsid sleep 100000 &\nsleep 100000\n",
    });
    await patient.up("app");
    const { pid } = patient.status("app");
    const children = await eventually("the children of its PID 1", () => {
      const numbers = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).trim().split(" ")
        .filter((text) => text !== "").map(Number);
      return numbers.length === 2 && numbers;
    });
    await using events = subscribe(patient.tree.path("app/event"));
    await killRun(patient, events, "dOD");
    assertEquals(children.filter(isAlive), []);
    await patient.recovered();
  },
);

Deno.test("a hundred services that leave something are killed at the same moment: each comes back, and of the old lives nothing is left", async () => {
  const names = Array.from({ length: 100 }, (_, index) => `s${index}`);
  const spec = Object.fromEntries(
    names.flatMap((
      name,
    ) => [[`${name}/run!`, leaves("sleep 100000")], [`${name}/flag-kill-leftovers`, ""]]),
  );
  await using patient = await Patient.admit(spec, { healthy: names });
  const old: number[] = [];
  for (const name of names) old.push(await leftBy(patient, name));
  const pids = names.map((name) => patient.status(name).pid);
  for (const name of names) patient.tree.remove(`${name}/left`);
  for (const pid of pids) signalProcess(pid, "SIGKILL");
  const young: number[] = [];
  for (const name of names) young.push(await leftBy(patient, name));
  assertEquals([old.filter(isAlive).length, young.filter(isAlive).length], [0, 100]);
  assertNotMatch(patient.said, /does not die/);
  await patient.recovered();
});

Deno.test("leftovers of a service whose directory is removed meanwhile: they go, and s6-svscan goes on", async () => {
  const deaf = `perl -e '$SIG{TERM} = "IGNORE"; open my $f, ">", "deaf"; close $f; sleep 100000'`;
  await using patient = await Patient.admit({
    ...FLAG,
    "app/timeout-kill": "300\n",
    "app/run!": leaves(deaf),
  });
  const left = await leftBy(patient);
  await eventually("the leftover to be deaf", () => patient.tree.exists("app/deaf"));
  await using events = subscribe(patient.tree.path("app/event"));
  await killRun(patient, events, "d");
  assert(isAlive(left));
  patient.tree.rename("app", ".app");
  assertEquals((await patient.client("s6-svscanctl", ["-an"], ".")).code, 0);
  await eventually("the leftover to be killed", () => !isAlive(left));
  await patient.recovered();
});
