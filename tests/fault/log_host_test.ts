/**
 * The log host under faults: killed, stopped, alone, on a full disk, not to be started. Three
 * services have their loggers in it. What was in the pipes is there afterwards; what a killed log
 * host had read and not written is lost: for each log a block (64 KiB, or 256 KiB once the pipe was
 * full), and what waited for the disk.
 */
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { SIGKILL } from "../../lib/core/linux/signals.ts";
import { BLOCK_SIZE, PENDING_LIMIT } from "../../lib/logdir/engine.ts";
import { eventually } from "../fixture/deadline.ts";
import { isAlive } from "../fixture/processes.ts";
import type { TreeSpec } from "../fixture/tree.ts";
import { inject, injectionRefusal } from "./injection.ts";
import { archivesOf, assertComplete, gapsOf, lastLogged, logFiles } from "./log_lines.ts";
import { Patient } from "./patient.ts";
import { stateLetter } from "./process_facts.ts";
import { ProcessLimit, processLimitRefusal } from "./process_limit.ts";
import { eagerProducer, heldBack, ORDERED_PRODUCER } from "./producers.ts";
import { testUnless } from "./refusal.ts";
import { mountRefusal, SmallDisk } from "./small_disk.ts";

const NAMES = ["a", "b", "c"] as const;
const LOGS = NAMES.map((name) => `${name}/log`);
const HEALTHY = [...NAMES, ...LOGS];
const LINE_BYTES = 500;
const INJECTION_REFUSAL = injectionRefusal();

function services(run: string, script: string): TreeSpec {
  return Object.assign(
    {},
    ...NAMES.map((name) => ({
      [`${name}/run!`]: run,
      [`${name}/go|`]: "",
      [`${name}/log/logscript`]: script,
    })),
  );
}

class Hosted {
  readonly patient: Patient;
  /** The last line that each service was told to write. */
  last = 0;

  constructor(patient: Patient) {
    this.patient = patient;
  }

  logdir(name: string): string {
    return this.patient.tree.path(`${name}/log/lines`);
  }

  get host(): number {
    const pids = new Set(LOGS.map((log) => this.patient.status(log).pid));
    return pids.size === 1 ? [...pids][0]! : 0;
  }

  order(lines: number): void {
    this.last += lines;
    for (const name of NAMES) {
      Deno.writeTextFileSync(this.patient.tree.path(`${name}/go`), `${lines}\n`);
    }
  }

  async caughtUp(names: readonly string[] = NAMES): Promise<void> {
    for (const name of names) {
      await eventually(
        `line ${this.last} of ${name}`,
        () => lastLogged(this.logdir(name)) === this.last,
      );
    }
  }

  /** Waits until a log host that is not `old` runs all logs. */
  async another(old: number): Promise<number> {
    return await eventually("another log host", () => {
      const { host } = this;
      return host !== old && host > 0 && LOGS.every((log) => this.patient.status(log).flagready)
        ? host
        : undefined;
    });
  }
}

/** Whether the log directory has lines and an archive. */
function hasRotated(logdir: string): () => boolean {
  return () => lastLogged(logdir) > 0 && archivesOf(logdir).length > 0;
}

async function withHosted(
  spec: TreeSpec,
  body: (hosted: Hosted) => Promise<void>,
  prepare?: (patient: Patient) => void,
): Promise<void> {
  await using patient = await Patient.admit(spec, { healthy: HEALTHY });
  prepare?.(patient);
  await body(new Hosted(patient));
}

Deno.test("log host: killed with nothing in its buffers, 6 times: every line is there once and in order, those written while it was dead too", async () => {
  await withHosted(services(ORDERED_PRODUCER, "n1000 s4096 ./lines"), async (hosted) => {
    for (let round = 0; round < 6; round++) {
      const { host } = hosted;
      hosted.order(100);
      await hosted.caughtUp();
      if (round % 2 === 1) { // stopped first, so that lines wait in the pipes when it dies
        Deno.kill(host, "SIGSTOP");
        hosted.order(40);
      }
      Deno.kill(host, "SIGKILL");
      await hosted.another(host);
    }
    await hosted.caughtUp();
    for (const name of NAMES) assertComplete(hosted.logdir(name), hosted.last);
    for (const log of LOGS) {
      assertEquals(hosted.patient.tree.bytes(`${log}/supervise/death_tally`).length, 6 * 14);
    }
    for (const log of LOGS) assertEquals(hosted.patient.status(log).wstat, SIGKILL);
    hosted.patient.measure();
    await hosted.patient.recovered();
  });
});

