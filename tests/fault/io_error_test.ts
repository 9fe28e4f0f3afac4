/**
 * A device that fails: EIO, and EROFS as file systems give it that have turned read-only because of
 * one, for the status and for logs.
 */
import { assertEquals } from "@std/assert";
import { SVSTATUS_SIZE } from "../../lib/servicedir/core/svstatus.ts";
import { eventually } from "../fixture/deadline.ts";
import { isAlive } from "../fixture/processes.ts";
import { inject, injectionRefusal } from "./injection.ts";
import { Patient } from "./patient.ts";
import { testUnless } from "./refusal.ts";
import { RunningLogger } from "./running_logger.ts";

const REFUSAL = injectionRefusal();

const REASONS = { EIO: "Input/output error", EROFS: "Read-only file system" } as const;

/** What a status is written with, each by itself. */
const STATUS_CALLS = ["openat", "rename,renameat,renameat2"] as const;

for (const [errno, reason] of Object.entries(REASONS)) {
  for (const calls of STATUS_CALLS) {
    testUnless(
      REFUSAL,
      `${calls} fails with ${errno} when a status is written: a warning, the status stays whole, and is right again afterwards`,
      async () => {
        const run = "#!/bin/sh\necho $$ >pid\nexec sleep 1000000\n";
        await using patient = await Patient.admit({ "ill/run!": run }, { healthy: ["ill"] });
        const before = patient.tree.text("ill/pid");
        const stale = patient.tree.bytes("ill/supervise/status");
        {
          await using _injected = await inject(patient.pid, calls, errno);
          Deno.kill(Number(before), "SIGKILL");
          await patient.says(
            new RegExp(`s6-supervise ill: warning: unable to write status file: .*${reason}`),
          );
          assertEquals(patient.tree.bytes("ill/supervise/status"), stale);
        }
        await patient.command("u", "ill"); // where not even ./run could be looked at
        await eventually(
          "a status of the living process",
          () => isAlive(patient.status("ill").pid),
        );
        assertEquals(patient.tree.bytes("ill/supervise/status").length, SVSTATUS_SIZE);
        await patient.recovered();
      },
    );
  }

  testUnless(
    REFUSAL,
    `writing into a log fails with ${errno}: a warning, lines wait, and afterwards every line is there`,
    async () => {
      await using logger = await RunningLogger.start(["n1000", "r50", "s1000000", "./log"]);
      await logger.feed(100);
      await logger.caughtUp();
      {
        await using _injected = await inject(
          logger.pid,
          "write,writev,pwrite64",
          errno,
          `${logger.logdir}/current`,
        );
        await logger.feed(100);
        await logger.says(
          new RegExp(`warning: unable to .*: ${reason} in \\./log \\(trying again in 50 ms\\)`),
        );
      }
      await logger.caughtUp();
      await logger.feed(100);
      await logger.assertRecovered();
    },
  );

  testUnless(
    REFUSAL,
    `a rotation fails with ${errno}: a warning, and afterwards every line is there`,
    async () => {
      await using logger = await RunningLogger.start(["n1000", "r50", "s4096", "./log"]);
      await logger.feed(10);
      await logger.caughtUp();
      {
        await using _injected = await inject(logger.pid, "rename,renameat,renameat2", errno);
        await logger.feed(200);
        await logger.says(
          new RegExp(`warning: unable to .*: ${reason} in \\./log \\(trying again in 50 ms\\)`),
        );
      }
      await logger.caughtUp();
      await logger.assertRecovered();
    },
  );
}
