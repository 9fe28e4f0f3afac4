/**
 * A service that forks without end, until its limit of processes is reached, beside others under
 * the same limit.
 */
import { assertEquals } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { BYSTANDER, Patient } from "./patient.ts";
import { ProcessLimit, processLimitRefusal } from "./process_limit.ts";
import { testUnless } from "./refusal.ts";

const REFUSAL = processLimitRefusal();

/** Room for the storm, beside the runtime's threads. */
const PROCESSES = 300;

/** Each process forks as fast as it can; the first that may not says so. */
const STORM = `#!/usr/bin/perl
while (1) {
  next if defined fork;
  open(my $full, ">>", "full"); close $full;
  select undef, undef, undef, 0.05;
}
`;

testUnless(
  REFUSAL,
  "a fork storm up to the limit of processes: s6-svscan obeys, ends all of it by flag-kill-leftovers, and goes on",
  async () => {
    using limit = new ProcessLimit();
    const spec = { "storm/run!": STORM, "storm/down": "", "storm/flag-kill-leftovers": "" };
    await using patient = await Patient.admit(spec);
    limit.add(patient.pid);
    await patient.killAndReturn(BYSTANDER); // and so is in the group
    patient.measure();
    const before = limit.processes;
    limit.atMost(PROCESSES);
    await patient.command("u", "storm");
    await eventually(
      "the storm to reach its limit",
      () => patient.tree.exists("storm/full") && limit.population > PROCESSES / 2,
    );
    await patient.command("d", "storm");
    await patient.finished("storm");
    await eventually(`no more processes than before (${before})`, () => limit.processes <= before);
    limit.open();
    await patient.command("u", BYSTANDER); // it lives, or waits for room if it has met the storm
    assertEquals(patient.status("storm").pid, 0);
    await patient.recovered();
  },
);