Deno.test("log host: killed while lines come as fast as they can, 6 times: no more is missing of each log than its buffers hold, for each kill", async () => {
  await withHosted(
    services(eagerProducer(LINE_BYTES), "n1000 s4000000 ./lines"),
    async (hosted) => {
      const { patient } = hosted;
      for (let kills = 0; kills < 6; kills++) {
        const { host } = hosted;
        const before = NAMES.map((name) => lastLogged(hosted.logdir(name)));
        await eventually(
          "lines to arrive everywhere",
          () => NAMES.every((name, i) => lastLogged(hosted.logdir(name)) > before[i]! + 1000),
        );
        Deno.kill(host, "SIGKILL");
        await hosted.another(host);
      }
      for (const name of NAMES) {
        Deno.kill(patient.status(name).pid, "SIGTERM");
        await eventually("the producer to end", () => patient.tree.exists(`${name}/count`));
        const count = Number(patient.tree.text(`${name}/count`));
        await eventually(
          `line ${count} of ${name}`,
          () => lastLogged(hosted.logdir(name)) === count,
        );
        await eventually(
          "the last rotation to end",
          () => !patient.tree.exists(`${name}/log/lines/previous`),
        );
        const gaps = gapsOf(hosted.logdir(name), /^\d+ x*$/).map(({ missingLines }) =>
          missingLines * LINE_BYTES
        );
        assertLessOrEqual(gaps.length, 6);
        for (const gap of gaps) assertLessOrEqual(gap, PENDING_LIMIT + BLOCK_SIZE + 2 * LINE_BYTES);
      }
    },
  );
});

Deno.test("log host: s6-svscan is killed: what the services go on writing is logged up to their end, then the log host leaves", async () => {
  await withHosted(services(ORDERED_PRODUCER, "n1000 s4096 ./lines"), async (hosted) => {
    const { patient, host } = hosted;
    hosted.order(10);
    await hosted.caughtUp();
    const producers = NAMES.map((name) => patient.status(name).pid);
    Deno.kill(patient.pid, "SIGKILL");
    await patient.svscan.ended();
    hosted.order(500);
    await hosted.caughtUp();
    assert(isAlive(host));
    for (const pid of producers) Deno.kill(pid, "SIGTERM");
    await eventually("the log host to leave", () => !isAlive(host));
    for (const name of NAMES) {
      assertComplete(hosted.logdir(name), hosted.last);
      assert(
        (Deno.statSync(`${hosted.logdir(name)}/current`).mode! & 0o100) !== 0,
        "current is not marked as closed in good order",
      );
    }
  });
});

Deno.test("log host: stopped: services wait when their pipes are full, s6-svscan does not; then every line comes", async () => {
  await withHosted(
    services(eagerProducer(LINE_BYTES), "n1000 s4000000 ./lines"),
    async (hosted) => {
      const { patient, host } = hosted;
      for (const name of NAMES) await eventually("a rotation", hasRotated(hosted.logdir(name)));
      Deno.kill(host, "SIGSTOP");
      await eventually("the log host to stop", () => stateLetter(host) === "T");
      for (const name of NAMES) {
        await eventually(
          "the producer to be held back",
          heldBack(patient.status(name).pid),
        );
      }
      await patient.command("a", "a/log");
      await patient.killAndReturn("bystander");
      for (const name of NAMES) Deno.kill(patient.status(name).pid, "SIGTERM");
      Deno.kill(host, "SIGCONT");
      for (const name of NAMES) {
        await eventually("the producer to end", () => patient.tree.exists(`${name}/count`));
        const count = Number(patient.tree.text(`${name}/count`));
        const isThere = (): boolean =>
          logFiles(hosted.logdir(name)).join("").includes(`\n${count} `); // it may have been rotated since
        await eventually(`line ${count} of ${name}`, isThere);
        await eventually(
          "the last rotation to end",
          () => !patient.tree.exists(`${name}/log/lines/previous`),
        );
        assertEquals(gapsOf(hosted.logdir(name), /^\d+ x*$/), []);
      }
      assertEquals(hosted.host, host);
    },
  );
});

