/** A kernel that starts no process: the limit of processes is reached, or there is no memory. */
import { assertEquals } from "@std/assert";
import { isAlive } from "../fixture/processes.ts";
import { inject, injectionRefusal } from "./injection.ts";
import { BYSTANDER, Patient, SLEEP } from "./patient.ts";
import { ProcessLimit, processLimitRefusal } from "./process_limit.ts";
import { testUnless } from "./refusal.ts";

const LIMIT_REFUSAL = processLimitRefusal();
const INJECTION_REFUSAL = injectionRefusal();

/** What glibc starts processes with. */
const CLONES = "clone,clone3,vfork,fork";

testUnless(
  LIMIT_REFUSAL,
  "the limit of processes is reached when services die: warnings; with room again, s6-svc -u brings them up",
  async () => {
    using limit = new ProcessLimit();
    await using patient = await Patient.admit({ "ill/run!": SLEEP, "ill/finish!": "#!/bin/sh\n" }, {
      healthy: ["ill"],
    });
    limit.add(patient.pid);
    await patient.killAndReturn("ill"); // and so is in the group
    patient.measure();
    limit.close();
    Deno.kill(patient.status("ill").pid, "SIGKILL");
    await patient.says(
      /s6-supervise ill: warning: unable to spawn \.\/finish: Resource temporarily unavailable; the limit of processes is reached/,
    );
    await patient.says(
      /s6-supervise ill: warning: unable to spawn \.\/run: Resource temporarily unavailable; .*\(waiting 60 seconds\)/,
    );
    assertEquals(patient.status("ill").pid, 0);
    assertEquals(isAlive(patient.status(BYSTANDER).pid), true);
    limit.open();
    await patient.command("u", "ill");
    await patient.recovered();
  },
);

testUnless(
  LIMIT_REFUSAL,
  "the limit of processes is reached when a service appears: it waits, and comes up when told so",
  async () => {
    using limit = new ProcessLimit();
    await using patient = await Patient.admit({});
    limit.add(patient.pid);
    limit.close();
    patient.tree.add({ "late/run!": SLEEP });
    patient.svscan.signal("SIGALRM");
    await patient.says(
      /s6-supervise late: warning: unable to spawn \.\/run: Resource temporarily unavailable/,
    );
    limit.open();
    await patient.command("u", "late");
    await patient.up("late");
    patient.measure();
    await patient.recovered("late");
  },
);

for (const errno of ["ENOMEM", "EAGAIN"]) {
  testUnless(
    INJECTION_REFUSAL,
    `starting a process fails with ${errno}: a warning; afterwards s6-svc -u brings the service up`,
    async () => {
      await using patient = await Patient.admit({ "ill/run!": SLEEP }, { healthy: ["ill"] });
      {
        await using _injected = await inject(patient.pid, CLONES, errno);
        Deno.kill(patient.status("ill").pid, "SIGKILL");
        await patient.says(
          /s6-supervise ill: warning: unable to spawn \.\/run: .*\(waiting 60 seconds\)/,
        );
      }
      await patient.command("u", "ill");
      await patient.recovered();
    },
  );
}

for (
  const [calls, errno] of [["pipe2", "EMFILE"], ["pipe2", "ENFILE"], ["openat", "EIO"], [
    "rename,renameat,renameat2",
    "EIO",
  ], [
    "fchdir",
    "EIO",
  ]] as const
) {
  testUnless(
    INJECTION_REFUSAL,
    `${calls} fails with ${errno} when a service dies: a warning; afterwards it is up`,
    async () => {
      const spec = {
        "ill/run!": "#!/bin/sh\necho >&3\nexec sleep 1000000\n",
        "ill/notification-fd": "3\n",
      };
      await using patient = await Patient.admit(spec, { healthy: ["ill"] });
      {
        await using _injected = await inject(patient.pid, calls, errno);
        Deno.kill(patient.status("ill").pid, "SIGKILL");
        await patient.says(/warning: /);
      }
      await patient.command("u", "ill");
      await patient.recovered();
    },
  );
}
