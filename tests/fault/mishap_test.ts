/**
 * Exceptions that nobody expects, thrown into a running s6-svscan out of the C library: the process
 * lives, tells each once with its place in our code, and when it is over all services are as they
 * should be.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { signalProcess } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { isAlive } from "../fixture/processes.ts";
import { BYSTANDER, Patient, SLEEP } from "./patient.ts";

const PROGRAM = fromFileUrl(new URL("./sabotaged_program.ts", import.meta.url));
/** In place of the program that the words begin with. */
const SABOTAGED = [
  "/bin/sh",
  "-c",
  `shift; exec "${Deno.execPath()}" run -A --quiet "${PROGRAM}" s6-svscan "$@"`,
  "sh",
];
const SWITCH = ".sabotage";

const FUNCTIONS = [
  "access",
  "epoll_ctl",
  "epoll_wait",
  "fchdir",
  "getdents64",
  "kill",
  "open",
  "openat",
  "posix_spawn",
  "read",
  "rename",
  "waitpid",
];

for (const victim of FUNCTIONS) {
  Deno.test(`${victim} throws now and then: s6-svscan lives, says so once, and afterwards every service is up and obeys`, async () => {
    const files = {
      "web/run!": SLEEP,
      "web/finish!": "#!/bin/sh\n",
      "web/notification-fd": "3\n",
      "web/timeout-kill": "10000\n",
    };
    await using patient = await Patient.admit(files, {
      healthy: ["web"],
      under: SABOTAGED,
      env: { SABOTAGE: victim, SABOTAGE_WHILE: SWITCH },
    });
    const names = [BYSTANDER, "web"];
    patient.tree.add({ [SWITCH]: "" });
    for (let round = 0; round < 4; round++) {
      for (const name of names) {
        const { pid } = patient.status(name);
        if (pid > 0) signalProcess(pid, "SIGKILL");
      }
      patient.svscan.signal("SIGALRM");
      await patient.client("s6-svc", ["-ut"], ...names);
      await patient.client("s6-svscanctl", ["-a"], ".");
      await patient.client("s6-svwait", ["-u", "-t", "1500"], ...names);
    }
    patient.tree.remove(SWITCH);
    assert(isAlive(patient.pid), patient.said);
    for (const name of names) {
      await eventually(`${name} to be up with a process of its own; ${patient.said}`, async () => {
        await patient.client("s6-svc", ["-u"], name);
        const { pid, flagfinishing } = patient.status(name);
        return pid > 0 && !flagfinishing && isAlive(pid);
      });
      await patient.obeyed(name);
      await patient.killAndReturn(name);
    }
    const told = patient.said.split("\n").filter((line) => line.includes("internal error"));
    assert(told.length > 0, `nothing was thrown: ${patient.said}`);
    assertEquals(new Set(told).size, told.length, told.join("\n"));
    for (const line of told) {
      assertMatch(line, /internal error: TypeError: sabotage of .* \(in .*\.ts:\d+:\d+\)/);
    }
    assertEquals(await patient.svscan.stop(), 0, patient.said);
  });
}