testUnless(
  mountRefusal(),
  "log host: the disk of one log is full: the others log on, and with room again every line of that one is there",
  async () => {
    await withHosted(
      {
        ...services(ORDERED_PRODUCER, "n1000 r50 s4096 ./lines"),
        "d/run!": ORDERED_PRODUCER,
        "d/go|": "",
      },
      async (hosted) => {
        const { tree } = hosted.patient;
        tree.add({ "disk/": "" });
        using disk = new SmallDisk(tree.path("disk"), "size=1m");
        tree.add({ "d/log/logscript": `n1000 r50 s4096 ${tree.path("disk/lines")}` });
        hosted.patient.svscan.signal("SIGALRM");
        await hosted.patient.up("d", "d/log");
        // its first life does not write into the pipe, but would still take the order for lines
        await hosted.patient.killAndReturn("d");
        await eventually("room to be used", () => tree.exists("disk/lines/current"));
        disk.fill();
        await tree.feed("d/go", "200\n");
        hosted.order(200);
        await hosted.caughtUp();
        await hosted.patient.says(
          /s6-supervise d\/log: warning: unable to write .*: No space left on device/,
        );
        assert(lastLogged(tree.path("disk/lines")) < 200);
        disk.clear();
        await eventually("every line", () => lastLogged(tree.path("disk/lines")) === 200);
        assertComplete(tree.path("disk/lines"), 200);
        tree.killProcesses();
      },
    );
  },
);

testUnless(
  processLimitRefusal(),
  "log host: it dies when no process can be started: a warning for each log; with room again they come up",
  async () => {
    using limit = new ProcessLimit();
    await withHosted(services(ORDERED_PRODUCER, "n1000 s4096 ./lines"), async (hosted) => {
      const { patient, host } = hosted;
      hosted.order(50);
      await hosted.caughtUp();
      limit.add(patient.pid);
      limit.close();
      Deno.kill(host, "SIGKILL");
      for (const log of LOGS) {
        await patient.says(
          new RegExp(
            `s6-supervise ${log}: warning: unable to start a log host: Resource temporarily unavailable \\(waiting`,
          ),
        );
      }
      hosted.order(50); // into the pipes
      limit.open();
      await patient.command("u", ...LOGS);
      await hosted.caughtUp();
      for (const name of NAMES) assertComplete(hosted.logdir(name), hosted.last);
      patient.measure();
      await patient.recovered();
      patient.tree.killProcesses();
    });
  },
);

for (
  const [calls, errno] of [["socketpair", "EMFILE"], ["sendmsg", "ETOOMANYREFS"], [
    "sendmsg",
    "EAGAIN",
  ]] as const
) {
  testUnless(
    INJECTION_REFUSAL,
    `log host: ${calls} of s6-svscan fails with ${errno} when it dies: afterwards all logs run again`,
    async () => {
      await withHosted(services(ORDERED_PRODUCER, "n1000 s4096 ./lines"), async (hosted) => {
        const { patient, host } = hosted;
        hosted.order(50);
        await hosted.caughtUp();
        {
          await using _injected = await inject(patient.pid, calls, errno);
          Deno.kill(host, "SIGKILL");
          await eventually(
            "its death to be known",
            () => LOGS.every((log) => patient.status(log).pid !== host),
          );
          hosted.order(50);
        }
        await patient.command("u", ...LOGS);
        await hosted.caughtUp();
        for (const name of NAMES) assertComplete(hosted.logdir(name), hosted.last);
        patient.measure();
        await patient.recovered();
      });
    },
  );
}
