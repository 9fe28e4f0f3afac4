/**
 * Whom the kernel kills first when memory is short: services and whatever else was started, never
 * s6-svscan or a log host as long as there are others. By the kernel itself, where a control group
 * can be made; and by the value that each kind of child has.
 */
import { assert, assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { isAlive } from "../fixture/processes.ts";
import type { TreeSpec } from "../fixture/tree.ts";
import { MemoryLimit, memoryLimitRefusal } from "./memory_limit.ts";
import { Patient, SLEEP } from "./patient.ts";
import { refusalOf, testUnless } from "./refusal.ts";

const LIMIT_BYTES = 64 * 1024 * 1024;
const KILLS = 100;
const KILLS_LIMIT_MS = 120_000;
/** Small each, and together several times what there is. Its logger is a log of the log host. */
const EATER = `#!/usr/bin/perl
$| = 1; my @all;
for (1 .. 8) { print "mouthful $_\\n"; push @all, "x" x 1e6; select undef, undef, undef, 0.01 }
sleep 1000000;
`;
const EATERS = Array.from({ length: 25 }, (_, i) => `eater${i}`);

function eaters(): TreeSpec {
  const logged = { "eater0/log/logscript": "n20 s10000 ./lines" };
  return Object.assign(
    {},
    logged,
    ...EATERS.map((name) => ({ [`${name}/run!`]: EATER, [`${name}/down`]: "" })),
  );
}

testUnless(
  memoryLimitRefusal(),
  `${KILLS} kills for want of memory among many small services: s6-svscan and the log host are never it`,
  async () => {
    using limit = new MemoryLimit(LIMIT_BYTES);
    await using patient = await Patient.admit(eaters(), {
      healthy: ["eater0/log"],
      under: limit.under,
    });
    const host = patient.status("eater0/log").pid;
    assert(host !== patient.pid && isAlive(host));
    await patient.command("u", ...EATERS);
    await eventually(
      `${KILLS} kills`,
      () => {
        assert(isAlive(patient.pid), `s6-svscan is dead after ${limit.kills} kills`);
        assert(isAlive(host), `the log host is dead after ${limit.kills} kills`);
        return limit.kills >= KILLS;
      },
      KILLS_LIMIT_MS,
    );
    await patient.command("d", ...EATERS);
    await patient.down(...EATERS);
    assertEquals(patient.status("eater0/log").pid, host);
    await patient.recovered();
  },
);

function scoreOf(pid: number): number {
  return Number(Deno.readTextFileSync(`/proc/${pid}/oom_score_adj`));
}

/** The value of the program that tells its pid in a file; undefined until it has. */
function scoreTold({ tree }: Patient, file: string): number | undefined {
  // the file is there before the pid is in it
  const pid = tree.exists(file) ? Number(tree.text(file)) : 0;
  return pid > 0 ? scoreOf(pid) : undefined;
}

/** Words before a program: it starts with that value. */
function at(score: number): readonly string[] {
  return ["sh", "-c", `echo ${score} >/proc/self/oom_score_adj && exec "$@"`, "sh"];
}

/** Programs that tell their pid, one for each kind of child. */
const SELF = "echo $$ >pid; exec sleep 1000000";
const KINDS: TreeSpec = {
  "web/run!": `#!/bin/sh\n${SELF}\n`,
  "dying/run!": "#!/bin/sh\nexit 0\n",
  "dying/finish!": `#!/bin/sh\n${SELF}\n`,
  "dying/timeout-finish": "0",
  "chosen/run!": `#!/bin/sh\n${SELF}\n`,
  "chosen/oom-score-adj": "+777\n",
  "logged/run!": `#!/bin/sh\necho line\n${SELF}\n`,
  "logged/log/logscript": "n3 s4096 ./lines",
  "rotated/run!":
    "#!/bin/sh\nwhile head -c 300 /dev/zero | tr '\\0' x && echo; do sleep 0.01; done\n",
  "rotated/log/logscript": 's4096 "?echo $$ >pid; exec sleep 1000000" ./lines',
  ".s6-svscan/SIGUSR1!": `#!/bin/sh\n${SELF}\n`,
};
const PIDS: Readonly<Record<string, string>> = {
  "run": "web/pid",
  "finish": "dying/pid",
  "a run beside oom-score-adj": "chosen/pid",
  "a processor of the log host": "rotated/log/lines/pid",
  "a program for a signal": "pid",
};

/**
 * What the kernel lets this machine's processes do: with the capability SYS_RESOURCE, go lower than
 * they were started.
 */
const MAY_LOWER = refusalOf("sh", ["-c", "echo -1 >/proc/self/oom_score_adj"]) === undefined;

for (const [what, given] of [["nothing was set", 0], ["the engine has set 300", 300]] as const) {
  Deno.test(`oom_score_adj, ${what}: each child is killed before s6-svscan and the log host; the engine's value is the base; a service's own counts`, async () => {
    await using patient = await Patient.admit(KINDS, {
      healthy: ["web", "logged", "logged/log"],
      under: at(given),
    });
    Deno.kill(patient.pid, "SIGUSR1");
    const own = scoreOf(patient.pid);
    assertLessOrEqual(own, given);
    // it is spawned with a child's value, and takes ours when it runs
    await eventually(
      `the log host to have ${own}`,
      () => scoreOf(patient.status("logged/log").pid) === own,
    );
    const usual = own < given ? given : await eventually("the value of run", () => {
      const score = scoreTold(patient, "web/pid");
      return score === own ? undefined : score;
    });
    assertGreater(usual, own);
    for (const [kind, file] of Object.entries(PIDS)) {
      const wanted = file.startsWith("chosen") ? 777 : usual;
      await eventually(`${kind} to have ${wanted}`, () => scoreTold(patient, file) === wanted);
    }
    await patient.recovered();
  });
}

Deno.test("oom_score_adj: a program that has set its own keeps it; what can't be given is a warning, and the usual value", async () => {
  const own = "#!/bin/sh\necho 999 >/proc/self/oom_score_adj\nexec sleep 1000000\n";
  const spec = {
    "own/run!": own,
    "low/run!": SLEEP,
    "low/oom-score-adj": "-1000\n",
    "bad/run!": SLEEP,
    "bad/oom-score-adj": "1001\n",
  };
  await using patient = await Patient.admit(spec, { healthy: ["own", "low", "bad"] });
  await eventually(
    "the value that the service has set",
    () => scoreOf(patient.status("own").pid) === 999,
  );
  await patient.says(
    /s6-supervise bad: warning: invalid oom-score-adj: not a number from -1000 to 1000 \(using the default\)/,
  );
  if (MAY_LOWER) {
    await eventually("the value of the file", () => scoreOf(patient.status("low").pid) === -1000);
  } else {await patient.says(
      /s6-supervise low: warning: unable to set the oom_score_adj of \.\/run to -1000: Permission denied \(it has the usual one\)/,
    );}
  const usual = await eventually("the usual value", () => {
    const score = scoreOf(patient.status("bad").pid);
    return score > scoreOf(patient.pid) ? score : undefined;
  });
  if (!MAY_LOWER) assertEquals(scoreOf(patient.status("low").pid), usual);
  await patient.recovered();
});

Deno.test("oom_score_adj: what a service forks has its value", async () => {
  const run = "#!/bin/sh\nsleep 1000000 &\necho $! >child\nwait\n";
  await using patient = await Patient.admit({ "web/run!": run }, { healthy: ["web"] });
  const child = await eventually(
    "the child",
    () => patient.tree.exists("web/child") ? Number(patient.tree.text("web/child")) : undefined,
  );
  await eventually(
    "the value of the service",
    () => scoreOf(child) === scoreOf(patient.status("web").pid),
  );
  assertGreater(scoreOf(child), scoreOf(patient.pid));
  await patient.recovered();
});
